package stack_test

import (
	"bytes"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/stack"
	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events/sample"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/goldenprofile"
)

var local *stack.Stack

func TestMain(m *testing.M) { stacktest.Main(m, &local, nil) }

func runner(t *testing.T, s *stack.Stack, name string, settings map[string]string) *lambdaruntime.Runner {
	t.Helper()
	r, err := s.Runner(name, settings)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func event(t *testing.T, source, version string) []byte {
	t.Helper()
	e, err := sample.Event(source, version)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestRunnersAreSharedBySettings(t *testing.T) {
	deny := map[string]string{"DENIED_EMAIL_DOMAINS": "example.org"}
	plain, denying := runner(t, local, "pre-sign-up", nil), runner(t, local, "pre-sign-up", deny)
	if runner(t, local, "pre-sign-up", map[string]string{}) != plain ||
		runner(t, local, "pre-sign-up", map[string]string{"DENIED_EMAIL_DOMAINS": "example.org"}) != denying {
		t.Error("equal settings give different runners")
	}
	if runner(t, local, "pre-sign-up", map[string]string{"INVITE_ONLY": "false"}) != plain {
		t.Error("a setting equal to the manifest's gives a different runner")
	}
	if plain == denying || plain == runner(t, local, "custom-message", nil) {
		t.Error("other settings or another function give the same runner")
	}
	e := event(t, cognito.PreSignUpSignUp, "")
	if _, err := plain.Invoke(t.Context(), e); err != nil {
		t.Error(err)
	}
	var refused *lambdaruntime.FunctionError
	if _, err := denying.Invoke(t.Context(), e); !errors.As(err, &refused) {
		t.Errorf("error %v: the settings do not reach the function", err)
	}
	if err := local.CloseRunners(); err != nil {
		t.Fatal(err)
	}
	if _, err := plain.Invoke(t.Context(), e); !errors.Is(err, lambdaruntime.ErrClosed) {
		t.Errorf("error %v after CloseRunners", err)
	}
	if runner(t, local, "pre-sign-up", nil) == plain {
		t.Error("a closed runner was returned")
	}
}

func TestUnknownFunctionNamesTheKnown(t *testing.T) {
	_, err := local.Runner("presignup", nil)
	if err == nil || !strings.Contains(err.Error(), `"presignup"`) || !strings.Contains(err.Error(), "pre-sign-up") {
		t.Errorf("error %v", err)
	}
}

func TestEnvironmentIsACopy(t *testing.T) {
	local.Environment()["PROFILE_TABLE"] = "other"
	if got := local.Environment()["PROFILE_TABLE"]; got != local.Table {
		t.Errorf("PROFILE_TABLE is %q, want %q", got, local.Table)
	}
}

// userEvent returns an event of one user.
const userEvent = `{"triggerSource":"PostConfirmation_ConfirmSignUp","userPoolId":"pool","userName":"ines",` +
	`"request":{"userAttributes":{"sub":"6f0c"}}}`

// Each case starts from its own state, whatever the previous one left.
func TestPrepare(t *testing.T) {
	key := profile.Key{UserPoolID: "pool", Sub: "6f0c"}
	steps := []struct {
		name   string
		config golden.Config
		err    error // of reading the profile
		plan   string
	}{
		{name: "nothing", config: golden.Config{}, err: profile.ErrNotFound},
		{
			name:   "a profile",
			config: golden.Config{Profile: &golden.Profile{Attributes: map[string]string{"plan": "gold"}}},
			plan:   "gold",
		},
		{
			name:   "another in its place",
			config: golden.Config{Profile: &golden.Profile{Attributes: map[string]string{"plan": "free"}}},
			plan:   "free",
		},
		{name: "a tombstone", config: golden.Config{Tombstone: true}, err: profile.ErrDeleted},
		{name: "nothing again", config: golden.Config{}, err: profile.ErrNotFound},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			if err := local.Prepare(t.Context(), golden.Case{Event: []byte(userEvent), Config: step.config}); err != nil {
				t.Fatal(err)
			}
			p, err := local.Profiles.Get(t.Context(), key)
			if !errors.Is(err, step.err) || p.Attributes["plan"] != step.plan {
				t.Errorf("profile %+v, error %v; want plan %q, error %v", p, err, step.plan, step.err)
			}
		})
	}
}

// Functions see the users of a case, including their identities, through the pool's API.
func TestPrepareFillsThePool(t *testing.T) {
	link := map[string]string{"LINK_PROVIDERS": "Google"}
	federated := event(t, cognito.PreSignUpExternalProvider, "")
	ines := golden.User{
		UserName:   "ines",
		Status:     "CONFIRMED",
		Attributes: map[string]string{"email": "ines@example.org", "email_verified": "true"},
	}
	linked, disabled := ines, ines
	linked.Identities = `[{"userId":"another","providerName":"Google","providerType":"Google","issuer":null,` +
		`"primary":false,"dateCreated":1}]`
	disabled.Disabled = true
	for name, c := range map[string]struct {
		users           []golden.User
		linked, refused bool
	}{
		"nobody":                      {users: nil},
		"one who is linked now":       {users: []golden.User{ines}, linked: true},
		"one with another Google":     {users: []golden.User{linked}, refused: true},
		"one who is disabled":         {users: []golden.User{disabled}, refused: true},
		"nobody, after somebody else": {users: nil},
	} {
		t.Run(name, func(t *testing.T) {
			if err := local.Prepare(t.Context(), golden.Case{Event: federated, Config: golden.Config{Users: c.users}}); err !=
				nil {
				t.Fatal(err)
			}
			before := len(local.Pool.Calls().Operations())
			_, err := runner(t, local, "pre-sign-up", link).Invoke(t.Context(), federated)
			if (err != nil) != c.refused {
				t.Errorf("error %v, want one: %v", err, c.refused)
			}
			if calls := local.Pool.Calls().Operations()[before:]; len(calls) == 0 ||
				slices.Contains(calls, "AdminLinkProviderForUser") != c.linked {
				t.Errorf("calls %v, want a link: %v", calls, c.linked)
			}
		})
	}
}

func TestKeyOf(t *testing.T) {
	for event, want := range map[string]string{
		userEvent: "pool#6f0c",
		`{"userPoolId":"pool","request":{"userAttributes":null}}`: "pool#",
	} {
		if got, err := goldenprofile.KeyOf([]byte(event)); err != nil || got.String() != want {
			t.Errorf("key %s, error %v; want %s", got, err, want)
		}
	}
	if _, err := goldenprofile.KeyOf([]byte("[]")); err == nil {
		t.Error("a list has a key")
	}
	if err := local.Prepare(t.Context(), golden.Case{Event: []byte("no event at all")}); err != nil {
		t.Errorf("an event that names no user has nothing to prepare: %v", err)
	}
}

// second starts another stack on the first one's emulator.
func second(t *testing.T, logs *bytes.Buffer) *stack.Stack {
	t.Helper()
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	s, err := stack.Start(t.Context(), stack.Options{Root: local.Root, Logs: logs})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStacksAreApart(t *testing.T) {
	s := second(t, &bytes.Buffer{})
	t.Cleanup(func() { _ = s.Close() })
	if s.Table == local.Table {
		t.Fatal("two stacks share a table")
	}
	if err := local.Prepare(t.Context(), golden.Case{
		Event:  []byte(userEvent),
		Config: golden.Config{Profile: &golden.Profile{}},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Profiles.Get(t.Context(), profile.Key{UserPoolID: "pool", Sub: "6f0c"}); !errors.Is(err,
		profile.ErrNotFound) {
		t.Errorf("error %v: one stack's profile is visible in the other", err)
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	var logs bytes.Buffer
	s := second(t, &logs)
	r := runner(t, s, "post-confirmation", nil)
	if _, err := r.Invoke(t.Context(), event(t, cognito.PostConfirmationConfirmSignUp, "")); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := r.Stats(); got.Instances != 0 || got.Spawns != 1 {
		t.Errorf("processes %+v", got)
	}
	var gone *types.ResourceNotFoundException
	if _, err := local.DynamoDB.DescribeTable(t.Context(),
		&dynamodb.DescribeTableInput{TableName: &s.Table}); !errors.As(err, &gone) {
		t.Errorf("error %v: the profile table is still there", err)
	}
	pool := strings.TrimPrefix(s.Environment()["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"], "http://")
	if conn, err := net.DialTimeout("tcp", pool, time.Second); err == nil {
		_ = conn.Close()
		t.Error("the user pool still listens")
	}
	if !strings.Contains(logs.String(), `"Outcome":"answered"`) {
		t.Errorf("the function's log is not in %q", logs.String())
	}
	if _, err := local.DynamoDB.ListTables(t.Context(), &dynamodb.ListTablesInput{}); err != nil {
		t.Errorf("closing one stack stopped the other's emulator: %v", err)
	}
}

func TestStartRefuses(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := "http://" + listener.Addr().String()
	_ = listener.Close()
	broken := t.TempDir()
	if err := errors.Join(os.MkdirAll(filepath.Join(broken, "triggers", "x"), 0o755),
		os.WriteFile(filepath.Join(broken, "triggers", "x", "function.json"), []byte(`{"hook":"none"}`), 0o644)); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ root, endpoint, want string }{
		"no functions":      {root: t.TempDir(), endpoint: local.Emulator.Endpoint, want: "function.json"},
		"a broken manifest": {root: broken, endpoint: local.Emulator.Endpoint, want: filepath.Join("x", "function.json")},
		"no emulator there": {root: local.Root, endpoint: dead, want: "AWS_ENDPOINT_URL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("AWS_ENDPOINT_URL", c.endpoint)
			s, err := stack.Start(t.Context(), stack.Options{Root: c.root})
			if err == nil {
				_ = s.Close()
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestRunnerNeedsABuiltFunction(t *testing.T) {
	root := t.TempDir()
	function := filepath.Join(root, "triggers", "unbuilt")
	if err := errors.Join(os.MkdirAll(function, 0o755), os.WriteFile(filepath.Join(function, "function.json"),
		[]byte(`{"hook":"pre_sign_up","timeout_seconds":5,"memory_mb":128,"environment":{},"grants":[]}`), 0o644)); err !=
		nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	s, err := stack.Start(t.Context(), stack.Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := s.Runner("unbuilt", nil); err == nil || !strings.Contains(err.Error(), "build the function first") {
		t.Errorf("error %v", err)
	}
}
