package attach

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/cognito"
)

func (w *world) planned(poolID string) *Plan {
	w.t.Helper()
	plan, err := w.PlanAttach(w.t.Context(), poolID, triggers(), false)
	if err != nil {
		w.t.Fatal(err)
	}
	return plan
}

// answerInstead makes the pool's API answer one operation without carrying it out.
func (w *world) answerInstead(operation string, status int, body string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.instead[operation] = func() (int, string) { return status, body }
}

func TestPermissionThatFailsLeavesThePool(t *testing.T) {
	w := start(t)
	poolID := w.create(nil)
	before := w.bytesOf(poolID)
	w.lambda.refuse["custom-message"] = true
	wantError(t, w.Apply(t.Context(), w.planned(poolID)), "custom-message", "AccessDeniedException", "was not changed")
	if w.bytesOf(poolID) != before || w.calls("UpdateUserPool") != 0 {
		t.Error("the pool was changed")
	}
	if left := w.lambda.statements(); len(left) > 0 {
		t.Errorf("permissions were left: %q", left)
	}
}

// The error names what could not be revoked, since a second run would not find it.
func TestPermissionThatStays(t *testing.T) {
	w := start(t)
	poolID := w.create(nil)
	w.attach(poolID, triggers()[:2]...)
	plan, err := w.PlanDetach(t.Context(), poolID, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.lambda.refuse["pre-sign-up"] = true
	wantError(t, w.Apply(t.Context(), plan), "statement cognito-triggers-"+poolID, ":function:pre-sign-up ", "by hand")
	if left := w.lambda.statements(); len(left) != 1 {
		t.Errorf("left are %q", left)
	}
}

func TestUpdateThatIsRefused(t *testing.T) {
	w := start(t)
	poolID := w.create(nil)
	w.answerInstead("UpdateUserPool", 400, `{"__type":"InvalidParameterException","message":"The message is invalid."}`)
	wantError(t, w.Apply(t.Context(), w.planned(poolID)), "refused", "not changed", "The message is invalid.")
	if left := w.lambda.statements(); len(left) > 0 {
		t.Errorf("permissions were left: %q", left)
	}
}

func TestUpdateThatMayHaveHappened(t *testing.T) {
	w := start(t)
	poolID := w.create(nil)
	w.answerInstead("UpdateUserPool", 500, `{"__type":"InternalErrorException","message":"?"}`)
	wantError(t, w.Apply(t.Context(), w.planned(poolID)), "unknown", "run the command again")
	if left := w.lambda.statements(); len(left) != len(triggers()) {
		t.Errorf("the pool may call the functions now and needs its permissions: %q", left)
	}
}

func TestSomebodyElseWasFaster(t *testing.T) {
	w := start(t)
	poolID := w.create(nil)
	plan := w.planned(poolID)
	_, err := w.Pools.UpdateUserPool(t.Context(),
		&cip.UpdateUserPoolInput{UserPoolId: &poolID, DeletionProtection: types.DeletionProtectionTypeActive})
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, w.Apply(t.Context(), plan), "somebody else", `DeletionProtection: "INACTIVE" -> "ACTIVE"`,
		"run the command again")
	if w.calls("UpdateUserPool") != 1 || len(w.lambda.statements()) > 0 {
		t.Error("it was changed anyway")
	}
}

// The error names whatever Cognito changed besides the triggers.
func TestLossesAreReported(t *testing.T) {
	set := func(name, value string) func(document) {
		return func(d document) { d[name] = json.RawMessage(value) }
	}
	cases := []struct {
		name, operation string
		change          func(document)
		want            string
	}{
		{
			name: "setting lost", operation: "pool", change: func(pool document) { delete(pool, "DeletionProtection") },
			want: `DeletionProtection: "INACTIVE" -> not set`,
		},
		{
			name: "setting changed", operation: "pool", change: set("Policies", `{"PasswordPolicy":{"MinimumLength":6}}`),
			want: "Policies.PasswordPolicy.MinimumLength: 8 -> 6",
		},
		{
			name: "setting new", operation: "pool", change: set("UserPoolTags", `{"a":"b"}`),
			want: `UserPoolTags.a: not set -> "b"`,
		},
		{name: "trigger lost", operation: "pool", change: set(lambdaConfig, `{}`), want: "LambdaConfig.PreSignUp: "},
		{
			name: "second factor lost", operation: "GetUserPoolMfaConfig",
			change: set("SoftwareTokenMfaConfiguration", `{"Enabled":false}`),
			want:   "second factors (GetUserPoolMfaConfig): SoftwareTokenMfaConfiguration",
		},
		{name: "times and counts", operation: "pool", change: set("EstimatedNumberOfUsers", "12")},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := start(t)
			poolID := w.create(nil)
			plan := w.planned(poolID)
			afterwards := func(change func(document)) func(document) {
				return func(d document) {
					if len(w.updates) > 0 {
						change(d)
					}
				}
			}
			if c.operation == "pool" {
				w.bendPool(afterwards(c.change))
			} else {
				w.answers[c.operation] = afterwards(c.change)
			}
			err := w.Apply(t.Context(), plan)
			if c.want == "" && err != nil {
				t.Error(err)
			} else if c.want != "" {
				wantError(t, err, "NOT AS IT SHOULD BE", c.want)
			}
		})
	}
}

// The MFA settings that only SetUserPoolMfaConfig sets are still there.
func TestSecondFactorsSurvive(t *testing.T) {
	w := start(t)
	poolID := w.create(nil)
	_, err := w.Pools.SetUserPoolMfaConfig(t.Context(), &cip.SetUserPoolMfaConfigInput{
		UserPoolId: &poolID, MfaConfiguration: types.UserPoolMfaTypeOptional,
		SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.attach(poolID, triggers()...)
	got, err := w.Pools.GetUserPoolMfaConfig(t.Context(), &cip.GetUserPoolMfaConfigInput{UserPoolId: &poolID})
	if err != nil {
		t.Fatal(err)
	}
	if got.MfaConfiguration != types.UserPoolMfaTypeOptional || got.SoftwareTokenMfaConfiguration == nil ||
		!got.SoftwareTokenMfaConfiguration.Enabled {
		t.Errorf("second factors are %+v", got)
	}
}

func TestPoolIsNotThere(t *testing.T) {
	w := start(t)
	_, err := w.PlanAttach(t.Context(), "eu-west-1_nowhere00", triggers(), false)
	wantError(t, err, "reading the user pool", "ResourceNotFoundException")
}

// A deleted function can be detached; its permission is gone with it.
func TestFunctionIsGone(t *testing.T) {
	w := start(t)
	poolID := w.create(func(in *cip.CreateUserPoolInput) {
		in.LambdaConfig.PreSignUp = aws.String(functionARN + "deleted")
	})
	if plan := w.detach(poolID, cognito.PreSignUp); len(plan.changes) != 1 || len(plan.revokes) != 0 {
		t.Errorf("planned %+v", plan)
	}
}

func TestRegion(t *testing.T) {
	if region, err := Region("ap-northeast-2_AbC123"); err != nil || region != "ap-northeast-2" {
		t.Error(region, err)
	}
	for _, wrong := range []string{"", "AbC123", "_AbC", "eu-west-1_"} {
		_, err := Region(wrong)
		wantError(t, err, "--user-pool-id")
	}
}
