// Package triggertest replays golden events against a trigger's handler in a unit test:
//
//	func TestGoldenEvents(t *testing.T) {
//		triggertest.Replay(t, testevents.FS(), "pre-sign-up", func(t *testing.T, c golden.Case) lambda.Handler {
//			handle, err := setup(triggertest.Settings(t, c))
//			...
//			return triggertest.Wrap(events.PreSignUp, handle)
//		})
//	}
//
// go test ./triggers/... -update writes the handlers' answers to the .want.json files in the repository's testevents
// folder. Review the difference before you commit it.
package triggertest

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/repository"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

var update = flag.Bool("update", false, "write the handlers' answers to the .want.json files")

// RequestID is the Lambda request id of replayed events.
const RequestID = "00000000-0000-4000-8000-000000000000"

// Replay runs each golden case of the function called name as a subtest. build makes the handler for a case. A case
// that wants a stored profile needs ReplayChecked.
func Replay(t *testing.T, set fs.FS, name string, build func(*testing.T, golden.Case) lambda.Handler) {
	t.Helper()
	ReplayChecked(t, set, name, func(t *testing.T, c golden.Case) (lambda.Handler, func() json.RawMessage) {
		return build(t, c), nil
	})
}

// ReplayChecked is like Replay for triggers that store profiles: stored returns the profile of the event's user after
// the event, as JSON without times, or nil if there is none.
func ReplayChecked(t *testing.T, set fs.FS, name string,
	build func(*testing.T, golden.Case) (handler lambda.Handler, stored func() json.RawMessage)) {
	t.Helper()
	if *update {
		set = os.DirFS(folder(t))
		createWants(t, set, name)
	}
	cases, err := golden.Load(set, name)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			handler, stored := build(t, c)
			got := Invoke(t, handler, c.Event)
			var profile json.RawMessage
			if stored != nil {
				profile = stored()
			}
			if *update {
				writeWant(t, c, got, profile)
				return
			}
			if err := c.Check(got); err != nil {
				t.Error(err)
			}
			if stored == nil && c.Want.Profile != nil {
				t.Error("the case wants a stored profile: replay this trigger with ReplayChecked")
			} else if err := c.CheckProfile(profile); err != nil {
				t.Error(err)
			}
		})
	}
}

// Invoke calls the handler with one event and a Lambda context, and returns the answer or error.
func Invoke(t *testing.T, handler lambda.Handler, event []byte) golden.Outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: RequestID})
	answer, err := handler.Invoke(ctx, event)
	if err != nil {
		return golden.Outcome{Error: err.Error(), RequestID: RequestID}
	}
	return golden.Outcome{Answer: answer, RequestID: RequestID}
}

// Wrap returns the handler with the runtime of package trigger around it. Metrics lines are discarded.
func Wrap[Req, Resp any](hook events.Hook[Req, Resp], handle trigger.Handler[Req, Resp]) lambda.Handler {
	return trigger.New(hook, handle, io.Discard)
}

// noAWS returns variables that Lambda would set for AWS clients: a region, fake credentials, and an endpoint on this
// machine that refuses connections, so that a test that calls AWS by mistake fails at once.
func noAWS() map[string]string {
	return map[string]string{
		"AWS_REGION":            "eu-west-1",
		"AWS_ACCESS_KEY_ID":     "test",
		"AWS_SECRET_ACCESS_KEY": "test",
		"AWS_ENDPOINT_URL":      "http://127.0.0.1:1",
	}
}

// Settings returns the environment of a case: variables for AWS clients that cannot reach AWS, overridden by the
// defaults in the function.json of the test's folder, overridden by the case's own settings.
func Settings(t *testing.T, c golden.Case) *settings.Env {
	t.Helper()
	function, err := manifest.Read("function.json")
	if err != nil {
		t.Fatal(err)
	}
	environment := noAWS()
	maps.Copy(environment, function.EnvironmentWith(c.Config.Environment))
	return settings.FromMap(environment)
}

// createWants writes a want beside every event that has none, so that the set can be loaded.
func createWants(t *testing.T, set fs.FS, name string) {
	t.Helper()
	files, err := fs.Glob(set, name+"/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range golden.Unanswered(files) {
		text, err := fs.ReadFile(set, event)
		if err != nil {
			t.Fatal(err)
		}
		want := "{\"answer\": \"unchanged\"}\n"
		if golden.IsRequest(text) {
			want = "{\"http\": {\"status\": 200, \"body\": {}}}\n"
		}
		path := filepath.Join(folder(t), golden.WantFile(event))
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func writeWant(t *testing.T, c golden.Case, got golden.Outcome, profile json.RawMessage) {
	t.Helper()
	want := golden.WantOf(c, got)
	if c.Want.Profile != nil {
		want.Profile = profile
		if profile == nil {
			want.Profile = json.RawMessage("null")
		}
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(want); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder(t), golden.WantFile(c.Trigger+"/"+c.Name+".json"))
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// folder returns the folder that -update writes to.
func folder(t *testing.T) string {
	t.Helper()
	repo, err := repository.Find()
	if err != nil {
		t.Fatal(err)
	}
	return repo.Events
}
