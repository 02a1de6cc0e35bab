package stack_test

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	cognitotypes "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/local/stack"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/golden"
)

// foreign copies the repository testdata/foreign, with other text in the trigger's manifest, and compiles its trigger.
func foreign(t *testing.T, manifest string) string {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS(filepath.Join("testdata", "foreign"))); err != nil {
		t.Fatal(err)
	}
	if manifest != "" {
		path := filepath.Join(root, "triggers", "limit-domains", "function.json")
		if err := os.WriteFile(path, []byte(manifest), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	binary := stack.Bootstrap(filepath.Join(root, "build"), "limit-domains")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./testdata/foreign/triggers/limit-domains")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return root
}

// signUpAt signs a user up in a deployed pool and returns the trigger's refusal.
func signUpAt(t *testing.T, s *stack.Stack, client, email string) error {
	t.Helper()
	password := "Correct-horse-battery-7"
	name := "email"
	_, err := s.Cognito.SignUp(t.Context(), &cip.SignUpInput{
		ClientId: &client, Username: &email, Password: &password,
		UserAttributes: []cognitotypes.AttributeType{{Name: &name, Value: &email}},
	})
	return err
}

// A trigger of one's own writes and queries the table that its manifest declares; nobody created it before.
func TestATriggerHasItsOwnTable(t *testing.T) {
	root := foreign(t, "")
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	var logs bytes.Buffer
	s, err := stack.Start(t.Context(), stack.Options{Root: root, Logs: &logs})
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	t.Cleanup(func() {
		if !closed {
			_ = s.Close()
		}
	})
	if s.Table != "" || s.PostsTable != "" || s.APIEndpoint != "" {
		t.Errorf("tables %q and %q, API %q: no function needs them", s.Table, s.PostsTable, s.APIEndpoint)
	}
	pool, err := s.Deploy(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, email := range []string{"a@example.org", "b@example.org", "c@example.com", "d@example.org"} {
		err := signUpAt(t, s, pool.Clients["app"], email)
		if refused := err != nil && strings.Contains(err.Error(), "too many sign-ups of example.org"); refused != (i == 3) {
			t.Fatalf("%s: %v\n%s", email, err, &logs)
		}
	}

	table := s.TableNames()["sign-ups"]
	described, err := s.DynamoDB.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &table})
	if err != nil {
		t.Fatal(err)
	}
	got := described.Table
	if len(got.KeySchema) != 2 || *got.KeySchema[1].AttributeName != "at" || len(got.AttributeDefinitions) != 3 {
		t.Errorf("keys %+v, attributes %+v", got.KeySchema, got.AttributeDefinitions)
	}
	if len(got.GlobalSecondaryIndexes) != 1 ||
		got.GlobalSecondaryIndexes[0].Projection.ProjectionType != types.ProjectionTypeKeysOnly {
		t.Errorf("indexes %+v", got.GlobalSecondaryIndexes)
	}
	if got.StreamSpecification == nil || got.StreamSpecification.StreamViewType != types.StreamViewTypeNewImage {
		t.Errorf("stream %+v", got.StreamSpecification)
	}
	ttl, err := s.DynamoDB.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: &table})
	if err != nil || *ttl.TimeToLiveDescription.AttributeName != "expires_at" {
		t.Errorf("time to live %+v, error %v", ttl, err)
	}

	closed = true
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var gone *types.ResourceNotFoundException
	_, err = local.DynamoDB.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &table})
	if !errors.As(err, &gone) {
		t.Errorf("error %v: the table is still there", err)
	}
}

// The settings file cannot name another table, as in Terraform.
func TestATablesSettingIsNotGiven(t *testing.T) {
	root := foreign(t, "")
	if err := os.WriteFile(filepath.Join(root, "terraform", "pool.auto.tfvars.json"),
		[]byte(`{"triggers":{"limit-domains":{"environment":{"SIGN_UPS_TABLE":"mine"}}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	s, err := stack.Start(t.Context(), stack.Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := s.Deploy(t.Context()); err == nil || !strings.Contains(err.Error(), "take SIGN_UPS_TABLE out") {
		t.Errorf("error %v", err)
	}
}

// poor is a manifest whose function calls Cognito at most.
const poor = `{"hook":"pre_sign_up","timeout_seconds":5,"memory_mb":128,"environment":{"SIGN_UPS_TABLE":""},` +
	`"grants":[{"grant":"cognito:get-user"}],` +
	`"statements":[{"actions":["cognito-idp:AdminGetUser"],"resources":["{pool_arn}"]}]}`

// Without a function that needs it there is no emulator, and so no Python: PATH is empty here. An AWS call that the
// manifest does not declare fails at once and says what to do.
func TestNoEmulatorWithoutNeed(t *testing.T) {
	root := foreign(t, poor)
	t.Setenv("PATH", t.TempDir())
	began := time.Now()
	var logs bytes.Buffer
	s, err := stack.Start(t.Context(), stack.Options{Root: root, Logs: &logs})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	pool, err := s.Deploy(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); s.Emulator != nil || s.Table != "" || s.AWSEndpoint() != "" || took > time.Second {
		t.Errorf("emulator %v, table %q, up after %v", s.Emulator, s.Table, took)
	}
	if err := signUpAt(t, s, pool.Clients["app"], "a@example.org"); err == nil {
		t.Error("the trigger's call of DynamoDB went somewhere")
	}
	for _, want := range []string{"DynamoDB PutItem: NotDeclaredInFunctionJSON", "declare what the function calls"} {
		if !strings.Contains(logs.String(), want) {
			t.Errorf("the log does not have %q:\n%s", want, &logs)
		}
	}
	if got := guest(t, s); got["__type"] != "ExternalServiceException" ||
		!strings.Contains(got["message"].(string), "STS, and this stack runs no AWS emulator") {
		t.Errorf("an identity pool answers %v", got)
	}
	if err := s.Prepare(t.Context(), caseWithProfile(cognito.PreSignUpSignUp)); err == nil ||
		!strings.Contains(err.Error(), "there is no profile table") {
		t.Errorf("error %v", err)
	}

	// Clients of services with the query protocol read XML.
	response, err := http.Post(s.Environment()["AWS_ENDPOINT_URL"], "application/x-www-form-urlencoded; charset=utf-8",
		strings.NewReader("Action=Publish"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got := response.Header.Get("Content-Type"); response.StatusCode != http.StatusBadRequest || got != "text/xml" {
		t.Errorf("status %d, content type %s", response.StatusCode, got)
	}
}

func caseWithProfile(source string) golden.Case {
	return golden.Case{
		Event:  []byte(`{"triggerSource":"` + source + `","userPoolId":"","userName":"ines"}`),
		Config: golden.Config{Profile: &golden.Profile{}},
	}
}
