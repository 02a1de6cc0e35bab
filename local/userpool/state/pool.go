package state

import (
	"encoding/json"
	"time"

	"cognito-triggers/shared/cognito"
)

// Pool is a user pool. Settings are replaced whole and never changed in place, so copies may share them.
type Pool struct {
	ID                string
	Region            string
	Created, Modified time.Time
	Settings          *PoolSettings
	Schema            []SchemaAttribute // standard and custom
	SigningKey        []byte            // a token.Pair as its Marshal writes it; empty until the first token
	Domain            string
	DomainSettings    DomainSettings
	TOTP              bool            // SetUserPoolMfaConfig has switched TOTP on
	MFA               json.RawMessage // the rest of SetUserPoolMfaConfig
	Resources         map[ResourceKey]Resource
}

// DomainSettings are stored, not acted on: nothing answers at a pool's domain.
type DomainSettings struct {
	ManagedLoginVersion *int
	CustomDomainConfig  json.RawMessage
	Routing             json.RawMessage
}

// ResourceKey finds a resource of a pool.
type ResourceKey struct{ Kind, Name string }

// Resource is an identity provider, a resource server or the like: stored, returned and not acted on.
type Resource struct {
	Kind, Name        string
	Created, Modified time.Time
	Data              map[string]json.RawMessage
}

// PoolSettings are what CreateUserPool takes and DescribeUserPool returns, in AWS's names. What the local pool does not
// act on is kept as it came. See
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolType.html
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

	// Stored, not acted on.
	DeviceConfiguration json.RawMessage `json:",omitempty"`
	IssuerConfiguration json.RawMessage `json:",omitempty"`
	KeyConfiguration    json.RawMessage `json:",omitempty"`
	SmsConfiguration    json.RawMessage `json:",omitempty"`
	UserPoolAddOns      json.RawMessage `json:",omitempty"`
	UserPoolTier        string          `json:",omitempty"`
}

// Policies holds the rules for passwords.
type Policies struct {
	PasswordPolicy *PasswordPolicy `json:",omitempty"`
	SignInPolicy   json.RawMessage `json:",omitempty"`
}

// PasswordPolicy is AWS's.
type PasswordPolicy struct {
	MinimumLength                 int
	RequireUppercase              bool
	RequireLowercase              bool
	RequireNumbers                bool
	RequireSymbols                bool
	PasswordHistorySize           int `json:",omitempty"`
	TemporaryPasswordValidityDays int
}

// VerificationTemplate is the text of messages with codes.
type VerificationTemplate struct {
	SmsMessage         string `json:",omitempty"`
	EmailMessage       string `json:",omitempty"`
	EmailSubject       string `json:",omitempty"`
	EmailMessageByLink string `json:",omitempty"`
	EmailSubjectByLink string `json:",omitempty"`
	DefaultEmailOption string `json:",omitempty"`
}

// UpdateSettings says which attributes keep their old value until the new one is verified.
type UpdateSettings struct {
	AttributesRequireVerificationBeforeUpdate []string
}

// EmailConfiguration says who sends the pool's e-mail.
type EmailConfiguration struct {
	SourceArn           string `json:",omitempty"`
	ReplyToEmailAddress string `json:",omitempty"`
	EmailSendingAccount string `json:",omitempty"`
	From                string `json:",omitempty"`
	ConfigurationSet    string `json:",omitempty"`
}

// AdminCreateUserConfig rules who creates users, and the invitation.
type AdminCreateUserConfig struct {
	AllowAdminCreateUserOnly  bool
	UnusedAccountValidityDays int              `json:",omitempty"`
	InviteMessageTemplate     *MessageTemplate `json:",omitempty"`
}

// MessageTemplate is the text of an invitation.
type MessageTemplate struct {
	SMSMessage   string `json:",omitempty"`
	EmailMessage string `json:",omitempty"`
	EmailSubject string `json:",omitempty"`
}

// UsernameConfiguration says whether capitals count.
type UsernameConfiguration struct{ CaseSensitive bool }

// AccountRecovery ranks the ways to reset a password.
type AccountRecovery struct {
	RecoveryMechanisms []RecoveryMechanism `json:",omitempty"`
}

// RecoveryMechanism is one way to reset a password.
type RecoveryMechanism struct {
	Priority int
	Name     string
}

// SchemaAttribute is one attribute that users can have.
type SchemaAttribute struct {
	Name                       string
	AttributeDataType          string `json:",omitempty"`
	DeveloperOnlyAttribute     bool
	Mutable                    *bool `json:",omitempty"`
	Required                   bool
	NumberAttributeConstraints *NumberConstraints `json:",omitempty"`
	StringAttributeConstraints *StringConstraints `json:",omitempty"`
}

// NumberConstraints bound a number; AWS writes them as texts.
type NumberConstraints struct {
	MinValue string `json:",omitempty"`
	MaxValue string `json:",omitempty"`
}

// StringConstraints bound a text's length; AWS writes them as texts.
type StringConstraints struct {
	MinLength string `json:",omitempty"`
	MaxLength string `json:",omitempty"`
}

// CaseSensitive tells whether capitals count in user names.
func (s *PoolSettings) CaseSensitive() bool {
	return s.UsernameConfiguration == nil || s.UsernameConfiguration.CaseSensitive
}
