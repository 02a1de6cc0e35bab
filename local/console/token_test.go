package console

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// generates is an answer of pre token generation: it sets two claims, leaves two out, and adds a scope.
func generates(_, response object) error {
	part := object{"claimsToAddOrOverride": object{"tenant": "acme", "email": "hidden"},
		"claimsToSuppress": []string{"custom:plan"}}
	response["claimsAndScopeOverrideDetails"] = object{"idTokenGeneration": part, "accessTokenGeneration": object{
		"claimsToAddOrOverride": object{"tenant": "acme"}, "scopesToAdd": []string{"orders/read"}}}
	return nil
}

func withTokens(t *testing.T) (p *place, tokens object) {
	t.Helper()
	custom := []object{}
	for _, name := range []string{"plan", "size"} {
		custom = append(custom, object{"Name": name, "AttributeDataType": "String", "Mutable": true})
	}
	p = open(t, map[string]string{"PreTokenGenerationConfig": "pre-token-generation"},
		functions{"pre-token-generation": generates}, object{"Schema": custom})
	p.calls("CreateGroup", object{"UserPoolId": p.id, "GroupName": "admins"})
	return p, p.signsIn(ines, object{"Name": "custom:plan", "Value": "gold"}, object{"Name": "custom:size", "Value": "L"})
}

func (p *place) explains(token any) (tokenAnswer, error) {
	var out tokenAnswer
	err := p.asks(http.MethodPost, "token", object{"token": token}, &out)
	return out, err
}

// Each claim of a token says where it comes from, also those that the trigger left out.
func TestTokenIsExplained(t *testing.T) {
	t.Parallel()
	p, tokens := withTokens(t)
	for kind, want := range map[string]map[string]string{
		"IdToken": {
			"iss": fromCognito, "aud": fromCognito, "sub": fromCognito, "exp": fromCognito, "cognito:username": fromCognito,
			"cognito:groups": fromGroup, "tenant": fromTrigger, "email": fromTrigger, "custom:size": fromAttribute,
			"custom:plan": fromTrigger, "token_use": fromCognito, "origin_jti": fromCognito,
		},
		"AccessToken": {
			"scope": fromTrigger, "client_id": fromCognito, "tenant": fromTrigger, "cognito:groups": fromGroup,
			"username": fromCognito,
		},
	} {
		out, err := p.explains("  " + tokens[kind].(string) + "\n")
		if err != nil {
			t.Fatal(err)
		}
		if !out.Valid || out.Problem != "" || out.Event == 0 || out.Minutes < 50 || out.Minutes > 60 {
			t.Errorf("%s: %+v", kind, out)
		}
		found := map[string]claim{}
		for _, c := range out.Claims {
			found[c.Name] = c
			if c.From == fromUnknown || c.Note == "" {
				t.Errorf("%s: nobody knows %s", kind, c.Name)
			}
		}
		for name, from := range want {
			if found[name].From != from {
				t.Errorf("%s: %s comes from %q, want %q", kind, name, found[name].From, from)
			}
		}
		if plan := found["custom:plan"]; kind == "IdToken" && (!plan.Left || plan.Value != nil) {
			t.Errorf("the claim that was left out is %+v", plan)
		}
	}
}

// A token that is not valid says why.
func TestTokensThatAreNotValid(t *testing.T) {
	t.Parallel()
	p, tokens := withTokens(t)
	other, _ := withTokens(t)
	id := tokens["IdToken"].(string)
	parts := strings.Split(id, ".")
	with := func(change func(claims object)) string {
		var claims object
		payload, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err == nil {
			err = json.Unmarshal(payload, &claims)
		}
		if err != nil {
			t.Fatal(err)
		}
		change(claims)
		changed, err := json.Marshal(claims)
		if err != nil {
			t.Fatal(err)
		}
		return parts[0] + "." + base64.RawURLEncoding.EncodeToString(changed) + "." + parts[2]
	}
	for name, c := range map[string]struct{ token, problem string }{
		"another claim": {with(func(c object) { c["email"] = "root@example.org" }), "somebody changed the token"},
		"another pool":  {with(func(c object) { c["iss"] = "http://127.0.0.1/eu-west-1_no" }), "no pool here has issued"},
		"odd types":     {with(func(c object) { c["exp"], c["iat"], c["iss"] = "soon", []int{1}, nil }), "no pool here"},
	} {
		out, err := p.explains(c.token)
		if err != nil || out.Valid || !strings.Contains(out.Problem, c.problem) {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
	if out, err := other.explains(id); err != nil || out.Valid || !strings.Contains(out.Problem, "no pool here") {
		t.Errorf("at another pool's console: %+v, %v", out, err)
	}
	c := &console{pool: p.pool}
	out, err := c.explain(id, time.Now().Add(2*time.Hour))
	if err != nil || out.Valid || out.Problem != "it has expired" || out.Minutes > 0 {
		t.Errorf("two hours later: %+v, %v", out, err)
	}
	for name, token := range map[string]any{
		"refresh token": tokens["RefreshToken"], "empty": "", "words": "not a token", "no signature": "e30.e30.",
		"other algorithm": base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".",
	} {
		if _, err := p.explains(token); err == nil || !strings.Contains(err.Error(), "not a JSON Web Token with RS256") {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = p.explains(7)
	p.fails(err, "not JSON")
}

// Where the trigger replaces the groups, the token says so.
func TestGroupsOfTheTrigger(t *testing.T) {
	t.Parallel()
	p := open(t, map[string]string{"PreTokenGeneration": "pre-token-generation"}, functions{
		"pre-token-generation": func(_, response object) error {
			response["claimsOverrideDetails"] = object{"groupOverrideDetails": object{"groupsToOverride": []string{"guests"}}}
			return nil
		}}, nil)
	p.calls("CreateGroup", object{"UserPoolId": p.id, "GroupName": "admins"})
	out, err := p.explains(p.signsIn(ines)["AccessToken"])
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range out.Claims {
		if c.Name == "cognito:groups" && (c.From != fromTrigger || string(c.Value) != `["guests"]`) {
			t.Errorf("%+v", c)
		}
	}
}

// Whatever somebody pastes gets an answer or an error.
func FuzzToken(f *testing.F) {
	f.Add("")
	f.Add("e30.e30.e30")
	f.Add("eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.eyJpc3MiOiJodHRwOi8vaC9wIiwiZXhwIjoxZTk5fQ.AAAA")
	f.Add("eyJhbGciOiJSUzI1NiJ9.W10.AAAA")
	c := &console{pool: open(f, nil, nil, nil).pool}
	f.Fuzz(func(t *testing.T, text string) {
		out, err := c.explain(text, time.Now())
		if err == nil && out.Valid {
			t.Errorf("%q is valid", text)
		}
		if err == nil {
			if _, err := json.Marshal(out); err != nil {
				t.Errorf("%q: the answer cannot be written: %v", text, err)
			}
		}
	})
}
