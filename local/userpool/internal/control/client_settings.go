package control

import (
	"slices"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
)

var authFlows = []string{
	"ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH",
	"ALLOW_CUSTOM_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH",
}

const (
	minSession = 3 // minutes
	maxSession = 15
)

// checkClient validates the settings and fills in AWS's defaults.
func checkClient(pool state.Pool, s *state.ClientSettings) error {
	if s.RefreshTokenValidity == 0 {
		s.RefreshTokenValidity = 30
	}
	if s.AuthSessionValidity == 0 {
		s.AuthSessionValidity = minSession
	}
	units := state.TokenValidityUnits{}
	if s.TokenValidityUnits != nil {
		units = *s.TokenValidityUnits
	}
	for _, rule := range []struct {
		kind     token.Kind
		validity int
		unit     string
	}{
		{token.KindID, s.IdTokenValidity, units.IdToken},
		{token.KindAccess, s.AccessTokenValidity, units.AccessToken},
		{token.KindRefresh, s.RefreshTokenValidity, units.RefreshToken},
	} {
		if _, err := token.Lifetime(rule.kind, rule.validity, rule.unit); err != nil {
			return fault.New(fault.Invalid, "Invalid range for token validity: "+err.Error())
		}
	}
	switch {
	case s.AuthSessionValidity < minSession || s.AuthSessionValidity > maxSession:
		return fault.Constrain("authSessionValidity", "Member must have value between 3 and 15")
	case !slices.Contains([]string{"", "LEGACY", "ENABLED"}, s.PreventUserExistenceErrors):
		return fault.Constrain("preventUserExistenceErrors", fault.OneOf("LEGACY", "ENABLED"))
	case s.RefreshTokenRotation != nil && s.RefreshTokenRotation.Feature == "ENABLED" &&
		slices.Contains(s.ExplicitAuthFlows, "ALLOW_REFRESH_TOKEN_AUTH"):
		return fault.New(fault.Invalid, "Refresh token rotation cannot be enabled with ALLOW_REFRESH_TOKEN_AUTH.")
	}
	if r := s.RefreshTokenRotation; r != nil {
		switch {
		case r.Feature != "ENABLED" && r.Feature != "DISABLED":
			return fault.Constrain("refreshTokenRotation.feature", fault.OneOf("ENABLED", "DISABLED"))
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
	for _, name := range slices.Concat(s.ReadAttributes, s.WriteAttributes) {
		if _, known := directory.SchemaOf(pool, name); !known {
			return fault.New(fault.Invalid, "Invalid attribute specified while creating a client: "+name)
		}
	}
	return nil
}
