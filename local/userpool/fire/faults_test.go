package fire

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// echo answers with the event.
type echo struct{}

func (echo) Invoke(_ context.Context, _ string, event []byte) ([]byte, error) { return event, nil }

// later answers with the event and a text in its response.
type later struct{}

func (later) Invoke(_ context.Context, _ string, event []byte) ([]byte, error) {
	return []byte(strings.Replace(string(event), `"autoConfirmUser":false`, `"autoConfirmUser":true`, 1)), nil
}

func signUp() Call {
	return Call{Hook: cognito.PreSignUp, Source: cognito.PreSignUpSignUp, ARN: "arn", Version: "1", PoolID: "p",
		Request: events.PreSignUpRequest{UserAttributes: map[string]string{}}}
}

// A fault strikes as many calls as it has, and is then gone.
func TestFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault    Fault
		want     string // in the outcomes
		attempts int    // of the first event
	}{
		"an error":         {Fault{Kind: Fail, Calls: 1}, "PreSignUp failed with error A fault for a test", 1},
		"a crash":          {Fault{Kind: Crash, Calls: 2}, "ok", 3},
		"a crash too many": {Fault{Kind: Crash, Calls: 3}, "Runtime exited with error: exit status 2", 3},
		"no JSON":          {Fault{Kind: Malformed, Calls: 1}, "InvalidLambdaResponseException", 1},
		"a delay":          {Fault{Kind: Delay, Calls: 1, Milliseconds: 1}, "ok", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults := WithFaults(echo{})
			f := &Firer{Invoker: faults, Now: time.Now, Log: &Log{}}
			if err := faults.Set("arn", c.fault); err != nil {
				t.Fatal(err)
			}
			_, _ = f.Fire(t.Context(), signUp())
			first := f.Log.Records(0)[0]
			if !strings.Contains(first.Outcome, c.want) || len(first.Attempts) != c.attempts {
				t.Errorf("outcome %s after %d attempts; want %s after %d", first.Outcome, len(first.Attempts), c.want, c.attempts)
			}
			if left := faults.All(); len(left) > 0 {
				t.Errorf("left: %v", left)
			}
			if _, err := f.Fire(t.Context(), signUp()); err != nil {
				t.Errorf("after the fault: %v", err)
			}
		})
	}
}

func TestFaultsAreChecked(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]Fault{
		"no kind": {Calls: 1}, "no calls": {Kind: Fail}, "too many calls": {Kind: Fail, Calls: 1001},
		"no delay": {Kind: Delay, Calls: 1}, "too long": {Kind: Delay, Calls: 1, Milliseconds: 60_001},
	} {
		if err := WithFaults(nil).Set("arn", fault); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// A replay calls the present code with the recorded event, and leaves no trace in the log.
func TestReplay(t *testing.T) {
	t.Parallel()
	f := &Firer{Invoker: echo{}, Now: time.Now, Log: &Log{}}
	if _, err := f.Fire(t.Context(), signUp()); err != nil {
		t.Fatal(err)
	}
	first := f.Log.Records(0)[0]
	f.Invoker = later{}
	again, err := f.Replay(t.Context(), first, false)
	if err != nil || again.Outcome != "ok" || string(again.Event) != string(first.Event) || len(again.Attempts) != 1 {
		t.Fatalf("%+v, error %v", again, err)
	}
	var before, after struct{ AutoConfirmUser bool }
	if json.Unmarshal(first.Answer, &before) != nil || json.Unmarshal(again.Answer, &after) != nil ||
		before.AutoConfirmUser || !after.AutoConfirmUser {
		t.Errorf("answers %s and %s", first.Answer, again.Answer)
	}
	if n := len(f.Log.Records(0)); n != 1 {
		t.Errorf("%d records", n)
	}
	first.Event = nil
	if _, err := f.Replay(t.Context(), first, false); err == nil {
		t.Error("an event that is not kept was replayed")
	}
}
