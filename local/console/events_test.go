package console

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/functionlog"
)

// An event has all that is known of it, and what the function printed for it.
func TestEvent(t *testing.T) {
	t.Parallel()
	p := open(t, map[string]string{"PreSignUp": "pre-sign-up"}, functions{"pre-sign-up": refuses}, nil)
	if err := p.signsUp(ines); err != nil {
		t.Fatal(err)
	}
	p.pool.Lines().Add(functionlog.Line{Function: "pre-sign-up", RequestID: "request of pre-sign-up", Text: "Hello"})
	p.pool.Lines().Add(functionlog.Line{Function: "pre-sign-up", RequestID: "another", Text: "Not mine"})
	e := get[eventAnswer](p, "events/1")
	if e.Number != 1 || e.Source != "PreSignUp_SignUp" || len(e.Attempts) != 1 || len(e.Event) == 0 ||
		len(e.Returned) == 0 || len(e.Lines) != 1 || e.Lines[0].Text != "Hello" {
		t.Errorf("the event is %+v", e)
	}
	for _, number := range []string{"0", "2", "-1", "x", "99999999999999999999", "1%2F..%2F1"} {
		p.fails(p.asks(http.MethodGet, "events/"+number, nil, nil), "no such event")
		p.fails(p.asks(http.MethodPost, "events/"+number+"/replay", nil, nil), "no such event")
		p.fails(p.asks(http.MethodPost, "events/"+number+"/save", object{"name": "pre-sign-up/a"}, nil), "no such event")
	}
}

// A replay calls the present code and leaves no trace in the timeline.
func TestReplay(t *testing.T) {
	t.Parallel()
	fixed := false
	p := open(t, map[string]string{"PreSignUp": "pre-sign-up"}, functions{"pre-sign-up": func(request, r object) error {
		if fixed {
			r["autoConfirmUser"] = true
			return nil
		}
		return refuses(request, r)
	}}, nil)
	_ = p.signsUp("x@mailinator.example") // is refused
	fixed = true
	var again fire.Record
	if err := p.asks(http.MethodPost, "events/1/replay", nil, &again); err != nil {
		t.Fatal(err)
	}
	if again.Outcome != "ok" || !strings.Contains(string(again.Returned), `"autoConfirmUser":true`) {
		t.Errorf("the replay is %+v", again)
	}
	if first := get[eventAnswer](p, "events/1"); first.Outcome == "ok" {
		t.Error("the replay changed the event")
	}
	if events := p.pool.Events().Records(0); len(events) != 1 {
		t.Errorf("%d events", len(events))
	}
}

// A replay goes by the rules that the pool's settings make, as the event itself did.
func TestReplayKnowsThePool(t *testing.T) {
	t.Parallel()
	writes := func(_, response object) error {
		response["emailSubject"], response["emailMessage"] = "Hello", "Your code is {####}"
		return nil
	}
	hooks := map[string]string{"CustomMessage": "custom-message"}
	p := open(t, hooks, functions{"custom-message": writes}, object{"EmailConfiguration": object{
		"EmailSendingAccount": "DEVELOPER",
		"SourceArn":           "arn:aws:ses:eu-west-1:000000000000:identity/example.org"}})
	if err := p.signsUp(ines); err != nil {
		t.Fatal(err)
	}
	var again fire.Record
	if err := p.asks(http.MethodPost, "events/1/replay", nil, &again); err != nil || again.Outcome != "ok" {
		t.Errorf("%+v, %v", again, err)
	}
	p.calls("DeleteUserPool", object{"UserPoolId": p.id})
	p.fails(p.asks(http.MethodPost, "events/1/replay", nil, nil), "the pool of the event is gone")
}

// An event is saved as a golden case of this repository, or the answer says why not; no file outside is written.
func TestSave(t *testing.T) {
	t.Parallel()
	p := open(t, map[string]string{"PreSignUp": "pre-sign-up"}, functions{"pre-sign-up": refuses}, nil)
	_ = p.signsUp("x@mailinator.example") // is refused
	var saved struct{ Files []string }
	save := func(name any) error { return p.asks(http.MethodPost, "events/1/save", object{"name": name}, &saved) }
	if err := save("pre-sign-up/PreSignUp_SignUp-refused"); err != nil || len(saved.Files) != 2 {
		t.Fatal(saved, err)
	}
	want, err := os.ReadFile(filepath.Join(p.golden, "pre-sign-up", "PreSignUp_SignUp-refused.want.json"))
	if err != nil || !strings.Contains(string(want), "Please use a lasting address.") {
		t.Errorf("%s, %v", want, err)
	}
	p.fails(save("pre-sign-up/PreSignUp_SignUp-refused"), "exists")
	p.fails(save("custom-message/x"), "save it as")
	p.fails(save(7), "not JSON of the expected form")
	for _, name := range []string{"", "x", "../x/y", "pre-sign-up/../../x", "/etc/x", "pre-sign-up/a/b",
		`pre-sign-up\..\x/y`} {
		if err := save(name); err == nil {
			t.Errorf("%q is saved", name)
		}
	}
	if files, _ := filepath.Glob(filepath.Join(p.golden, "*", "*")); len(files) != 2 {
		t.Errorf("the files are %v", files)
	}
	nowhere := open(t, map[string]string{"PreSignUp": "pre-sign-up"}, functions{"pre-sign-up": refuses}, nil,
		func(o *Options) { o.Save = nil })
	_ = nowhere.signsUp(ines)
	nowhere.fails(nowhere.asks(http.MethodPost, "events/1/save", object{"name": "a/b"}, nil), "no repository")
}

// A fault counts down with the calls of its function, and is seen by the client.
func TestFaults(t *testing.T) {
	t.Parallel()
	p := open(t, map[string]string{"PreSignUp": "pre-sign-up"}, functions{"pre-sign-up": refuses}, nil)
	route := "faults/" + url.PathEscape(arnOf("pre-sign-up"))
	var left map[string]fire.Fault
	if err := p.asks(http.MethodPut, route, fire.Fault{Kind: fire.Fail, Calls: 2}, &left); err != nil ||
		left[arnOf("pre-sign-up")].Calls != 2 {
		t.Fatal(left, err)
	}
	p.fails(p.signsUp(ines), "UserLambdaValidationException")
	if left := get[map[string]fire.Fault](p, "faults"); left[arnOf("pre-sign-up")].Calls != 1 {
		t.Errorf("left: %v", left)
	}
	if err := p.asks(http.MethodDelete, route, nil, &left); err != nil {
		t.Fatal(err)
	}
	if err := p.signsUp(ines); err != nil {
		t.Error(err)
	}
	for says, fault := range map[string]any{
		"kind is": object{"kind": "smoke", "calls": 1}, "calls is": object{"kind": "fail", "calls": 0},
		"ms is": object{"kind": "delay", "calls": 1}, "not JSON": "fail",
	} {
		p.fails(p.asks(http.MethodPut, route, fault, nil), says)
	}
}

// What is too large is refused before it is decoded.
func TestLargeRequests(t *testing.T) {
	t.Parallel()
	p := open(t, nil, nil, nil)
	for pattern, path := range paths(t) {
		method, _, _ := strings.Cut(pattern, " ")
		if method == http.MethodGet || method == http.MethodDelete || strings.Contains(pattern, "{number}") {
			continue
		}
		body := fmt.Sprintf(`{"token":%q}`, strings.Repeat("x", maxBody))
		if w := p.serve(request(method, path, []byte(body))); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", pattern, w.Code)
		}
	}
}
