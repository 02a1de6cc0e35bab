package userpool

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cognito-triggers/local/userpool/calls"
	"cognito-triggers/shared/cognito"
)

// reader reads the stream of a pool.
type reader struct {
	t     *testing.T
	lines *bufio.Scanner
}

// follow reads a pool's stream from a position on.
func follow(t *testing.T, url, after string) *reader {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/local/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Last-Event-ID", after)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	if kind := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || kind != "text/event-stream" {
		t.Fatalf("status %d, %s", response.StatusCode, kind)
	}
	return &reader{t, bufio.NewScanner(response.Body)}
}

// next returns the next entry.
func (r *reader) next() (id, kind string, data object) {
	r.t.Helper()
	for r.lines.Scan() {
		name, value, _ := strings.Cut(r.lines.Text(), ": ")
		switch name {
		case "id":
			id = value
		case "event":
			kind = value
		case "data":
			if err := json.Unmarshal([]byte(value), &data); err != nil {
				r.t.Fatal(err)
			}
		case "":
			if kind != "" {
				return id, kind, data
			}
		}
	}
	r.t.Fatalf("the stream ended: %v", r.lines.Err())
	return "", "", nil
}

// until returns the next entry of a kind.
func (r *reader) until(kind string) (id string, data object) {
	r.t.Helper()
	for {
		if id, got, data := r.next(); got == kind {
			return id, data
		}
	}
}

// A call, the triggers that it fires and the message that it sends are one story, which the stream tells as it happens.
func TestStream(t *testing.T) {
	t.Parallel()
	f := &functions{answers: map[string]func(map[string]any) (any, error){}}
	d := startDirect(t, object{"AutoVerifiedAttributes": []string{"email"},
		"LambdaConfig": object{"PreSignUp": arnOf(cognito.PreSignUp)}}, nil, func(o *Options) { o.Invoker = f })
	server := httptest.NewServer(d.server)
	t.Cleanup(server.Close)
	before := d.server.Calls().Entries(0)
	r := follow(t, server.URL, Position{Call: len(before)}.String())
	d.do("SignUp", object{"Username": ines, "Password": password,
		"UserAttributes": []object{{"Name": "email", "Value": ines}}})
	id, began := r.until("call")
	if began["operation"] != "SignUp" || began["userName"] != ines || began["clientId"] != d.client ||
		began["outcome"] != nil {
		t.Errorf("the call began as %v", began)
	}
	for _, kind := range []string{"event", "message"} {
		if _, data := follow(t, server.URL, id).until(kind); data["call"] != began["id"] {
			t.Errorf("the %s %v is not of call %v", kind, data, began["id"])
		}
	}
	_, ended := r.until("call")
	if ended["id"] != began["id"] || ended["outcome"] != "ok" || ended["ms"] == nil {
		t.Errorf("the call ended as %v", ended)
	}
	if text, _ := json.Marshal(d.server.Calls().Entries(0)); strings.Contains(string(text), password) {
		t.Error("the password is in the log of calls")
	}
}

// Whoever calls without saying who they are is known by the access token.
func TestCallOf(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]calls.Call{
		`{"UserPoolId":"p","Username":"u"}`:                                      {PoolID: "p", UserName: "u"},
		`{"ClientId":"c","AuthParameters":{"USERNAME":"u","PASSWORD":"secret"}}`: {ClientID: "c", UserName: "u"},
		`{"ClientId":"c","ChallengeResponses":{"USERNAME":"u"}}`:                 {ClientID: "c", UserName: "u"},
		`{"AccessToken":"x.e30.y"}`:                                              {},
		`{"AccessToken":"x.eyJpc3MiOiJodHRwOi8vaC9wIiwidXNlcm5hbWUiOiJ1In0.y"}`:  {PoolID: "p", UserName: "u"},
		`{"Username":1}`: {}, `[`: {},
	} {
		want.Operation = "Op"
		if got := callOf("Op", []byte(body)); got != want {
			t.Errorf("%s: %+v, want %+v", body, got, want)
		}
	}
}
