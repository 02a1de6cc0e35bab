package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/httpapi"
	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/stack"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/poolclient"
)

// apiWorld is the compiled api/auth behind an HTTP API, with its own pool, which has the repository's settings, fires
// the compiled triggers and has an adjustable clock.
type apiWorld struct {
	t        *testing.T
	server   *userpool.Server
	client   *cip.Client
	pool     poolspec.Pool
	endpoint string // of the pool
	url      string // of the API
	later    atomic.Int64
	auth     function
	logs     *lines // of the triggers

	mu      sync.Mutex
	secrets []string // texts that no log may contain
}

func (w *apiWorld) now() time.Time { return time.Now().Add(time.Duration(w.later.Load())) }

func (w *apiWorld) pass(d time.Duration) { w.later.Add(int64(d)) }

const functionARN = "arn:aws:lambda:eu-west-1:" + stack.Account + ":function:"

// startAPI starts an apiWorld; settings are api/auth's.
func startAPI(t *testing.T, settings map[string]string) *apiWorld {
	t.Helper()
	w := &apiWorld{t: t, logs: &lines{}}
	runners := map[string]*lambdaruntime.Runner{}
	w.server = userpool.Open(userpool.Options{
		Now: w.now,
		Invoker: fire.Runners(func(arn string) (*lambdaruntime.Runner, error) {
			if runner := runners[strings.TrimPrefix(arn, functionARN)]; runner != nil {
				return runner, nil
			}
			return nil, fmt.Errorf("no function")
		}),
	})
	server := httptest.NewServer(w.server)
	t.Cleanup(server.Close)
	t.Cleanup(w.checkLogs)
	w.endpoint, w.client = server.URL, poolclient.New(server.URL, local.Region)
	reach := map[string]string{
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": server.URL,
		"PROFILE_TABLE": local.Table,
		"LOG_LEVEL":     "debug",
	}
	for _, name := range []string{"pre-sign-up", "post-confirmation", "pre-token-generation"} {
		runners[name] = start(t, name, reach).Runner
	}
	for _, name := range []string{"define-auth-challenge", "create-auth-challenge", "verify-auth-challenge-response"} {
		runner, err := lambdaruntime.Start(lambdaruntime.Function{
			Name:        name,
			Bootstrap:   filepath.Join(local.Root, "build", "samples", name, "bootstrap"),
			Environment: local.Environment(),
			Logs:        w.logs,
		})
		w.must(err)
		t.Cleanup(func() { _ = runner.Close() })
		runners[name] = runner
	}
	w.create()
	own := map[string]string{"USER_POOL_ID": w.pool.ID, "CLIENT_ID": w.pool.Clients["app"]}
	for _, more := range []map[string]string{reach, settings} {
		for name, value := range more {
			own[name] = value
		}
	}
	w.auth = start(t, "auth", own)
	w.serve()
	return w
}

func (w *apiWorld) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// create creates the pool.
func (w *apiWorld) create() {
	spec, err := poolspec.Read(local.Root)
	w.must(err)
	w.pool, err = spec.Create(w.t.Context(), w.client, &types.LambdaConfigType{
		PreSignUp: aws.String(functionARN + "pre-sign-up"), PostConfirmation: aws.String(functionARN + "post-confirmation"),
		PreTokenGenerationConfig: &types.PreTokenGenerationVersionConfigType{
			LambdaArn:     aws.String(functionARN + "pre-token-generation"),
			LambdaVersion: "V2_0",
		},
		DefineAuthChallenge:         aws.String(functionARN + "define-auth-challenge"),
		CreateAuthChallenge:         aws.String(functionARN + "create-auth-challenge"),
		VerifyAuthChallengeResponse: aws.String(functionARN + "verify-auth-challenge-response"),
	}, nil)
	w.must(err)
}

// serve puts the function behind an HTTP API.
func (w *apiWorld) serve() {
	manifest, err := local.Function("auth")
	w.must(err)
	api, err := httpapi.New(httpapi.Options{
		Functions: []httpapi.Function{{Function: manifest, Invoker: w.auth.Runner}}, Now: w.now,
		Authorizer: &httpapi.Authorizer{
			Issuer: w.server.Issuer(w.endpoint, w.pool.ID), Audience: []string{w.pool.Clients["app"]},
			Keys: httpapi.NewKeys(w.endpoint + "/" + w.pool.ID + "/.well-known/jwks.json"),
		},
	})
	w.must(err)
	server := httptest.NewServer(api)
	w.t.Cleanup(server.Close)
	w.url = server.URL
}

// reply is the API's response.
type reply struct {
	status int
	header http.Header
	body   string
	json   members
}

func (r reply) text(name string) string {
	value, _ := r.json[name].(string)
	return value
}

// call sends a request. A string body is sent as it is, anything else as JSON; an empty token sends no header.
func (w *apiWorld) call(method, path, token string, body any) reply {
	w.t.Helper()
	text, raw := body.(string)
	if !raw && body != nil {
		encoded, err := json.Marshal(body)
		w.must(err)
		text = string(encoded)
	}
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+"/auth/"+path, strings.NewReader(text))
	w.must(err)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(r)
	w.must(err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	w.must(err)
	got := reply{status: response.StatusCode, header: response.Header, body: string(answer)}
	if len(bytes.TrimSpace(answer)) > 0 {
		w.must(json.Unmarshal(answer, &got.json))
	}
	w.keep(body)
	for _, name := range []string{"AccessToken", "IdToken", "RefreshToken", "session"} {
		w.keep(got.text(name))
	}
	return got
}

func (w *apiWorld) post(path string, body any) reply {
	w.t.Helper()
	return w.call(http.MethodPost, path, "", body)
}

// keep records the texts of a request, except short ones, as secrets that no log may contain.
func (w *apiWorld) keep(value any) {
	switch v := value.(type) {
	case string:
		if len(v) > 5 && len(v) < 4_000 && !strings.HasPrefix(v, "{") {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.secrets = append(w.secrets, v)
		}
	case members:
		for name, inner := range v {
			if name != "challenge" && name != "flow" {
				w.keep(inner)
			}
		}
	}
}

// checkLogs must run after the functions' processes have exited.
func (w *apiWorld) checkLogs() {
	w.t.Helper()
	logged := w.auth.logs
	if logged == nil {
		return
	}
	text := strings.ToLower(logged.String())
	if !strings.Contains(text, `"_aws"`) {
		w.t.Error("the function logged nothing")
	}
	for _, secret := range w.secrets {
		if strings.Contains(text, strings.ToLower(secret)) {
			w.t.Errorf("a log contains part of a request: %.20s…", secret)
		}
	}
}

// want checks status and problem code; an empty code means no problem.
func (r reply) want(t *testing.T, status int, code string) reply {
	t.Helper()
	if r.status != status || r.text("code") != code {
		t.Fatalf("%d %s, want %d %s: %s", r.status, r.text("code"), status, code, r.body)
	}
	if kind := r.header.Get("Content-Type"); code != "" && kind != "application/problem+json" {
		t.Errorf("content type %q", kind)
	}
	return r
}

// code returns the code in the latest message.
func (w *apiWorld) code() string {
	w.t.Helper()
	all := w.server.Inbox().Messages(0)
	if len(all) == 0 {
		w.t.Fatal("no message was delivered")
	}
	w.keep(all[len(all)-1].Code)
	return all[len(all)-1].Code
}

// goodPassword conforms to the pool's policy.
const goodPassword = "Correct-horse-7"

func (w *apiWorld) signUp(email string) reply {
	w.t.Helper()
	return w.post("sign-up", members{"email": email, "password": goodPassword, "name": "Ines Moreau", "locale": "fr-FR"})
}

// confirmed signs up a user and confirms them.
func (w *apiWorld) confirmed(email string) {
	w.t.Helper()
	w.signUp(email).want(w.t, 201, "")
	w.post("confirm", members{"email": email, "code": w.code()}).want(w.t, 200, "")
}

func (w *apiWorld) signIn(email, password string) reply {
	w.t.Helper()
	return w.post("sign-in", members{"email": email, "password": password})
}
