package attach

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"cognito-triggers/local/userpool"
	"cognito-triggers/local/wholehttp"
	"cognito-triggers/shared/cognito"
)

const (
	functionARN = "arn:aws:lambda:eu-west-1:000000000000:function:"
	otherARN    = functionARN + "somebody-elses"
)

// world is a local user pool behind a proxy whose responses a test can change, and the part of Lambda's API that attach
// uses.
type world struct {
	Clients
	t       *testing.T
	lambda  *fakeLambda
	mu      sync.Mutex
	asked   []string                                         // operations of the pool in call order
	updates []document                                       // UpdateUserPool's requests
	answers map[string]func(answer document)                 // changes the responses of an operation
	instead map[string]func() (status int, errorBody string) // replaces the responses of an operation
}

func start(t *testing.T) *world {
	t.Helper()
	w := &world{
		t:       t,
		lambda:  newFakeLambda(),
		answers: map[string]func(document){},
		instead: map[string]func() (int, string){},
	}
	now, mu := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), sync.Mutex{}
	pools := userpool.Open(userpool.Options{Now: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}})
	poolServer, lambdaServer := httptest.NewServer(w.proxy(pools)), httptest.NewServer(w.lambda)
	t.Cleanup(poolServer.Close)
	t.Cleanup(lambdaServer.Close)
	cfg := aws.Config{
		Region:           "eu-west-1",
		RetryMaxAttempts: 1,
		HTTPClient:       &http.Client{Transport: wholehttp.Transport(http.DefaultTransport)},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	}
	w.Wait = func(context.Context, time.Duration) error { return nil } // alone, there is nothing to wait for
	w.Pools = cip.NewFromConfig(cfg, func(o *cip.Options) { o.BaseEndpoint = &poolServer.URL })
	w.Functions = lambda.NewFromConfig(cfg, func(o *lambda.Options) { o.BaseEndpoint = &lambdaServer.URL })
	return w
}

func (w *world) proxy(pools http.Handler) http.HandlerFunc {
	return func(out http.ResponseWriter, r *http.Request) {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		body, _ := io.ReadAll(r.Body)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.asked = append(w.asked, operation)
		if operation == "UpdateUserPool" {
			var sent document
			_ = json.Unmarshal(body, &sent)
			w.updates = append(w.updates, sent)
		}
		if instead := w.instead[operation]; instead != nil {
			status, text := instead()
			out.Header().Set("Content-Type", "application/x-amz-json-1.1")
			out.WriteHeader(status)
			_, _ = io.WriteString(out, text)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		recorded := httptest.NewRecorder()
		pools.ServeHTTP(recorded, r)
		answer := recorded.Body.Bytes()
		if bend := w.answers[operation]; bend != nil {
			var members document
			_ = json.Unmarshal(answer, &members)
			bend(members)
			answer, _ = json.Marshal(members)
			recorded.Header().Del("Content-Length")
		}
		maps.Copy(out.Header(), recorded.Header())
		out.WriteHeader(recorded.Code)
		_, _ = out.Write(answer)
	}
}

// bendPool changes DescribeUserPool's responses; nil stops that.
func (w *world) bendPool(change func(pool document)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if change == nil {
		delete(w.answers, "DescribeUserPool")
		return
	}
	w.answers["DescribeUserPool"] = func(answer document) {
		var pool document
		_ = json.Unmarshal(answer["UserPool"], &pool)
		change(pool)
		answer["UserPool"], _ = json.Marshal(pool)
	}
}

func (w *world) calls(operation string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, asked := range w.asked {
		if asked == operation {
			n++
		}
	}
	return n
}

// create makes a pool that sends mail through SES, with the test's changes.
func (w *world) create(change func(*cip.CreateUserPoolInput)) (poolID string) {
	w.t.Helper()
	in := &cip.CreateUserPoolInput{
		PoolName: aws.String("people"), LambdaConfig: &types.LambdaConfigType{},
		EmailConfiguration: &types.EmailConfigurationType{
			EmailSendingAccount: types.EmailSendingAccountTypeDeveloper,
			SourceArn:           aws.String("arn:aws:ses:eu-west-1:000000000000:identity/example.org"),
		},
	}
	if change != nil {
		change(in)
	}
	made, err := w.Pools.CreateUserPool(w.t.Context(), in)
	if err != nil {
		w.t.Fatal(err)
	}
	return *made.UserPool.Id
}

var modified = regexp.MustCompile(`"LastModifiedDate":[^,}]*`)

// bytesOf returns DescribeUserPool's response without LastModifiedDate.
func (w *world) bytesOf(poolID string) string {
	w.t.Helper()
	var answer []byte
	if _, err := w.Pools.DescribeUserPool(w.t.Context(), &cip.DescribeUserPoolInput{UserPoolId: &poolID},
		keepAnswer(&answer)); err != nil {
		w.t.Fatal(err)
	}
	return string(modified.ReplaceAll(answer, []byte(`"LastModifiedDate":0`)))
}

func triggers() []Trigger {
	return []Trigger{
		{Name: "pre-sign-up", Hook: cognito.PreSignUp, Function: "pre-sign-up"},
		{Name: "post-confirmation", Hook: cognito.PostConfirmation, Function: "post-confirmation"},
		{Name: "custom-message", Hook: cognito.CustomMessage, Function: "custom-message"},
		{Name: "pre-token-generation", Hook: cognito.PreTokenGeneration, Version: "V2_0", Function: "pre-token-generation"},
	}
}

func (w *world) attach(poolID string, all ...Trigger) *Plan {
	w.t.Helper()
	plan, err := w.PlanAttach(w.t.Context(), poolID, all, false)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.Apply(w.t.Context(), plan); err != nil {
		w.t.Fatal(err)
	}
	return plan
}

func (w *world) detach(poolID string, hooks ...cognito.Hook) *Plan {
	w.t.Helper()
	plan, err := w.PlanDetach(w.t.Context(), poolID, hooks)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.Apply(w.t.Context(), plan); err != nil {
		w.t.Fatal(err)
	}
	return plan
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil || slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(err.Error(), part) }) {
		t.Errorf("error = %v, want one with %q", err, parts)
	}
}
