package poolspec

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"cognito-triggers/shared/strictjson"
)

// defaults are Terraform's defaults.
func defaults() Spec {
	return Spec{Name: "cognito-triggers", FeaturePlan: "ESSENTIALS", MFA: "OPTIONAL", IssuerType: "ORIGINAL",
		PasswordPolicy: defaultPolicy, identity: defaultIdentity()}
}

var defaultPolicy = PasswordPolicy{
	MinimumLength: 8, RequireLowercase: true, RequireUppercase: true, RequireNumbers: true, RequireSymbols: true,
	TemporaryPasswordValidityDays: 7,
}

// UnmarshalJSON decodes over Terraform's defaults.
func (p *PasswordPolicy) UnmarshalJSON(text []byte) error {
	type plain PasswordPolicy
	*p = defaultPolicy
	return within("password_policy", lay(text, (*plain)(p)))
}

// UnmarshalJSON decodes over Terraform's defaults.
func (a *CustomAttribute) UnmarshalJSON(text []byte) error {
	type plain CustomAttribute
	*a = CustomAttribute{Type: "String", Mutable: true, Constraints: true}
	if err := lay(text, (*plain)(a)); err != nil {
		return within("custom_attributes", err)
	}
	switch {
	case !a.Constraints:
		a.MinLength, a.MaxLength, a.MinValue, a.MaxValue = nil, nil, nil, nil
	case a.Type == "String":
		a.MinLength, a.MaxLength = or(a.MinLength, 0), or(a.MaxLength, 2048)
	}
	return nil
}

func or(n *int, otherwise int) *int {
	if n == nil {
		return &otherwise
	}
	return n
}

// UnmarshalJSON decodes over Terraform's defaults.
func (c *AppClient) UnmarshalJSON(text []byte) error {
	type plain AppClient
	*c = AppClient{
		AuthFlows: []string{"USER_SRP_AUTH", "REFRESH_TOKEN_AUTH"}, ReadAttributes: []string{"email", "email_verified"},
		WriteAttributes:    []string{"email"},
		AccessTokenMinutes: 60, IDTokenMinutes: 60, RefreshTokenDays: 30, AuthSessionValidity: 3,
		PreventUserExistenceErrors: "ENABLED", IdentityProviders: []string{cognitoID},
	}
	given := *c
	if err := lay(text, (*plain)(&given)); err != nil {
		return within("app_clients", err)
	}
	for into, list := range map[*[]string][]string{
		&given.AuthFlows:         c.AuthFlows,
		&given.ReadAttributes:    c.ReadAttributes,
		&given.WriteAttributes:   c.WriteAttributes,
		&given.IdentityProviders: c.IdentityProviders,
	} {
		if *into == nil { // null means the default in Terraform
			*into = list
		}
	}
	*c = given
	return nil
}

// lay decodes an object over the defaults. null stands for the defaults, as in Terraform.
func lay(text []byte, over any) error {
	if string(text) == "null" {
		return nil
	}
	return strictjson.Unmarshal(text, over)
}

// within adds the variable to an error.
func within(variable string, err error) error {
	if err != nil {
		err = fmt.Errorf("in %s: %w", variable, err)
	}
	return err
}

var lifetime = regexp.MustCompile(`^[0-9]{1,9} (seconds|minutes|hours|days)$`)

var poolName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,26}[a-z0-9]$`)

// check returns an error for what Terraform's validations reject but an API call would accept, or report without the
// variable's name.
func (s Spec) check() error {
	if !poolName.MatchString(s.Name) {
		return fmt.Errorf("name is %q: use 2 to 28 lower-case letters, digits and dashes, a letter first", s.Name)
	}
	if n := s.PasswordPolicy.MinimumLength; n < 8 || n > 99 {
		return fmt.Errorf("password_policy.minimum_length is %d: use 8 to 99", n)
	}
	if err := oneOf("mfa", s.MFA, "OFF", "OPTIONAL", "ON"); err != nil {
		return err
	}
	if err := oneOf("issuer_type", s.IssuerType, "ORIGINAL", "UPDATED"); err != nil {
		return err
	}
	if err := oneOf("feature_plan", s.FeaturePlan, "LITE", "ESSENTIALS", "PLUS"); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(s.CustomAttributes)) {
		if err := oneOf("custom_attributes."+name+".type", s.CustomAttributes[name].Type, "String", "Number", "Boolean",
			"DateTime"); err != nil {
			return err
		}
	}
	if err := errors.Join(s.identity.check(), s.Domain.check()); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(s.Groups)) {
		if n := s.Groups[name].Precedence; n != nil && *n < 1 {
			return fmt.Errorf("groups.%s.precedence is %d: use a number from 1 on; Terraform takes 0 for none", name, *n)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.AppClients)) {
		for _, text := range s.AppClients[name].lifetimes() {
			if !lifetime.MatchString(text) {
				return fmt.Errorf("app_clients.%s.validity: %q is not a whole number with seconds, minutes, hours or days", name,
					text)
			}
		}
		if err := s.AppClients[name].OAuth.check(name); err != nil {
			return err
		}
		for _, flow := range s.AppClients[name].AuthFlows {
			if err := oneOf("app_clients."+name+".auth_flows", flow, authFlows...); err != nil {
				return err
			}
		}
	}
	return nil
}

var authFlows = []string{"USER_SRP_AUTH", "USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "CUSTOM_AUTH", "USER_AUTH",
	"REFRESH_TOKEN_AUTH"}

func oneOf(field, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("%s: %q is not one of %s", field, value, strings.Join(allowed, ", "))
}
