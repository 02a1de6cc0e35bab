package userpool

import "time"

var errorTexts = map[string]errorText{
	"ForgotPassword, unknown user": {
		request: ask("ForgotPassword", object{"Username": "nobody"}),
		name:    "UserNotFoundException", text: unknown, source: "measured",
	},
	"ConfirmForgotPassword, unknown user": {
		request: ask("ConfirmForgotPassword", object{"Username": "nobody", "ConfirmationCode": "1", "Password": password}),
		name:    "UserNotFoundException", text: unknown, source: "seen",
	},
	"ConfirmSignUp, unknown user": {
		request: ask("ConfirmSignUp", object{"Username": "nobody", "ConfirmationCode": "1"}),
		name:    "UserNotFoundException", text: unknown, source: "seen",
	},
	"ResendConfirmationCode, unknown user": {
		request: ask("ResendConfirmationCode", object{"Username": "nobody"}),
		name:    "UserNotFoundException", text: unknown, source: "seen",
	},
	"InitiateAuth, unknown user": {
		request: ask("InitiateAuth", passwordAuth("nobody", password)),
		name:    "UserNotFoundException", text: "User does not exist.", source: "seen",
	},
	"AdminInitiateAuth, unknown user": {
		request: ask("AdminInitiateAuth", adminAuth("nobody")),
		name:    "UserNotFoundException", text: "User does not exist.", source: "seen",
	},
	"AdminGetUser, unknown user": {
		request: ask("AdminGetUser", object{"Username": "nobody"}),
		name:    "UserNotFoundException", text: "User does not exist.", source: "seen",
	},
	"AdminConfirmSignUp, unknown user": {
		request: ask("AdminConfirmSignUp", object{"Username": "nobody"}),
		name:    "UserNotFoundException", text: "User does not exist.", source: "seen",
	},
	"AdminResetUserPassword, unknown user": {
		request: ask("AdminResetUserPassword", object{"Username": "nobody"}),
		name:    "UserNotFoundException", text: "User does not exist.", source: "seen",
	},
	"InitiateAuth, flow off": {
		client:  object{"ExplicitAuthFlows": []string{"ALLOW_REFRESH_TOKEN_AUTH"}},
		request: ask("InitiateAuth", passwordAuth("ines", password)),
		name:    "InvalidParameterException", text: "USER_PASSWORD_AUTH flow not enabled for this client", source: "seen",
	},
	"AdminInitiateAuth, flow off": {
		client:  object{"ExplicitAuthFlows": []string{"ALLOW_REFRESH_TOKEN_AUTH"}},
		request: ask("AdminInitiateAuth", adminAuth("ines")),
		name:    "InvalidParameterException", text: "Auth flow not enabled for this client", source: "seen",
	},
	"InitiateAuth, wrong password": {
		request: func(d *direct) (string, object) {
			d.user("ines")
			return "InitiateAuth", passwordAuth("ines", "wrong")
		},
		name: "NotAuthorizedException", text: incorrect, source: "documented",
	},
	"InitiateAuth, disabled user": {
		request: func(d *direct) (string, object) {
			d.user("ines")
			d.do("AdminDisableUser", object{"Username": "ines"})
			return "InitiateAuth", passwordAuth("ines", password)
		},
		name: "NotAuthorizedException", text: "User is disabled.", source: "seen",
	},
	"ForgotPassword, disabled user": {
		request: func(d *direct) (string, object) {
			d.user("ines", "email", "ines@example.org", "email_verified", "true")
			d.do("AdminDisableUser", object{"Username": "ines"})
			return "ForgotPassword", object{"Username": "ines"}
		},
		name: "NotAuthorizedException", text: "User is disabled", source: "seen",
	},
	"InitiateAuth, refresh of a disabled user": {
		request: func(d *direct) (string, object) {
			d.user("ines")
			token := at(d.signIn("ines"), "AuthenticationResult.RefreshToken")
			d.do("AdminDisableUser", object{"Username": "ines"})
			return "InitiateAuth", object{"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": object{"REFRESH_TOKEN": token}}
		},
		name: "NotAuthorizedException", text: "Refresh Token has been revoked", source: "seen",
	},
	"InitiateAuth, unconfirmed user": {
		request: func(d *direct) (string, object) {
			d.do("SignUp", object{"Username": "ines", "Password": password})
			return "InitiateAuth", passwordAuth("ines", password)
		},
		name: "UserNotConfirmedException", text: "User is not confirmed.", source: "seen",
	},
	"InitiateAuth, unconfirmed user by alias": {
		pool: object{"AliasAttributes": []string{"email"}},
		request: func(d *direct) (string, object) {
			d.do("SignUp", object{"Username": "ines", "Password": password,
				"UserAttributes": attributes("email", "ines@example.org")})
			return "InitiateAuth", passwordAuth("ines@example.org", password)
		},
		name: "UserNotFoundException", text: "User does not exist.", source: "seen",
	},
	"InitiateAuth, password to be reset": {
		request: func(d *direct) (string, object) {
			d.user("ines", "email", "ines@example.org", "email_verified", "true")
			d.do("AdminResetUserPassword", object{"Username": "ines"})
			return "InitiateAuth", passwordAuth("ines", password)
		},
		name: "PasswordResetRequiredException", text: "Password reset required for the user", source: "seen",
	},
	"ForgotPassword, no verified address": {
		request: func(d *direct) (string, object) {
			d.user("ines", "email", "ines@example.org")
			return "ForgotPassword", object{"Username": "ines"}
		},
		name:   "InvalidParameterException",
		text:   "Cannot reset password for the user as there is no registered/verified email or phone_number",
		source: "seen",
	},
	"ForgotPassword, temporary password": {
		request: func(d *direct) (string, object) {
			d.do("AdminCreateUser", object{"Username": "ines", "MessageAction": "SUPPRESS",
				"UserAttributes": attributes("email", "ines@example.org", "email_verified", "true")})
			return "ForgotPassword", object{"Username": "ines"}
		},
		name: "NotAuthorizedException", text: "User password cannot be reset in the current state.", source: "seen",
	},
	"ConfirmForgotPassword, wrong code": {
		request: func(d *direct) (string, object) {
			d.user("ines", "email", "ines@example.org", "email_verified", "true")
			d.do("ForgotPassword", object{"Username": "ines"})
			return "ConfirmForgotPassword", object{"Username": "ines", "ConfirmationCode": "1", "Password": newPassword}
		},
		name: "CodeMismatchException", text: "Invalid verification code provided, please try again.", source: "seen",
	},
	"ConfirmForgotPassword, no code asked for": {
		request: func(d *direct) (string, object) {
			d.user("ines")
			return "ConfirmForgotPassword", object{"Username": "ines", "ConfirmationCode": "1", "Password": newPassword}
		},
		name: "ExpiredCodeException", text: "Invalid code provided, please request a code again.", source: "seen",
	},
	"ConfirmSignUp, wrong code": {
		pool: object{"AutoVerifiedAttributes": []string{"email"}},
		request: func(d *direct) (string, object) {
			d.do("SignUp", object{"Username": "ines", "Password": password,
				"UserAttributes": attributes("email", "ines@example.org")})
			return "ConfirmSignUp", object{"Username": "ines", "ConfirmationCode": "1"}
		},
		name: "CodeMismatchException", text: "Invalid verification code provided, please try again.", source: "measured",
	},
	"ConfirmSignUp, confirmed user": {
		request: func(d *direct) (string, object) {
			d.user("ines")
			return "ConfirmSignUp", object{"Username": "ines", "ConfirmationCode": "1"}
		},
		name: "NotAuthorizedException", text: "User cannot be confirmed. Current status is CONFIRMED", source: "seen",
	},
	"ResendConfirmationCode, confirmed user": {
		request: func(d *direct) (string, object) {
			d.user("ines")
			return "ResendConfirmationCode", object{"Username": "ines"}
		},
		name: "InvalidParameterException", text: "User is already confirmed.", source: "seen",
	},
	"SignUp, taken name": {
		request: func(d *direct) (string, object) {
			d.user("ines")
			return "SignUp", object{"Username": "ines", "Password": password}
		},
		name: "UsernameExistsException", text: "User already exists", source: "measured",
	},
	"AdminCreateUser, taken name": {
		request: func(d *direct) (string, object) {
			d.user("ines")
			return "AdminCreateUser", object{"Username": "ines"}
		},
		name: "UsernameExistsException", text: "User account already exists", source: "seen",
	},
	"AdminUpdateUserAttributes, taken alias": {
		pool: object{"AliasAttributes": []string{"email", "phone_number"}},
		request: func(d *direct) (string, object) {
			d.user("ines", "email", "ines@example.org", "email_verified", "true")
			d.user("ben")
			return "AdminUpdateUserAttributes", object{"Username": "ben",
				"UserAttributes": attributes("email", "ines@example.org", "email_verified", "true")}
		},
		name: "AliasExistsException", text: "An account with the email already exists.", source: "documented",
	},
	"AdminUpdateUserAttributes, taken phone number": {
		pool: object{"AliasAttributes": []string{"email", "phone_number"}},
		request: func(d *direct) (string, object) {
			d.user("ines", "phone_number", "+33123456789", "phone_number_verified", "true")
			d.user("ben")
			return "AdminUpdateUserAttributes", object{"Username": "ben",
				"UserAttributes": attributes("phone_number", "+33123456789", "phone_number_verified", "true")}
		},
		name: "AliasExistsException", text: "An account with the phone_number already exists.", source: "believed",
	},
	"RespondToAuthChallenge, wrong one-time password": {
		request: func(d *direct) (string, object) {
			d.totpUser("ines")
			return "RespondToAuthChallenge", totpAnswer(d.signIn("ines"), "ines", "000000")
		},
		name: "CodeMismatchException", text: "Invalid code received for user", source: "seen",
	},
	"RespondToAuthChallenge, one-time password used twice": {
		request: func(d *direct) (string, object) {
			code := d.totpCode(d.totpUser("ines"))
			return "RespondToAuthChallenge", totpAnswer(d.signIn("ines"), "ines", code)
		},
		name: "ExpiredCodeException", text: "Your software token has already been used once.", source: "measured",
	},
	"VerifySoftwareToken, wrong code": {
		request: func(d *direct) (string, object) {
			d.totpUser("ines")
			d.user("ben")
			access := at(d.signIn("ben"), "AuthenticationResult.AccessToken")
			d.do("AssociateSoftwareToken", object{"AccessToken": access})
			return "VerifySoftwareToken", object{"AccessToken": access, "UserCode": "000000"}
		},
		name: "EnableSoftwareTokenMFAException", text: "Code mismatch and fail enable Software Token MFA", source: "seen",
	},
	"SetUserMFAPreference, no authenticator app": {
		request: func(d *direct) (string, object) {
			d.totpUser("ines")
			d.user("ben")
			return "SetUserMFAPreference", object{"AccessToken": at(d.signIn("ben"), "AuthenticationResult.AccessToken"),
				"SoftwareTokenMfaSettings": object{"Enabled": true}}
		},
		name: "InvalidParameterException", text: "User has not set up software token mfa", source: "seen",
	},
	"AdminSetUserMFAPreference, no authenticator app": {
		request: func(d *direct) (string, object) {
			d.totpUser("ines")
			d.user("ben")
			return "AdminSetUserMFAPreference", object{"Username": "ben", "SoftwareTokenMfaSettings": object{"Enabled": true}}
		},
		name:   "InvalidParameterException",
		text:   "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA",
		source: "seen",
	},
	"RespondToAuthChallenge, session used twice": {
		request: func(d *direct) (string, object) {
			body := d.firstPassword("ines", nil)
			d.do("RespondToAuthChallenge", body)
			return "RespondToAuthChallenge", body
		},
		name:   "NotAuthorizedException",
		text:   "Invalid session for the user, session can only be used once.",
		source: "measured",
	},
	"AssociateSoftwareToken, session used twice": {
		request: func(d *direct) (string, object) {
			d.user("ines")
			d.do("SetUserPoolMfaConfig", object{"MfaConfiguration": "ON",
				"SoftwareTokenMfaConfiguration": object{"Enabled": true}})
			body := object{"Session": d.signIn("ines")["Session"]}
			d.do("AssociateSoftwareToken", body)
			return "AssociateSoftwareToken", body
		},
		name:   "NotAuthorizedException",
		text:   "Invalid session for the user, session can only be used once.",
		source: "believed",
	},
	"RespondToAuthChallenge, unknown session": {
		request: ask("RespondToAuthChallenge", object{"ChallengeName": "NEW_PASSWORD_REQUIRED",
			"Session": "12345678901234567890", "ChallengeResponses": object{"USERNAME": "ines", "NEW_PASSWORD": password}}),
		name: "NotAuthorizedException", text: "Invalid session for the user.", source: "seen",
	},
	"RespondToAuthChallenge, expired session": {
		request: func(d *direct) (string, object) {
			body := d.firstPassword("ines", nil)
			d.clock.Advance(4 * time.Minute)
			return "RespondToAuthChallenge", body
		},
		name: "NotAuthorizedException", text: "Invalid session for the user, session is expired.", source: "measured",
	},
	"RespondToAuthChallenge, session used, then expired": {
		request: func(d *direct) (string, object) {
			body := d.firstPassword("ines", nil)
			d.do("RespondToAuthChallenge", body)
			d.clock.Advance(4 * time.Minute)
			return "RespondToAuthChallenge", body
		},
		name: "NotAuthorizedException", text: "Invalid session for the user, session is expired.", source: "believed",
	},
	"RespondToAuthChallenge, required attribute missing": {
		pool: object{"Schema": []object{{"Name": "name", "Required": true}}},
		request: func(d *direct) (string, object) {
			return "RespondToAuthChallenge", d.firstPassword("ines", nil)
		},
		name: "InvalidParameterException", text: "Invalid attributes given, name is missing", source: "seen",
	},
	"RespondToAuthChallenge, required attribute given again": {
		pool: object{"Schema": []object{{"Name": "email", "Required": true}}},
		request: func(d *direct) (string, object) {
			return "RespondToAuthChallenge", d.firstPassword("ines", object{"userAttributes.email": "ines@example.org"},
				"email", "ines@example.org")
		},
		name: "NotAuthorizedException", text: "Cannot modify an already provided email", source: "documented",
	},
	"GetTokensFromRefreshToken, rotated token": {
		client: object{"ExplicitAuthFlows": []string{"ALLOW_USER_PASSWORD_AUTH"},
			"RefreshTokenRotation": object{"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}},
		request: func(d *direct) (string, object) {
			d.user("ines")
			body := object{"RefreshToken": at(d.signIn("ines"), "AuthenticationResult.RefreshToken")}
			d.do("GetTokensFromRefreshToken", body)
			return "GetTokensFromRefreshToken", body
		},
		name: "RefreshTokenReuseException", text: "Refresh Token has been reused", source: "believed",
	},
	"AdminLinkProviderForUser, a native user as the source": {
		request: func(d *direct) (string, object) {
			d.user("ines")
			d.user("ben")
			return "AdminLinkProviderForUser", link("ines", "Cognito", "ben")
		},
		name: "InvalidParameterException", text: "Invalid SourceUser: Cognito users with a username/password may not be " +
			"passed in as a SourceUser, only as a DestinationUser",
		source: "seen",
	},
	"AdminLinkProviderForUser, linked to another user": {
		request: func(d *direct) (string, object) {
			d.user("ines")
			d.user("ben")
			d.do("AdminLinkProviderForUser", link("ben", "Google", "1"))
			return "AdminLinkProviderForUser", link("ines", "Google", "1")
		},
		name: "InvalidParameterException", text: "SourceUser is already linked to DestinationUser", source: "seen",
	},
}
