package inspect_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/local/inspect"
)

func TestCall(t *testing.T) {
	t.Parallel()
	p := start(t)
	build := t.TempDir()
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(build, inspect.FileName), []byte(text), 0o600); err != nil {
			t.Error(err)
		}
	}
	early := inspect.Call{Operation: "SignUp", Build: build}
	if _, err := early.Send(t.Context()); err == nil || !strings.Contains(err.Error(), "no local pool is running") {
		t.Errorf("without a pool: error %v", err)
	}
	write(`{}`)
	if _, err := early.Send(t.Context()); err == nil || !strings.Contains(err.Error(), "has no endpoint") {
		t.Errorf("without an endpoint: error %v", err)
	}
	if err := os.Remove(filepath.Join(build, inspect.FileName)); err != nil {
		t.Fatal(err)
	}
	pools, err := p.ListUserPools(t.Context(), &cip.ListUserPoolsInput{MaxResults: aws.Int32(10)})
	if err != nil {
		t.Fatal(err)
	}
	local, err := json.Marshal(map[string]string{
		"endpoint": p.url, "clientId": *p.clientID, "userPoolId": *pools.UserPools[0].Id})
	if err != nil {
		t.Fatal(err)
	}
	go write(string(local)) // the pool is up a little later
	for _, step := range []struct{ name, operation, input, want, wantError string }{
		{name: "client", operation: "SignUp", want: `"UserConfirmed": false`,
			input: `{"Username":"ann@example.org","Password":"Sunny100%"}`},
		{name: "admin", operation: "AdminGetUser", input: `{"Username":"ann@example.org"}`, want: `"UNCONFIRMED"`},
		{name: "pool", operation: "ListUsers", want: `"Users": [`},
		{name: "refused by a trigger", operation: "SignUp", input: `{"Username":"bad@example.org","Password":"Sunny100%"}`,
			wantError: "UserLambdaValidationException: PreSignUp failed with error Not with this address.."},
		{name: "given client", operation: "SignUp", wantError: "ResourceNotFoundException: ",
			input: `{"ClientId":"other","Username":"a@example.org","Password":"Sunny100%"}`},
		{name: "no such operation", operation: "Fly", wantError: "Exception: "},
		{name: "no JSON", operation: "SignUp", input: `x`, wantError: "the input of SignUp is not a JSON object"},
		{name: "list", operation: "SignUp", input: `[]`, wantError: "the input of SignUp is not a JSON object"},
	} {
		got, err := inspect.Call{Operation: step.operation, Input: []byte(step.input), Build: build,
			Wait: time.Minute}.Send(t.Context())
		switch {
		case step.wantError == "" && (err != nil || !strings.Contains(string(got), step.want)):
			t.Errorf("%s: %s, error %v; want %s", step.name, got, err, step.want)
		case step.wantError != "" && (err == nil || !strings.Contains(err.Error(), step.wantError)):
			t.Errorf("%s: %s, error %v; want %s", step.name, got, err, step.wantError)
		}
	}
}
