package fire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/functionlog"
)

// scripted is a function whose attempts end in this order.
type scripted struct {
	t    *testing.T
	ends []error
	made int
}

func (s *scripted) Invoke(context.Context, string, []byte) ([]byte, error) {
	s.t.Error("an Attempter is invoked without its details")
	return nil, nil
}

func (s *scripted) Attempt(_ context.Context, _ string, event []byte) (lambdaruntime.Result, error) {
	err := s.ends[s.made]
	s.made++
	result := lambdaruntime.Result{
		RequestID: fmt.Sprint("request-", s.made), Cold: true, Init: time.Millisecond,
		Log:      []functionlog.Line{{Text: `{"level":"INFO","msg":"called","n":1}`}},
		Settings: map[string]string{"A": "b"},
	}
	if err == nil {
		result.Payload = event
	}
	return result, err
}

func TestAttemptsAreRecorded(t *testing.T) {
	t.Parallel()
	late := &lambdaruntime.TimeoutError{Function: "f", After: 5 * time.Second}
	cases := map[string]struct {
		ends   []error
		want   string // the outcomes and details
		failed bool
	}{
		"answered": {ends: []error{nil}, want: "answered()"},
		"killed twice": {
			ends: []error{&lambdaruntime.CrashError{Status: "signal: killed"}, &lambdaruntime.CrashError{
				Status: "exit status 2"}, nil},
			want: "killed(signal: killed) crashed(exit status 2) answered()",
		},
		"late thrice": {
			ends:   []error{late, late, fmt.Errorf("wrapped: %w", lambdaruntime.ErrTimeout)},
			want:   "timed out(f: timed out after 5s) timed out(f: timed out after 5s) timed out(wrapped: timed out)",
			failed: true,
		},
		"does not start": {
			ends: []error{&lambdaruntime.InitError{Function: "f", Status: "exit status 3", Log: []string{"why"}}, nil},
			want: "failed to start(f: the function did not start (exit status 3)) answered()",
		},
		"refused": {
			ends: []error{&lambdaruntime.FunctionError{Type: "E", Message: "No."}}, want: "error(E: No.)", failed: true,
		},
		"Lambda's reports": {
			ends: []error{&lambdaruntime.FunctionError{Type: "Sandbox.Timedout", Message: "late"},
				&lambdaruntime.FunctionError{Type: "Runtime.ExitError", Message: "gone"},
				&lambdaruntime.FunctionError{Type: "Runtime.InvalidEntrypoint", Message: "none"}},
			want: "timed out(late) crashed(gone) failed to start(none)", failed: true,
		},
		"no function": {ends: []error{errors.New("no such function")}, want: "not run(no such function)", failed: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			firer := &Firer{Invoker: &scripted{t: t, ends: c.ends}, Now: time.Now, Log: &Log{}}
			_, err := firer.Fire(t.Context(), callOf(cognito.PostConfirmation, "1"))
			if (err != nil) != c.failed {
				t.Errorf("error %v", err)
			}
			r := firer.Log.Records(0)[0]
			var got []string
			for i, a := range r.Attempts {
				got = append(got, string(a.Outcome)+"("+a.Detail+")")
				if a.RequestID != fmt.Sprint("request-", i+1) || !a.Cold || a.Init != 1 || len(a.Log) != 1 ||
					a.Log[0].Level != "INFO" || a.Log[0].Text != "called" || string(a.Log[0].Fields) != `{"n":1}` {
					t.Errorf("attempt %d is %+v", i+1, a)
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("attempts %v, want %s", got, c.want)
			}
			if r.Settings["A"] != "b" || (r.Outcome == "ok") == c.failed {
				t.Errorf("record %+v", r)
			}
		})
	}
}

// The whole event and answer are in the record, and the password of user migration is in neither.
func TestRecordsHaveTheWholeEvent(t *testing.T) {
	t.Parallel()
	call := callOf(cognito.UserMigration, "1")
	const password = `Correct-"horse"-7`
	call.Request = events.UserMigrationRequest{Password: password, ValidationData: map[string]string{"a": "b"}}
	for name, answer := range map[string]answering{
		"answered":   {response: `{"userAttributes":{"email":"a@example.org"}}`},
		"copied":     {whole: `{"request":{},"response":{"userAttributes":{"name":"Correct-\"horse\"-7"}}}`},
		"said twice": {whole: `{"request":{"password":"Correct-\"horse\"-7","password":"x"},"response":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			firer := &Firer{Invoker: answer, Now: time.Now, Log: &Log{}}
			_, _ = firer.Fire(t.Context(), call) // what the record has is the same
			r := firer.Log.Records(0)[0]
			const whole = "version triggerSource region userPoolId userName callerContext request response"
			if got := keys(t, r.Event); got != whole {
				t.Errorf("the event has %s", got)
			}
			if got := keys(t, members(r.Event)["request"]); got != "password validationData userAttributes" {
				t.Errorf("the request has %s", got)
			}
			if string(members(r.Request)["password"]) != `"..."` || fmt.Sprint(r.Hidden) != "[request.password]" {
				t.Errorf("request %s, hidden %v", r.Request, r.Hidden)
			}
			if name == "answered" && string(members(members(r.Returned)["request"])["password"]) != `"..."` {
				t.Errorf("returned %s", r.Returned)
			}
			text, err := json.Marshal(r)
			if err != nil || bytes.Contains(text, []byte("horse")) {
				t.Errorf("error %v, the record has the password: %s", err, text)
			}
		})
	}
}

// The provider's tokens, which are still valid, are not in the record of a federated sign-in. Everything else is.
func TestRecordsHaveNoTokens(t *testing.T) {
	t.Parallel()
	call := callOf(cognito.InboundFederation, "1")
	call.Request = events.InboundFederationRequest{ProviderName: "Okta", Attributes: events.ProviderAttributes{
		TokenResponse: events.Attributes{"access_token": "access-of-a-horse", "id_token": "id", "token_type": "Bearer"},
		IDToken:       events.Attributes{"sub": "00u1x9", "typ": "Bearer"},
	}}
	const token = `{"tokenResponse":{"access_token":"access-of-a-horse"}}`
	for name, c := range map[string]struct {
		answer answering
		kept   bool // whether the answer is
	}{
		"answered":   {answering{response: `{"userAttributesToMap":{"typ":"Bearer"}}`}, true},
		"in another": {answering{whole: `{"request":{"attributes":` + token + `},"response":{}}`}, true},
		"mapped":     {answering{response: `{"userAttributesToMap":{"t":"access-of-a-horse"}}`}, false},
		"moved":      {answering{whole: `{"request":` + token + `,"response":{}}`}, false},
		"said twice": {answering{whole: `{"request":{"attributes":` + token + `,"attributes":{}},"response":{}}`}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			firer := &Firer{Invoker: c.answer, Now: time.Now, Log: &Log{}}
			_, _ = firer.Fire(t.Context(), call) // what the record has is the same
			r := firer.Log.Records(0)[0]
			attributes := members(members(r.Request)["attributes"])
			hidden := string(attributes["tokenResponse"])
			if hidden != `{"access_token":"...","id_token":"...","token_type":"..."}` ||
				string(attributes["idToken"]) != `{"sub":"00u1x9","typ":"Bearer"}` ||
				fmt.Sprint(r.Hidden) != "[request.attributes.tokenResponse]" || (r.Returned != nil) != c.kept {
				t.Errorf("request %s, hidden %v, returned %s", r.Request, r.Hidden, r.Returned)
			}
			if text, err := json.Marshal(r); err != nil || bytes.Contains(text, []byte("horse")) {
				t.Errorf("error %v, the record has a token: %s", err, text)
			}
		})
	}
}

// A reader of the log is woken by each record, and misses none.
func TestLogWakesItsReader(t *testing.T) {
	t.Parallel()
	log := &Log{}
	records, more := log.After(0)
	if len(records) != 0 {
		t.Fatalf("records %v", records)
	}
	for range 3 {
		log.Add(Record{})
	}
	<-more
	if records, more = log.After(1); len(records) != 2 || records[0].Number != 2 {
		t.Errorf("records %+v", records)
	}
	select {
	case <-more:
		t.Error("woken without a record")
	default:
	}
}

// Lines know the number of their event as soon as it is over.
func TestLinesKnowTheirEvent(t *testing.T) {
	t.Parallel()
	lines, log := &Lines{}, &Log{}
	lines.Add(functionlog.Line{RequestID: "r", Text: `{"level":"INFO","msg":"m"}`})
	lines.Add(functionlog.Line{Text: "without"})
	if got := lines.After(0, log); len(got) != 2 || got[0].Event != 0 || got[0].Level != "INFO" {
		t.Errorf("lines %+v", got)
	}
	log.Add(Record{})
	log.Add(Record{Attempts: []Attempt{{RequestID: "x"}, {RequestID: "r"}}})
	if got := lines.After(0, log); got[0].Event != 2 || got[1].Event != 0 || got[1].Number != 2 {
		t.Errorf("lines %+v", got)
	}
	if got := lines.After(2, log); len(got) != 0 {
		t.Errorf("lines %+v", got)
	}
}
