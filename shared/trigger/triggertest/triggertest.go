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
// A set is any fs.FS: an embedded one, os.DirFS of a folder, a map in the test.
//
// go test ./triggers/... -update writes what the handlers answer, store and send to the .want.json files. If the set is
// an os.DirFS, they are in its folder; otherwise in the folder of golden events of the test's own repository, which
// must have the same events. Review the difference before you commit it.
package triggertest

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/trigger"
)

var update = flag.Bool("update", false, "write the handlers' answers to the .want.json files")

// manifestFile is the function's manifest, in the folder that its tests run in.
const manifestFile = "function.json"

// RequestID is the Lambda request id of replayed events.
const RequestID = "00000000-0000-4000-8000-000000000000"

// Instance is a function as it is made for one case, with what the case may look at afterwards.
type Instance struct {
	Handler lambda.Handler
	// Profile returns the profile of the event's user after the event, as JSON without times, or nil if there is none. It
	// is needed for cases that want a stored profile.
	Profile func() json.RawMessage
	// Tables has the tables that cases state. Replay stores the items of a case's config in them before the event.
	Tables golden.Tables
	// Outbox lists what the function sent, for cases that state mails or SMS; for example a Mailbox.
	Outbox golden.Outbox
}

// Replay runs each golden case of the function called name as a subtest. build makes the handler for a case. A case
// that states more than the answer needs ReplayInstance.
//
// A case whose event Cognito would not send to the function fails; see golden.Case.CheckEvent. The function's hook is
// the one in the function.json of the test's folder, if there is one.
func Replay(t *testing.T, set fs.FS, name string, build func(*testing.T, golden.Case) lambda.Handler) {
	t.Helper()
	ReplayInstance(t, set, name, func(t *testing.T, c golden.Case) Instance { return Instance{Handler: build(t, c)} })
}

// ReplayChecked is like Replay for triggers that store profiles: stored is Instance.Profile.
func ReplayChecked(t *testing.T, set fs.FS, name string,
	build func(*testing.T, golden.Case) (handler lambda.Handler, stored func() json.RawMessage)) {
	t.Helper()
	ReplayInstance(t, set, name, func(t *testing.T, c golden.Case) Instance {
		handler, stored := build(t, c)
		return Instance{Handler: handler, Profile: stored}
	})
}

// ReplayInstance is like Replay for functions that store or send something.
func ReplayInstance(t *testing.T, set fs.FS, name string, build func(*testing.T, golden.Case) Instance) {
	t.Helper()
	hook := hookHere(t)
	var dir string
	if *update {
		dir = folder(t, set, name)
		createWants(t, dir, name)
		set = os.DirFS(dir)
	}
	cases, err := golden.Load(set, name)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			if err := c.CheckEvent(hook); err != nil {
				t.Error(err)
			}
			it := build(t, c)
			if err := c.Seed(t.Context(), it.Tables); err != nil {
				t.Fatal(err)
			}
			got := Invoke(t, it.Handler, c.Event)
			if *update {
				writeWant(t, dir, c, it, got)
				return
			}
			check(t, c, it, got)
		})
	}
}

func check(t *testing.T, c golden.Case, it Instance, got golden.Outcome) {
	t.Helper()
	if err := c.Check(got); err != nil {
		t.Error(err)
	}
	switch {
	case c.Want.Profile == nil:
	case it.Profile == nil:
		t.Error("the case wants a stored profile: replay this trigger with ReplayChecked, or give the Instance its Profile")
	default:
		if err := c.CheckProfile(it.Profile()); err != nil {
			t.Error(err)
		}
	}
	if err := c.CheckState(t.Context(), it.Tables, it.Outbox); err != nil {
		t.Error(err)
	}
}

// hookHere returns the hook in the function.json of the working directory, or "" if there is none.
func hookHere(t *testing.T) cognito.Hook {
	t.Helper()
	function, err := manifest.Read(manifestFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return function.Hook
}

// Invoke calls the handler with one event and a Lambda context, and returns the answer or error.
// A test that fails shows what the handler logged meanwhile.
func Invoke(t *testing.T, handler lambda.Handler, event []byte) golden.Outcome {
	t.Helper()
	defer hear(t)()
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
