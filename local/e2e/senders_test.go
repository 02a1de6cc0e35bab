package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/inspect"
	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/local/userpool"
)

// withTriggers starts a stack on the shared emulator whose pool has the triggers with their settings.
func withTriggers(t *testing.T, on map[string]map[string]string) seen {
	t.Helper()
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	return deployed(t, stacktest.Linked(t, local.Root, on))
}

// fire fires a trigger as `poolctl fire` does.
func (s seen) fire(t *testing.T, trigger string, input members) []byte {
	t.Helper()
	input["userPoolId"] = s.pool.ID
	answer, err := inspect.Fire{Trigger: trigger, Input: input, Endpoint: s.Endpoint}.Send(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// add makes a user with an address and a telephone number, silently.
func (s seen) add(t *testing.T, email, phone string) {
	t.Helper()
	var attributes []types.AttributeType
	for name, value := range map[string]string{
		"email": email, "email_verified": "true", "phone_number": phone, "phone_number_verified": "true",
	} {
		attributes = append(attributes, types.AttributeType{Name: &name, Value: &value})
	}
	if _, err := s.Cognito.AdminCreateUser(t.Context(), &cip.AdminCreateUserInput{
		UserPoolId: &s.pool.ID, Username: &email, MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: attributes,
	}); err != nil {
		t.Fatal(err)
	}
}

// sentBy returns what a function sent to an address or a number. The stack of the shared emulator sees it.
func sentBy(function, to string) (all []userpool.Message) {
	for _, m := range local.Pool.Inbox().Messages(0) {
		if m.From == "function "+function && m.To == to {
			all = append(all, m)
		}
	}
	return all
}

// A code travels to the compiled sender, which decrypts it with the emulator's KMS and sends it by SMS.
func TestCodeBySMS(t *testing.T) {
	const phone = "+33612000017"
	s := withTriggers(t, map[string]map[string]string{"custom-sms-sender": {
		"SEND_WITH_SNS": "true", "ALLOWED_COUNTRIES": "FR",
	}})
	s.add(t, "sms@example.org", phone)
	s.fire(t, "custom-sms-sender", members{
		"source": "CustomSMSSender_Authentication", "userName": "sms@example.org", "code": "394017",
	})
	if err := s.Pool.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := sentBy("custom-sms-sender", phone); len(got) != 1 || got[0].Kind != "SMS" || got[0].Code != "394017" {
		t.Errorf("messages %+v; events %+v", got, s.Pool.Events().Records(0))
	}
}

// The compiled triggers of a federated sign-in: the first one makes the user, the second one changes what is mapped.
func TestFederatedSignIn(t *testing.T) {
	s := withTriggers(t, map[string]map[string]string{
		"inbound-federation": {"ATTRIBUTE_RULES": `{"rules":[{"lowerCase":"email"}]}`}, "pre-sign-up": {},
		"post-confirmation": {},
	})
	if _, err := s.Cognito.CreateIdentityProvider(t.Context(), &cip.CreateIdentityProviderInput{
		UserPoolId: &s.pool.ID, ProviderName: aws.String("AcmeOkta"), ProviderType: types.IdentityProviderTypeTypeOidc,
		ProviderDetails: map[string]string{
			"client_id": "x", "authorize_scopes": "openid", "oidc_issuer": "https://acme.example",
		},
		AttributeMapping: map[string]string{"username": "sub", "email": "email", "given_name": "given_name"},
	}); err != nil {
		t.Fatal(err)
	}
	const token = "live-access-token"
	signIn := func(givenName string) (sub string, first bool) {
		answer := s.fire(t, "inbound-federation", members{"clientId": "", "provider": "AcmeOkta", "attributes": members{
			"idToken":       members{"sub": "00u1x9", "email": "Ines@Acme.example", "given_name": givenName},
			"tokenResponse": members{"access_token": token},
		}})
		var out struct {
			Sub         string
			FirstSignIn bool
		}
		if err := json.Unmarshal(answer, &out); err != nil {
			t.Fatal(err)
		}
		return out.Sub, out.FirstSignIn
	}
	for i, want := range []struct{ givenName, fired string }{
		{"Ines", "InboundFederation_ExternalProvider PreSignUp_ExternalProvider PostConfirmation_ConfirmSignUp"},
		{"Inès", "InboundFederation_ExternalProvider"},
	} {
		before := len(s.Pool.Events().Records(0))
		sub, first := signIn(want.givenName)
		var fired []string
		for _, r := range s.Pool.Events().Records(0)[before:] {
			fired = append(fired, r.Source)
			if r.Outcome != "ok" {
				t.Errorf("%s: %s", r.Source, r.Outcome)
			}
			if text, err := json.Marshal(r); err != nil || strings.Contains(string(text), token) {
				t.Errorf("error %v, the record of %s has the token: %s", err, r.Source, text)
			}
		}
		if first != (i == 0) || strings.Join(fired, " ") != want.fired {
			t.Errorf("first sign-in %v, fired %v; want %s", first, fired, want.fired)
		}
		users, err := s.Cognito.ListUsers(t.Context(), &cip.ListUsersInput{UserPoolId: &s.pool.ID})
		if err != nil || len(users.Users) != 1 {
			t.Fatalf("users %+v, error %v", users, err)
		}
		for name, value := range map[string]string{
			"sub": sub, "email": "ines@acme.example", "given_name": want.givenName,
		} {
			if !slices.ContainsFunc(users.Users[0].Attributes, func(a types.AttributeType) bool {
				return aws.ToString(a.Name) == name && aws.ToString(a.Value) == value
			}) {
				t.Errorf("%s is not %s", name, value)
			}
		}
	}
}
