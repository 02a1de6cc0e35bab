package cognito

// guide begins the URLs of AWS's pages about the triggers.
const guide = "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-"

// KeyMember is the member of LambdaConfig for the KMS key that encrypts codes for the custom senders.
const KeyMember = "KMSKeyID"

// contracts lists every hook in the order of AWS's guide. The members of a response are in the order in which they
// arrive.
var contracts = []Contract{
	{
		Hook: PreSignUp, Name: "PreSignUp", Member: "PreSignUp",
		Page:    guide + "pre-sign-up.html",
		Sources: []string{PreSignUpSignUp, PreSignUpAdminCreateUser, PreSignUpExternalProvider},
		Request: []Member{
			{Name: "userAttributes", Type: TextMap},
			{Name: "validationData", Type: TextMap, Sources: []string{PreSignUpSignUp, PreSignUpAdminCreateUser}},
			{Name: "clientMetadata", Type: TextMap, Sources: []string{PreSignUpSignUp, PreSignUpAdminCreateUser}},
		},
		Response: []Member{
			{Name: "autoConfirmUser", Type: Boolean},
			{Name: "autoVerifyEmail", Type: Boolean, Verifies: "email"},
			{Name: "autoVerifyPhone", Type: Boolean, Verifies: "phone_number"},
		},
		Blank: "false", Breach: Refused,
	},
	{
		Hook: PostConfirmation, Name: "PostConfirmation", Member: "PostConfirmation",
		Page:    guide + "post-confirmation.html",
		Sources: []string{PostConfirmationConfirmSignUp, PostConfirmationConfirmForgotPassword},
		Request: []Member{
			{Name: "userAttributes", Type: TextMap},
			{Name: "clientMetadata", Type: TextMap},
		},
		Absent: []Absence{
			{Name: "validationData", Reason: signInData + "; here, ConfirmSignUp's ClientMetadata arrives as clientMetadata"},
		},
		Blank: "null", Breach: Dropped,
	},
	{
		Hook: PreAuthentication, Name: "PreAuthentication", Member: "PreAuthentication",
		Page:    guide + "pre-authentication.html",
		Sources: []string{PreAuthenticationAuthentication},
		Request: []Member{
			{Name: "userAttributes", Type: TextMap},
			{Name: "validationData", Type: TextMap}, // ClientMetadata of InitiateAuth
			{Name: "userNotFound", Type: Boolean},
		},
		Absent: []Absence{
			{Name: "clientMetadata", Reason: "is never sent here: the ClientMetadata of InitiateAuth arrives as validationData"},
		},
		Blank: "null", Breach: Dropped,
	},
	{
		Hook: PostAuthentication, Name: "PostAuthentication", Member: "PostAuthentication",
		Page:    guide + "post-authentication.html",
		Sources: []string{PostAuthenticationAuthentication},
		Request: []Member{
			{Name: "userAttributes", Type: TextMap},
			{Name: "newDeviceUsed", Type: Boolean},
			{Name: "clientMetadata", Type: TextMap},
		},
		Absent: []Absence{
			{Name: "validationData", Reason: fromResponse},
		},
		Blank: "null", Breach: Dropped,
	},
	{
		Hook: DefineAuthChallenge, Name: "DefineAuthChallenge", Member: "DefineAuthChallenge",
		Page:    guide + "define-auth-challenge.html",
		Sources: []string{DefineAuthChallengeAuthentication},
		Request: []Member{
			{Name: "userAttributes", Type: TextMap},
			{Name: "session", Type: Objects, Members: challengeResult},
			{Name: "clientMetadata", Type: TextMap},
			{Name: "userNotFound", Type: Boolean},
		},
		Absent: []Absence{
			{Name: "validationData", Reason: fromResponse},
		},
		Response: []Member{
			{Name: "challengeName", Type: Text},
			{Name: "issueTokens", Type: Boolean},
			{Name: "failAuthentication", Type: Boolean},
		},
		Blank: "null", Breach: Dropped,
	},
	{
		Hook: CreateAuthChallenge, Name: "CreateAuthChallenge", Member: "CreateAuthChallenge",
		Page:    guide + "create-auth-challenge.html",
		Sources: []string{CreateAuthChallengeAuthentication},
		Request: []Member{
			{Name: "userAttributes", Type: TextMap},
			{Name: "challengeName", Type: Text},
			{Name: "session", Type: Objects, Members: challengeResult},
			{Name: "clientMetadata", Type: TextMap},
			{Name: "userNotFound", Type: Boolean},
		},
		Absent: []Absence{
			{Name: "validationData", Reason: fromResponse},
		},
		Response: []Member{
			{Name: "publicChallengeParameters", Type: TextMap},
			{Name: "privateChallengeParameters", Type: TextMap},
			{Name: "challengeMetadata", Type: Text},
		},
		Blank: "null", Breach: Dropped,
	},
	{
		Hook: VerifyAuthChallengeResponse, Name: "VerifyAuthChallengeResponse", Member: "VerifyAuthChallengeResponse",
		Page:          guide + "verify-auth-challenge-response.html",
		Sources:       []string{VerifyAuthChallengeResponseAuthentication, VerifyAuthChallengeAuthentication},
		OtherFamilies: []string{"VerifyAuthChallenge"},
		Request: []Member{
			{Name: "userAttributes", Type: TextMap},
			{Name: "privateChallengeParameters", Type: TextMap},
			{Name: "challengeAnswer", Type: Text},
			{Name: "clientMetadata", Type: TextMap},
			{Name: "userNotFound", Type: Boolean},
		},
		Absent: []Absence{
			{Name: "validationData", Reason: fromResponse},
		},
		Response: []Member{
			{Name: "answerCorrect", Type: Boolean},
		},
		Blank: "null", Breach: Dropped,
	},
	{
		Hook: UserMigration, Name: "UserMigration", Member: "UserMigration",
		Page:    guide + "migrate-user.html",
		Sources: []string{UserMigrationAuthentication, UserMigrationForgotPassword},
		Request: []Member{
			{Name: "password", Type: Text, Sources: []string{UserMigrationAuthentication}},
			// ClientMetadata of InitiateAuth
			{Name: "validationData", Type: TextMap, Sources: []string{UserMigrationAuthentication}},
			{Name: "clientMetadata", Type: TextMap},
			{Name: "userAttributes", Type: TextMap}, // null, since the pool does not have the user
		},
		Response: []Member{
			{Name: "userAttributes", Type: TextMap},
			{Name: "forceAliasCreation", Type: Boolean},
			{Name: "enableSMSMFA", Type: Boolean},
			{Name: "finalUserStatus", Type: Text, Values: []string{"CONFIRMED", "RESET_REQUIRED"}},
			{Name: "messageAction", Type: Text, Values: []string{"SUPPRESS", "RESEND"}},
			{Name: "desiredDeliveryMediums", Type: TextList, Values: []string{"EMAIL", "SMS"}},
		},
		Blank: "null", Breach: Dropped,
	},
	{
		Hook: PreTokenGeneration, Name: "PreTokenGeneration", Page: guide + "pre-token-generation.html",
		Member: "PreTokenGenerationConfig", PlainMember: "PreTokenGeneration", Versioned: true,
		Versions: []string{"V1_0", "V2_0", "V3_0"},
		Sources: []string{
			TokenGenerationHostedAuth, TokenGenerationAuthentication, TokenGenerationNewPasswordChallenge,
			TokenGenerationAuthenticateDevice, TokenGenerationRefreshTokens, TokenGenerationClientCredentials,
		},
		Request: []Member{
			{Name: "userAttributes", Type: TextMap},
			{Name: "groupConfiguration", Type: Object, Members: groupConfiguration},
			{Name: "scopes", Type: TextList, Versions: []string{"V2_0", "V3_0"}},
			{Name: "clientMetadata", Type: TextMap},
		},
		Absent: []Absence{
			{Name: "validationData", Reason: fromResponse},
		},
		Response: []Member{
			{Name: "claimsOverrideDetails", Type: Object, Versions: []string{"V1_0"}, Members: []Member{
				{Name: "claimsToAddOrOverride", Type: TextMap},
				{Name: "claimsToSuppress", Type: TextList},
				{Name: "groupOverrideDetails", Type: Object, Members: groupConfiguration},
			}},
			{Name: "claimsAndScopeOverrideDetails", Type: Object, Versions: []string{"V2_0", "V3_0"}, Members: []Member{
				{Name: "idTokenGeneration", Type: Object, Members: []Member{
					{Name: "claimsToAddOrOverride", Type: Object},
					{Name: "claimsToSuppress", Type: TextList},
				}},
				{Name: "accessTokenGeneration", Type: Object, Members: []Member{
					{Name: "claimsToAddOrOverride", Type: Object},
					{Name: "claimsToSuppress", Type: TextList},
					{Name: "scopesToAdd", Type: TextList},
					{Name: "scopesToSuppress", Type: TextList},
				}},
				{Name: "groupOverrideDetails", Type: Object, Members: groupConfiguration},
			}},
		},
		Blank: "null", Breach: Dropped,
	},
	{
		Hook: CustomMessage, Name: "CustomMessage", Member: "CustomMessage",
		Page: guide + "custom-message.html",
		Sources: []string{
			CustomMessageSignUp, CustomMessageAdminCreateUser, CustomMessageResendCode, CustomMessageForgotPassword,
			CustomMessageUpdateUserAttribute, CustomMessageVerifyUserAttribute, CustomMessageAuthentication,
		},
		Request: []Member{
			{Name: "userAttributes", Type: TextMap},
			{Name: "codeParameter", Type: Text},
			{Name: "linkParameter", Type: Text},
			{Name: "usernameParameter", Type: Text, Sources: []string{CustomMessageAdminCreateUser}},
			{Name: "clientMetadata", Type: TextMap},
		},
		Absent: []Absence{
			{Name: "validationData", Reason: signInData + "; here, the ClientMetadata of SignUp arrives as clientMetadata"},
		},
		Response: []Member{ // Cognito counts characters after it has inserted the code
			{Name: "smsMessage", Type: Text, Min: 6, Max: 140},
			{Name: "emailMessage", Type: Text, Min: 6, Max: 20_000, NeedsSES: true},
			{Name: "emailSubject", Type: Text, Min: 1, Max: 140, NeedsSES: true},
		},
		Blank: "null", Breach: Invalid,
	},
	{
		Hook: CustomEmailSender, Name: "CustomEmailSender", Member: "CustomEmailSender",
		Page:      guide + "custom-email-sender.html",
		Versioned: true, NeedsKey: true, Versions: []string{"V1_0"}, Asynchronous: true,
		Sources: []string{
			CustomEmailSenderSignUp, CustomEmailSenderResendCode, CustomEmailSenderAdminCreateUser,
			CustomEmailSenderForgotPassword,
			CustomEmailSenderUpdateUserAttribute, CustomEmailSenderVerifyUserAttribute, CustomEmailSenderAuthentication,
			CustomEmailSenderAccountTakeOverNotification,
		},
		Request: sender, Breach: Unread,
	},
	{
		Hook: CustomSMSSender, Name: "CustomSMSSender", Member: "CustomSMSSender",
		Page:      guide + "custom-sms-sender.html",
		Versioned: true, NeedsKey: true, Versions: []string{"V1_0"}, Asynchronous: true,
		Sources: []string{
			CustomSMSSenderSignUp, CustomSMSSenderResendCode, CustomSMSSenderAdminCreateUser, CustomSMSSenderForgotPassword,
			CustomSMSSenderUpdateUserAttribute, CustomSMSSenderVerifyUserAttribute, CustomSMSSenderAuthentication,
		},
		OtherFamilies: []string{"CustomSmsSender"},
		Request:       sender, Breach: Unread,
	},
	{
		Hook: InboundFederation, Name: "InboundFederation", Member: "InboundFederation",
		Page:      guide + "inbound-federation.html",
		Versioned: true, Versions: []string{"V1_0"},
		Sources: []string{InboundFederationExternalProvider},
		Request: []Member{
			{Name: "providerName", Type: Text},
			{Name: "providerType", Type: Text},
			{Name: "attributes", Type: Object, Members: []Member{ // samlResponse for SAML, the others for other providers
				{Name: "tokenResponse", Type: Object},
				{Name: "idToken", Type: Object},
				{Name: "userInfo", Type: Object},
				{Name: "samlResponse", Type: Object},
			}},
		},
		Absent: []Absence{
			{Name: "clientMetadata", Reason: noMetadata},
			{Name: "validationData", Reason: noMetadata},
			{Name: "userAttributes", Reason: "is not known yet: the provider's attributes are in attributes"},
		},
		Response: []Member{
			{Name: "userAttributesToMap", Type: TextMap, Max: 2048},
		},
		Blank: "{}", Breach: Dropped,
	},
}

// Where the maps of a call arrive, for the hooks that do not get them.
const (
	signInData   = "goes to pre sign-up, pre authentication and user migration alone"
	fromResponse = signInData + "; here, the ClientMetadata of RespondToAuthChallenge arrives as clientMetadata"
	noMetadata   = "goes to no event of a federated sign-in, which has no such parameter"
)

var challengeResult = []Member{
	{Name: "challengeName", Type: Text},
	{Name: "challengeResult", Type: Boolean},
	{Name: "challengeMetadata", Type: Text},
}

var groupConfiguration = []Member{
	{Name: "groupsToOverride", Type: TextList},
	{Name: "iamRolesToOverride", Type: TextList},
	{Name: "preferredRole", Type: Text},
}

// sender is the request of both custom senders. The code is encrypted; a warning that an account may have been taken
// over has none.
var sender = []Member{
	{Name: "type", Type: Text},
	{Name: "code", Type: Text},
	{Name: "clientMetadata", Type: TextMap},
	{Name: "userAttributes", Type: TextMap},
}
