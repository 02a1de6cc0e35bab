package sdkconfig

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/cognito"
)

// TestEveryMemberOfTheSDK checks that the contract and the SDK have the same members with the same types.
func TestEveryMemberOfTheSDK(t *testing.T) {
	t.Parallel()
	known := map[string]bool{cognito.KeyMember: true}
	for _, hook := range cognito.Hooks() {
		contract := hook.Contract()
		known[contract.Member] = true
		if contract.PlainMember != "" {
			known[contract.PlainMember] = true
		}
		field, there := reflect.TypeFor[types.LambdaConfigType]().FieldByName(contract.Member)
		if versioned := there && field.Type.Elem().Kind() == reflect.Struct; !there || versioned != contract.Versioned {
			t.Errorf("%s: the SDK has it: %v, versioned: %v; the contract says versioned: %v", contract.Member, there, versioned,
				contract.Versioned)
		}
	}
	for i := range reflect.TypeFor[types.LambdaConfigType]().NumField() {
		field := reflect.TypeFor[types.LambdaConfigType]().Field(i)
		if field.IsExported() && !known[field.Name] {
			t.Errorf("the contract has no %s", field.Name)
		}
	}
}

func TestThereAndBack(t *testing.T) {
	t.Parallel()
	for _, hook := range cognito.Hooks() {
		t.Run(string(hook), func(t *testing.T) {
			t.Parallel()
			want := cognito.Function{ARN: "arn:aws:lambda:eu-west-1:000000000000:function:f"}
			if versions := hook.Versions(); versions != nil {
				want.Version = versions[len(versions)-1]
			}
			var config cognito.LambdaConfig
			config.Set(hook, want)
			config.SetKey("arn:aws:kms:eu-west-1:000000000000:key/k")
			sdk, err := To(config)
			if err != nil {
				t.Fatal(err)
			}
			if field := reflect.ValueOf(sdk).Elem().FieldByName(hook.Contract().Member); field.IsNil() {
				t.Fatalf("%s is not set in %+v", hook.Contract().Member, sdk)
			}
			back, err := From(sdk)
			if err != nil {
				t.Fatal(err)
			}
			if got, attached := back.Function(hook); !attached || got != want || back.Key() != config.Key() ||
				len(back.ARNs()) != 1 {
				t.Errorf("came back as %v and %q", got, back.Key())
			}
		})
	}
}

func TestUnknownToTheSDK(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ config, want string }{
		"member": {config: `{"PostSignOut":"arn"}`, want: "no member PostSignOut"},
		"nested member": {
			config: `{"CustomEmailSender":{"LambdaArn":"a","LambdaVersion":"V1_0","Retries":1}}`,
			want:   "CustomEmailSender: the AWS SDK has no member Retries",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var config cognito.LambdaConfig
			if err := json.Unmarshal([]byte(c.config), &config); err != nil {
				t.Fatal(err)
			}
			if _, err := To(config); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
	if empty, err := From(nil); err != nil || len(empty.ARNs()) != 0 {
		t.Errorf("nothing became %+v, error %v", empty, err)
	}
}
