package userpool

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/shared/cognito"
)

// provenBy names the test of an enforced setting. A nested setting without its own line uses the line of its parent.
// Settings that are not listed have a case in TestEnforcedSettings.
var provenBy = map[string]string{
	"user pool UserPoolId":                               "TestAdministratorOperations",
	"user pool MfaConfiguration":                         "TestSecondFactor",
	"user pool EmailConfiguration.EmailSendingAccount":   "TestCustomMessageAnswers",
	"user pool UserAttributeUpdateSettings":              "TestOwnAttributes",
	"user pool LambdaConfig.PreSignUp":                   "TestPreSignUpAnswers",
	"user pool LambdaConfig.PostConfirmation":            "TestSignUpFiresAndDelivers",
	"user pool LambdaConfig.CustomMessage":               "TestCustomMessageAnswers",
	"user pool LambdaConfig.PreAuthentication":           "TestTriggersRefuseSignIn",
	"user pool LambdaConfig.PostAuthentication":          "TestTriggersRefuseSignIn",
	"user pool LambdaConfig.UserMigration":               "TestMigration",
	"user pool LambdaConfig.DefineAuthChallenge":         "TestCustomChallenge",
	"user pool LambdaConfig.CreateAuthChallenge":         "TestCustomChallenge",
	"user pool LambdaConfig.VerifyAuthChallengeResponse": "TestCustomChallenge",
	"user pool LambdaConfig.PreTokenGenerationConfig":    "TestPasswordSignIn",
	"user pool LambdaConfig.CustomEmailSender":           "TestCustomSenders",
	"user pool LambdaConfig.CustomSMSSender":             "TestCustomSenders",
	"user pool LambdaConfig.KMSKeyID":                    "TestSettingsOfSenders",
	"user pool LambdaConfig.InboundFederation":           "TestFederatedSignIn",
	"user pool Policies.SignInPolicy":                    "TestChoicesOffered",
	"user pool IssuerConfiguration":                      "TestIssuerForms",
	"user pool DeviceConfiguration":                      "TestDeviceSettings",
	"custom attribute":                                   "TestAddCustomAttributes",
	"MFA configuration WebAuthnConfiguration":            "TestPasskeySettings",
	"MFA configuration":                                  "TestSecondFactor",
	"MFA configuration EmailMfaConfiguration":            "TestCodesAsSecondFactor",
	"MFA configuration SmsMfaConfiguration":              "TestCodesAsSecondFactor",
	"user pool SmsAuthenticationMessage":                 "TestMFAOfCreateUserPool",
	"app client UserPoolId":                              "TestClientLifecycle",
	"app client ClientId":                                "TestClientLifecycle",
	"app client PreventUserExistenceErrors":              "TestPreventUserExistenceErrors",
	"app client RefreshTokenRotation":                    "TestRotation",
	"domain ManagedLoginVersion":                         "TestManagedLoginNeedsAStyle",
	"app client SupportedIdentityProviders":              "TestUnknownProviders",
	"identity provider ProviderType":                     "TestAnswersByForm",
	"identity provider ProviderDetails":                  "TestSignInAtAProvider",
	"identity provider AttributeMapping":                 "TestSignInAtAProvider",
	"resource server Scopes":                             "TestClientToken",
	"user pool AcrConfiguration":                         "TestLevels",
	"app client AllowedOAuthFlows":                       "TestOrderOfChecks",
	"app client AllowedOAuthFlowsUserPoolClient":         "TestOrderOfChecks",
	"app client AllowedOAuthScopes":                      "TestAuthorizeRefusals",
	"app client CallbackURLs":                            "TestAuthorizeRefusals",
	"app client DefaultRedirectURI":                      "TestDefaultRedirect",
	"app client LogoutURLs":                              "TestLogoutOfTheDomain",
}

// Every enforced setting has a test of its effect.
func TestEnforcedSettingsAreProven(t *testing.T) {
	tests := testNames(t)
	used := map[string]bool{}
	for _, row := range Settings() {
		if row.Support != Enforced || row.Of == wire.AnyRequest {
			continue
		}
		proof := ""
		for _, key := range append(wire.Parents(row.Of+" "+row.Name), row.Of+" "+row.Name, row.Of) {
			for _, act := range acts {
				if slices.Contains(act.rows, key) {
					proof = "TestEnforcedSettings"
					used[key] = true
				}
			}
			if name := provenBy[key]; name != "" {
				proof = name
				used[key] = true
			}
		}
		if !slices.Contains(tests, proof) {
			t.Errorf("%s of a %s: no test (%q)", row.Name, row.Of, proof)
		}
	}
	for key := range provenBy {
		if !used[key] {
			t.Errorf("%s is not an enforced setting", key)
		}
	}
	for _, act := range acts {
		for _, key := range act.rows {
			if !used[key] {
				t.Errorf("%s is not an enforced setting", key)
			}
		}
	}
}

func testNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllSubmatch(source, -1) {
			names = append(names, string(found[1]))
		}
	}
	return names
}

func TestEnforcedSettings(t *testing.T) {
	for _, act := range acts {
		t.Run(strings.Join(act.rows, ","), act.try)
	}
}

// act is a test of the effect of settings.
type act struct {
	rows []string
	try  func(*testing.T)
}

var acts = slices.Concat(poolActs, messageActs, schemaActs, clientActs, resourceActs)

var poolActs = []act{
	{rows: []string{"user pool PoolName", "user pool UserPoolTags"}, try: func(t *testing.T) {
		d := startDirect(t, object{"PoolName": "people", "UserPoolTags": object{"a": "b"}}, nil)
		shown := d.do("DescribeUserPool", object{})
		if at(shown, "UserPool.Name") != "people" || at(shown, "UserPool.UserPoolTags.a") != "b" {
			t.Errorf("shown: %v", shown)
		}
		arn := at(shown, "UserPool.Arn")
		d.do("TagResource", object{"ResourceArn": arn, "Tags": object{"c": "d"}})
		d.do("UntagResource", object{"ResourceArn": arn, "TagKeys": []string{"a"}})
		if tags, _ := d.do("ListTagsForResource", object{"ResourceArn": arn})["Tags"].(object); len(tags) != 1 ||
			tags["c"] != "d" {
			t.Errorf("tags: %v", tags)
		}
		d.do("UpdateUserPool", object{"PoolName": "others"})
		if shown := d.do("DescribeUserPool", object{}); at(shown, "UserPool.Name") != "others" ||
			at(shown, "UserPool.UserPoolTags.c") != "d" {
			t.Errorf("after an update: %v", shown)
		}
	}},
	{rows: []string{"user pool AliasAttributes"}, try: func(t *testing.T) {
		d := startDirect(t, object{"AliasAttributes": []string{"preferred_username"}}, nil)
		d.user("ines", "preferred_username", "boss")
		d.do("AdminGetUser", object{"Username": "boss"})
		d = startDirect(t, nil, nil)
		d.user("ines", "preferred_username", "boss")
		d.fails("AdminGetUser", object{"Username": "boss"}, "UserNotFoundException", "")
	}},
	{rows: []string{"user pool AutoVerifiedAttributes"}, try: func(t *testing.T) {
		for _, attribute := range []string{"email", "phone_number"} {
			d := startDirect(t, with(withSMS(), object{"AutoVerifiedAttributes": []string{attribute}}), nil)
			out := d.do("SignUp", object{"Username": "ines", "Password": password,
				"UserAttributes": attributes("email", "a@example.org", "phone_number", "+33123456789")})
			if at(out, "CodeDeliveryDetails.AttributeName") != attribute {
				t.Errorf("%s: %v", attribute, out)
			}
		}
	}},
	{rows: []string{"user pool UsernameAttributes"}, try: func(t *testing.T) {
		d := startDirect(t, object{"UsernameAttributes": []string{"email"}}, nil)
		d.fails("SignUp", object{"Username": "ines", "Password": password}, "InvalidParameterException", "should be an email")
		d.fails("UpdateUserPool", object{"MfaConfiguration": "MAYBE"}, "InvalidParameterException", "mfaConfiguration")
		d.do("UpdateUserPool", object{})
		d.fails("SignUp", object{"Username": "ines", "Password": password}, "InvalidParameterException", "should be an email")
	}},
	{rows: []string{"user pool UsernameConfiguration"}, try: func(t *testing.T) {
		d := startDirect(t, object{"UsernameConfiguration": object{"CaseSensitive": false}}, nil)
		d.user("Ines")
		d.do("AdminGetUser", object{"Username": "iNES"})
		d = startDirect(t, nil, nil)
		d.user("Ines")
		d.fails("AdminGetUser", object{"Username": "iNES"}, "UserNotFoundException", "")
	}},
	{rows: []string{"user pool DeletionProtection"}, try: func(t *testing.T) {
		d := startDirect(t, object{"DeletionProtection": "ACTIVE"}, nil)
		d.fails("DeleteUserPool", object{}, "InvalidParameterException", "deletion protection")
		d.do("UpdateUserPool", object{})
		d.do("DeleteUserPool", object{})
	}},
	{rows: []string{"user pool AccountRecoverySetting"}, try: func(t *testing.T) {
		for first, c := range map[string]struct {
			second string
			want   any
		}{
			"verified_email":        {second: "verified_phone_number", want: "EMAIL"},
			"verified_phone_number": {second: "verified_email", want: "SMS"},
			"admin_only":            {},
		} {
			want, mechanisms := c.want, []object{{"Name": first, "Priority": 1}}
			if c.second != "" {
				mechanisms = []object{{"Name": c.second, "Priority": 2}, mechanisms[0]}
			}
			d := startDirect(t, object{"AccountRecoverySetting": object{"RecoveryMechanisms": mechanisms}}, nil)
			d.user("ines", "email", "a@example.org", "email_verified", "true", "phone_number", "+33123456789",
				"phone_number_verified", "true")
			_, out := d.call("ForgotPassword", object{"Username": "ines"})
			if at(out, "CodeDeliveryDetails.DeliveryMedium") != want {
				t.Errorf("%s: %v", first, out)
			}
		}
	}},
	{rows: []string{"user pool AdminCreateUserConfig.AllowAdminCreateUserOnly"}, try: func(t *testing.T) {
		d := startDirect(t, object{"AdminCreateUserConfig": object{"AllowAdminCreateUserOnly": true}}, nil)
		d.fails("SignUp", object{"Username": "ines", "Password": password}, "NotAuthorizedException", "not permitted")
	}},
	{rows: []string{"user pool Policies.PasswordPolicy"}, try: func(t *testing.T) {
		for setting, c := range map[string]struct {
			value          any
			password, want string
		}{
			"MinimumLength":    {value: 20, password: "Aa1!Aa1!", want: "not long enough"},
			"RequireLowercase": {value: true, password: "AAAAAAAA", want: "lowercase"},
			"RequireUppercase": {value: true, password: "aaaaaaaa", want: "uppercase"},
			"RequireNumbers":   {value: true, password: "aaaaaaaa", want: "numeric"},
			"RequireSymbols":   {value: true, password: "aaaaaaaa", want: "symbol"},
		} {
			d := startDirect(t, object{"Policies": object{"PasswordPolicy": with(object{"MinimumLength": 8},
				object{setting: c.value})}}, nil)
			d.fails("SignUp", object{"Username": "ines", "Password": c.password}, "InvalidPasswordException", c.want)
			d = startDirect(t, object{"Policies": object{"PasswordPolicy": object{"MinimumLength": 8}}}, nil)
			d.do("SignUp", object{"Username": "ines", "Password": c.password})
		}
		d := startDirect(t, object{"Policies": object{"PasswordPolicy": object{"MinimumLength": 8, "PasswordHistorySize": 2,
			"TemporaryPasswordValidityDays": 2}}}, nil)
		d.user("ines")
		d.fails("AdminSetUserPassword", object{"Username": "ines", "Password": password, "Permanent": true},
			"PasswordHistoryPolicyViolationException", "")
		d.do("AdminSetUserPassword", object{"Username": "ines", "Password": password + "x"})
		d.clock.Advance(49 * time.Hour)
		d.fails("InitiateAuth", object{"AuthFlow": "USER_PASSWORD_AUTH",
			"AuthParameters": object{"USERNAME": "ines", "PASSWORD": password + "x"}}, "NotAuthorizedException", "expired")
	}},
	{rows: []string{"user pool LambdaConfig.PreTokenGeneration"}, try: func(t *testing.T) {
		w := start(t, setup{pool: func(in *cip.CreateUserPoolInput) {
			in.LambdaConfig.PreTokenGeneration = in.LambdaConfig.PreTokenGenerationConfig.LambdaArn
			in.LambdaConfig.PreTokenGenerationConfig = nil
		}})
		w.confirmed("a@example.org")
		if _, err := w.InitiateAuth(t.Context(), &cip.InitiateAuthInput{
			ClientId: w.clientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
			AuthParameters: map[string]string{"USERNAME": "a@example.org", "PASSWORD": password},
		}); err != nil {
			t.Fatal(err)
		}
		fired := w.functions.take()
		if last := fired[len(fired)-1]; last.Source != cognito.TokenGenerationAuthentication || last.Version != "1" {
			t.Errorf("fired %+v", last)
		}
	}},
}
