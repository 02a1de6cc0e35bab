package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

// request is what a service was asked.
type request struct {
	Target string // the operation, or the path where the service has one for each
	Body   map[string]any
}

// awsServer answers for every service and notes what it is asked.
type awsServer struct {
	mu       sync.Mutex
	requests []request
	answer   func(w http.ResponseWriter, r *http.Request, target string)
}

func newAWS(t *testing.T) (*awsServer, string) {
	t.Helper()
	a := &awsServer{answer: func(w http.ResponseWriter, _ *http.Request, _ string) { _, _ = io.WriteString(w, "{}") }}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	return a, server.URL
}

func (a *awsServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, target, found := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if !found {
		target = r.URL.Path
	}
	asked := request{Target: target}
	if err := json.NewDecoder(r.Body).Decode(&asked.Body); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	a.mu.Lock()
	a.requests = append(a.requests, asked)
	a.mu.Unlock()
	a.answer(w, r, target)
}

func (a *awsServer) targets() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []string
	for _, r := range a.requests {
		all = append(all, r.Target)
	}
	return strings.Join(all, " ")
}

// onLambda is the environment of a function whose services are all at endpoint.
func onLambda(endpoint string) map[string]string {
	environment := maps.Clone(everything)
	maps.Copy(environment, map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret-example",
		"AWS_ENDPOINT_URL": endpoint,
	})
	return environment
}

func deployed(t *testing.T, environment map[string]string,
	metrics io.Writer) func(limit time.Duration, payload []byte) ([]byte, error) {
	t.Helper()
	env := settings.FromMap(environment)
	handle, err := setup(env)
	if err := errors.Join(err, env.Err()); err != nil {
		t.Fatal(err)
	}
	handler := trigger.New(events.PostConfirmation, handle, metrics)
	return func(limit time.Duration, payload []byte) ([]byte, error) {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		return handler.Invoke(lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: "id"}), payload)
	}
}

func TestCallsToAWS(t *testing.T) {
	a, endpoint := newAWS(t)
	payload := event(t, map[string]string{"locale": "ko-KR"})
	answer, err := deployed(t, onLambda(endpoint), io.Discard)(5*time.Second, payload)
	if err != nil || !bytes.Equal(answer, payload) {
		t.Fatalf("answer %s, error %v", answer, err)
	}
	if got, want := a.targets(), "PutItem AdminAddUserToGroup UpdateItem /v2/email/outbound-emails"; got != want {
		t.Fatalf("calls %s, want %s", got, want)
	}
	if got := a.requests[0].Body["TableName"]; got != "profiles" {
		t.Errorf("table %v", got)
	}
	if got := a.requests[1].Body; got["UserPoolId"] != poolID || got["Username"] != "ines.moreau" ||
		got["GroupName"] != "members" {
		t.Errorf("group call %v", got)
	}
	wantMail(t, a.requests[3].Body)
}

func wantMail(t *testing.T, body map[string]any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		FromEmailAddress string
		Destination      struct{ ToAddresses, CcAddresses, BccAddresses []string }
		Content          struct {
			Simple struct {
				Subject struct{ Data, Charset string }
				Body    struct {
					Html, Text struct{ Data, Charset string }
				}
			}
		}
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	simple := got.Content.Simple
	if got.FromEmailAddress != "Example <hello@example.org>" ||
		strings.Join(got.Destination.ToAddresses, " ") != "ines@example.org" ||
		len(got.Destination.CcAddresses)+len(got.Destination.BccAddresses) > 0 {
		t.Errorf("from %q to %+v", got.FromEmailAddress, got.Destination)
	}
	for name, data := range map[string]string{
		"subject": simple.Subject.Data,
		"HTML":    simple.Body.Html.Data,
		"text":    simple.Body.Text.Data,
	} {
		if data == "" {
			t.Errorf("no %s", name)
		}
	}
	if simple.Subject.Charset != "UTF-8" || simple.Body.Html.Charset != "UTF-8" || simple.Body.Text.Charset != "UTF-8" {
		t.Errorf("not all in UTF-8: %+v", simple)
	}
}

// Whatever one service does, the answer comes in time and unchanged, and what was lost is counted.
func TestTroubleInAWS(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	refuse := func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w,
			`{"__type":"AccessDeniedException","message":"arn:aws:sts::123456789012:assumed-role/x is not authorized"}`)
	}
	fail := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }
	cut := func(w http.ResponseWriter, _ *http.Request) {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			conn.Close()
		}
	}
	const mail = "/v2/email/outbound-emails"
	cases := []struct {
		name   string
		target string
		how    func(http.ResponseWriter, *http.Request)
		want   string // the counter
		calls  int    // to the target; 0: any number
	}{
		{name: "DynamoDB hangs", target: "PutItem", how: hang, want: profilesLost},
		{name: "DynamoDB refuses", target: "PutItem", how: refuse, want: profilesLost, calls: 1},
		{name: "DynamoDB fails", target: "PutItem", how: fail, want: profilesLost},
		{name: "Cognito hangs", target: "AdminAddUserToGroup", how: hang, want: groupAddsFailed},
		{name: "Cognito refuses", target: "AdminAddUserToGroup", how: refuse, want: groupAddsFailed, calls: 1},
		{name: "the claim hangs", target: "UpdateItem", how: hang, want: mailsLost},
		{name: "SES hangs", target: mail, how: hang, want: mailsLost, calls: 1},
		{name: "SES refuses", target: mail, how: refuse, want: mailsLost, calls: 1},
		{name: "SES fails", target: mail, how: fail, want: mailsLost, calls: 1},
		{name: "SES cuts the line", target: mail, how: cut, want: mailsLost, calls: 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			const limit = 1500 * time.Millisecond // Lambda's, in place of 5 s
			a, endpoint := newAWS(t)
			plain := a.answer
			a.answer = func(w http.ResponseWriter, r *http.Request, target string) {
				if target == c.target {
					c.how(w, r)
					return
				}
				plain(w, r, target)
			}
			var metrics bytes.Buffer
			payload := event(t, nil)
			began := time.Now()
			answer, err := deployed(t, onLambda(endpoint), &metrics)(limit, payload)
			if took := time.Since(began); err != nil || !bytes.Equal(answer, payload) || took > limit {
				t.Errorf("answer %s, error %v, after %v", answer, err, took)
			}
			if !strings.Contains(metrics.String(), `"`+c.want+`":1`) {
				t.Errorf("%s is not 1 in %s", c.want, metrics.String())
			}
			if got := strings.Count(a.targets(), c.target); c.calls > 0 && got != c.calls {
				t.Errorf("%d calls of %s, want %d", got, c.target, c.calls)
			}
		})
	}
}

// No client that is not needed may need settings.
func TestClientsForSwitchedOffParts(t *testing.T) {
	a, endpoint := newAWS(t)
	environment := onLambda(endpoint)
	delete(environment, groupSetting)
	delete(environment, welcomeSetting)
	environment["AWS_ENDPOINT_URL_SESV2"] = "not a URL"
	if _, err := deployed(t, environment, io.Discard)(5*time.Second, event(t, nil)); err != nil {
		t.Fatal(err)
	}
	if got := a.targets(); got != "PutItem" {
		t.Errorf("calls %s, want PutItem", got)
	}
}

func TestSetupNamesWhatIsMissing(t *testing.T) {
	env := settings.FromMap(nil)
	if _, err := setup(env); err != nil {
		t.Fatal(err)
	}
	err := env.Err()
	for _, name := range []string{tableSetting, "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		if err == nil || !strings.Contains(err.Error(), name+" ") {
			t.Errorf("problems %v do not name %s", err, name)
		}
	}
}
