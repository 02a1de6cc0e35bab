package state

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"cognito-triggers/shared/cognito"
)

// Pool is a user pool. Settings are replaced as a whole and never modified in place, so copies may share them.
type Pool struct {
	ID                string
	Region            string
	Created, Modified time.Time
	Settings          *PoolSettings
	Schema            []SchemaAttribute // standard and custom attributes
	SigningKey        []byte            // output of token.Pair's Marshal; empty until the pool issues its first token
	Domain            string            // the prefix; "" for none
	DomainSettings    DomainSettings
	TOTP              bool            // whether SetUserPoolMfaConfig enabled TOTP
	MFA               json.RawMessage // the request of the last SetUserPoolMfaConfig
	Resources         map[ResourceKey]Resource
	SessionTracking   bool // UserSessionTracking
	MaxTokenSessions  int  // of a user; 0: AWS's default

	CustomDomain         string // "" for none
	CustomDomainSettings DomainSettings
}

// DomainSettings are the settings of a domain. What only AWS's own network uses is kept as raw JSON.
type DomainSettings struct {
	ManagedLoginVersion *int
	CustomDomainConfig  json.RawMessage
	Routing             json.RawMessage
}

// Custom reports whether the settings are those of a custom domain.
func (s DomainSettings) Custom() bool {
	return len(s.CustomDomainConfig) > 0 && string(s.CustomDomainConfig) != "null"
}

// Domain is a domain of a pool.
type Domain struct {
	Name string
	DomainSettings
}

// Domains lists the pool's domains, the custom one first.
func (p Pool) Domains() []Domain {
	var list []Domain
	for _, d := range []Domain{{p.CustomDomain, p.CustomDomainSettings}, {p.Domain, p.DomainSettings}} {
		if d.Name != "" {
			list = append(list, d)
		}
	}
	return list
}

// FindDomain returns the pool's domain with a name.
func (p Pool) FindDomain(name string) (Domain, bool) {
	for _, d := range p.Domains() {
		if d.Name == name {
			return d, true
		}
	}
	return Domain{}, false
}

// SetDomain gives the pool a domain in place of the one of its kind, or with an empty name none.
func (p *Pool) SetDomain(custom bool, d Domain) {
	if custom {
		p.CustomDomain, p.CustomDomainSettings = d.Name, d.DomainSettings
		return
	}
	p.Domain, p.DomainSettings = d.Name, d.DomainSettings
}

// ResourceKey identifies a resource of a pool.
type ResourceKey struct{ Kind, Name string }

// Resource is an identity provider, a resource server or the like, stored without effect.
type Resource struct {
	Kind, Name        string
	Created, Modified time.Time
	Data              map[string]json.RawMessage
}

// PoolSettings are the settings that CreateUserPool takes and DescribeUserPool returns, with AWS's names. Those without
// effect are kept as raw JSON.
//
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolType.html
type PoolSettings struct {
	PoolName                    string                 `json:"-"`
	Policies                    *Policies              `json:",omitempty"`
	DeletionProtection          string                 `json:",omitempty"`
	LambdaConfig                *cognito.LambdaConfig  `json:",omitempty"`
	AutoVerifiedAttributes      []string               `json:",omitempty"`
	AliasAttributes             []string               `json:",omitempty"`
	UsernameAttributes          []string               `json:",omitempty"`
	SmsVerificationMessage      string                 `json:",omitempty"`
	EmailVerificationMessage    string                 `json:",omitempty"`
	EmailVerificationSubject    string                 `json:",omitempty"`
	VerificationMessageTemplate *VerificationTemplate  `json:",omitempty"`
	SmsAuthenticationMessage    string                 `json:",omitempty"`
	MfaConfiguration            string                 `json:",omitempty"`
	UserAttributeUpdateSettings *UpdateSettings        `json:",omitempty"`
	EmailConfiguration          *EmailConfiguration    `json:",omitempty"`
	UserPoolTags                map[string]string      `json:",omitempty"`
	AdminCreateUserConfig       *AdminCreateUserConfig `json:",omitempty"`
	UsernameConfiguration       *UsernameConfiguration `json:",omitempty"`
	AccountRecoverySetting      *AccountRecovery       `json:",omitempty"`
	IssuerConfiguration         *IssuerConfiguration   `json:",omitempty"`
	DeviceConfiguration         *DeviceConfiguration   `json:",omitempty"`

	// Stored without effect.
	AcrConfiguration json.RawMessage `json:",omitempty"`
	DcrConfiguration json.RawMessage `json:",omitempty"`
	KeyConfiguration json.RawMessage `json:",omitempty"`
	SmsConfiguration json.RawMessage `json:",omitempty"`
	UserPoolAddOns   json.RawMessage `json:",omitempty"`
	UserPoolTier     string          `json:",omitempty"`
}

// Policies holds the rules for passwords and for the first factor.
type Policies struct {
	PasswordPolicy *PasswordPolicy `json:",omitempty"`
	SignInPolicy   *SignInPolicy   `json:",omitempty"`
}

// SignInPolicy lists the factors that choice-based sign-in offers first.
type SignInPolicy struct {
	AllowedFirstAuthFactors []string `json:",omitempty"`
}

// Values of IssuerConfiguration.Type.
const (
	IssuerOriginal = "ORIGINAL" // https://cognito-idp.REGION.amazonaws.com/POOL, the default
	IssuerUpdated  = "UPDATED"  // https://issuer-cognito-idp.REGION.amazonaws.com/POOL
)

// IssuerConfiguration chooses the form of the issuer in the pool's tokens.
//
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_IssuerConfigurationType.html
type IssuerConfiguration struct {
	Type string `json:",omitempty"`
}

// PasswordPolicy is AWS's PasswordPolicyType.
type PasswordPolicy struct {
	MinimumLength                 int
	RequireUppercase              bool
	RequireLowercase              bool
	RequireNumbers                bool
	RequireSymbols                bool
	PasswordHistorySize           int `json:",omitempty"`
	TemporaryPasswordValidityDays int
}

// VerificationTemplate holds the texts of messages with codes.
type VerificationTemplate struct {
	SmsMessage         string `json:",omitempty"`
	EmailMessage       string `json:",omitempty"`
	EmailSubject       string `json:",omitempty"`
	EmailMessageByLink string `json:",omitempty"`
	EmailSubjectByLink string `json:",omitempty"`
	DefaultEmailOption string `json:",omitempty"`
}

// UpdateSettings lists the attributes that keep their old value until the new one is verified.
type UpdateSettings struct {
	AttributesRequireVerificationBeforeUpdate []string
}

// EmailConfiguration says whether Cognito or SES sends the pool's e-mail.
type EmailConfiguration struct {
	SourceArn           string `json:",omitempty"`
	ReplyToEmailAddress string `json:",omitempty"`
	EmailSendingAccount string `json:",omitempty"`
	From                string `json:",omitempty"`
	ConfigurationSet    string `json:",omitempty"`
}

// AdminCreateUserConfig says who may create users and holds the text of invitations.
type AdminCreateUserConfig struct {
	AllowAdminCreateUserOnly  bool
	UnusedAccountValidityDays int              `json:",omitempty"`
	InviteMessageTemplate     *MessageTemplate `json:",omitempty"`
}

// MessageTemplate holds the text of an invitation.
type MessageTemplate struct {
	SMSMessage   string `json:",omitempty"`
	EmailMessage string `json:",omitempty"`
	EmailSubject string `json:",omitempty"`
}

// UsernameConfiguration says whether user names are case-sensitive.
type UsernameConfiguration struct{ CaseSensitive bool }

// AccountRecovery lists the ways to reset a password.
type AccountRecovery struct {
	RecoveryMechanisms []RecoveryMechanism `json:",omitempty"`
}

// RecoveryMechanism is one way to reset a password and its priority.
type RecoveryMechanism struct {
	Priority int
	Name     string
}

// SchemaAttribute defines an attribute of users.
type SchemaAttribute struct {
	Name                       string
	AttributeDataType          string `json:",omitempty"`
	DeveloperOnlyAttribute     bool
	Mutable                    *bool `json:",omitempty"`
	Required                   bool
	NumberAttributeConstraints *NumberConstraints `json:",omitempty"`
	StringAttributeConstraints *StringConstraints `json:",omitempty"`
}

// NumberConstraints limits a number. AWS writes the limits as strings.
type NumberConstraints struct {
	MinValue string `json:",omitempty"`
	MaxValue string `json:",omitempty"`
}

// StringConstraints limits the length of a string. AWS writes the limits as strings.
type StringConstraints struct {
	MinLength string `json:",omitempty"`
	MaxLength string `json:",omitempty"`
}

// UpdatedIssuer reports whether tokens carry the newer form of AWS's issuer.
func (s *PoolSettings) UpdatedIssuer() bool {
	return s.IssuerConfiguration != nil && s.IssuerConfiguration.Type == IssuerUpdated
}

// defaultTokenSessions is how many sessions a user has at most if the pool does not say.
const defaultTokenSessions = 20

// TokenSessions returns how many sessions a user has at most while the pool tracks them.
func (p Pool) TokenSessions() int { return cmp.Or(p.MaxTokenSessions, defaultTokenSessions) }

// CaseSensitive reports whether user names are case-sensitive.
func (s *PoolSettings) CaseSensitive() bool {
	return s.UsernameConfiguration == nil || s.UsernameConfiguration.CaseSensitive
}

// MarshalText writes the key as kind/name, so that maps with these keys can be stored as JSON.
func (k ResourceKey) MarshalText() ([]byte, error) { return []byte(k.Kind + "/" + k.Name), nil }

// UnmarshalText reads what MarshalText wrote. A kind contains no slash.
func (k *ResourceKey) UnmarshalText(text []byte) error {
	k.Kind, k.Name, _ = strings.Cut(string(text), "/")
	return nil
}
