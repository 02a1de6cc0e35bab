package userpool

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/userpool/clock"
	"cognito-triggers/shared/cognito"
)

// federated is a pool with an OIDC provider, and all triggers that federated sign-in fires.
type federated struct {
	*direct
	functions *functions
}

func startFederated(t *testing.T, pool object) *federated {
	t.Helper()
	f := &federated{
		direct:    &direct{t: t, clock: clock.New(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC))},
		functions: &functions{answers: map[string]func(map[string]any) (any, error){}},
	}
	f.server = Open(Options{Now: f.clock.Now, Invoker: f.functions})
	t.Cleanup(f.server.Close)
	f.pool = at(f.do("CreateUserPool", with(object{"PoolName": "p",
		"UsernameConfiguration": object{"CaseSensitive": false},
		"Schema":                []object{{"Name": "groups", "AttributeDataType": "String", "Mutable": true}},
		"LambdaConfig": object{
			"InboundFederation": object{"LambdaArn": arnOf(cognito.InboundFederation), "LambdaVersion": "V1_0"},
			"PreSignUp":         arnOf(cognito.PreSignUp), "PostConfirmation": arnOf(cognito.PostConfirmation),
			"PreAuthentication": arnOf(cognito.PreAuthentication), "PostAuthentication": arnOf(cognito.PostAuthentication),
			"PreTokenGeneration": arnOf(cognito.PreTokenGeneration),
		}}, pool)), "UserPool.Id").(string)
	f.client = at(f.do("CreateUserPoolClient", object{"ClientName": "c"}), "UserPoolClient.ClientId").(string)
	f.do("CreateIdentityProvider", object{"ProviderName": "AcmeOkta", "ProviderType": "OIDC",
		"ProviderDetails": object{"client_id": "x", "authorize_scopes": "openid", "oidc_issuer": "https://acme.example"},
		"AttributeMapping": object{"username": "sub", "email": "email", "given_name": "given_name",
			"custom:groups": "groups"}})
	return f
}

func claims(more object) object {
	return object{
		"idToken":       with(object{"sub": "00u1x9", "email": "ines@acme.example", "groups": "Eng,Ops"}, more),
		"userInfo":      object{"given_name": "Ines", "email": "old@acme.example"},
		"tokenResponse": object{"access_token": "secret"},
	}
}

func (f *federated) signIn(more object) (int, object) {
	f.t.Helper()
	return f.hand("inbound-federation", object{"userPoolId": f.pool, "clientId": f.client, "provider": "AcmeOkta",
		"attributes": claims(more)})
}

func (f *federated) fired() string {
	var sources []string
	for _, e := range f.functions.take() {
		sources = append(sources, e.Source)
	}
	return strings.Join(sources, " ")
}

func (f *federated) attributes() map[string]any {
	f.t.Helper()
	all := map[string]any{}
	list, _ := f.do("AdminGetUser", object{"Username": "acmeokta_00u1x9"})["UserAttributes"].([]any)
	for _, a := range list {
		all[at(a, "Name").(string)] = at(a, "Value")
	}
	return all
}

// The first federated sign-in creates the user after pre sign-up, later ones update what is mapped.
func TestFederatedSignIn(t *testing.T) {
	f := startFederated(t, nil)
	status, out := f.signIn(nil)
	if status != http.StatusOK || out["userName"] != "acmeokta_00u1x9" || out["userStatus"] != "EXTERNAL_PROVIDER" ||
		out["firstSignIn"] != true {
		t.Fatalf("status %d, answer %v", status, out)
	}
	events := f.functions.take()
	want := []struct{ source, request string }{
		{"InboundFederation_ExternalProvider", `{"attributes":{"idToken":{"email":"ines@acme.example","groups":"Eng,Ops",` +
			`"sub":"00u1x9"},"tokenResponse":{"access_token":"secret"},"userInfo":{"email":"old@acme.example",` +
			`"given_name":"Ines"}},"providerName":"AcmeOkta","providerType":"OIDC"}`},
		{"PreSignUp_ExternalProvider", `{"userAttributes":{"cognito:email_alias":"","cognito:phone_number_alias":"",` +
			`"custom:groups":"Eng,Ops","email":"ines@acme.example","given_name":"Ines"},"validationData":{}}`},
		{"PostConfirmation_ConfirmSignUp", ""},
		{"TokenGeneration_HostedAuth", ""},
	}
	if len(events) != len(want) {
		t.Fatalf("fired %+v", events)
	}
	for i, w := range want {
		if e := events[i]; e.Source != w.source || e.UserName != "acmeokta_00u1x9" || e.ClientID != f.client ||
			w.request != "" && text(t, e.Request) != w.request {
			t.Errorf("%s: %+v, want %s", w.source, text(t, e), w.request)
		}
	}
	got := f.attributes()
	if got["email"] != "ines@acme.example" || got["email_verified"] != "false" || got["custom:groups"] != "Eng,Ops" ||
		!strings.Contains(got["identities"].(string), `"userId":"00u1x9","providerName":"AcmeOkta","providerType":"OIDC"`) {
		t.Errorf("attributes %v", got)
	}
	id := claimsOf(t, at(out, "authenticationResult.IdToken"))
	if groups, _ := id["cognito:groups"].([]any); len(groups) != 1 || groups[0] != f.pool+"_AcmeOkta" ||
		id["identities"] == nil {
		t.Errorf("claims %v", id)
	}
	// Later: groups changed, the given name is cleared, and the e-mail address is not sent.
	status, out = f.signIn(object{"groups": "Ops", "given_name": "", "email": "ines@acme.example"})
	if status != http.StatusOK || out["firstSignIn"] != false {
		t.Fatalf("status %d, answer %v", status, out)
	}
	if got := f.fired(); got != "InboundFederation_ExternalProvider PreAuthentication_Authentication "+
		"PostAuthentication_Authentication TokenGeneration_HostedAuth" {
		t.Errorf("fired %s", got)
	}
	if got := f.attributes(); got["custom:groups"] != "Ops" || got["given_name"] != nil {
		t.Errorf("attributes %v", got)
	}
}

// What inbound federation answers replaces what the provider sent; an empty map keeps it.
func TestInboundFederationAnswers(t *testing.T) {
	keep := func(to object) func(map[string]any) (any, error) {
		return func(map[string]any) (any, error) { return object{"userAttributesToMap": to}, nil }
	}
	for name, c := range map[string]struct {
		answer func(map[string]any) (any, error)
		groups any
		email  any
		fails  string
	}{
		"renamed": {answer: keep(object{"email": "x@acme.example", "groups": "Engineering"}), groups: "Engineering",
			email: "x@acme.example"},
		"dropped": {answer: keep(object{"groups": "Ops"}), groups: "Ops"},
		"empty":   {answer: keep(object{}), groups: "Eng,Ops", email: "ines@acme.example"},
		"error": {answer: func(map[string]any) (any, error) { return nil, errors.New("not from here") },
			fails: "InboundFederation failed with error not from here."},
		"numbers": {answer: keep(object{"groups": 7}), fails: "Unrecognizable lambda output"},
	} {
		t.Run(name, func(t *testing.T) {
			f := startFederated(t, nil)
			f.functions.on("InboundFederation_ExternalProvider", c.answer)
			status, out := f.signIn(nil)
			if c.fails != "" {
				if message, _ := out["message"].(string); status == http.StatusOK || message != c.fails {
					t.Errorf("status %d, answer %v, want %s", status, out, c.fails)
				}
				return
			}
			if got := f.attributes(); status != http.StatusOK || got["custom:groups"] != c.groups || got["email"] != c.email {
				t.Errorf("status %d, answer %v, attributes %v", status, out, got)
			}
		})
	}
}

func TestFederatedSignInsThatFail(t *testing.T) {
	required := object{"Schema": []object{{"Name": "groups", "AttributeDataType": "String", "Mutable": true},
		{"Name": "family_name", "Required": true}}}
	for name, c := range map[string]struct {
		pool  object
		given func(f *federated)
		want  string
		fired string
		gone  bool // no user is left
	}{
		"pre sign-up refuses": {given: func(f *federated) {
			f.functions.on("PreSignUp_ExternalProvider", func(map[string]any) (any, error) { return nil, errors.New("no") })
		}, want: "PreSignUp failed with error no.", gone: true,
			fired: "InboundFederation_ExternalProvider PreSignUp_ExternalProvider"},
		"pre sign-up links": {given: func(f *federated) {
			f.user("paul", "email", "paul@example.org")
			f.functions.on("PreSignUp_ExternalProvider", func(event map[string]any) (any, error) {
				f.do("AdminLinkProviderForUser", object{
					"DestinationUser": object{"ProviderName": "Cognito", "ProviderAttributeValue": "paul"},
					"SourceUser": object{"ProviderName": "AcmeOkta", "ProviderAttributeName": "Cognito_Subject",
						"ProviderAttributeValue": "00u1x9"}})
				return event["response"], nil
			})
			f.functions.take()
		}, want: "Already found an entry for username acmeokta_00u1x9", gone: true,
			fired: "InboundFederation_ExternalProvider PreSignUp_ExternalProvider"},
		"somebody registered the name": {given: func(f *federated) { f.user("acmeokta_00u1x9"); f.functions.take() },
			want:  "Already found an entry for username acmeokta_00u1x9",
			fired: "InboundFederation_ExternalProvider PreSignUp_ExternalProvider"},
		"disabled": {given: func(f *federated) {
			f.signIn(nil)
			f.do("AdminDisableUser", object{"Username": "AcmeOkta_00u1x9"})
			f.functions.take()
		}, want: "User is disabled.", fired: "InboundFederation_ExternalProvider"},
		"required attribute that is not mapped": {pool: required, gone: true,
			want: "Attributes did not conform to the schema: family_name: The attribute family_name is required\n", fired: "InboundFederation_ExternalProvider"},
		"unknown provider": {given: func(f *federated) {
			f.do("DeleteIdentityProvider", object{"ProviderName": "AcmeOkta"})
		}, want: "Identity provider AcmeOkta does not exist.", gone: true},
	} {
		t.Run(name, func(t *testing.T) {
			f := startFederated(t, c.pool)
			if c.given != nil {
				c.given(f)
			}
			status, out := f.signIn(nil)
			if message, _ := out["message"].(string); status == http.StatusOK || message != c.want {
				t.Errorf("status %d, answer %v, want %s", status, out, c.want)
			}
			if got := f.fired(); got != c.fired {
				t.Errorf("fired %s, want %s", got, c.fired)
			}
			if status, _ := f.call("AdminGetUser", object{"Username": "acmeokta_00u1x9"}); (status != http.StatusOK) != c.gone {
				t.Errorf("AdminGetUser: status %d", status)
			}
		})
	}
}

// After pre sign-up has linked the identity, the next sign-in is that of the local user.
func TestSignInOfALinkedUser(t *testing.T) {
	f := startFederated(t, object{"UsernameAttributes": []string{"email"}})
	f.user("ines@acme.example")
	name := at(f.do("AdminGetUser", object{"Username": "ines@acme.example"}), "Username")
	f.do("AdminLinkProviderForUser", object{
		"DestinationUser": object{"ProviderName": "Cognito", "ProviderAttributeValue": name},
		"SourceUser": object{"ProviderName": "AcmeOkta", "ProviderAttributeName": "Cognito_Subject",
			"ProviderAttributeValue": "00u1x9"}})
	status, out := f.signIn(nil)
	if status != http.StatusOK || out["userName"] != name || out["userStatus"] != "CONFIRMED" {
		t.Errorf("status %d, answer %v", status, out)
	}
}

// A federated user may have the address that a local user signs in with: they are two users.
func TestFederatedUserWithATakenAddress(t *testing.T) {
	f := startFederated(t, object{"UsernameAttributes": []string{"email"}})
	f.user("ines@acme.example")
	if status, out := f.signIn(nil); status != http.StatusOK || out["firstSignIn"] != true {
		t.Errorf("status %d, answer %v", status, out)
	}
	local := f.do("AdminGetUser", object{"Username": "ines@acme.example"})
	if local["UserStatus"] != "CONFIRMED" {
		t.Errorf("the address finds %v", local)
	}
}
