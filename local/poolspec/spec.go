// Package poolspec reads the pool settings that Terraform and the local stack share, and creates the user pool that
// they describe through the Cognito API.
package poolspec

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/strictjson"
)

// Spec holds Terraform's root variables for the pool, under the same names.
type Spec struct {
	File             string                     `json:"-"` // the path of the settings, for errors
	Name             string                     `json:"name"`
	PoolName         string                     `json:"user_pool_name"` // empty: Name
	FeaturePlan      string                     `json:"feature_plan"`   // LITE, ESSENTIALS or PLUS
	MFA              string                     `json:"mfa"`            // OFF, OPTIONAL or ON
	IssuerType       string                     `json:"issuer_type"`    // ORIGINAL or UPDATED
	PasswordPolicy   PasswordPolicy             `json:"password_policy"`
	CustomAttributes map[string]CustomAttribute `json:"custom_attributes"` // by name without "custom:"
	AppClients       map[string]AppClient       `json:"app_clients"`
	Groups           map[string]Group           `json:"groups"`
	ResourceServers  map[string]ResourceServer  `json:"resource_servers"` // by identifier
	Domain           *Domain                    `json:"domain"`           // nil: none
	// only for Terraform, which has the providers' secrets
	Providers map[string]json.RawMessage `json:"identity_providers"`
	// by function; those not named are enabled with their defaults
	Triggers map[string]Trigger `json:"triggers"`
	// the functions that are enabled, with all others disabled; nil: all are that triggers does not disable
	OnlyTriggers []string          `json:"only_triggers"`
	API          HTTPAPI           `json:"api"`
	InviteOnly   bool              `json:"invite_only"`
	Environment  map[string]string `json:"function_environment"` // of every function
	identity
	terraformOnly
}

// terraformOnly are variables that the file may have but that only Terraform uses.
type terraformOnly struct {
	DeletionProtection      json.RawMessage `json:"deletion_protection"`
	GuardUserPoolID         json.RawMessage `json:"guard_user_pool_id"`
	LiveUserPoolID          json.RawMessage `json:"live_user_pool_id"`
	RunbookURL              json.RawMessage `json:"runbook_url"`
	IdentityProviderSecrets json.RawMessage `json:"identity_provider_secrets"`
	SESIdentity             json.RawMessage `json:"ses_identity"`
	FunctionOptions         json.RawMessage `json:"function_options"`
	APIPath                 json.RawMessage `json:"api_path"`
	TriggersPath            json.RawMessage `json:"triggers_path"`
	TokenIssuerBase         json.RawMessage `json:"token_issuer_base"`
	ZipsPath                json.RawMessage `json:"zips_path"`
	Code                    json.RawMessage `json:"code"`
	Architecture            json.RawMessage `json:"architecture"`
	Tracing                 json.RawMessage `json:"tracing"`
	LogRetentionDays        json.RawMessage `json:"log_retention_days"`
	KMSKeyARN               json.RawMessage `json:"kms_key_arn"`
	SenderKMSKeyARN         json.RawMessage `json:"sender_kms_key_arn"`
	AlarmTopics             json.RawMessage `json:"alarm_topics"`
	Tags                    json.RawMessage `json:"tags"`
	ThreatProtection        json.RawMessage `json:"threat_protection"`

	AdoptedUserPoolID json.RawMessage `json:"adopted_user_pool_id"`
	// the local pool has no threat protection and no sign-in pages
	CustomAuthThreatProtection json.RawMessage `json:"custom_auth_threat_protection"`
	RiskConfiguration          json.RawMessage `json:"risk_configuration"`
	UICustomization            json.RawMessage `json:"ui_customization"`
}

// PasswordPolicy says what a password must contain.
type PasswordPolicy struct {
	MinimumLength                 int32 `json:"minimum_length"`
	RequireLowercase              bool  `json:"require_lowercase"`
	RequireUppercase              bool  `json:"require_uppercase"`
	RequireNumbers                bool  `json:"require_numbers"`
	RequireSymbols                bool  `json:"require_symbols"`
	TemporaryPasswordValidityDays int32 `json:"temporary_password_validity_days"`
	PasswordHistorySize           int32 `json:"password_history_size"` // 0: none is remembered
}

// CustomAttribute is a custom attribute. Lengths apply to strings, values to numbers.
type CustomAttribute struct {
	Type    string `json:"type"` // String, Number, DateTime or Boolean
	Mutable bool   `json:"mutable"`

	Constraints bool `json:"constraints"` // false: a string without bounds
	MinLength   *int `json:"min_length"`
	MaxLength   *int `json:"max_length"`
	MinValue    *int `json:"min_value"`
	MaxValue    *int `json:"max_value"`
	AdminOnly   bool `json:"admin_only"` // no app client may write it
}

// AppClient is an application that signs users in.
type AppClient struct {
	AuthFlows          []string `json:"auth_flows"` // without "ALLOW_"
	ReadAttributes     []string `json:"read_attributes"`
	WriteAttributes    []string `json:"write_attributes"`
	GenerateSecret     bool     `json:"generate_secret"`
	AccessTokenMinutes int32    `json:"access_token_minutes"`
	IDTokenMinutes     int32    `json:"id_token_minutes"`
	RefreshTokenDays   int32    `json:"refresh_token_days"`
	Validity           Validity `json:"validity"` // in other units; comes before the three above

	RefreshTokenRotation       *Rotation `json:"refresh_token_rotation"`        // nil: the tokens stay the same
	AuthSessionValidity        int32     `json:"auth_session_validity"`         // minutes
	PreventUserExistenceErrors string    `json:"prevent_user_existence_errors"` // ENABLED or LEGACY

	EnablePropagateAdditionalUserContextData bool `json:"enable_propagate_additional_user_context_data"`

	OAuth             *OAuth   `json:"oauth"`              // nil: signs users in by the API alone
	IdentityProviders []string `json:"identity_providers"` // COGNITO and others, which are only for Terraform

	Imported json.RawMessage `json:"imported"` // only for Terraform
}

// Validity says how long tokens live, for example "2 hours"; empty means the client's minutes or days.
type Validity struct {
	AccessToken  string `json:"access_token"`
	IDToken      string `json:"id_token"`
	RefreshToken string `json:"refresh_token"`
}

// Rotation replaces a refresh token at each use. The old one works for the grace period, in seconds.
type Rotation struct {
	RetryGracePeriodSeconds int32 `json:"retry_grace_period_seconds"`
}

// Group is a group of users.
type Group struct {
	Description string `json:"description"`
	Precedence  *int32 `json:"precedence"` // the lowest number determines the preferred role
	RoleARN     string `json:"role_arn"`
}

// ResourceServer is an API whose scopes access tokens can have.
type ResourceServer struct {
	Name   string            `json:"name"`
	Scopes map[string]string `json:"scopes"` // description by name
}

// Trigger says how to deploy a function of triggers/.
type Trigger struct {
	Enabled     *bool             `json:"enabled"`
	Environment map[string]string `json:"environment"` // overrides the manifest's
	MemoryMB    *int              `json:"memory_mb"`   // overrides the manifest's

	ReservedConcurrency json.RawMessage `json:"reserved_concurrency"` // only for Terraform, like Version
	Version             json.RawMessage `json:"version"`
}

// Parse decodes the settings and validates what no API call would.
func Parse(text []byte) (Spec, error) {
	s := defaults()
	if err := strictjson.Unmarshal(text, &s); err != nil {
		return Spec{}, err
	}
	s.identity = s.filled()
	if err := s.check(); err != nil {
		return Spec{}, err
	}
	for _, name := range slices.Sorted(maps.Keys(s.AppClients)) {
		for _, attribute := range s.AppClients[name].WriteAttributes {
			if s.CustomAttributes[strings.TrimPrefix(attribute, "custom:")].AdminOnly &&
				strings.HasPrefix(attribute, "custom:") {
				return Spec{}, fmt.Errorf("app_clients.%s.write_attributes: %s is admin_only; remove one of the two", name,
					attribute)
			}
		}
	}
	return s, nil
}

// WithMemory returns a trigger with the memory of the settings, if they have one for it.
func (s Spec) WithMemory(f manifest.Function) manifest.Function {
	if memory := s.Triggers[f.Name].MemoryMB; memory != nil {
		f.MemoryMB = *memory
	}
	return f
}

// Enabled reports whether a function is attached to the pool. One that the settings do not name is enabled, unless
// they say which the only ones are.
func (s Spec) Enabled(function string) bool {
	if on := s.Triggers[function].Enabled; on != nil {
		return *on
	}
	return s.OnlyTriggers == nil || slices.Contains(s.OnlyTriggers, function)
}

// CheckTriggers returns an error for settings of an unknown function: a misspelt name must not silently leave a
// function on its defaults.
func (s Spec) CheckTriggers(functions []string) error {
	for _, name := range slices.Sorted(maps.Keys(s.Triggers)) {
		if !slices.Contains(functions, name) {
			return fmt.Errorf("%s: triggers.%s: no such function; choose one of %s", s.File, name,
				strings.Join(functions, ", "))
		}
		on := s.Triggers[name].Enabled
		if on != nil && *on && s.OnlyTriggers != nil && !slices.Contains(s.OnlyTriggers, name) {
			return fmt.Errorf("%s: triggers.%s is enabled, and only_triggers leaves it out: add it there, or take enabled out",
				s.File, name)
		}
	}
	for _, name := range s.OnlyTriggers {
		if !slices.Contains(functions, name) {
			return fmt.Errorf("%s: only_triggers names %s: no such function; choose of %s", s.File, name,
				strings.Join(functions, ", "))
		}
	}
	return nil
}
