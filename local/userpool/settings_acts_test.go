package userpool

import (
	"strings"
	"testing"
	"time"
)

var messageActs = []act{
	{rows: []string{"user pool AdminCreateUserConfig.InviteMessageTemplate"}, try: func(t *testing.T) {
		d := startDirect(t, object{"AdminCreateUserConfig": object{"InviteMessageTemplate": object{
			"EmailMessage": "mail {username} {####}", "EmailSubject": "subject", "SMSMessage": "sms {username} {####}"}}}, nil)
		d.do("AdminCreateUser", object{"Username": "ines", "TemporaryPassword": password,
			"UserAttributes": attributes("email", "a@example.org"), "DesiredDeliveryMediums": []string{"EMAIL"}})
		if m := d.last(); m.Body != "mail ines "+password || m.Subject != "subject" {
			t.Errorf("mail: %+v", m)
		}
		d.do("AdminCreateUser", object{"Username": "ida", "TemporaryPassword": password,
			"UserAttributes": attributes("phone_number", "+33123456789")})
		if m := d.last(); m.Body != "sms ida "+password {
			t.Errorf("SMS: %+v", m)
		}
	}},
	{rows: []string{"user pool EmailVerificationMessage", "user pool EmailVerificationSubject",
		"user pool SmsVerificationMessage"}, try: func(t *testing.T) {
		wantMessages(t, object{"EmailVerificationMessage": "mail {####}", "EmailVerificationSubject": "subject",
			"SmsVerificationMessage": "sms {####}"}, "mail 123456", "subject", "sms 123456")
	}},
	{
		rows: []string{"user pool VerificationMessageTemplate.EmailMessage",
			"user pool VerificationMessageTemplate.EmailSubject",
			"user pool VerificationMessageTemplate.SmsMessage"},
		try: func(t *testing.T) {
			wantMessages(t, object{"VerificationMessageTemplate": object{"EmailMessage": "own {####}", "EmailSubject": "title",
				"SmsMessage": "text {####}"}}, "own 123456", "title", "text 123456")
		},
	},
	{rows: []string{"user pool VerificationMessageTemplate.DefaultEmailOption",
		"user pool VerificationMessageTemplate.EmailMessageByLink",
		"user pool VerificationMessageTemplate.EmailSubjectByLink"}, try: func(t *testing.T) {
		d := startDirect(t, object{"AutoVerifiedAttributes": []string{"email"}, "VerificationMessageTemplate": object{
			"DefaultEmailOption": "CONFIRM_WITH_LINK", "EmailMessageByLink": "press {##here##}", "EmailSubjectByLink": "link"}},
			nil)
		d.do("SignUp", object{"Username": "ines", "Password": password,
			"UserAttributes": attributes("email", "a@example.org")})
		if m := d.last(); m.Subject != "link" || !strings.HasPrefix(m.Body, "press <a href=") ||
			!strings.Contains(m.Body, "confirmation_code=123456") || !strings.HasSuffix(m.Body, ">here</a>") {
			t.Errorf("mail: %+v", m)
		}
	}},
}

func wantMessages(t *testing.T, settings object, mail, subject, sms string) {
	t.Helper()
	for attribute, address := range map[string]string{"email": "a@example.org", "phone_number": "+33123456789"} {
		d := startDirect(t, with(with(settings, withSMS()), object{"AutoVerifiedAttributes": []string{attribute}}), nil)
		d.do("SignUp", object{"Username": "ines", "Password": password, "UserAttributes": attributes(attribute, address)})
		m := d.last()
		if attribute == "email" && (m.Body != mail || m.Subject != subject) || attribute != "email" && m.Body != sms {
			t.Errorf("%s: %+v", attribute, m)
		}
	}
}

var schemaActs = []act{
	{rows: []string{"user pool Schema"}, try: func(t *testing.T) {
		d := startDirect(t, object{"Schema": []object{
			{"Name": "name", "AttributeDataType": "String", "Required": true},
			{"Name": "word", "AttributeDataType": "String", "Mutable": false,
				"StringAttributeConstraints": object{"MinLength": "2", "MaxLength": "3"}},
			{"Name": "level", "AttributeDataType": "Number",
				"NumberAttributeConstraints": object{"MinValue": "2", "MaxValue": "3"}},
			{"Name": "secret", "AttributeDataType": "String", "DeveloperOnlyAttribute": true},
		}}, nil)
		for wrong, words := range map[string]string{
			"custom:word=a": "at least 2", "custom:word=abcd": "no longer than 3", "custom:level=x": "not a number",
			"custom:level=1": "at least 2", "custom:level=4": "no larger than 3",
			"custom:none=x": "could not be determined", "custom:secret=x": "could not be determined",
			"email=": "name is required",
		} {
			name, value, _ := strings.Cut(wrong, "=")
			pairs := []string{name, value}
			if name != "email" {
				pairs = append(pairs, "name", "Ines")
			}
			d.fails("SignUp", object{"Username": "ines", "Password": password, "UserAttributes": attributes(pairs...)},
				"InvalidParameterException", words)
		}
		d.user("ines", "name", "Ines", "custom:word", "ab", "dev:custom:secret", "x")
		d.fails("AdminUpdateUserAttributes", object{"Username": "ines", "UserAttributes": attributes("custom:word", "abc")},
			"InvalidParameterException", "cannot be updated")
		d.do("AdminUpdateUserAttributes", object{"Username": "ines", "UserAttributes": attributes("custom:level", "3")})
	}},
}

func TestAddCustomAttributes(t *testing.T) {
	d := startDirect(t, nil, nil)
	d.do("AddCustomAttributes", object{"CustomAttributes": []object{{"Name": "level", "AttributeDataType": "Number",
		"NumberAttributeConstraints": object{"MaxValue": "3"}}}})
	d.fails("AddCustomAttributes", object{"CustomAttributes": []object{{"Name": "level"}}}, "InvalidParameterException",
		"already")
	d.fails("SignUp", object{"Username": "ines", "Password": password, "UserAttributes": attributes("custom:level", "4")},
		"InvalidParameterException", "no larger than 3")
	d.user("ines", "custom:level", "3")
}

var clientActs = []act{
	{
		rows: []string{"app client ClientName", "app client GenerateSecret", "app client ClientSecret"},
		try: func(t *testing.T) {
			d := startDirect(t, nil, object{"ClientName": "web", "GenerateSecret": true})
			shown := d.do("DescribeUserPoolClient", object{})
			if at(shown, "UserPoolClient.ClientName") != "web" || len(at(shown, "UserPoolClient.ClientSecret").(string)) < 50 {
				t.Errorf("shown: %v", shown)
			}
			d.fails("SignUp", object{"Username": "ines", "Password": password}, "NotAuthorizedException",
				"SECRET_HASH was not received")
			d = startDirect(t, nil, object{"ClientSecret": "own-secret-of-at-least-24-letters"})
			shown = d.do("DescribeUserPoolClient", object{})
			if at(shown, "UserPoolClient.ClientSecret") != "own-secret-of-at-least-24-letters" {
				t.Errorf("shown: %v", shown)
			}
		},
	},
	{rows: []string{"app client AccessTokenValidity", "app client IdTokenValidity", "app client RefreshTokenValidity",
		"app client TokenValidityUnits"}, try: func(t *testing.T) {
		d := startDirect(t, nil, object{"AccessTokenValidity": 10, "IdTokenValidity": 600, "RefreshTokenValidity": 2,
			"TokenValidityUnits": object{"AccessToken": "minutes", "IdToken": "seconds", "RefreshToken": "hours"}})
		d.user("ines")
		result := d.signIn("ines")["AuthenticationResult"].(object)
		for name, want := range map[string]float64{"AccessToken": 600, "IdToken": 600} {
			if claims := claimsOf(t, result[name]); claims["exp"].(float64)-claims["iat"].(float64) != want {
				t.Errorf("%s: %v", name, claims)
			}
		}
		d.clock.Advance(2*time.Hour + time.Minute)
		d.fails("InitiateAuth", object{"AuthFlow": "REFRESH_TOKEN_AUTH",
			"AuthParameters": object{"REFRESH_TOKEN": result["RefreshToken"]}}, "NotAuthorizedException", "expired")
	}},
	{rows: []string{"app client AuthSessionValidity"}, try: func(t *testing.T) {
		d := startDirect(t, nil, object{"AuthSessionValidity": 5})
		d.user("ines")
		d.do("AdminSetUserPassword", object{"Username": "ines", "Password": password})
		session := d.signIn("ines")["Session"]
		answer := object{"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": session,
			"ChallengeResponses": object{"USERNAME": "ines", "NEW_PASSWORD": password + "x"}}
		d.clock.Advance(5*time.Minute + time.Second)
		d.fails("RespondToAuthChallenge", answer, "NotAuthorizedException", "expired")
	}},
	{rows: []string{"app client EnableTokenRevocation"}, try: func(t *testing.T) {
		d := startDirect(t, nil, object{"EnableTokenRevocation": false})
		d.user("ines")
		d.fails("RevokeToken", object{"Token": at(d.signIn("ines"), "AuthenticationResult.RefreshToken")},
			"UnsupportedOperationException", "")
	}},
	{rows: []string{"app client ExplicitAuthFlows"}, try: func(t *testing.T) {
		d := startDirect(t, nil, object{"ExplicitAuthFlows": []string{"ALLOW_USER_SRP_AUTH"}})
		d.user("ines")
		d.fails("InitiateAuth", object{"AuthFlow": "USER_PASSWORD_AUTH",
			"AuthParameters": object{"USERNAME": "ines", "PASSWORD": password}}, "InvalidParameterException", "not enabled")
	}},
	{rows: []string{"app client ReadAttributes", "app client WriteAttributes"}, try: func(t *testing.T) {
		d := startDirect(t, nil, object{"ReadAttributes": []string{"name"}, "WriteAttributes": []string{"name"}})
		d.fails("SignUp", object{"Username": "ida", "Password": password, "UserAttributes": attributes("nickname", "x")},
			"NotAuthorizedException", "unauthorized attribute")
		d.user("ines", "name", "Ines", "nickname", "Ni")
		claims := claimsOf(t, at(d.signIn("ines"), "AuthenticationResult.IdToken"))
		if claims["name"] != "Ines" || claims["nickname"] != nil {
			t.Errorf("claims: %v", claims)
		}
	}},
}

func TestClientLifecycle(t *testing.T) {
	d := startDirect(t, nil, object{"AccessTokenValidity": 2})
	d.do("UpdateUserPoolClient", object{"ClientName": "other"})
	shown := d.do("DescribeUserPoolClient", object{})["UserPoolClient"].(object)
	if shown["AccessTokenValidity"] != nil || shown["RefreshTokenValidity"] != 30.0 || shown["ClientName"] != "other" {
		t.Errorf("after an empty update: %v", shown)
	}
	listed := d.do("ListUserPoolClients", object{"MaxResults": 5})
	if list := listed["UserPoolClients"].([]any); len(list) != 1 || at(list[0], "ClientId") != d.client {
		t.Errorf("listed: %v", listed)
	}
	d.fails("DescribeUserPoolClient", object{"UserPoolId": "eu-west-1_Another01"}, "ResourceNotFoundException", "")
	d.do("DeleteUserPoolClient", object{})
	d.fails("DescribeUserPoolClient", object{}, "ResourceNotFoundException", "")
}

var resourceActs = []act{
	{rows: []string{"domain"}, try: func(t *testing.T) {
		d := startDirect(t, nil, nil)
		d.do("CreateUserPoolDomain", object{"Domain": "people"})
		d.fails("CreateUserPoolDomain", object{"Domain": "people"}, "InvalidParameterException", "another user pool")
		d.fails("CreateUserPoolDomain", object{"Domain": "others"}, "InvalidParameterException", "already has a domain")
		d.fails("DeleteUserPool", object{}, "InvalidParameterException", "domain")
		d.do("DeleteUserPoolDomain", object{"Domain": "people"})
		d.fails("UpdateUserPoolDomain", object{"Domain": "people"}, "InvalidParameterException", "No such domain")
	}},
	{rows: []string{"group"}, try: func(t *testing.T) {
		d := startDirect(t, nil, nil)
		d.user("ines")
		for name, precedence := range map[string]int{"low": 9, "high": 1} {
			d.do("CreateGroup", object{"GroupName": name, "Description": "of " + name, "Precedence": precedence,
				"RoleArn": "arn:aws:iam::000000000000:role/" + name})
			d.do("AdminAddUserToGroup", object{"GroupName": name, "Username": "ines"})
		}
		claims := claimsOf(t, at(d.signIn("ines"), "AuthenticationResult.IdToken"))
		if claims["cognito:preferred_role"] != "arn:aws:iam::000000000000:role/high" ||
			len(claims["cognito:groups"].([]any)) != 2 {
			t.Errorf("claims: %v", claims)
		}
		if shown := d.do("GetGroup", object{"GroupName": "low"}); at(shown, "Group.Description") != "of low" {
			t.Errorf("shown: %v", shown)
		}
		d.fails("CreateGroup", object{"GroupName": "low"}, "GroupExistsException", "")
		out := d.do("UpdateGroup", object{"GroupName": "low", "Precedence": 0})
		if at(out, "Group.Description") != "of low" || at(out, "Group.Precedence") != 0.0 {
			t.Errorf("after an update: %v", out)
		}
		d.fails("UpdateGroup", object{"GroupName": "low", "Precedence": -1}, "InvalidParameterException", "precedence")
		d.do("DeleteGroup", object{"GroupName": "high"})
		d.fails("GetGroup", object{"GroupName": "high"}, "ResourceNotFoundException", "")
	}},
	{rows: []string{"identity provider"}, try: func(t *testing.T) {
		d := startDirect(t, nil, nil)
		provider := object{"ProviderName": "corp", "ProviderType": "OIDC", "IdpIdentifiers": []string{"corp.example.org"}}
		d.do("CreateIdentityProvider", provider)
		d.fails("CreateIdentityProvider", provider, "DuplicateProviderException", "corp")
		found := d.do("GetIdentityProviderByIdentifier", object{"IdpIdentifier": "corp.example.org"})
		if at(found, "IdentityProvider.ProviderName") != "corp" {
			t.Errorf("found: %v", found)
		}
		d.do("DeleteIdentityProvider", object{"ProviderName": "corp"})
		d.fails("DescribeIdentityProvider", object{"ProviderName": "corp"}, "ResourceNotFoundException", "corp")
	}},
	{rows: []string{"resource server"}, try: func(t *testing.T) {
		d := startDirect(t, nil, nil)
		d.do("CreateResourceServer", object{"Identifier": "things", "Name": "n"})
		d.fails("CreateResourceServer", object{"Identifier": "things", "Name": "n"}, "InvalidParameterException", "things")
		if list := d.do("ListResourceServers", object{"MaxResults": 5})["ResourceServers"].([]any); len(list) != 1 {
			t.Errorf("listed: %v", list)
		}
		d.do("DeleteResourceServer", object{"Identifier": "things"})
		d.fails("DescribeResourceServer", object{"Identifier": "things"}, "ResourceNotFoundException", "things")
	}},
}
