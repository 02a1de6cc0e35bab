package claims

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
)

func TestBudgetCountsWhatAReaderCounts(t *testing.T) {
	set := compile(t, `{"claim":"tenant","token":"both","value":{"id":"acme <&>","seats":12}},{"claim":"이름","token":"access","value":"김민서 \"m\""},{"scopes":{"add":["billing/read"],"suppress":["openid"]}},{"groups":{"add":["모두"]}}`)
	in := otherRoles()
	override, err := set.Evaluate(in)
	if err != nil {
		t.Fatal(err)
	}
	groups := `"cognito:groups":["staff","editors","모두"],`
	for token, want := range map[cognito.Token]string{
		cognito.ID:     `"tenant":{"id":"acme <&>","seats":12},` + groups + `"cognito:roles":["arn:aws:iam::123456789012:role/staff"],"cognito:preferred_role":"arn:aws:iam::123456789012:role/staff",`,
		cognito.Access: `"tenant":{"id":"acme <&>","seats":12},"이름":"김민서 \"m\"",` + groups + `"scope":"aws.cognito.signin.user.admin billing/read",`,
	} {
		if got := override.size(in, token); got != len(want) {
			t.Errorf("%s token: %d bytes, want %d for %s", token, got, len(want), want)
		}
	}
}

func TestBudget(t *testing.T) {
	long := strings.Repeat("x", 100)
	groups := func(count int) func() *Input {
		return without(func(in *Input) {
			in.Groups.GroupsToOverride = nil
			for i := range count {
				in.Groups.GroupsToOverride = append(in.Groups.GroupsToOverride, fmt.Sprintf("%s-%02d", long, i))
			}
		})
	}
	for _, c := range []struct {
		what  string
		in    func() *Input
		rules string
		bytes int
		want  string
	}{
		{"within", ines, `{"claim":"a","token":"access","value":1}`, 4096, ""},
		{"50 long groups without any rule", groups(50), ``, 4096, "the access token would carry 5366 bytes"},
		{"50 long groups, suppressed", groups(50), `{"suppress":["cognito:groups"],"token":"both"}`, 4096, ""},
		{"50 long groups, taken away", groups(50), `{"groups":{"set":["staff"]}}`, 4096, ""},
		{"long constant in the ID token", ines, `{"claim":"a","token":"id","value":"` + strings.Repeat("x", 5000) + `"}`, 4096, "the id token would carry"},
		{"long metadata", without(func(in *Input) { in.ClientMetadata["note"] = strings.Repeat("x", 5000) }), `{"claim":"a","token":"access","from":"clientMetadata.note","trust":"user"}`, 4096, "the access token would carry"},
		{"exactly the budget", groups(0), `{"claim":"a","token":"access","value":"xxx"}`, len(`"a":"xxx","scope":"openid aws.cognito.signin.user.admin",`), ""},
		{"one more than the budget", groups(0), `{"claim":"a","token":"access","value":"xxxx"}`, len(`"a":"xxx","scope":"openid aws.cognito.signin.user.admin",`), "the access token would carry"},
	} {
		t.Run(c.what, func(t *testing.T) {
			override, err := compile(t, c.rules).Evaluate(c.in())
			if err != nil {
				t.Fatal(err)
			}
			err = override.CheckBudget(c.in(), c.bytes)
			wantError(t, err, c.want)
			if again := override.CheckBudget(c.in(), c.bytes); fmt.Sprint(again) != fmt.Sprint(err) {
				t.Errorf("a second look says %v", again)
			}
			if strings.Contains(fmt.Sprint(err), "xxx") {
				t.Error("the error holds a value")
			}
		})
	}
}

func TestBudgetOfClaimsAndScopes(t *testing.T) {
	override := &Override{}
	for i := range cognito.MaxClaims + 1 {
		override.ID.Claims = append(override.ID.Claims, Claim{fmt.Sprint("c", i), json.RawMessage("1")})
	}
	err := override.CheckBudget(&Input{Version: cognito.V2}, 1<<20)
	var budget *BudgetError
	if !errors.As(err, &budget) || budget.Size != cognito.MaxClaims+1 {
		t.Errorf("error %v, want one about %d claims", err, cognito.MaxClaims+1)
	}
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("error %v, want none", err)
	case want != "" && err == nil:
		t.Errorf("no error, want one with %q", want)
	case err != nil && !strings.Contains(err.Error(), want):
		t.Errorf("error %q, want one with %q", err, want)
	}
}
