package soak

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/poolclient"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/repository"
)

var root string

func TestMain(m *testing.M) {
	flag.Parse()
	var err error
	if root, err = repository.Root(); err == nil {
		err = stacktest.Build(context.Background(), root)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "FAIL:", err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestTwoHundredUsers(t *testing.T) {
	const users = 200
	done := make(chan int, users)
	report, err := Run(t.Context(),
		Options{Root: root, Users: users, Concurrency: 32, Logs: t.Output(), Progress: func(n, _ int) { done <- n }})
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	report.Print(&text)
	if report.Failed() || report.Profiles != users || len(done) != users {
		t.Errorf("%d progress reports, report:\n%s", len(done), text.String())
	}
	for _, operation := range []string{"SignUp", "ConfirmSignUp", "InitiateAuth"} {
		if got := len(report.Latencies[operation]); got != users {
			t.Errorf("%d times %s", got, operation)
		}
	}
	// Those who start with a throw-away address fire pre sign-up once more.
	want := firedByEach(t)*users + users/mistakes
	const messages = 2 * users // the code, and post-confirmation's welcome
	if report.Kept.Events != want || report.Kept.Messages != messages {
		t.Errorf("kept %+v, want %d events and %d messages", report.Kept, want, messages)
	}
	if len(report.Memory) < memorySamples || report.Memory[0].RSS == 0 || report.PerUser() <= 0 {
		t.Errorf("memory %v", report.Memory)
	}
}

// firedByEach returns how many of the repository's triggers that are on a user's sign-up and sign-in fire.
func firedByEach(t *testing.T) int {
	t.Helper()
	found, err := manifest.Find(root)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := poolspec.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	fired := 0
	for _, function := range found {
		if !spec.Enabled(function.Name) {
			continue
		}
		switch function.Hook {
		case cognito.PreSignUp, cognito.CustomMessage, cognito.PostConfirmation, cognito.PreAuthentication,
			cognito.PostAuthentication, cognito.PreTokenGeneration:
			fired++
		}
	}
	return fired
}

// A pool without triggers accepts the throw-away address, writes no Korean and assigns no group; the run notices all of
// it.
func TestWrongOutcomesAreNoticed(t *testing.T) {
	server := httptest.NewServer(userpool.Open(userpool.Options{}))
	defer server.Close()
	at := addresses{Endpoint: server.URL, Region: "eu-west-1"}
	client := poolclient.New(at.Endpoint, at.Region)
	made, err := client.CreateUserPool(t.Context(), &cip.CreateUserPoolInput{
		PoolName: aws.String("bare"), UsernameAttributes: []types.UsernameAttributeType{"email"},
		AutoVerifiedAttributes: []types.VerifiedAttributeType{"email"},
		Policies: &types.UserPoolPolicyType{
			PasswordPolicy: &types.PasswordPolicyType{MinimumLength: aws.Int32(8)},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	app, err := client.CreateUserPoolClient(t.Context(), &cip.CreateUserPoolClientInput{
		UserPoolId: made.UserPool.Id, ClientName: aws.String("app"),
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth},
	})
	if err != nil {
		t.Fatal(err)
	}
	at.UserPoolID, at.ClientID = *made.UserPool.Id, *app.UserPoolClient.ClientId
	d := newDriver(at)
	d.users(t.Context(), 0, 2, Options{Users: 2, Concurrency: 2})
	slices.Sort(d.wrong)
	for i, want := range []string{
		"soak-000000@example.org: SignUp with a throw-away address gave <nil>, want UserLambdaValidationException",
		"soak-000001@example.org: message 2 to soak-000001@example.org is not the user's own Korean one",
	} {
		if i >= len(d.wrong) || !sameButNumber(d.wrong[i], want) {
			t.Errorf("wrong outcomes %q, want %q", d.wrong, want)
		}
	}
	u := user{driver: d, email: "soak-000001@example.org", password: "Correct-horse-000001"}
	if _, err := client.AdminConfirmSignUp(t.Context(),
		&cip.AdminConfirmSignUpInput{UserPoolId: made.UserPool.Id, Username: &u.email}); err != nil {
		t.Fatal(err)
	}
	got, err := client.AdminGetUser(t.Context(), &cip.AdminGetUserInput{UserPoolId: made.UserPool.Id, Username: &u.email})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range got.UserAttributes {
		if *a.Name == "sub" {
			u.sub = *a.Value
		}
	}
	if err := u.signIn(t.Context()); err == nil || !strings.Contains(err.Error(), "cognito:groups is []") {
		t.Errorf("error %v for tokens without a group", err)
	}
	u.sub = "another"
	if err := u.signIn(t.Context()); err == nil || !strings.Contains(err.Error(), "it is the id token of") {
		t.Errorf("error %v for another's tokens", err)
	}
}

// sameButNumber removes a message's number, which depends on timing.
func sameButNumber(a, b string) bool {
	return strings.ReplaceAll(a, "message 1", "message 2") == b
}

func TestProfilesAreCompared(t *testing.T) {
	for name, c := range map[string]struct {
		keys []string
		want int // wrong outcomes
	}{
		"one each":       {keys: []string{"p#a", "p#b"}, want: 0},
		"one missing":    {keys: []string{"p#a"}, want: 1},
		"one twice":      {keys: []string{"p#a", "p#a", "p#b"}, want: 1},
		"a stranger's":   {keys: []string{"p#a", "p#b", "p#c"}, want: 1},
		"another pool's": {keys: []string{"p#a", "q#b"}, want: 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := &driver{at: addresses{UserPoolID: "p"}, subs: map[string]string{"a": "ada", "b": "bo"}}
			d.compare(c.keys)
			if d.wrongCount != c.want {
				t.Errorf("wrong outcomes %q, want %d", d.wrong, c.want)
			}
		})
	}
}

func TestReport(t *testing.T) {
	r := Report{
		Users: 200, Concurrency: 8, Took: 2 * time.Second, Profiles: 199, WrongCount: 3, Wrong: []string{"ines: no"},
		Latencies: map[string][]time.Duration{"SignUp": {3 * time.Millisecond, time.Millisecond, 2 * time.Millisecond}},
		Memory:    []Memory{{Users: 0, RSS: 20e6}, {Users: 100, RSS: 30e6}, {Users: 200, RSS: 31e6}},
		Kept:      Kept{Events: 800, EventBytes: 1.5e6, Messages: 200, MessageBytes: 5e5},
	}
	var out strings.Builder
	r.Print(&out)
	for _, want := range []string{
		"200 users signed up and in, 8 at a time, in 2.0 s: 100 users a second",
		"SignUp     3  2.0 ms  3.0 ms  3.0 ms", "    100  30.0 ", " 100.0\n", "Growth: 11.0 MB, 55.0 kB a user",
		"stored profiles   199, want 200", "wrong outcomes    3\n  ines: no\n  and 2 more",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if !r.Failed() || (Report{Users: 1, Profiles: 1}).Failed() || !(Report{Users: 1}).Failed() {
		t.Error("only a report with a wrong outcome or a missing profile must fail")
	}
}

func TestRunRefuses(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		o    Options
		want string
	}{
		"no users":       {ctx: t.Context(), o: Options{Root: root, Concurrency: 1}, want: "at least 1"},
		"no concurrency": {ctx: t.Context(), o: Options{Root: root, Users: 1}, want: "at least 1"},
		"nothing is built": {
			ctx: t.Context(), o: Options{Root: t.TempDir(), Users: 1, Concurrency: 1}, want: filepath.Join("build", "poolctl"),
		},
		"cut off": {ctx: ended, o: Options{Root: root, Users: 1, Concurrency: 1}, want: context.Canceled.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Run(c.ctx, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// The error for a pool that does not start includes its output.
func TestPoolThatDoesNotStart(t *testing.T) {
	broken := t.TempDir()
	script := filepath.Join(broken, "build", "poolctl")
	if err := errors.Join(os.MkdirAll(filepath.Dir(script), 0o755),
		os.WriteFile(script, []byte("#!/bin/sh\necho it is broken\nexit 3\n"), 0o755)); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), Options{Root: broken, Users: 1, Concurrency: 1}); err == nil ||
		!strings.Contains(err.Error(), "it is broken") ||
		!strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("error %v", err)
	}
}
