// Package e2e tests the system as a whole: it runs the compiled functions through the Lambda Runtime API against a
// DynamoDB API, SES and a user pool, and checks builds and scaffolds of the repository.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/stack"
	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/local/userpool/seed"
	"cognito-triggers/shared/events/sample"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/profile"
)

// local is the stack that all tests share.
var local *stack.Stack

func TestMain(m *testing.M) { stacktest.Main(m, &local, nil) }

// function is a running compiled function with its own settings and its output.
type function struct {
	*lambdaruntime.Runner
	logs *lines
}

// start runs a function until the end of the test, with settings that override its manifest's and the stack's.
func start(t *testing.T, name string, settings map[string]string) function {
	t.Helper()
	return startBinary(t, name, stack.Bootstrap(local.Repository.Build, name), settings)
}

// startBinary is start for another binary with the manifest of the named function.
func startBinary(t *testing.T, name, bootstrap string, settings map[string]string) function {
	t.Helper()
	found, err := local.Function(name)
	if err != nil {
		t.Fatal(err)
	}
	return startFunction(t, found, bootstrap, settings)
}

// startFunction is startBinary for a function that may be in another copy of the repository.
func startFunction(t *testing.T, found manifest.Function, bootstrap string, settings map[string]string) function {
	t.Helper()
	environment := found.EnvironmentWith(local.Environment())
	maps.Copy(environment, settings)
	logs := &lines{}
	runner, err := lambdaruntime.Start(lambdaruntime.Function{
		Name:        found.Name,
		Bootstrap:   bootstrap,
		Environment: environment,
		Logs:        logs,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = runner.Close() })
	return function{Runner: runner, logs: logs}
}

// outcome is the result of one event: the answer, or the error that the user reads.
type outcome struct {
	answer    []byte
	refused   string // the error's text, "" for an answer
	report    string // the complete error as Lambda reports it
	requestID string
	took      time.Duration // from delivery to answer, including a cold start
}

// invoke delivers an event once. A timeout or a dead process fails the test.
func (f function) invoke(t *testing.T, event []byte) outcome {
	t.Helper()
	began := time.Now()
	result, err := f.Invoke(context.Background(), event)
	got := outcome{requestID: result.RequestID, took: time.Since(began)}
	var refused *lambdaruntime.FunctionError
	switch {
	case errors.As(err, &refused):
		got.refused, got.report = refused.Message, string(result.Payload)
	case err != nil:
		t.Error(err)
	default:
		got.answer = result.Payload
	}
	return got
}

// passed checks that the function returned the event byte for byte.
func (o outcome) passed(t *testing.T, event []byte) {
	t.Helper()
	if o.refused != "" || !bytes.Equal(o.answer, event) {
		t.Errorf("answer %s, error %q; want the event byte for byte", o.answer, o.refused)
	}
}

// counted returns the sum of a counter over the function's metrics lines. The function's processes must have exited, or
// the last lines may be missing.
func (f function) counted(name string) int {
	total := 0
	for line := range strings.Lines(f.logs.String()) {
		var members map[string]any
		if json.Unmarshal([]byte(line), &members) != nil || members["_aws"] == nil {
			continue
		}
		if n, ok := members[name].(float64); ok {
			total += int(n)
		}
	}
	return total
}

// lines collects a function's output.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// members is a JSON object.
type members = map[string]any

// event returns the sample event of a trigger source, with changes.
func event(t *testing.T, source, version string, alter change) []byte {
	t.Helper()
	text, err := sample.Event(source, version)
	if err != nil {
		t.Fatal(err)
	}
	var e members
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatal(err)
	}
	attributes, _ := e["request"].(members)["userAttributes"].(members)
	if alter != nil {
		alter(e, attributes)
	}
	if text, err = json.Marshal(e); err != nil {
		t.Fatal(err)
	}
	return text
}

// person returns a change that makes an event concern the given user.
func person(pool, sub, email string) change {
	return func(event, attributes members) {
		event["userPoolId"], event["userName"] = pool, sub
		attributes["sub"], attributes["email"] = sub, email
	}
}

// givePool creates a pool with users and groups, replacing any pool with the same ID.
func givePool(t *testing.T, pool seed.Pool) {
	t.Helper()
	if err := pool.Put(local.Pool.Store(), time.Now()); err != nil {
		t.Fatal(err)
	}
}

// stored returns the stored profile for a key, or nil.
func stored(t *testing.T, key profile.Key) *profile.Profile {
	t.Helper()
	p, err := local.Profiles.Get(t.Context(), key)
	if errors.Is(err, profile.ErrNotFound) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return &p
}

// readFile reads a file of the repository.
func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
