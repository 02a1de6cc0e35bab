package userpool

import (
	"reflect"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/cognito"
)

// Members that have no content, and that AWS writes nevertheless. Sources: the AWS CLI's examples of create-user-pool
// and describe-user-pool; answers of AWS in public reports from 2021 to 2025 (TokenValidityUnits).
func TestEmptyMembersAreWritten(t *testing.T) {
	d := startDirect(t, nil, nil)
	made := d.do("CreateUserPool", object{"PoolName": "q"})
	described := d.do("DescribeUserPool", object{})
	listed := d.do("ListUserPools", object{"MaxResults": 1})["UserPools"].([]any)[0]
	client := d.do("DescribeUserPoolClient", object{})
	for name, got := range map[string]any{
		"the triggers of a new pool":       at(made, "UserPool.LambdaConfig"),
		"the triggers of a described pool": at(described, "UserPool.LambdaConfig"),
		"the triggers of a listed pool":    at(listed, "LambdaConfig"),
		"the tags of a described pool":     at(described, "UserPool.UserPoolTags"),
		"the units of lifetimes":           at(client, "UserPoolClient.TokenValidityUnits"),
	} {
		if !reflect.DeepEqual(got, object{}) {
			t.Errorf("%s: %v, want {}", name, got)
		}
	}
	if tags := at(made, "UserPool.UserPoolTags"); tags != nil {
		t.Errorf("the tags of a new pool: %v, want none", tags)
	}
}

// A custom text or number without bounds has an empty member. Source: the documentation of aws_cognito_user_pool, which
// demands an empty block for both, or else plans another pool.
func TestAttributesWithoutBounds(t *testing.T) {
	d := startDirect(t, object{"Schema": []object{
		{"Name": "word", "AttributeDataType": "String"}, {"Name": "level", "AttributeDataType": "Number"},
	}}, nil)
	want := map[string]string{"custom:word": "StringAttributeConstraints", "custom:level": "NumberAttributeConstraints"}
	for _, one := range at(d.do("DescribeUserPool", object{}), "UserPool.SchemaAttributes").([]any) {
		attribute := one.(object)
		name, _ := attribute["Name"].(string)
		if member := want[name]; member != "" && !reflect.DeepEqual(attribute[member], object{}) {
			t.Errorf("%s of %s is %v, want {}", member, name, attribute[member])
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
}

// Sources: hashicorp/terraform-provider-aws 50085 and 45650 (AWS answers 0), 43531 and 47374 (rotation that a request
// leaves out is disabled, and stays in the answer).
func TestRotationComesBack(t *testing.T) {
	flows := []string{"ALLOW_USER_SRP_AUTH"}
	d := startDirect(t, nil, object{"ExplicitAuthFlows": flows})
	shown := func() any { return at(d.do("DescribeUserPoolClient", object{}), "UserPoolClient.RefreshTokenRotation") }
	if got := shown(); got != nil {
		t.Errorf("of a client that never had it: %v", got)
	}
	for _, step := range []struct {
		name       string
		sent, want any
	}{
		{name: "on", sent: object{"Feature": "ENABLED"},
			want: object{"Feature": "ENABLED", "RetryGracePeriodSeconds": 0.0}},
		{name: "with a grace period", sent: object{"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
			want: object{"Feature": "ENABLED", "RetryGracePeriodSeconds": 10.0}},
		{name: "left out", want: object{"Feature": "DISABLED", "RetryGracePeriodSeconds": 0.0}},
		{name: "left out again", want: object{"Feature": "DISABLED", "RetryGracePeriodSeconds": 0.0}},
	} {
		body := object{"ExplicitAuthFlows": flows}
		if step.sent != nil {
			body["RefreshTokenRotation"] = step.sent
		}
		updated := at(d.do("UpdateUserPoolClient", body), "UserPoolClient.RefreshTokenRotation")
		if !reflect.DeepEqual(updated, step.want) || !reflect.DeepEqual(shown(), step.want) {
			t.Errorf("%s: %v, then %v, want %v", step.name, updated, shown(), step.want)
		}
	}
}

// Events without metadata carry a null. Sources: recorded events of pre authentication and of both sources of user
// migration in public repositories.
func TestEventsWithoutMetadataCarryNull(t *testing.T) {
	w := start(t, setup{})
	w.confirmed(ines)
	w.functions.take()
	for _, name := range []string{ines, "nobody@example.org"} {
		_, err := w.InitiateAuth(t.Context(), &cip.InitiateAuthInput{
			ClientId: w.clientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
			AuthParameters: map[string]string{"USERNAME": name, "PASSWORD": password},
		})
		if (err == nil) != (name == ines) {
			t.Fatalf("%s: %v", name, err)
		}
	}
	seen := map[string]bool{}
	for _, e := range w.functions.take() {
		if e.Source != cognito.UserMigrationAuthentication && e.Source != "PreAuthentication_Authentication" {
			continue
		}
		seen[e.Source] = true
		if value, there := e.Request["validationData"]; !there || value != nil {
			t.Errorf("%s: the request is %v, want a null validationData", e.Source, e.Request)
		}
	}
	if len(seen) != 2 {
		t.Errorf("fired %v, want both triggers", seen)
	}
}
