package control

import (
	"slices"
	"time"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
)

var authFlows = []string{
	"ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH",
	"ALLOW_CUSTOM_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH",
	allowClientToken, "ALLOW_TOKEN_EXCHANGE_IMPERSONATION", "ALLOW_TOKEN_EXCHANGE_DELEGATION",
}

const (
	minSession = 3 // minutes
	maxSession = 15
)

// checkClient validates the settings and fills in AWS's defaults.
func checkClient(pool state.Pool, s *state.ClientSettings, hasSecret bool) error {
	if s.RefreshTokenValidity == 0 {
		s.RefreshTokenValidity = 30
	}
	if s.AuthSessionValidity == 0 {
		s.AuthSessionValidity = minSession
	}
	if err := checkClientMembers(s); err != nil {
		return err
	}
	whole := wholeClient{ClientSettings: s, pool: pool, hasSecret: hasSecret}
	if err := whole.lifetimes(); err != nil {
		return err
	}
	if err := judge(clientRules(), whole); err != nil {
		return err
	}
	return whole.checkNames()
}

// lifetimes computes how long the tokens live.
func (c *wholeClient) lifetimes() error {
	units := state.TokenValidityUnits{}
	if c.TokenValidityUnits != nil {
		units = *c.TokenValidityUnits
	}
	for _, rule := range []struct {
		kind     token.Kind
		validity int
		unit     string
		into     *time.Duration
	}{
		{token.KindID, c.IdTokenValidity, units.IdToken, &c.id},
		{token.KindAccess, c.AccessTokenValidity, units.AccessToken, &c.access},
		{token.KindRefresh, c.RefreshTokenValidity, units.RefreshToken, &c.refresh},
	} {
		var err error
		if *rule.into, err = token.Lifetime(rule.kind, rule.validity, rule.unit); err != nil {
			return fault.New(fault.Invalid, "Invalid range for token validity.")
		}
	}
	return nil
}

// checkClientMembers checks each member by itself.
func checkClientMembers(s *state.ClientSettings) error {
	switch {
	case s.AuthSessionValidity < minSession || s.AuthSessionValidity > maxSession:
		return fault.Constrain("authSessionValidity", "Member must have value between 3 and 15")
	case !slices.Contains([]string{"", "LEGACY", enabled}, s.PreventUserExistenceErrors):
		return fault.Constrain("preventUserExistenceErrors", fault.OneOf("LEGACY", enabled))
	}
	if r := s.RefreshTokenRotation; r != nil {
		switch {
		case r.Feature != enabled && r.Feature != disabled:
			return fault.Constrain("refreshTokenRotation.feature", fault.OneOf(enabled, disabled))
		case r.RetryGracePeriodSeconds < 0 || r.RetryGracePeriodSeconds > 60:
			return fault.Constrain("refreshTokenRotation.retryGracePeriodSeconds",
				"Member must have value between 0 and 60")
		}
	}
	for _, flow := range s.ExplicitAuthFlows {
		if !slices.Contains(authFlows, flow) {
			return fault.Constrain("explicitAuthFlows", "Member must satisfy enum value set")
		}
	}
	return nil
}
