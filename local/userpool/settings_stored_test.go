package userpool

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"
	"testing"

	"cognito-triggers/local/userpool/internal/wire"
)

// object is a JSON object.
type object = map[string]any

// request is a call of an operation. The values POOL and ID in its body stand for IDs.
type request struct {
	operation string
	body      object
}

// keeper is a resource with stored settings, and the operations that create, change and describe it.
type keeper struct {
	of                       string
	create, update, describe request
	id                       string // path to the ID in the output of create
	shown                    string // path to the settings in the output of describe
	resets                   bool   // whether an update resets settings that it omits
}

var keepers = []keeper{
	{of: "user pool", create: request{operation: "CreateUserPool", body: object{"PoolName": "p"}},
		update:   request{operation: "UpdateUserPool", body: object{"UserPoolId": "ID"}},
		describe: request{operation: "DescribeUserPool", body: object{"UserPoolId": "ID"}}, id: "UserPool.Id",
		shown: "UserPool.", resets: true},
	{
		of:       "app client",
		create:   request{operation: "CreateUserPoolClient", body: object{"UserPoolId": "POOL", "ClientName": "c"}},
		update:   request{operation: "UpdateUserPoolClient", body: object{"UserPoolId": "POOL", "ClientId": "ID"}},
		describe: request{operation: "DescribeUserPoolClient", body: object{"UserPoolId": "POOL", "ClientId": "ID"}},
		id:       "UserPoolClient.ClientId",
		shown:    "UserPoolClient.",
		resets:   true,
	},
	{of: "MFA configuration", create: request{operation: "SetUserPoolMfaConfig", body: object{"UserPoolId": "POOL"}},
		update:   request{operation: "SetUserPoolMfaConfig", body: object{"UserPoolId": "POOL"}},
		describe: request{operation: "GetUserPoolMfaConfig", body: object{"UserPoolId": "POOL"}}, resets: true},
	{of: "domain", create: request{operation: "CreateUserPoolDomain", body: object{"UserPoolId": "POOL", "Domain": "d"}},
		update:   request{operation: "UpdateUserPoolDomain", body: object{"UserPoolId": "POOL", "Domain": "d"}},
		describe: request{operation: "DescribeUserPoolDomain", body: object{"Domain": "d"}}, shown: "DomainDescription."},
	{
		of:       "identity provider",
		create:   request{operation: "CreateIdentityProvider", body: object{"UserPoolId": "POOL", "ProviderName": "n"}},
		update:   request{operation: "UpdateIdentityProvider", body: object{"UserPoolId": "POOL", "ProviderName": "n"}},
		describe: request{operation: "DescribeIdentityProvider", body: object{"UserPoolId": "POOL", "ProviderName": "n"}},
		shown:    "IdentityProvider.",
		resets:   false,
	},
	{
		of:       "resource server",
		create:   request{operation: "CreateResourceServer", body: object{"UserPoolId": "POOL", "Identifier": "n"}},
		update:   request{operation: "UpdateResourceServer", body: object{"UserPoolId": "POOL", "Identifier": "n"}},
		describe: request{operation: "DescribeResourceServer", body: object{"UserPoolId": "POOL", "Identifier": "n"}},
		shown:    "ResourceServer.",
	},
}

// valid replaces samples that contradict other settings, and says what must stand beside them.
var valid = map[string]struct {
	value  any
	beside object
}{
	"user pool Policies.SignInPolicy": {value: object{"AllowedFirstAuthFactors": []any{"PASSWORD", "EMAIL_OTP"}}},
	"app client AllowedOAuthFlows":    {value: []any{"code"}},
	"app client AllowedOAuthFlowsUserPoolClient": {value: true, beside: object{"AllowedOAuthFlows": []any{"code"},
		"AllowedOAuthScopes": []any{"openid"}, "CallbackURLs": []any{"https://app.example.org"}}},
	"app client AllowedOAuthScopes": {value: []any{"openid"}},
	"app client DefaultRedirectURI": {value: "https://app.example.org",
		beside: object{"CallbackURLs": []any{"https://app.example.org"}}},
	"app client EnablePropagateAdditionalUserContextData": {value: true, beside: object{"GenerateSecret": true}},
	"app client SupportedIdentityProviders":               {value: []any{"COGNITO"}},
	"MFA configuration SmsMfaConfiguration.SmsConfiguration": {
		value:  object{"SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "SnsRegion": "eu-west-1"},
		beside: object{"MfaConfiguration": "OPTIONAL"}},
}

// ownSender are the settings of a pool that sends mail through SES.
func ownSender() object {
	return object{"EmailConfiguration": object{"EmailSendingAccount": "DEVELOPER",
		"SourceArn": "arn:aws:ses:eu-west-1:000000000000:identity/example.org"}}
}

// Stored settings come back as they were sent, at creation and after an update. An update that omits a setting resets
// it where AWS says so. Every stored row belongs to a resource that is tested here or is a member of a request.
func TestStoredSettingsComeBack(t *testing.T) {
	for _, row := range Settings() {
		if row.Support != Stored || row.Of == wire.AnyRequest {
			continue
		}
		tried := false
		for _, k := range keepers {
			if k.of == row.Of {
				tried = true
				t.Run(row.Of+" "+row.Name+row.Value, func(t *testing.T) { k.keeps(t, row) })
			}
		}
		if !tried {
			t.Errorf("no test for %s of a %s", row.Name, row.Of)
		}
	}
}

func (k keeper) keeps(t *testing.T, row Setting) {
	s := Open(Options{})
	ids := map[string]string{}
	do := func(r request, extra object) object {
		t.Helper()
		body := maps.Clone(extra)
		for name, value := range r.body {
			if id, is := ids[value.(string)]; is {
				value = id
			}
			body[name] = value
		}
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		answer := send(s, r.operation, raw)
		if answer.Code != 200 {
			t.Fatalf("%s %s: %s", r.operation, raw, answer.Body)
		}
		var out object
		if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	ids["POOL"] = at(do(keepers[0].create, ownSender()), "UserPool.Id").(string)
	value := sampleOf(t, k.create.operation, row.Name)
	if row.Value != "" {
		value = []any{row.Value}
	}
	sent := object{}
	if v, is := valid[row.Of+" "+row.Name]; is && row.Value == "" {
		value = v.value
		maps.Copy(sent, v.beside)
	}
	nest(sent, row.Name, value)
	want := at(roundTrip(t, sent), row.Name)
	made := do(k.create, sent)
	if k.id != "" {
		ids["ID"] = at(made, k.id).(string)
	}
	show := func() any { return at(do(k.describe, object{}), k.shown+row.Name) }
	if got := show(); !reflect.DeepEqual(got, want) {
		t.Errorf("created with %v, got %v", want, got)
	}
	do(k.update, object{})
	if got := show(); reflect.DeepEqual(got, want) == k.resets {
		t.Errorf("after an update without it: %v", got)
	}
	do(k.update, sent)
	if got := show(); !reflect.DeepEqual(got, want) {
		t.Errorf("changed to %v, got %v", want, got)
	}
}

// nest sets the value at a path and creates the objects on the way.
func nest(into object, path string, value any) {
	name, rest, nested := strings.Cut(path, ".")
	if !nested {
		into[name] = value
		return
	}
	next := object{}
	into[name] = next
	nest(next, rest, value)
}

// at returns the value at a path, or nil.
func at(in any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		members, _ := in.(object)
		in = members[name]
	}
	return in
}

func roundTrip(t *testing.T, in object) object {
	t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var out object
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
