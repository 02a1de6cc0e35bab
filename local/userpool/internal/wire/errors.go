package wire

import (
	"errors"
	"fmt"
	"strings"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// Exception is an error with AWS's name and text.
type Exception struct{ Name, Text string }

// ExceptionOf translates an error into what the client of an operation gets. Errors that are not from fault, a trigger
// or the store become internal errors without details.
func ExceptionOf(operation string, err error) Exception {
	var known *fault.Error
	var trigger *fire.Error
	var alias *state.AliasError
	switch {
	case errors.As(err, &known):
		if r, has := exceptions.row(operation, known.Code); has {
			return Exception{r.name, r.fill(known.Args)}
		}
	case errors.As(err, &trigger):
		return Exception{trigger.Kind, trigger.Message}
	case errors.Is(err, state.ErrFull):
		return Exception{limitExceeded, fullText}
	case errors.As(err, &alias):
		return Exception{"AliasExistsException", "An account with the " + alias.Attribute + " already exists."}
	}
	return Exception{internalError, "Internal error"}
}

// fullText is our own: AWS's user pools have room for millions.
const fullText = "The local pool is full: its users may take 256 MiB. Delete some, or start it anew."

const internalError = "InternalErrorException"

// row holds AWS's name and text for a fault.
type row struct {
	name string
	text string // one %s per argument
}

// place is the key of a row: a code, and the operation if its text differs from that of all others ("").
type place struct {
	code      fault.Code
	operation string
}

type exceptionTable map[place]row

// row returns the operation's own row, or else the general one.
func (t exceptionTable) row(operation string, code fault.Code) (row, bool) {
	if r, has := t[place{code, operation}]; has {
		return r, true
	}
	r, has := t[place{code, ""}]
	return r, has
}

func (r row) fill(args []string) string {
	if !strings.Contains(r.text, "%") { // the row of an operation may leave out the arguments
		return r.text
	}
	values := make([]any, len(args))
	for i, arg := range args {
		values[i] = arg
	}
	return fmt.Sprintf(r.text, values...)
}

const (
	invalidParameter = "InvalidParameterException"
	limitExceeded    = "LimitExceededException"
	notAuthorized    = "NotAuthorizedException"
	resourceNotFound = "ResourceNotFoundException"
	userNotFound     = "UserNotFoundException"
	usernameExists   = "UsernameExistsException"
)

// exceptions holds all of AWS's names and texts. If AWS uses another text for one operation, that is a row of its own:
// {fault.UserNotFound, "ForgotPassword"}: ...
var exceptions = exceptionTable{
	// The request itself.
	{fault.Invalid, ""}: {invalidParameter, "%s"},
	{fault.Constraint, ""}: {invalidParameter,
		"1 validation error detected: Value at '%s' failed to satisfy constraint: %s"},
	{fault.Constraints, ""}:      {invalidParameter, "%s validation errors detected: %s"},
	{fault.MissingParameter, ""}: {invalidParameter, "Missing required parameter %s"},
	{fault.RefusedSetting, ""}:   {invalidParameter, "the local user pool does not support %s: %s"},
	{fault.Malformed, ""}:        {"SerializationException", "%s"},
	{fault.UnknownOperation, ""}: {"UnknownOperationException", "%s"},

	// Pools, clients and what belongs to them.
	{fault.PoolNotFound, ""}:     {resourceNotFound, "User pool %s does not exist."},
	{fault.ClientNotFound, ""}:   {resourceNotFound, "User pool client %s does not exist."},
	{fault.ResourceNotFound, ""}: {resourceNotFound, "%s %s does not exist."},
	{fault.GroupNotFound, ""}:    {resourceNotFound, "Group not found."},
	{fault.GroupExists, ""}:      {"GroupExistsException", "A group with the name already exists."},
	{fault.ResourceExists, ""}:   {invalidParameter, "%s already exists: %s"},
	{fault.ProviderExists, ""}: {"DuplicateProviderException",
		"A provider with the name %s already exists in this user pool."},
	{fault.TooManyAttributes, ""}: {limitExceeded, "A user pool has at most 50 custom attributes."},
	{fault.AttributeExists, ""}:   {invalidParameter, "%[1]s: Existing attribute already has name %[1]s."},
	{fault.DevicesNotTracked, ""}: {"InvalidUserPoolConfigurationException",
		"The user pool does not track devices: set DeviceConfiguration."},
	{fault.SecretNotExpected, ""}: {notAuthorized, "Client %s is not configured for secret but secret was received"},
	{fault.SecretHashMissing, ""}: {notAuthorized,
		"Client %s is configured with secret but SECRET_HASH was not received"},
	{fault.SecretHashWrong, ""}:    {notAuthorized, "Unable to verify secret hash for client %s"},
	{fault.ClientSecretWrong, ""}:  {notAuthorized, "Unable to verify secret for client %s"},
	{fault.RevocationDisabled, ""}: {"UnsupportedOperationException", "Token revocation is disabled for this client."},
	{fault.FlowNotEnabled, ""}:     {invalidParameter, "%s flow not enabled for this client"},
	{fault.OAuthFlow, ""}:          {"InvalidOAuthFlowException", "%s"},
	{fault.ScopeUnknown, ""}:       {"ScopeDoesNotExistException", "Invalid scope requested: %s"},
	{fault.FeatureOfTier, ""}: {"FeatureUnavailableInTierException",
		"The following features need to be disabled for the LITE pricing tier configured: %s"},

	{fault.TooManySecrets, ""}: {limitExceeded, "An app client has at most 2 client secrets."},
	{fault.SessionsUntracked, ""}: {"OperationNotEnabledException",
		"User session tracking is not enabled for this user pool."},
	{fault.ExchangeOff, ""}: {"OperationNotEnabledException",
		"Token exchange requires the Essentials or Plus feature plan."},
	{fault.ExchangeTokenInvalid, ""}: {notAuthorized, "Invalid %s"},
	{fault.TermsExist, ""}:           {"TermsExistsException", "The app client has terms with the name %s already."},
	{fault.BrandingExists, ""}: {"ManagedLoginBrandingExistsException",
		"The app client %s has a managed login branding style already."},

	// Users.
	{fault.UserNotFound, ""}:       {userNotFound, "User does not exist."},
	{fault.MigrationFailed, ""}:    {userNotFound, "Exception migrating user in app client %s: %s"},
	{fault.UserExists, ""}:         {usernameExists, "User already exists"},
	{fault.AccountExists, ""}:      {usernameExists, "An account with the given %s already exists."},
	{fault.SignUpNotPermitted, ""}: {notAuthorized, "SignUp is not permitted for this user pool"},
	{fault.UserDisabled, ""}:       {notAuthorized, "User is disabled."},
	{fault.UserNotConfirmed, ""}:   {"UserNotConfirmedException", "User is not confirmed."},
	{fault.ResetRequired, ""}:      {"PasswordResetRequiredException", "Password reset required for the user"},
	{fault.CannotConfirm, ""}:      {notAuthorized, "User cannot be confirmed. Current status is %s"},
	{fault.CannotReset, ""}:        {notAuthorized, "User password cannot be reset in the current state."},
	{fault.CannotResend, ""}: {"UnsupportedUserStateException",
		"Resend not possible. %s status is not FORCE_CHANGE_PASSWORD"},
	{fault.TooManyIdentities, ""}:    {limitExceeded, "User has reached the maximum number of linked identities"},
	{fault.Schema, ""}:               {invalidParameter, "Attributes did not conform to the schema: %s"},
	{fault.ImmutableAttribute, ""}:   {invalidParameter, "user.%s: Attribute cannot be updated.\n"},
	{fault.ReservedAttribute, ""}:    {invalidParameter, "Cannot modify the non-mutable attribute %s"},
	{fault.AttributeNotWritable, ""}: {notAuthorized, "A client attempted to write unauthorized attribute"},
	{fault.PasswordPolicy, ""}:       {"InvalidPasswordException", "Password did not conform with policy: %s"},
	{fault.PasswordReused, ""}: {"PasswordHistoryPolicyViolationException",
		"Password has previously been used."},

	// Devices.
	{fault.DeviceNotFound, ""}:   {resourceNotFound, "Device does not exist."},
	{fault.DeviceKeyInvalid, ""}: {invalidParameter, "Invalid device key given."},
	{fault.DeviceExists, ""}:     {"DeviceKeyExistsException", "Device already exists."},

	// Codes, passwords and attempts.
	{fault.SignInCodeMismatch, ""}: {"CodeMismatchException", "Invalid code or auth state for the user."},
	{fault.CodeMismatch, ""}:       {"CodeMismatchException", "Invalid verification code provided, please try again."},
	{fault.CodeExpired, ""}:        {"ExpiredCodeException", "Invalid code provided, please request a code again."},
	{fault.TooManyTries, ""}:       {limitExceeded, "Attempt limit exceeded, please try after some time."},
	{fault.WrongPassword, ""}:      {notAuthorized, "Incorrect username or password."},
	{fault.Locked, ""}:             {notAuthorized, "Password attempts exceeded"},
	{fault.TemporaryPasswordExpired, ""}: {notAuthorized,
		"Temporary password has expired and must be reset by an administrator."},
	{fault.TOTPNotEnabled, ""}: {"SoftwareTokenMFANotFoundException",
		"Software Token MFA has not been enabled by the userPool"},
	{fault.TOTPMismatch, ""}: {"EnableSoftwareTokenMFAException", "Code mismatch and fail enable Software Token MFA"},
	{fault.TOTPNotSetUp, ""}: {invalidParameter,
		"User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA"},
	{fault.TOTPWrong, ""}:      {"CodeMismatchException", "Invalid code received for user"},
	{fault.TOTPUsed, ""}:       {"ExpiredCodeException", "Your software token has already been used once."},
	{fault.NoPhoneForMFA, ""}:  {invalidParameter, "User does not have delivery config set to turn on SMS_MFA"},
	{fault.NoEmailForMFA, ""}:  {invalidParameter, "User does not have delivery config set to turn on EMAIL_OTP"},
	{fault.NoSecondFactor, ""}: {"MFAMethodNotFoundException", noSecondFactor},

	// Sessions and tokens.
	{fault.SessionInvalid, ""}:       {notAuthorized, "Invalid session for the user."},
	{fault.SessionExpired, ""}:       {notAuthorized, "Invalid session for the user, session is expired."},
	{fault.AccessTokenInvalid, ""}:   {notAuthorized, "Invalid Access Token"},
	{fault.AccessTokenExpired, ""}:   {notAuthorized, "Access Token has expired"},
	{fault.AccessTokenRevoked, ""}:   {notAuthorized, "Access Token has been revoked"},
	{fault.AccessTokenScope, ""}:     {notAuthorized, "Access Token does not have required scopes"},
	{fault.RefreshTokenInvalid, ""}:  {notAuthorized, "Invalid Refresh Token."},
	{fault.RefreshTokenExpired, ""}:  {notAuthorized, "Refresh Token has expired"},
	{fault.RefreshTokenRevoked, ""}:  {notAuthorized, "Refresh Token has been revoked"},
	{fault.TokenTypeUnsupported, ""}: {"UnsupportedTokenTypeException", "Unsupported token type"},
	{fault.TokenOfAnotherClient, ""}: {"UnauthorizedException", "Token was not issued to this client."},
	{fault.SessionSpent, ""}: {notAuthorized,
		"Invalid session for the user, session can only be used once."},
	{fault.NoFirstFactor, ""}:      {notAuthorized, "No first factor is available for the user."},
	{fault.RefreshHashWrong, ""}:   {notAuthorized, "SecretHash does not match for the client: %s"},
	{fault.RefreshTokenReused, ""}: {"RefreshTokenReuseException", "Refresh Token has been reused"},

	// Passkeys.
	{fault.PasskeysNotEnabled, ""}: {"WebAuthnNotEnabledException", "WEB_AUTHN is not enabled for this user pool."},
	{fault.PasskeyConfigurationMissing, ""}: {"WebAuthnConfigurationMissingException",
		"The user pool has neither a relying party id nor a domain."},
	{fault.PasskeyChallengeNotFound, ""}: {"WebAuthnChallengeNotFoundException",
		"The challenge was not found, has expired or was used before."},
	{fault.PasskeyClientMismatch, ""}: {"WebAuthnClientMismatchException",
		"The access token is for another app client than the one that started the registration."},
	{fault.PasskeyRelyingPartyMismatch, ""}: {"WebAuthnRelyingPartyMismatchException",
		"The credential belongs to another relying party than the user pool's."},
	{fault.PasskeyOriginNotAllowed, ""}: {"WebAuthnOriginNotAllowedException",
		"The origin does not belong to the user pool's relying party."},
	{fault.PasskeyNotSupported, ""}: {"WebAuthnCredentialNotSupportedException", "The credential is not supported."},
	{fault.PasskeyInvalid, ""}:      {invalidParameter, "Credential data is not valid"},
	{fault.PasskeyWrong, ""}:        {notAuthorized, "Passkey assertion failed."},
	{fault.PasskeyNotFound, ""}:     {resourceNotFound, "The credential does not exist."},
	{fault.TooManyPasskeys, ""}:     {limitExceeded, "A user has at most 20 passkeys."},

	// A user's first own password.
	{fault.AttributeMissing, ""}:  {invalidParameter, "Invalid attributes given, %s is missing"},
	{fault.AttributeProvided, ""}: {notAuthorized, "Cannot modify an already provided %s"},

	// Linked identities.
	{fault.IdentityLinked, ""}: {invalidParameter, "SourceUser is already linked to DestinationUser"},
	{fault.SourceIsNative, ""}: {invalidParameter, "Invalid SourceUser: Cognito users with a username/password may not " +
		"be passed in as a SourceUser, only as a DestinationUser"},
	{fault.SourceSignedUp, ""}: {invalidParameter, "Merging is not currently supported, provide a SourceUser that has " +
		"not been signed up in order to link"},

	// What triggers answer.
	{fault.AnswerUnrecognizable, ""}: {"InvalidLambdaResponseException", "Unrecognizable lambda output"},
	{fault.StepNotTaken, ""}: {"InvalidLambdaResponseException",
		"the local user pool cannot continue with the challenge %s here"},

	// Operations whose text differs from that of all others.
	{fault.UserNotFound, "ForgotPassword"}:         {userNotFound, combinationNotFound},
	{fault.UserNotFound, "ConfirmForgotPassword"}:  {userNotFound, combinationNotFound},
	{fault.UserNotFound, "ConfirmSignUp"}:          {userNotFound, combinationNotFound},
	{fault.UserNotFound, "ResendConfirmationCode"}: {userNotFound, combinationNotFound},
	{fault.UserDisabled, "ForgotPassword"}:         {notAuthorized, "User is disabled"},
	{fault.UserExists, "AdminCreateUser"}:          {usernameExists, "User account already exists"},
	{fault.FlowNotEnabled, "AdminInitiateAuth"}:    {invalidParameter, "Auth flow not enabled for this client"},
	{fault.ScopeUnknown, "GetClientToken"}:         {invalidParameter, "Invalid scope requested: %s"},
	{fault.TOTPNotSetUp, "SetUserMFAPreference"}:   {invalidParameter, "User has not set up software token mfa"},
	{fault.NoPhoneForMFA, "SetUserMFAPreference"}: {invalidParameter,
		"User does not have a phone_number set to turn on SMS MFA"},
	{fault.NoSecondFactor, "InitiateAuth"}: {"InvalidUserPoolConfigurationException",
		noSecondFactor},
}

// noSecondFactor is our own text; AWS's is not known.
const noSecondFactor = "The user pool requires MFA, and the user has no method for it: add an address that is not " +
	"used for account recovery, or an authenticator app"

// combinationNotFound is the text for unknown users in the operations that take an app client but no password.
const combinationNotFound = "Username/client id combination not found."
