package stack_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/stack"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/manifest"
)

// duplicate copies a function's binary to a path of its own.
func duplicate(t *testing.T, name string) string {
	t.Helper()
	code, err := os.ReadFile(stack.Bootstrap(local.Repository.Build, name))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bootstrap")
	if err := os.WriteFile(path, code, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func functionOf(t *testing.T, s *stack.Stack, name string) manifest.Function {
	t.Helper()
	f, err := s.Function(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A new binary and manifest run from the next event on, with the settings of the deployment.
func TestReplace(t *testing.T) {
	s := deploy(t, local.Root, nil)
	before := functionOf(t, s, "pre-sign-up")
	f := before
	f.Environment = map[string]string{}
	for name, value := range before.Environment {
		f.Environment[name] = value
	}
	f.Environment["DENIED_EMAIL_DOMAINS"] = "example.org"
	if err := s.Replace(t.Context(), f, duplicate(t, f.Name)); err != nil {
		t.Fatal(err)
	}
	if got := refusal(t, s); !strings.Contains(got, "this domain") {
		t.Errorf("refusal %q, want the new setting's", got)
	}
	posts := functionOf(t, s, "posts")
	if err := s.Replace(t.Context(), posts, duplicate(t, posts.Name)); err != nil {
		t.Fatal(err)
	}
	tell(t, "GET", s.APIEndpoint+"/posts", "", "", 200)
}

// What cannot run leaves the old process answering.
func TestReplaceRefuses(t *testing.T) {
	s := deploy(t, local.Root, nil)
	f := functionOf(t, s, "pre-sign-up")
	broken := filepath.Join(t.TempDir(), "bootstrap")
	if err := os.WriteFile(broken, []byte("#!/bin/sh\nexit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := s.Replace(t.Context(), f, broken); err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("error %v, want how the new process ended", err)
	}
	other := f
	other.Hook = cognito.PostConfirmation
	err := s.Replace(t.Context(), other, duplicate(t, f.Name))
	if err == nil || !strings.Contains(err.Error(), "restart") {
		t.Errorf("error %v, want word of a restart", err)
	}
	if err := s.Replace(t.Context(), manifest.Function{Name: "unknown"}, broken); err != nil {
		t.Errorf("error %v for a function that the pool does not run", err)
	}
	if got := refusal(t, s); got != "" {
		t.Errorf("the old process does not answer: %q", got)
	}
}

// Code decides what runs, and older code is a problem of the event's record.
func TestCode(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	var asked []string
	s, err := stack.Start(t.Context(), stack.Options{Root: local.Root, Code: stack.Code{
		Ready: func(_ context.Context, name string) string {
			asked = append(asked, name)
			return name + " is older"
		},
		Debug: func(f lambdaruntime.Function) *lambdaruntime.Debug {
			if f.Name != "pre-sign-up" {
				return nil
			}
			return &lambdaruntime.Debug{}
		},
		Patient: true,
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := s.Deploy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := refusal(t, s); got != "" {
		t.Errorf("refused: %q", got)
	}
	records := s.Pool.Events().Records(0)
	if len(records) == 0 || len(records[0].Problems) != 1 || records[0].Problems[0] != "pre-sign-up is older" ||
		records[0].Outcome != "ok" {
		t.Errorf("records %+v, want a problem of the first", records)
	}
	tell(t, "GET", s.APIEndpoint+"/posts", "", "", 200)
	if len(asked) < 2 || asked[0] != "pre-sign-up" || asked[len(asked)-1] != "posts" {
		t.Errorf("asked for %v, want every function before its event", asked)
	}
	if err := s.StartFunction(t.Context(), "post-confirmation"); err != nil {
		t.Error(err)
	}
	if err := s.StartFunction(t.Context(), "unknown"); err == nil {
		t.Error("an unknown function was started")
	}
}

// A trigger that is off is demonstrated with the binary that Code names: a run compiles it apart from what it watches.
func TestCodeOfTriggersThatAreOff(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	s, err := stack.Start(t.Context(), stack.Options{Root: local.Root, Code: stack.Code{
		BootstrapOff: func(name string) string { return filepath.Join("off", name) },
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := s.Deploy(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err = s.Demonstrate(t.Context(), nil)
	if err == nil || !strings.Contains(err.Error(), " off"+string(filepath.Separator)) {
		t.Errorf("error %v, want one that names a missing binary below off", err)
	}
}

// refusal signs a user up and returns why the pool refused that; "" if it did not.
func refusal(t *testing.T, s *stack.Stack) string {
	t.Helper()
	pools, err := s.Cognito.ListUserPools(t.Context(), &cip.ListUserPoolsInput{MaxResults: aws.Int32(1)})
	if err != nil || len(pools.UserPools) == 0 {
		t.Fatal(pools, err)
	}
	clients, err := s.Cognito.ListUserPoolClients(t.Context(),
		&cip.ListUserPoolClientsInput{UserPoolId: pools.UserPools[0].Id})
	if err != nil || len(clients.UserPoolClients) == 0 {
		t.Fatal(clients, err)
	}
	email := aws.String("ines@example.org")
	_, err = s.Cognito.SignUp(t.Context(), &cip.SignUpInput{
		ClientId: clients.UserPoolClients[0].ClientId, Username: email, Password: aws.String("Correct-horse-7"),
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: email}},
	})
	if err != nil {
		return err.Error()
	}
	return ""
}
