package userpool

import (
	"testing"
)

// contradiction is a request that AWS refuses, with AWS's exception and text.
type contradiction struct {
	operation string
	on        []string // more operations that answer the same
	given     object   // settings of the pool
	mfa       object   // request of SetUserPoolMfaConfig before
	body      object
	kind      string // InvalidParameterException unless set
	want      string // AWS's text; "" if AWS takes the request
}

// Texts that several cases want.
const (
	offAndFactor  = "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
	noFactor      = "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled."
	nothingAtAll  = "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration."
	needsSMS      = "SMS configuration and Auto verification for phone_number are required when MFA is required/optional"
	passwordsOnly = "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled"
)

func firstFactors(names ...string) object {
	return object{"Policies": object{"SignInPolicy": object{"AllowedFirstAuthFactors": names}}}
}

func softwareToken(enabled bool) object {
	return object{"SoftwareTokenMfaConfiguration": object{"Enabled": enabled}}
}

// totpOn is a request that turns TOTP on.
func totpOn(mode string) object { return with(softwareToken(true), object{"MfaConfiguration": mode}) }

func (c contradiction) run(t *testing.T) {
	t.Parallel()
	d := startDirect(t, c.given, nil)
	if c.mfa != nil {
		d.do("SetUserPoolMfaConfig", c.mfa)
	}
	body := c.body
	if c.operation == "CreateUserPool" {
		body = with(object{"PoolName": "p"}, body)
	}
	if c.operation == "CreateUserPoolClient" {
		body = with(object{"ClientName": "c"}, body)
	}
	status, out := d.call(c.operation, body)
	if c.kind == "" {
		c.kind = "InvalidParameterException"
	}
	switch {
	case c.want == "" && status != 200:
		t.Errorf("refused: %v", out)
	case c.want != "" && (out["__type"] != c.kind || out["message"] != c.want):
		t.Errorf("%d %v\nwant %s: %s", status, out, c.kind, c.want)
	}
}

// Sources: go-to-k/cdkd (measured in us-east-1, 2026-08-19 and 2026-09-23); floci (measured; there, the text for "no
// factor" answers "nothing at all", too, and a factor that is off passes beside ON); anomalyco/sst 5177 and
// aws-sdk-js 4186 (nothing at all); badmintoncryer/cdk-preflight (deployed 2026-09-08: the sender of e-mail).
func TestMFAConfigContradictions(t *testing.T) {
	const op = "SetUserPoolMfaConfig"
	email := object{"EmailMfaConfiguration": object{"Message": "Code {####}", "Subject": "Code"}}
	mfaOff := object{"MfaConfiguration": "OFF"}
	for name, c := range map[string]contradiction{
		"TOTP beside OFF":         {body: totpOn("OFF"), want: offAndFactor},
		"TOTP without the mode":   {body: softwareToken(true), want: offAndFactor},
		"a factor that is off":    {body: softwareToken(false), want: offAndFactor},
		"e-mail beside OFF":       {body: with(mfaOff, email), want: offAndFactor},
		"SMS without the mode":    {body: object{"SmsMfaConfiguration": object{}}, want: offAndFactor},
		"a null beside OFF":       {body: with(mfaOff, object{"SmsMfaConfiguration": nil})},
		"passkeys beside OFF":     {body: object{"WebAuthnConfiguration": object{"UserVerification": "preferred"}}},
		"nothing":                 {mfa: totpOn("ON"), body: object{}},
		"ON, nothing at all":      {body: object{"MfaConfiguration": "ON"}, want: nothingAtAll},
		"ON again, nothing":       {mfa: totpOn("ON"), body: object{"MfaConfiguration": "ON"}, want: nothingAtAll},
		"OPTIONAL, nothing":       {body: object{"MfaConfiguration": "OPTIONAL"}, want: nothingAtAll},
		"ON, TOTP":                {body: totpOn("ON")},
		"OPTIONAL, TOTP":          {body: totpOn("OPTIONAL")},
		"OPTIONAL, factor is off": {body: with(totpOn("OPTIONAL"), softwareToken(false)), want: noFactor},
		"OPTIONAL, passkeys alone": {body: object{"MfaConfiguration": "OPTIONAL",
			"WebAuthnConfiguration": object{"UserVerification": "preferred"}}, want: noFactor},
		"ON, one-time code first": {given: firstFactors("PASSWORD", "EMAIL_OTP"), body: totpOn("ON"), want: passwordsOnly},
		"ON, SMS code first": {given: with(withSMS(), firstFactors("PASSWORD", "SMS_OTP")), body: totpOn("ON"),
			want: passwordsOnly},
		"OPTIONAL, one-time code first": {given: firstFactors("PASSWORD", "EMAIL_OTP"), body: totpOn("OPTIONAL")},
		"ON, passkey first": {given: firstFactors("PASSWORD", "WEB_AUTHN"), body: totpOn("ON"),
			want: "Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed " +
				"first auth factor"},
		"ON, passkey as both": {given: firstFactors("PASSWORD", "WEB_AUTHN"), body: with(totpOn("ON"),
			object{"WebAuthnConfiguration": object{"FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"}})},
		"e-mail by Cognito": {body: with(email, object{"MfaConfiguration": "OPTIONAL"}),
			want: "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of " +
				"COGNITO_DEFAULT. Update the value of EmailSendingAccount."},
		"e-mail by SES": {given: ownSender(), body: with(email, object{"MfaConfiguration": "ON"})},
	} {
		c.operation = op
		t.Run(name, c.run)
	}
}

// Sources: badmintoncryer/cdk-preflight (deployed on 2026-09-03 and 2026-09-08), go-to-k/cdkd (measured 2026-08-19 and
// 2026-09-23), hashicorp/terraform-provider-aws 7261 (MFA without SMS).
func TestPoolContradictions(t *testing.T) {
	const create, change = "CreateUserPool", "UpdateUserPool"
	recovery := func(mechanisms ...object) object {
		return object{"AccountRecoverySetting": object{"RecoveryMechanisms": mechanisms}}
	}
	const invalidRecovery = "Invalid account recovery setting parameter. Account Recovery Setting cannot "
	const tier = "The following features need to be disabled for the LITE pricing tier configured: "
	both, mfaOn := []string{create, change}, object{"MfaConfiguration": "ON"}
	oneTimeCodes := with(withSMS(), firstFactors("PASSWORD", "EMAIL_OTP"))
	for name, c := range map[string]contradiction{
		"MFA and no factor":       {on: both, body: mfaOn, want: needsSMS},
		"optional, no factor":     {on: both, body: object{"MfaConfiguration": "OPTIONAL"}, want: needsSMS},
		"MFA and SMS":             {on: both, body: with(withSMS(), mfaOn)},
		"ON once TOTP is on":      {on: []string{change}, mfa: totpOn("OPTIONAL"), body: mfaOn},
		"off once TOTP is on":     {on: []string{change}, mfa: totpOn("OPTIONAL"), body: object{}},
		"one-time code with MFA":  {on: both, body: with(oneTimeCodes, mfaOn), want: passwordsOnly},
		"one-time code, optional": {on: both, body: with(oneTimeCodes, object{"MfaConfiguration": "OPTIONAL"})},
		"passkey with MFA": {on: []string{change}, mfa: totpOn("ON"),
			body: with(firstFactors("PASSWORD", "WEB_AUTHN"), mfaOn),
			want: "WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA"},
		"SMS code without SMS": {on: both, body: firstFactors("PASSWORD", "SMS_OTP"),
			want: "SMS_OTP can not be configured as AuthFactor as user pool is missing valid SMS configuration"},
		"no password": {on: both, body: firstFactors("EMAIL_OTP"),
			want: "Password should be configured as one of the allowed first auth factors."},
		"phone number without SMS": {on: both,
			body: object{"AutoVerifiedAttributes": []string{"phone_number"}},
			want: "SMS configuration is required when phone_number is selected for auto verification"},
		"phone number with SMS": {on: both,
			body: with(withSMS(), object{"AutoVerifiedAttributes": []string{"phone_number"}})},
		"an empty SMS configuration": {on: both,
			body: object{"AutoVerifiedAttributes": []string{"phone_number"}, "SmsConfiguration": object{}},
			want: "SMS configuration is required when phone_number is selected for auto verification"},
		"verification before update": {on: both,
			body: object{"UserAttributeUpdateSettings": object{
				"AttributesRequireVerificationBeforeUpdate": []string{"email"}}},
			want: "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes"},
		"aliases and user names": {on: []string{create},
			body: object{"AliasAttributes": []string{"email"}, "UsernameAttributes": []string{"email"}},
			want: "Only one of the aliasAttributes or usernameAttributes can be set in a User pool."},
		"recovery by administrators and mail": {on: both,
			body: recovery(object{"Name": "admin_only", "Priority": 1}, object{"Name": "verified_email", "Priority": 2}),
			want: invalidRecovery + "use admin_only setting with any other recovery mechanisms."},
		"recovery twice": {on: both,
			body: recovery(object{"Name": "verified_email", "Priority": 1},
				object{"Name": "verified_phone_number", "Priority": 1}),
			want: invalidRecovery + "have duplicate priorities or recovery mechanisms."},
		"SES without an identity": {on: both,
			body: object{"EmailConfiguration": object{"EmailSendingAccount": "DEVELOPER"}},
			want: "Source ARN is required to use DEVELOPER email sending owner"},
		"both lifetimes of temporary passwords": {on: both,
			body: object{"AdminCreateUserConfig": object{"UnusedAccountValidityDays": 3},
				"Policies": object{"PasswordPolicy": object{"MinimumLength": 8, "TemporaryPasswordValidityDays": 3}}},
			want: "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays"},
		"two functions for tokens": {on: both,
			body: object{"LambdaConfig": object{"PreTokenGeneration": function("a"),
				"PreTokenGenerationConfig": object{"LambdaArn": function("b"), "LambdaVersion": "V2_0"}}},
			want: "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's"},
		"passwordless on LITE": {on: both,
			body: with(firstFactors("PASSWORD", "WEB_AUTHN"), object{"UserPoolTier": "LITE"}),
			kind: "FeatureUnavailableInTierException", want: tier + "Passwordless Sign-In"},
		"access tokens on LITE": {on: both,
			body: object{"UserPoolTier": "LITE", "LambdaConfig": object{
				"PreTokenGenerationConfig": object{"LambdaArn": function("a"), "LambdaVersion": "V2_0"}}},
			kind: "FeatureUnavailableInTierException",
			want: tier + "Token Customization with Pre-Token Generation Lambda V2_0"},
		"ID tokens on LITE": {on: both,
			body: object{"UserPoolTier": "LITE", "LambdaConfig": object{
				"PreTokenGenerationConfig": object{"LambdaArn": function("a"), "LambdaVersion": "V1_0"}}}},
	} {
		for _, operation := range c.on {
			c.operation = operation
			t.Run(operation+" "+name, c.run)
		}
	}
}

func function(name string) string { return "arn:aws:lambda:eu-west-1:000000000000:function:" + name }

// Sources: badmintoncryer/cdk-preflight (deployed on 2026-09-03 and 2026-09-08), hashicorp/terraform-provider-aws 4984
// (openid), a public project's notes (rotation), and public reports (a provider that does not exist).
func TestClientContradictions(t *testing.T) {
	const oauth = "InvalidOAuthFlowException"
	flows := func(names ...string) object { return object{"AllowedOAuthFlows": names} }
	for name, c := range map[string]contradiction{
		"a refresh token that ends first": {body: object{"AccessTokenValidity": 12, "RefreshTokenValidity": 2,
			"TokenValidityUnits": object{"AccessToken": "hours", "RefreshToken": "hours"}},
			want: "Access and Id Token expiration times must be less than or equal to refresh token expiration times."},
		"an ID token that ends last": {body: object{"IdTokenValidity": 61, "RefreshTokenValidity": 60,
			"TokenValidityUnits": object{"IdToken": "minutes", "RefreshToken": "minutes"}},
			want: "Access and Id Token expiration times must be less than or equal to refresh token expiration times."},
		"tokens that end together": {body: object{"AccessTokenValidity": 2, "RefreshTokenValidity": 2,
			"TokenValidityUnits": object{"RefreshToken": "hours"}}},
		"a lifetime out of range": {body: object{"AccessTokenValidity": 2,
			"TokenValidityUnits": object{"AccessToken": "minutes"}}, want: "Invalid range for token validity."},
		"old and new names of flows": {
			body: object{"ExplicitAuthFlows": []string{"ALLOW_USER_SRP_AUTH", "USER_PASSWORD_AUTH"}},
			want: "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names."},
		"rotation and the refresh flow": {body: object{"RefreshTokenRotation": object{"Feature": "ENABLED"},
			"ExplicitAuthFlows": []string{"ALLOW_REFRESH_TOKEN_AUTH"}},
			want: "ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled"},
		"context without a secret": {body: object{"EnablePropagateAdditionalUserContextData": true},
			want: "Client Secret is required to set EnablePropagateAdditionalUserContextData as true"},
		"context with a secret": {body: object{"EnablePropagateAdditionalUserContextData": true, "GenerateSecret": true}},
		"client credentials without a secret": {body: flows("client_credentials"), kind: oauth,
			want: "client_credentials flow can not be selected if client does not have a client secret."},
		"client credentials and a code": {body: with(flows("client_credentials", "code"), object{"GenerateSecret": true}),
			kind: oauth, want: "client_credentials flow can not be selected along with code flow or implicit flow."},
		"client credentials and openid": {body: with(flows("client_credentials"), object{"GenerateSecret": true,
			"AllowedOAuthScopes": []string{"openid"}}), kind: oauth,
			want: "openid is not supported with client_credentials flow"},
		"OAuth without flows": {body: object{"AllowedOAuthFlowsUserPoolClient": true,
			"AllowedOAuthScopes": []string{"openid"}}, want: "AllowedOAuthFlows and AllowedOAuthScopes are required if user " +
			"pool client is allowed to use OAuth flows."},
		"OAuth without scopes": {body: with(flows("code"), object{"AllowedOAuthFlowsUserPoolClient": true}),
			want: "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows."},
		"a code without a callback": {body: with(flows("code"), object{"AllowedOAuthFlowsUserPoolClient": true,
			"AllowedOAuthScopes": []string{"openid"}}), kind: oauth,
			want: "CallbackUrls can not be empty when code flow or implicit flow is selected"},
		"another redirect URI": {body: object{"CallbackURLs": []string{"https://a.example.org"},
			"DefaultRedirectURI": "https://b.example.org"},
			want: "The default redirect URI https://b.example.org is not in the callback URIs list."},
		"an unknown scope": {body: object{"AllowedOAuthScopes": []string{"api/read"}},
			kind: "ScopeDoesNotExistException", want: "Invalid scope requested: api/read"},
		"an unknown attribute to read": {body: object{"ReadAttributes": []string{"custom:none"}},
			want: "Invalid read attributes specified while creating a client"},
		"an unknown attribute to write": {body: object{"WriteAttributes": []string{"custom:none"}},
			want: "Invalid write attributes specified while creating a client"},
		"what only Cognito writes": {body: object{"WriteAttributes": []string{"email_verified"}},
			want: "Invalid write attributes specified while creating a client"},
	} {
		for _, operation := range []string{"CreateUserPoolClient", "UpdateUserPoolClient"} {
			if _, made := c.body["GenerateSecret"]; made && operation != "CreateUserPoolClient" {
				continue // the client has none
			}
			c.operation = operation
			t.Run(operation+" "+name, c.run)
		}
	}
}

// A client's scopes and providers must be the pool's.
func TestClientNamesWhatThePoolHas(t *testing.T) {
	d := startDirect(t, nil, nil)
	google := object{"SupportedIdentityProviders": []string{"COGNITO", "Google"}}
	scopes := object{"AllowedOAuthScopes": []string{"https://api.example.org/read", "openid"}}
	d.fails("UpdateUserPoolClient", google, "InvalidParameterException",
		"The provider Google does not exist for User Pool "+d.pool+".")
	d.fails("UpdateUserPoolClient", scopes, "ScopeDoesNotExistException",
		"Invalid scope requested: https://api.example.org/read")
	d.do("CreateIdentityProvider", object{"ProviderName": "Google", "ProviderType": "Google"})
	d.do("CreateResourceServer", object{"Identifier": "https://api.example.org", "Name": "api",
		"Scopes": []object{{"ScopeName": "read", "ScopeDescription": "Read"}}})
	d.do("UpdateUserPoolClient", google)
	d.do("UpdateUserPoolClient", scopes)
}

// GetUserPoolMfaConfig returns the blocks that were set, a factor that is off among them. Source: floci (measured).
func TestMFAConfigComesBack(t *testing.T) {
	d := startDirect(t, withSMS(), nil)
	if out := d.do("GetUserPoolMfaConfig", object{}); len(out) != 1 || out["MfaConfiguration"] != "OFF" {
		t.Errorf("of a new pool: %v", out)
	}
	d.do("SetUserPoolMfaConfig", object{"MfaConfiguration": "ON", "SmsMfaConfiguration": withSMS(),
		"SoftwareTokenMfaConfiguration": object{"Enabled": false}})
	out := d.do("GetUserPoolMfaConfig", object{})
	if at(out, "SoftwareTokenMfaConfiguration.Enabled") != false || out["SmsMfaConfiguration"] == nil {
		t.Errorf("with a factor that is off: %v", out)
	}
	if out := d.do("SetUserPoolMfaConfig", object{}); len(out) != 1 || out["MfaConfiguration"] != "OFF" {
		t.Errorf("after a request without anything: %v", out)
	}
}
