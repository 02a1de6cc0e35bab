package replay_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/gotool"
	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/replay"
	"cognito-triggers/local/stack"
	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/shared/golden"
)

var local *stack.Stack

func TestMain(m *testing.M) { stacktest.Main(m, &local, nil) }

// odd is a stack, on the other one's emulator, whose only function does what its event says.
func odd(t *testing.T) *stack.Stack {
	t.Helper()
	root := t.TempDir()
	bootstrap := stack.Bootstrap(filepath.Join(root, "build"), "odd")
	if _, err := gotool.Run(t.Context(), ".", "build", "-o", bootstrap, "./testdata/odd"); err != nil {
		t.Fatal(err)
	}
	manifest := `{"hook":"custom_message","timeout_seconds":1,"memory_mb":128,"environment":{"PROFILE_TABLE":""}}`
	dir := filepath.Join(root, "triggers", "odd")
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "function.json"),
		[]byte(manifest), 0o644)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	s, err := stack.Start(t.Context(), stack.Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// oddCase returns a case that makes the odd function do something.
func oddCase(do, text string, want golden.Want) golden.Case {
	event := fmt.Sprintf(`{"version":"1","triggerSource":"CustomMessage_SignUp","userPoolId":"pool","userName":"ines",`+
		`"request":{"userAttributes":{"sub":"6f0c"},"codeParameter":"{####}","clientMetadata":{"Do":%q,"Text":%q}},`+
		`"response":{"smsMessage":null,"emailMessage":null,"emailSubject":null}}`, do, text)
	return golden.Case{Trigger: "odd", Name: do, Event: []byte(event), Want: want}
}

func TestOneFindsWhatIsWrong(t *testing.T) {
	s := odd(t)
	unchanged := golden.Want{Answer: "unchanged"}
	respond := func(text string) golden.Case {
		return oddCase("respond", text, golden.Want{Response: []byte(text)})
	}
	withProfile := func(c golden.Case, want string) golden.Case {
		c.Config.Profile = &golden.Profile{Attributes: map[string]string{"plan": "gold"}}
		c.Want.Profile = []byte(want)
		return c
	}
	stored := `{"user_pool_id":"pool","sub":"6f0c","username":"ines","attributes":{"plan":"gold"},"schema_version":1,` +
		`"created_by":"PostConfirmation_ConfirmSignUp"}`
	cases := map[string]struct {
		golden.Case
		want string // in the error; "" for a pass
	}{
		"as wanted":         {Case: oddCase("pass", "", unchanged), want: ""},
		"refused as wanted": {Case: oddCase("refuse", "No.", golden.Want{Error: "No."}), want: ""},
		"refused otherwise": {
			Case: oddCase("refuse", "No.", golden.Want{Error: "Not you."}),
			want: `"No.", want "Not you."`,
		},
		"refused, not answered": {Case: oddCase("refuse", "No.", unchanged), want: `error text is "No."`},
		"another answer": {
			Case: oddCase("respond", `{"smsMessage":"x {####}"}`, unchanged),
			want: `+    "smsMessage": "x {####}"`,
		},
		"no JSON": {
			Case: oddCase("answer", "ok", golden.Want{Response: []byte("{}")}),
			want: "not a JSON object",
		},
		"an answer that Cognito takes":   {Case: respond(`{"smsMessage":"x {####}"}`), want: ""},
		"an answer that Cognito refuses": {Case: respond(`{"smsMessage":"no code"}`), want: "Cognito would refuse"},
		"mail in a pool without SES": {
			Case: respond(`{"emailMessage":"x {####}","emailSubject":"y"}`),
			want: "Cognito would refuse",
		},
		"the function's own reason": {
			Case: oddCase("fail", "the table is gone", unchanged),
			want: "the function's log:\n  ERROR  the handler failed",
		},
		"a process that dies":  {Case: oddCase("exit", "", unchanged), want: "exit status 3"},
		"a process that hangs": {Case: oddCase("hang", "", unchanged), want: "timed out"},
		"stored profile":       {Case: withProfile(oddCase("pass", "", unchanged), stored), want: ""},
		"another stored profile": {
			Case: withProfile(oddCase("pass", "", unchanged), strings.Replace(stored, "gold", "free", 1)),
			want: `+    "plan": "gold"`,
		},
		"a profile where none should be": {
			Case: withProfile(oddCase("pass", "", unchanged), "null"),
			want: "stored profile",
		},
		"an unknown function": {
			Case: golden.Case{Trigger: "even", Event: []byte("{}"), Want: unchanged},
			want: `no function named "even"`,
		},
		"an event of another hook": {
			Case: golden.Case{Trigger: "odd", Event: []byte(`{"triggerSource":"PreSignUp_SignUp"}`), Want: unchanged},
			want: "never sent to a function at custom_message",
		},
		"mail in a pool with SES": {
			Case: withSES(respond(`{"emailMessage":"x {####}","emailSubject":"y"}`)),
			want: "",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := replay.One(t.Context(), s, c.Case).Err
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func withSES(c golden.Case) golden.Case {
	c.Config.Environment = map[string]string{"EMAIL_SENDING_ACCOUNT": "DEVELOPER"}
	return c
}

func TestOneTellsColdAndWarm(t *testing.T) {
	s := odd(t)
	c := oddCase("pass", "", golden.Want{Answer: "unchanged"})
	first, second := replay.One(t.Context(), s, c), replay.One(t.Context(), s, c)
	if !first.Cold || second.Cold || first.Duration <= 0 || second.Duration <= 0 ||
		string(first.Outcome.Answer) != string(c.Event) {
		t.Errorf("first %+v, then %+v", first, second)
	}
}

func TestRun(t *testing.T) {
	s := odd(t)
	unchanged := golden.Want{Answer: "unchanged"}
	cases := []golden.Case{oddCase("pass", "", unchanged), oddCase("exit", "", unchanged),
		oddCase("pass", "last", unchanged)}
	var told []bool
	if err := replay.Run(t.Context(), s, cases, func(r replay.Result) { told = append(told, r.Err == nil) }); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(told) != "[true false true]" {
		t.Errorf("results %v, want one per case, also after a failure", told)
	}

	ctx, cancel := context.WithCancel(t.Context())
	count := 0
	err := replay.Run(ctx, s, cases, func(replay.Result) { count++; cancel() })
	if !errors.Is(err, context.Canceled) || count != 1 {
		t.Errorf("error %v after %d results, want to be cancelled after the first", err, count)
	}
}

func TestRunEndsTheProcesses(t *testing.T) {
	s := odd(t)
	r, err := s.Runner("odd", nil)
	if err != nil {
		t.Fatal(err)
	}
	c := oddCase("pass", "", golden.Want{Answer: "unchanged"})
	if err := replay.Run(t.Context(), s, []golden.Case{c}, func(replay.Result) {}); err != nil {
		t.Fatal(err)
	}
	if got := r.Stats(); got.Instances != 0 || got.Spawns != 1 {
		t.Errorf("processes %+v", got)
	}
}

func TestOutcomeOf(t *testing.T) {
	result := lambdaruntime.Result{Payload: []byte("{}"), RequestID: "7f", Duration: time.Second}
	if got, err := replay.OutcomeOf(result, nil); err != nil || string(got.Answer) != "{}" || got.RequestID != "7f" ||
		got.Error != "" {
		t.Errorf("answer: %+v, error %v", got, err)
	}
	refused := fmt.Errorf("wrapped: %w", &lambdaruntime.FunctionError{Type: "RejectError", Message: "No."})
	if got, err := replay.OutcomeOf(result, refused); err != nil || got.Error != "No." || got.Answer != nil ||
		got.RequestID != "7f" {
		t.Errorf("refusal: %+v, error %v", got, err)
	}
	if got, err := replay.OutcomeOf(result, lambdaruntime.ErrTimeout); !errors.Is(err, lambdaruntime.ErrTimeout) ||
		got.Answer != nil {
		t.Errorf("timeout: %+v, error %v", got, err)
	}
}

// The first golden case of each function passes; local/e2e runs all of them.
func TestGoldenEventsReachTheFunctions(t *testing.T) {
	for _, function := range local.Functions {
		t.Run(function.Name, func(t *testing.T) {
			cases, err := golden.Load(os.DirFS(filepath.Join(local.Root, "testevents")), function.Name)
			if err != nil {
				t.Fatal(err)
			}
			if got := replay.One(t.Context(), local, cases[0]); got.Err != nil {
				t.Error(got.Err)
			}
		})
	}
}
