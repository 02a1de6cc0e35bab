package attach

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/cognito"
)

// A newer SDK may know more members; somebody must look at each before it is carried.
func TestMembersAreThoseOfTheAPI(t *testing.T) {
	fields := func(of reflect.Type) []string {
		var names []string
		for field := range of.Fields() {
			if field.IsExported() {
				names = append(names, field.Name)
			}
		}
		return names
	}
	described, taken := fields(reflect.TypeFor[types.UserPoolType]()), fields(reflect.TypeFor[cip.UpdateUserPoolInput]())
	for _, name := range described {
		if slices.Contains(carried, name) == slices.Contains(fixed, name) {
			t.Errorf("%s must be in one of the lists carried and fixed", name)
		}
		if slices.Contains(carried, name) != slices.Contains(taken, name) {
			t.Errorf("UpdateUserPool takes %s: %t", name, slices.Contains(taken, name))
		}
	}
	for _, name := range taken {
		if name != "UserPoolId" && name != "PoolName" && !slices.Contains(carried, name) {
			t.Errorf("UpdateUserPool resets %s if it is omitted", name)
		}
	}
	for _, hook := range cognito.Hooks() {
		member := hook.Contract().Member
		if _, ok := reflect.TypeFor[types.LambdaConfigType]().FieldByName(member); !ok {
			t.Errorf("%s: LambdaConfig has no %s", hook, member)
		}
	}
}

func TestUnknownSettingsAreRefused(t *testing.T) {
	w := start(t)
	poolID := w.create(nil)
	before := w.bytesOf(poolID)
	w.bendPool(func(pool document) {
		pool["Sentinel"], pool["AnotherNewSetting"] = json.RawMessage(`{"On":true}`), json.RawMessage(`1`)
		pool["NewButNotSet"] = json.RawMessage(`null`)
	})
	_, err := w.PlanAttach(t.Context(), poolID, triggers(), false)
	wantError(t, err, "AnotherNewSetting, Sentinel.", "Nothing was changed")
	if strings.Contains(err.Error(), "NewButNotSet") {
		t.Error("a null member was taken for a setting")
	}
	_, err = w.PlanDetach(t.Context(), poolID, []cognito.Hook{cognito.PreSignUp})
	wantError(t, err, "Sentinel")
	if w.calls("UpdateUserPool") != 0 || w.lambda.changes() != 0 {
		t.Error("something was changed anyway")
	}
	w.bendPool(nil)
	if after := w.bytesOf(poolID); after != before {
		t.Errorf("the pool changed to %s", after)
	}
}

// The content of a setting is sent back unchanged, including unknown and false members.
func TestSettingsGoBackAsTheyCame(t *testing.T) {
	const policies = `{"PasswordPolicy":{"MinimumLength":8,"RequireSymbols":false,"NewRule":{"Words":["a","b"],` +
		`"Limit":12345678901234567890}}}`
	w := start(t)
	poolID := w.create(nil)
	w.bendPool(func(pool document) {
		pool["Policies"] = json.RawMessage(policies)
		pool["DeviceConfiguration"] = json.RawMessage(
			`{"ChallengeRequiredOnNewDevice":false,"DeviceOnlyRememberedOnUserPrompt":false}`)
	})
	plan, err := w.PlanAttach(t.Context(), poolID, triggers()[:1], false)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.update(t.Context(), poolID, plan.body); err != nil {
		t.Fatal(err)
	}
	sent := w.updates[0]
	if string(sent["Policies"]) != policies {
		t.Errorf("Policies went back as %s", sent["Policies"])
	}
	if got := string(sent["DeviceConfiguration"]); got !=
		`{"ChallengeRequiredOnNewDevice":false,"DeviceOnlyRememberedOnUserPrompt":false}` {
		t.Errorf("DeviceConfiguration went back as %s", got)
	}
	if string(sent["UserPoolId"]) != `"`+poolID+`"` || string(sent["PoolName"]) != `"people"` {
		t.Errorf("sent for %s %s", sent["UserPoolId"], sent["PoolName"])
	}
	for _, name := range fixed {
		if sent[name] != nil {
			t.Errorf("%s was sent", name)
		}
	}
}

func TestDaysOfTemporaryPasswords(t *testing.T) {
	cases := []struct {
		name, policies, admin string
		want                  string
		note                  bool
	}{
		{
			name: "both alike", policies: `{"PasswordPolicy":{"TemporaryPasswordValidityDays":7}}`,
			admin: `{"AllowAdminCreateUserOnly":true,"UnusedAccountValidityDays":7}`, want: `{"AllowAdminCreateUserOnly":true}`,
		},
		{
			name: "both, not alike", policies: `{"PasswordPolicy":{"TemporaryPasswordValidityDays":7}}`,
			admin: `{"UnusedAccountValidityDays":30}`, want: `{}`, note: true,
		},
		{
			name: "the new one", policies: `{"PasswordPolicy":{"TemporaryPasswordValidityDays":7}}`,
			admin: `{"AllowAdminCreateUserOnly":true}`, want: `{"AllowAdminCreateUserOnly":true}`,
		},
		{
			name: "the old one", policies: `{"PasswordPolicy":{"MinimumLength":8}}`, admin: `{"UnusedAccountValidityDays":30}`,
			want: `{"UnusedAccountValidityDays":30}`,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			body, notes, err := request(document{"Policies": json.RawMessage(c.policies), adminConfig: json.RawMessage(c.admin)},
				lambdas{})
			if err != nil {
				t.Fatal(err)
			}
			if string(body[adminConfig]) != c.want || (len(notes) == 1) != c.note {
				t.Errorf("sent %s with the notes %q, want %s", body[adminConfig], notes, c.want)
			}
		})
	}
}

// Attaching works for a pool that describes both names, though Cognito no longer describes the old one afterwards.
func TestOldDaysAreNoDifference(t *testing.T) {
	w := start(t)
	poolID := w.create(func(in *cip.CreateUserPoolInput) {
		in.AdminCreateUserConfig = &types.AdminCreateUserConfigType{UnusedAccountValidityDays: 7}
	})
	w.attach(poolID, triggers()...)
}

func TestPreTokenGenerationStandsTwice(t *testing.T) {
	w := start(t)
	const function = functionARN + "pre-token-generation"
	poolID := w.create(func(in *cip.CreateUserPoolInput) {
		in.LambdaConfig.PreTokenGeneration = aws.String(function) // described as two members
	})
	plan := w.attach(poolID, triggers()[3])
	if len(plan.changes) != 1 || plan.changes[0].before.Version != "V1_0" || plan.changes[0].now.Version != "V2_0" {
		t.Errorf("planned %+v", plan.changes)
	}
	w.bendPool(func(pool document) { // as AWS may describe it
		pool[lambdaConfig] = json.RawMessage(
			`{"PreTokenGeneration":"` + function + `","PreTokenGenerationConfig":{"LambdaVersion":"V2_0","LambdaArn":"` +
				function + `"}}`)
	})
	if plan := w.attach(poolID, triggers()[3]); !plan.Empty() {
		t.Errorf("planned %+v again", plan.changes)
	}
	w.bendPool(nil)
	w.detach(poolID)
	if got := w.bytesOf(poolID); strings.Contains(got, "PreTokenGeneration") {
		t.Errorf("left in %s", got)
	}
}
