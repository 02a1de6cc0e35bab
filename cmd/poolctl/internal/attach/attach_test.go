package attach

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/cognito"
)

func TestAttachAgainChangesNothing(t *testing.T) {
	w := start(t)
	poolID := w.create(nil)
	w.attach(poolID, triggers()...)
	pool, changes := w.bytesOf(poolID), w.lambda.changes()
	if changes != len(triggers()) {
		t.Errorf("%d changes of policies, want %d", changes, len(triggers()))
	}
	if plan := w.attach(poolID, triggers()...); !plan.Empty() {
		t.Errorf("planned %+v", plan)
	}
	if w.bytesOf(poolID) != pool || w.lambda.changes() != changes || w.calls("UpdateUserPool") != 1 {
		t.Error("the second attach changed something")
	}
}

func TestPermissionsNameThePoolAndTheAccount(t *testing.T) {
	w := start(t)
	poolID := w.create(nil)
	first := triggers()[0]
	first.Alias = "live"
	w.attach(poolID, first)
	want := "pre-sign-up:live cognito-triggers-" + poolID +
		" lambda:InvokeFunction map[Service:cognito-idp.amazonaws.com] " +
		"map[ArnLike:map[AWS:SourceArn:arn:aws:cognito-idp:eu-west-1:000000000000:userpool/" + poolID +
		"] StringEquals:map[AWS:SourceAccount:000000000000]]"
	if got := w.lambda.statements(); !slices.Equal(got, []string{want}) {
		t.Errorf("statements %q\nwant %q", got, want)
	}
	w.detach(poolID)
	if got := w.lambda.statements(); len(got) > 0 {
		t.Errorf("detach left %q", got)
	}
}

// A statement with our ID but other content is corrected.
func TestWrongPermissionIsReplaced(t *testing.T) {
	const function = "pre-sign-up"
	conditions := func(s map[string]any) map[string]any { return s["Condition"].(map[string]any) }
	cases := map[string]func(s map[string]any){
		"any pool": func(s map[string]any) {
			conditions(s)["ArnLike"].(map[string]string)["AWS:SourceArn"] = "arn:aws:cognito-idp:*"
		},
		"any account": func(s map[string]any) { delete(conditions(s), "StringEquals") },
		"one more demand": func(s map[string]any) {
			conditions(s)["StringLike"] = map[string]string{"aws:PrincipalOrgID": "o"}
		},
		"several accounts": func(s map[string]any) {
			conditions(s)["StringEquals"] = map[string]any{"AWS:SourceAccount": []string{"1", "2"}}
		},
		"anybody":       func(s map[string]any) { s["Principal"] = "*" },
		"other service": func(s map[string]any) { s["Principal"] = map[string]string{"Service": "s3.amazonaws.com"} },
		"denied":        func(s map[string]any) { s["Effect"] = "Deny" },
		"other action":  func(s map[string]any) { s["Action"] = "lambda:GetFunction" },
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			w := start(t)
			poolID := w.create(nil)
			w.attach(poolID, triggers()[0])
			right := w.lambda.statements()
			spoil(w.lambda.policies[function]["cognito-triggers-"+poolID])
			if plan := w.attach(poolID, triggers()[0]); len(plan.grants) != 1 || !plan.grants[0].replaces {
				t.Errorf("planned %+v", plan.grants)
			}
			if got := w.lambda.statements(); !slices.Equal(got, right) {
				t.Errorf("statements %q, want %q", got, right)
			}
		})
	}
}

func TestPlansChangeNothing(t *testing.T) {
	w := start(t)
	poolID := w.create(nil)
	before := w.bytesOf(poolID)
	plan, err := w.PlanAttach(t.Context(), poolID, triggers(), false)
	if err != nil || plan.Empty() {
		t.Fatal(plan, err)
	}
	if _, err := w.PlanDetach(t.Context(), poolID, []cognito.Hook{cognito.PreSignUp}); err != nil {
		t.Fatal(err)
	}
	if w.bytesOf(poolID) != before || w.lambda.changes() != 0 || w.calls("UpdateUserPool") != 0 {
		t.Error("a plan changed something")
	}
}

func TestSomebodyElsesTriggerStays(t *testing.T) {
	w := start(t)
	poolID := w.create(func(in *cip.CreateUserPoolInput) {
		in.LambdaConfig.PreSignUp, in.LambdaConfig.PreAuthentication = aws.String(otherARN), aws.String(otherARN)
	})
	before := w.bytesOf(poolID)
	w.lambda.put("somebody-elses", "by-hand", cognitoService, "arn", "1")
	_, err := w.PlanAttach(t.Context(), poolID, triggers(), false)
	wantError(t, err, "pre-sign-up", otherARN, "--replace")
	if w.bytesOf(poolID) != before || w.lambda.changes() != 0 {
		t.Error("something was changed anyway")
	}
	plan, err := w.PlanAttach(t.Context(), poolID, triggers(), true)
	if err != nil {
		t.Fatal(err)
	}
	var shown strings.Builder
	_ = plan.Write(&shown)
	if !strings.Contains(shown.String(), "~ pre_sign_up: "+otherARN+"\n") {
		t.Errorf("shown:\n%s", shown.String())
	}
	if err := w.Apply(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(w.lambda.statements(),
		func(s string) bool { return strings.HasPrefix(s, "somebody-elses by-hand") }) {
		t.Error("somebody else's permission is gone")
	}
	w.detach(poolID) // removes only what attach put there
	if got := w.bytesOf(poolID); !strings.Contains(got, `"LambdaConfig":{"PreAuthentication":"`+otherARN+`"}`) {
		t.Errorf("left is %s", got)
	}
	if plan := w.detach(poolID, cognito.PreAuthentication); len(plan.changes) != 1 {
		t.Errorf("the hook that was named was not emptied: %+v", plan)
	}
}

// A function that attach put there is replaced by its alias without --replace, and its permission is revoked.
func TestOwnTriggerIsUpdated(t *testing.T) {
	w := start(t)
	poolID := w.create(nil)
	w.attach(poolID, triggers()...)
	aliased := triggers()
	for i := range aliased {
		aliased[i].Alias = "live"
	}
	w.attach(poolID, aliased...)
	for _, s := range w.lambda.statements() {
		if !strings.Contains(strings.Fields(s)[0], ":live") {
			t.Errorf("left is %s", s)
		}
	}
	if got := w.bytesOf(poolID); strings.Count(got, `:live"`) != len(aliased) {
		t.Errorf("attached are %s", got)
	}
}

// The permission stays while the function serves another hook.
func TestPermissionStaysWhileItIsNeeded(t *testing.T) {
	w := start(t)
	poolID := w.create(nil)
	both := triggers()[:2]
	both[1].Function = both[0].Function
	if plan := w.attach(poolID, both...); len(plan.grants) != 1 {
		t.Errorf("%d permissions for one function", len(plan.grants))
	}
	w.detach(poolID, cognito.PreSignUp)
	if got := w.lambda.statements(); len(got) != 1 {
		t.Errorf("statements %q", got)
	}
	w.detach(poolID, cognito.PostConfirmation)
	if got := w.lambda.statements(); len(got) != 0 {
		t.Errorf("statements %q", got)
	}
}

func TestTriggersThatDoNotFit(t *testing.T) {
	byCognito := func(in *cip.CreateUserPoolInput) { in.EmailConfiguration = nil }
	lite := func(in *cip.CreateUserPoolInput) { in.UserPoolTier = types.UserPoolTierTypeLite }
	liteWithSecurity := func(in *cip.CreateUserPoolInput) {
		lite(in)
		in.UserPoolAddOns = &types.UserPoolAddOnsType{AdvancedSecurityMode: types.AdvancedSecurityModeTypeAudit}
	}
	message, token := triggers()[2], triggers()[3]
	tokenV1, missing, noAlias, elsewhere := token, triggers()[0], triggers()[0], triggers()[0]
	tokenV1.Version, missing.Function, noAlias.Alias = "V1_0", "nowhere", "green"
	elsewhere.Function = "arn:aws:lambda:us-east-1:000000000000:function:pre-sign-up"
	sender := Trigger{Name: "sender", Hook: cognito.CustomEmailSender, Version: "V1_0", Function: "pre-sign-up"}
	cases := []struct {
		name    string
		pool    func(*cip.CreateUserPoolInput)
		trigger Trigger
		want    []string // nil: fits
	}{
		{name: "custom message with SES", trigger: message},
		{
			name: "custom message without SES", pool: byCognito, trigger: message,
			want: []string{"custom-message", "Amazon SES", "DEVELOPER", "--trigger"},
		},
		{
			name: "events V2_0 on LITE", pool: lite, trigger: token,
			want: []string{"pre-token-generation", "V2_0", "ESSENTIALS", "event_version"},
		},
		{name: "events V1_0 on LITE", pool: lite, trigger: tokenV1},
		{name: "events V2_0 on LITE with threat protection", pool: liteWithSecurity, trigger: token},
		{name: "sender without a key", trigger: sender, want: []string{"sender", "KMSKeyID"}},
		{name: "missing function", trigger: missing, want: []string{"pre-sign-up", "nowhere", "--function-arn"}},
		{name: "missing alias", trigger: noAlias, want: []string{"pre-sign-up", "alias green"}},
		{name: "other Region", trigger: elsewhere, want: []string{"us-east-1", "eu-west-1"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := start(t)
			_, err := w.PlanAttach(t.Context(), w.create(c.pool), []Trigger{c.trigger}, false)
			if c.want == nil && err != nil {
				t.Error(err)
			} else if c.want != nil {
				wantError(t, err, c.want...)
			}
		})
	}
}

func TestPlanIsReadable(t *testing.T) {
	w := start(t)
	poolID := w.create(func(in *cip.CreateUserPoolInput) { in.LambdaConfig.PreSignUp = aws.String(otherARN) })
	plan, err := w.PlanAttach(t.Context(), poolID, slices.Concat(triggers()[:1], triggers()[3:]), true)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	if err := plan.Write(&got); err != nil {
		t.Fatal(err)
	}
	const want = `user pool POOL "people"
  lambda_config
    ~ pre_sign_up: arn:aws:lambda:eu-west-1:000000000000:function:somebody-elses
                -> arn:aws:lambda:eu-west-1:000000000000:function:pre-sign-up
    + pre_token_generation: arn:aws:lambda:eu-west-1:000000000000:function:pre-token-generation (events V2_0)
  permissions
    + arn:aws:lambda:eu-west-1:000000000000:function:pre-sign-up may be invoked by this pool ` +
		`(statement cognito-triggers-POOL)
    + arn:aws:lambda:eu-west-1:000000000000:function:pre-token-generation may be invoked by this pool ` +
		`(statement cognito-triggers-POOL)
  all other settings (9) are sent back unchanged
`
	if text := strings.ReplaceAll(got.String(), poolID, "POOL"); text != want {
		t.Errorf("shown:\n%s\nwant:\n%s", text, want)
	}
	if body := map[string]json.RawMessage(plan.body); len(body) != 11 {
		t.Errorf("sent are %d members", len(body))
	}
}

// The provider of Terraform cannot attach this hook, so poolctl must, and keep what is attached.
func TestInboundFederationIsPlanned(t *testing.T) {
	w := start(t)
	poolID := w.create(nil)
	w.attach(poolID, triggers()...)
	const function = "inbound-federation"
	w.lambda.functions[function] = true
	plan, err := w.PlanAttach(t.Context(), poolID,
		[]Trigger{{Name: function, Hook: cognito.InboundFederation, Version: "V1_0", Function: function}}, false)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := plan.Write(&text); err != nil {
		t.Fatal(err)
	}
	if got := text.String(); !strings.Contains(got, "+ inbound_federation: "+functionARN+function+" (events V1_0)") ||
		strings.Contains(got, "- ") {
		t.Errorf("plan\n%s", got)
	}
}
