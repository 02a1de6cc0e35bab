package triggertest

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/migration/table/tabletest"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/testevents"
)

// handlerFunc is a lambda.Handler.
type handlerFunc func(ctx context.Context, event []byte) ([]byte, error)

func (f handlerFunc) Invoke(ctx context.Context, event []byte) ([]byte, error) { return f(ctx, event) }

// obedient returns what a case wants.
func obedient(c golden.Case) lambda.Handler {
	return handlerFunc(func(_ context.Context, event []byte) ([]byte, error) {
		switch {
		case c.Want.Error != "":
			return nil, errors.New(strings.ReplaceAll(c.Want.Error, "REQUEST_ID", RequestID))
		case c.Want.Response != nil:
			return events.ReplaceResponse(event, c.Want.Response)
		}
		return event, nil
	})
}

func TestReplayRunsEveryCase(t *testing.T) {
	cases, err := golden.Load(testevents.FS(), "pre-sign-up")
	if err != nil {
		t.Fatal(err)
	}
	var want, ran []string
	for _, c := range cases {
		want = append(want, c.Name)
	}
	ReplayInstance(t, testevents.FS(), "pre-sign-up", func(t *testing.T, c golden.Case) Instance {
		ran = append(ran, c.Name)
		return Instance{Handler: obedient(c), Tables: tabletest.New(t)}
	})
	if !slices.Equal(ran, want) {
		t.Errorf("ran %v, want %v", ran, want)
	}
}

// A set is any file system: a repository of its own embeds its own events.
func TestReplayTakesAnySet(t *testing.T) {
	set := fstest.MapFS{
		"audit/A.json":      {Data: []byte(`{"triggerSource":"PreSignUp_SignUp","response":{}}`)},
		"audit/A.want.json": {Data: []byte(`{"answer":"unchanged"}`)},
		"other/B.json":      {Data: []byte(`{"triggerSource":"PreSignUp_SignUp"}`)},
		"other/B.want.json": {Data: []byte(`{"error":"no"}`)},
	}
	var ran []string
	Replay(t, set, "audit", func(_ *testing.T, c golden.Case) lambda.Handler {
		ran = append(ran, c.Name)
		return obedient(c)
	})
	if !slices.Equal(ran, []string{"A"}) {
		t.Errorf("ran %v, want A alone", ran)
	}
}

// children are tests that fail or write files. They run in a process of their own, in a folder with test events.
var children = map[string]func(*testing.T){
	"refuses": func(t *testing.T) {
		Replay(t, testevents.FS(), "pre-sign-up", func(*testing.T, golden.Case) lambda.Handler {
			return handlerFunc(func(context.Context, []byte) ([]byte, error) { return nil, errors.New("out of order") })
		})
	},
	"fails inside": func(t *testing.T) {
		Replay(t, testevents.FS(), "pre-sign-up", func(*testing.T, golden.Case) lambda.Handler {
			return Wrap(events.PreSignUp, func(ctx context.Context, e *events.PreSignUpEvent) error {
				slog.InfoContext(ctx, "asking", "about", e.Request.UserAttributes["email"])
				return errors.New("the table is gone")
			})
		})
	},
	"wrong profile": func(t *testing.T) {
		ReplayChecked(t, testevents.FS(), "post-confirmation",
			func(_ *testing.T, c golden.Case) (lambda.Handler, func() json.RawMessage) {
				return obedient(c), func() json.RawMessage { return json.RawMessage(`{"sub":"somebody else"}`) }
			})
	},
	"profile unchecked": func(t *testing.T) {
		Replay(t, testevents.FS(), "post-confirmation", func(_ *testing.T, c golden.Case) lambda.Handler {
			return obedient(c)
		})
	},
	"no such trigger": func(t *testing.T) {
		Replay(t, testevents.FS(), "nothing", func(_ *testing.T, c golden.Case) lambda.Handler { return obedient(c) })
	},
	"never sent": func(t *testing.T) {
		set := fstest.MapFS{
			"audit/A.json": {Data: []byte(
				`{"triggerSource":"PreAuthentication_Authentication","request":{"clientMetadata":{}}}`)},
			"audit/A.want.json": {Data: []byte(`{"answer":"unchanged"}`)},
		}
		Replay(t, set, "audit", func(_ *testing.T, c golden.Case) lambda.Handler { return obedient(c) })
	},
	"another hook": func(t *testing.T) {
		Replay(t, testevents.FS(), "pre-sign-up", func(_ *testing.T, c golden.Case) lambda.Handler { return obedient(c) })
	},
	"items unstated": func(t *testing.T) { replayVisits(t, visits, nil, nil) },
	"other items":    func(t *testing.T) { replayVisits(t, visits, tables{}, &Mailbox{}) },
	"folder": func(t *testing.T) {
		replayVisits(t, os.DirFS("events"), tables{}, &Mailbox{mails: []golden.Mail{{To: []string{"a@example.org"}}}})
	},
	"embedded": func(t *testing.T) { // one event is enough to see whose they are
		const event = "pre-sign-up/PreSignUp_SignUp.json"
		text, err := fs.ReadFile(testevents.FS(), event)
		if err != nil {
			t.Fatal(err)
		}
		Replay(t, fstest.MapFS{event: {Data: text}}, "pre-sign-up", func(_ *testing.T, c golden.Case) lambda.Handler {
			return handlerFunc(func(context.Context, []byte) ([]byte, error) { return nil, errors.New("changed") })
		})
	},
	"answers": func(t *testing.T) {
		ReplayChecked(t, testevents.FS(), "audit", func(*testing.T, golden.Case) (lambda.Handler, func() json.RawMessage) {
			handler := handlerFunc(func(ctx context.Context, event []byte) ([]byte, error) {
				if strings.Contains(string(event), "refuse") {
					lc, _ := lambdacontext.FromContext(ctx)
					return nil, errors.New("not now (reference " + lc.AwsRequestID + ")")
				}
				return events.ReplaceResponse(event, []byte(`{"a":"<b>"}`))
			})
			return handler, func() json.RawMessage { return json.RawMessage(`{"sub":"s"}`) }
		})
	},
}

const childVariable = "TRIGGERTEST_CHILD"

// TestChild is run by the tests below, in another process.
func TestChild(t *testing.T) {
	if name := os.Getenv(childVariable); name != "" {
		children[name](t)
	}
}

// child runs one of children in a folder and returns what it printed.
func child(t *testing.T, name, dir string, flags ...string) (out string, err error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, append([]string{"-test.run=^TestChild$"}, flags...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), childVariable+"="+name)
	text, err := cmd.CombinedOutput()
	return string(text), err
}

func TestReplayFails(t *testing.T) {
	for name, want := range map[string]string{
		"refuses":           `error text is "out of order"`,
		"fails inside":      "ERROR  the handler failed",
		"wrong profile":     "somebody else",
		"profile unchecked": "replay this trigger with ReplayChecked",
		"no such trigger":   "nothing has no events",
		"never sent":        "request.clientMetadata is never sent here: the ClientMetadata of InitiateAuth arrives as vali",
		"items unstated":    "the case states tables: give the test's Instance its Tables",
		"other items":       "items of table visits",
	} {
		t.Run(name, func(t *testing.T) {
			if out, err := child(t, name, "."); err == nil || !strings.Contains(out, want) {
				t.Errorf("error %v, want a failure that says %q:\n%s", err, want, out)
			}
		})
	}
}

func TestUpdateWritesWants(t *testing.T) {
	root := t.TempDir()
	files := map[string]string{
		"go.mod":                     "module example\n",
		"triggers/audit/x":           "",
		"testevents/audit/A.json":    `{"triggerSource":"PreSignUp_SignUp","response":{}}`,
		"testevents/audit/B.json":    `{"triggerSource":"PreSignUp_SignUp","userName":"refuse"}`,
		"testevents/audit/C.json":    `{"triggerSource":"PreSignUp_SignUp","response":{}}`,
		"testevents/other/D.json":    `{}`,
		wantOf("C"):                  `{"answer":"unchanged","profile":null}`,
		"testevents/audit/note.text": "no event",
	}
	for path, text := range files {
		full := filepath.Join(root, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := child(t, "answers", filepath.Join(root, "triggers/audit"), "-update"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for path, want := range map[string]string{
		wantOf("A"): "{\n  \"response\": {\n    \"a\": \"<b>\"\n  }\n}\n",
		wantOf("B"): "{\n  \"error\": \"not now (reference REQUEST_ID)\"\n}\n",
		wantOf("C"): "{\n  \"response\": {\n    \"a\": \"<b>\"\n  },\n  \"profile\": {\n    \"sub\": \"s\"\n  }\n}\n",
	} {
		if got, err := os.ReadFile(filepath.Join(root, path)); err != nil || string(got) != want {
			t.Errorf("%s is %q (error %v), want %q", path, got, err, want)
		}
	}
	if _, err := os.Stat(filepath.Join(root, "testevents/other/D.want.json")); err == nil {
		t.Error("another trigger's want was written")
	}
	// The written wants are those that the handler meets.
	set := os.DirFS(filepath.Join(root, "testevents"))
	cases, err := golden.Load(set, "audit")
	if err != nil || len(cases) != 3 {
		t.Fatalf("%d cases, error %v", len(cases), err)
	}
}

func wantOf(name string) string { return "testevents/audit/" + name + ".want.json" }

func TestInvokeGivesTheContextOfLambda(t *testing.T) {
	got := Invoke(t, handlerFunc(func(ctx context.Context, event []byte) ([]byte, error) {
		lc, _ := lambdacontext.FromContext(ctx)
		end, limited := ctx.Deadline()
		if left := time.Until(end); !limited || left > 5*time.Second || left < 4*time.Second {
			t.Errorf("%v are left", left)
		}
		return append(event, lc.AwsRequestID...), nil
	}), []byte("x"))
	if string(got.Answer) != "x"+RequestID || got.RequestID != RequestID || got.Error != "" {
		t.Errorf("outcome %+v", got)
	}
	got = Invoke(t, handlerFunc(func(context.Context, []byte) ([]byte, error) {
		return []byte("lost"), errors.New("no")
	}), nil)
	if got.Error != "no" || got.Answer != nil {
		t.Errorf("outcome %+v", got)
	}
}

func TestWrapIsTheRuntime(t *testing.T) {
	handler := Wrap(events.PreSignUp, func(context.Context, *events.PreSignUpEvent) error { return trigger.Reject("No") })
	if got := Invoke(t, handler, []byte(`{"triggerSource":"PreSignUp_SignUp"}`)); got.Error != "No" {
		t.Errorf("outcome %+v", got)
	}
	other := []byte(`{"triggerSource":"CustomMessage_SignUp"}`)
	if got := Invoke(t, handler, other); string(got.Answer) != string(other) {
		t.Errorf("another hook's event: outcome %+v", got)
	}
}

func TestSettingsAreTheManifestsUnderTheCases(t *testing.T) {
	t.Chdir(t.TempDir())
	manifest := `{"hook":"pre_sign_up","timeout_seconds":5,"memory_mb":128,"environment":{"A":"manifest",` +
		`"B":"manifest"},"grants":[]}`
	if err := os.WriteFile("function.json", []byte(manifest), 0o644); err != nil {
		t.Fatal(err)
	}
	given := map[string]string{"B": "case", "C": "case"}
	env := Settings(t, golden.Case{Config: golden.Config{Environment: maps.Clone(given)}})
	for name, want := range map[string]string{"A": "manifest", "B": "case", "C": "case", "D": ""} {
		if got := env.Lookup(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// A test needs no settings for a handler that calls AWS. The calls do not reach AWS, and fail with what to do.
func TestSettingsMakeAWSClients(t *testing.T) {
	t.Chdir(t.TempDir())
	manifest := `{"hook":"pre_sign_up","timeout_seconds":5,"memory_mb":128,"environment":{},"grants":[]}`
	if err := os.WriteFile("function.json", []byte(manifest), 0o644); err != nil {
		t.Fatal(err)
	}
	env := Settings(t, golden.Case{})
	cfg := awsenv.Config(env, "DYNAMODB")
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	for variable, call := range map[string]func(aws.Config) error{
		"AWS_ENDPOINT_URL_DYNAMODB": func(cfg aws.Config) error {
			_, err := dynamodb.NewFromConfig(cfg).ListTables(t.Context(), nil)
			return err
		},
		"AWS_ENDPOINT_URL_SESV2": func(cfg aws.Config) error {
			_, err := sesv2.NewFromConfig(cfg).GetAccount(t.Context(), nil)
			return err
		},
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": func(cfg aws.Config) error {
			_, err := cip.NewFromConfig(cfg).ListUserPools(t.Context(), &cip.ListUserPoolsInput{MaxResults: aws.Int32(1)})
			return err
		},
	} {
		began := time.Now()
		err := call(cfg)
		if err == nil || !strings.Contains(err.Error(), "give it a fake, or set "+variable) {
			t.Errorf("error %v, want it to name %s", err, variable)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("the call failed after %v", took)
		}
	}

	own := map[string]string{"AWS_REGION": "us-west-2", "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:8000"}
	cfg = awsenv.Config(Settings(t, golden.Case{Config: golden.Config{Environment: own}}), "DYNAMODB")
	if cfg.Region != own["AWS_REGION"] || *cfg.BaseEndpoint != own["AWS_ENDPOINT_URL_DYNAMODB"] {
		t.Errorf("region %s, endpoint %s; want the case's own", cfg.Region, *cfg.BaseEndpoint)
	}
}
