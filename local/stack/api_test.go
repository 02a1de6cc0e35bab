package stack_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/local/stack"
	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/shared/manifest"
)

// settled returns a copy of the repository with part of its pool settings replaced.
func settled(t *testing.T, old, new string) string {
	t.Helper()
	root := t.TempDir()
	for _, function := range local.Functions {
		room := filepath.Base(filepath.Dir(function.Dir))
		symlink(t, filepath.Join(function.Dir, manifest.FileName),
			filepath.Join(root, room, function.Name, manifest.FileName))
	}
	symlink(t, filepath.Join(local.Root, "build"), filepath.Join(root, "build"))
	settings, err := stacktest.Settings(local.Repository)
	if err != nil {
		t.Fatal(err)
	}
	delete(settings, "api")
	text, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), old, new, 1)
	if changed == string(text) {
		t.Fatalf("%s does not have %q", local.Repository.Relative(local.Repository.Settings), old)
	}
	path := filepath.Join(root, local.Repository.Relative(local.Repository.Settings))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(changed), 0o644)); err != nil {
		t.Fatal(err)
	}
	return root
}

func symlink(t *testing.T, from, to string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.Symlink(from, to)); err != nil {
		t.Fatal(err)
	}
}

// deploy starts a stack on the first one's emulator and creates its pool.
func deploy(t *testing.T, root string, logs io.Writer) *stack.Stack {
	t.Helper()
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	s, err := stack.Start(t.Context(), stack.Options{Root: root, Logs: logs})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := s.Deploy(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func ask(t *testing.T, method, url, body string, headers ...string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response
}

func TestHTTPAPIServesTheDeployedPool(t *testing.T) {
	var logs bytes.Buffer
	s := deploy(t, settled(t, `"triggers":`, `"api": {"cors_origins": ["https://app.example.com"]}, "triggers":`), &logs)
	const person = `{"email":"stack@example.org","password":"Correct-horse-7"}`
	if got := ask(t, "POST", s.APIEndpoint+"/auth/sign-up", person); got.StatusCode != http.StatusCreated {
		t.Errorf("sign-up answers %s", got.Status)
	}
	if err := s.CloseRunners(); err != nil { // so that the next request gets new processes
		t.Fatal(err)
	}
	if got := ask(t, "POST", s.APIEndpoint+"/auth/sign-in", person); got.StatusCode != http.StatusForbidden {
		t.Errorf("sign-in of somebody who is not confirmed answers %s", got.Status)
	}
	if got := ask(t, "POST", s.APIEndpoint+"/post", "{}"); got.StatusCode != http.StatusUnauthorized ||
		got.Header.Get("Www-Authenticate") != "Bearer" {
		t.Errorf("a post without a token answers %s, %v", got.Status, got.Header)
	}
	preflight := ask(t, "OPTIONS", s.APIEndpoint+"/post", "", "Origin", "https://app.example.com",
		"Access-Control-Request-Method", "POST")
	if methods := preflight.Header.Get("Access-Control-Allow-Methods"); methods != "DELETE,GET,PATCH,POST,PUT" {
		t.Errorf("preflight: %s, methods %q", preflight.Status, methods)
	}
	endpoint, table := strings.TrimPrefix(s.APIEndpoint, "http://"), s.PostsTable
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if conn, err := net.Dial("tcp", endpoint); err == nil {
		_ = conn.Close()
		t.Error("the HTTP API still listens")
	}
	var gone *types.ResourceNotFoundException
	if _, err := local.DynamoDB.DescribeTable(t.Context(),
		&dynamodb.DescribeTableInput{TableName: &table}); !errors.As(err, &gone) {
		t.Errorf("error %v: the posts table is still there", err)
	}
	if !strings.Contains(logs.String(), `"routeKey":"POST /auth/sign-up"`) {
		t.Errorf("the access log is not in %q", logs.String())
	}
}

func TestHTTPAPISettings(t *testing.T) {
	for name, c := range map[string]struct {
		settings string
		none     bool
		status   int // of POST /post
	}{
		"null is no API": {settings: `"api": null, "triggers":`, none: true},
		"a function is off": {
			settings: `"api": {"functions": {"posts": {"enabled": false}}}, "triggers":`,
			status:   http.StatusNotFound,
		},
		"other settings are ignored": {
			settings: `"api": {"throttle": {"rate": 5}}, "triggers":`,
			status:   http.StatusUnauthorized,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := deploy(t, settled(t, `"triggers":`, c.settings), nil)
			if (s.APIEndpoint == "") != c.none {
				t.Fatalf("endpoint %q", s.APIEndpoint)
			}
			if !c.none {
				if got := ask(t, "POST", s.APIEndpoint+"/post", "{}"); got.StatusCode != c.status {
					t.Errorf("status %s, want %d", got.Status, c.status)
				}
			}
		})
	}
}

func TestHTTPAPIAddress(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	_, err := stack.Start(t.Context(), stack.Options{
		Root:      local.Root,
		ListenAPI: strings.TrimPrefix(local.APIEndpoint, "http://"),
	})
	if !errors.Is(err, stack.ErrAPIPortTaken) {
		t.Errorf("error %v, want ErrAPIPortTaken", err)
	}
}

// A page that a development server sends can sign a user up, as AWS's tutorials do, where the stack allows loopback.
func TestPageOnThisMachine(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	for name, c := range map[string]struct {
		loopback bool
		want     string
	}{
		"make run":          {loopback: true, want: "http://localhost:3000"},
		"as it is deployed": {loopback: false, want: ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := stack.Start(t.Context(), stack.Options{Root: local.Root, Loopback: c.loopback})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			if _, err := s.Deploy(t.Context()); err != nil {
				t.Fatal(err)
			}
			const body = `{"email":"ines@example.org","password":"Sunny100%"}`
			signedUp := ask(t, "POST", s.APIEndpoint+"/auth/sign-up", body, "Origin", "http://localhost:3000")
			if got := signedUp.Header.Get("Access-Control-Allow-Origin"); signedUp.StatusCode/100 != 2 || got != c.want {
				t.Errorf("status %s, allowed origin %q, want %q", signedUp.Status, got, c.want)
			}
		})
	}
}
