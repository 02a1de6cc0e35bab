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
	set := compile(t,
		`{"claim":"tenant","token":"both","value":{"id":"acme <&>","seats":12}},{"claim":"이름","token":"access",`+
			`"value":"김민서 \"m\""},{"scopes":{"add":["billing/read"],"suppress":["openid"]}},{"groups":{"add":["모두"]}}`)
	in := otherRoles()
	override, err := set.Evaluate(in)
	if err != nil {
		t.Fatal(err)
	}
	groups := `"cognito:groups":["staff","editors","모두"],`
	for token, want := range map[cognito.Token]string{
		cognito.ID: `"tenant":{"id":"acme <&>","seats":12},` + groups +
			`"cognito:roles":["arn:aws:iam::123456789012:role/staff"],` +
			`"cognito:preferred_role":"arn:aws:iam::123456789012:role/staff",`,
		cognito.Access: `"tenant":{"id":"acme <&>","seats":12},"이름":"김민서 \"m\"",` + groups +
			`"scope":"aws.cognito.signin.user.admin billing/read",`,
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
		{what: "within", in: ines, rules: `{"claim":"a","token":"access","value":1}`, bytes: 4096, want: ""},
		{
			what:  "50 long groups without any rule",
			in:    groups(50),
			bytes: 4096,
			want:  "the access token would carry 5366 bytes",
		},
		{
			what:  "50 long groups, suppressed",
			in:    groups(50),
			rules: `{"suppress":["cognito:groups"],"token":"both"}`,
			bytes: 4096,
			want:  "",
		},
		{what: "50 long groups, taken away", in: groups(50), rules: `{"groups":{"set":["staff"]}}`, bytes: 4096, want: ""},
		{
			what:  "long constant in the ID token",
			in:    ines,
			rules: `{"claim":"a","token":"id","value":"` + strings.Repeat("x", 5000) + `"}`,
			bytes: 4096,
			want:  "the id token would carry",
		},
		{
			what:  "long metadata",
			in:    without(func(in *Input) { in.ClientMetadata["note"] = strings.Repeat("x", 5000) }),
			rules: `{"claim":"a","token":"access","from":"clientMetadata.note","trust":"user"}`,
			bytes: 4096,
			want:  "the access token would carry",
		},
		{
			what:  "exactly the budget",
			in:    groups(0),
			rules: `{"claim":"a","token":"access","value":"xxx"}`,
			bytes: len(`"a":"xxx","scope":"openid aws.cognito.signin.user.admin",`),
			want:  "",
		},
		{
			what:  "one more than the budget",
			in:    groups(0),
			rules: `{"claim":"a","token":"access","value":"xxxx"}`,
			bytes: len(`"a":"xxx","scope":"openid aws.cognito.signin.user.admin",`),
			want:  "the access token would carry",
		},
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
		override.ID.Claims = append(override.ID.Claims, Claim{Name: fmt.Sprint("c", i), Value: json.RawMessage("1")})
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
