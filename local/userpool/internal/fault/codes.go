package fault

// Code identifies the rule that a request breaks. Package wire has a text for each code; the comments here list the
// arguments of the texts.
type Code string

// Codes for the request itself.
const (
	Invalid          Code = "invalid"           // text
	Constraint       Code = "constraint"        // path of the member, constraint
	Constraints      Code = "constraints"       // number of problems, problems
	MissingParameter Code = "missing-parameter" // name
	Malformed        Code = "malformed"         // text
	UnknownOperation Code = "unknown-operation" // text
	RefusedSetting   Code = "refused-setting"   // member, note
)

// Codes for pools, clients and their resources.
const (
	PoolNotFound       Code = "pool-not-found"     // id
	ClientNotFound     Code = "client-not-found"   // id
	ResourceNotFound   Code = "resource-not-found" // kind, name
	ResourceExists     Code = "resource-exists"    // kind, name
	ProviderExists     Code = "provider-exists"    // name
	GroupNotFound      Code = "group-not-found"
	GroupExists        Code = "group-exists"
	TooManyAttributes  Code = "too-many-attributes"
	AttributeExists    Code = "attribute-exists"    // name
	SecretNotExpected  Code = "secret-not-expected" // client
	SecretHashMissing  Code = "secret-hash-missing" // client
	SecretHashWrong    Code = "secret-hash-wrong"   // client
	RefreshHashWrong   Code = "refresh-hash-wrong"  // client
	ClientSecretWrong  Code = "client-secret-wrong" // client
	RevocationDisabled Code = "revocation-disabled"
	FlowNotEnabled     Code = "flow-not-enabled" // flow
	NoFirstFactor      Code = "no-first-factor"
	OAuthFlow          Code = "oauth-flow"      // text
	ScopeUnknown       Code = "scope-unknown"   // scope
	FeatureOfTier      Code = "feature-of-tier" // feature that the LITE plan lacks
	TooManySecrets     Code = "too-many-secrets"
	SessionsUntracked  Code = "sessions-untracked"
	ExchangeOff        Code = "exchange-off"
	TermsExist         Code = "terms-exist"     // name
	BrandingExists     Code = "branding-exists" // client
)

// Codes for users.
const (
	UserNotFound         Code = "user-not-found"
	MigrationFailed      Code = "migration-failed" // client, reason
	UserExists           Code = "user-exists"
	AccountExists        Code = "account-exists" // sign-in attribute
	SignUpNotPermitted   Code = "sign-up-not-permitted"
	UserDisabled         Code = "user-disabled"
	UserNotConfirmed     Code = "user-not-confirmed"
	ResetRequired        Code = "reset-required"
	CannotConfirm        Code = "cannot-confirm" // status
	CannotReset          Code = "cannot-reset"
	CannotResend         Code = "cannot-resend" // user name
	TooManyIdentities    Code = "too-many-identities"
	IdentityLinked       Code = "identity-linked"
	SourceIsNative       Code = "source-is-native"
	SourceSignedUp       Code = "source-signed-up"
	Schema               Code = "schema"              // text
	ImmutableAttribute   Code = "immutable-attribute" // name
	ReservedAttribute    Code = "reserved-attribute"  // name
	AttributeNotWritable Code = "attribute-not-writable"
	AttributeMissing     Code = "attribute-missing"  // name
	AttributeProvided    Code = "attribute-provided" // name
	PasswordPolicy       Code = "password-policy"    // reason
	PasswordReused       Code = "password-reused"
)

// Codes for devices.
const (
	DevicesNotTracked Code = "devices-not-tracked"
	DeviceNotFound    Code = "device-not-found"
	DeviceKeyInvalid  Code = "device-key-invalid"
	DeviceExists      Code = "device-exists"
)

// Codes for confirmation codes, passwords and attempts.
const (
	CodeMismatch             Code = "code-mismatch"
	CodeExpired              Code = "code-expired"
	TooManyTries             Code = "too-many-tries"
	WrongPassword            Code = "wrong-password"
	Locked                   Code = "locked"
	TemporaryPasswordExpired Code = "temporary-password-expired"
	TOTPNotEnabled           Code = "totp-not-enabled"
	TOTPNotSetUp             Code = "totp-not-set-up"
	// TOTPMismatch is for codes that set up an authenticator app, TOTPWrong for those of a sign-in.
	TOTPMismatch Code = "totp-mismatch"
	TOTPWrong    Code = "totp-wrong"
	TOTPUsed     Code = "totp-used"
	// SignInCodeMismatch is for codes that were sent as a factor of a sign-in.
	SignInCodeMismatch Code = "sign-in-code-mismatch"
	// NoPhoneForMFA and NoEmailForMFA are for factors that the user lacks the address for.
	NoPhoneForMFA Code = "no-phone-for-mfa"
	NoEmailForMFA Code = "no-email-for-mfa"
	// NoSecondFactor is for users of whom the pool requires one, and who cannot use or set up any.
	NoSecondFactor Code = "no-second-factor"
)

// Codes for sessions and tokens.
const (
	SessionInvalid       Code = "session-invalid"
	SessionExpired       Code = "session-expired"
	SessionSpent         Code = "session-spent"
	ExchangeTokenInvalid Code = "exchange-token-invalid" // SubjectToken or ActorToken
	AccessTokenInvalid   Code = "access-token-invalid"
	AccessTokenExpired   Code = "access-token-expired"
	AccessTokenRevoked   Code = "access-token-revoked"
	AccessTokenScope     Code = "access-token-scope"
	RefreshTokenInvalid  Code = "refresh-token-invalid"
	RefreshTokenExpired  Code = "refresh-token-expired"
	RefreshTokenRevoked  Code = "refresh-token-revoked"
	RefreshTokenReused   Code = "refresh-token-reused"
	TokenTypeUnsupported Code = "token-type-unsupported"
	TokenOfAnotherClient Code = "token-of-another-client"
)

// Codes for passkeys.
const (
	PasskeysNotEnabled          Code = "passkeys-not-enabled"
	PasskeyConfigurationMissing Code = "passkey-configuration-missing"
	PasskeyChallengeNotFound    Code = "passkey-challenge-not-found"
	PasskeyClientMismatch       Code = "passkey-client-mismatch"
	PasskeyRelyingPartyMismatch Code = "passkey-relying-party-mismatch"
	PasskeyOriginNotAllowed     Code = "passkey-origin-not-allowed"
	PasskeyNotSupported         Code = "passkey-not-supported"
	PasskeyInvalid              Code = "passkey-invalid"
	PasskeyWrong                Code = "passkey-wrong"
	PasskeyNotFound             Code = "passkey-not-found"
	TooManyPasskeys             Code = "too-many-passkeys"
)

// Codes for answers of triggers.
const (
	AnswerUnrecognizable Code = "answer-unrecognizable"
	StepNotTaken         Code = "step-not-taken" // challenge
)
