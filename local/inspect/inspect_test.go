package inspect_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/inspect"
	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/userpool"
)

// functions refuses bad@example.org, times out for slow@example.org and returns other events unchanged.
type functions struct{}

func (functions) Invoke(_ context.Context, _ string, event []byte) ([]byte, error) {
	switch {
	case strings.Contains(string(event), "bad@example.org"):
		return nil, &lambdaruntime.FunctionError{Type: "errorString", Message: "Not with this address."}
	case strings.Contains(string(event), "slow@example.org"):
		return nil, lambdaruntime.ErrTimeout
	}
	return event, nil
}

// pool is a running local pool.
type pool struct {
	*cip.Client
	url      string
	clientID *string
}

func start(t *testing.T) pool {
	t.Helper()
	code := "123456"
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.Local)
	server := httptest.NewServer(userpool.Open(userpool.Options{
		Invoker: functions{},
		Code:    func(int) string { return code },
		Now:     func() time.Time { return at },
	}))
	t.Cleanup(server.Close)
	p := pool{url: server.URL, Client: cip.New(cip.Options{
		Region: "eu-west-1", BaseEndpoint: &server.URL,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})}
	made, err := p.CreateUserPool(t.Context(), &cip.CreateUserPoolInput{
		PoolName: aws.String("people"), UsernameAttributes: []types.UsernameAttributeType{"email"},
		AutoVerifiedAttributes: []types.VerifiedAttributeType{"email"},
		LambdaConfig: &types.LambdaConfigType{
			PreSignUp: aws.String("arn:aws:lambda:eu-west-1:000000000000:function:pre-sign-up:live"),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	app, err := p.CreateUserPoolClient(t.Context(), &cip.CreateUserPoolClientInput{
		UserPoolId: made.UserPool.Id,
		ClientName: aws.String("web"),
	})
	if err != nil {
		t.Fatal(err)
	}
	p.clientID = app.UserPoolClient.ClientId
	return p
}

func (p pool) signUp(t *testing.T, email string, refused bool) {
	t.Helper()
	_, err := p.SignUp(t.Context(), &cip.SignUpInput{
		ClientId: p.clientID,
		Username: &email,
		Password: aws.String("Correct-horse-7"),
	})
	if (err != nil) != refused {
		t.Fatal(err)
	}
}

func show(t *testing.T, p pool, from inspect.Source, o inspect.Options) string {
	t.Helper()
	client, err := inspect.Open(p.url, "")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := client.Show(t.Context(), &out, from, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestColumns(t *testing.T) {
	p := start(t)
	p.signUp(t, "ines@example.org", false)
	p.signUp(t, "김서연@example.org", false)
	p.signUp(t, "bad@example.org", true)
	p.signUp(t, "slow@example.org", true)
	const inbox = "TIME      KIND   TO                                SUBJECT                                   " +
		"CODE      FROM\n" +
		`05:06:07  EMAIL  ines@example.org                  Your verification code                    123456
05:06:07  EMAIL  김서연@example.org                Your verification code                    123456
`
	if got := show(t, p, inspect.Messages, inspect.Options{}); got != inbox {
		t.Errorf("inbox\n%s\nwant\n%s", got, inbox)
	}
	events := strings.Split(show(t, p, inspect.Events, inspect.Options{}), "\n")
	for i, want := range []string{
		"ID    TIME      SOURCE                                FUNCTION                    OUTCOME                   " +
			"      MS",
		"1     05:06:07  PreSignUp_SignUp                      pre-sign-up                 " +
			"ok                              0.",
		"2     05:06:07  PreSignUp_SignUp                      pre-sign-up                 " +
			"ok                              0.",
		"3     05:06:07  PreSignUp_SignUp                      pre-sign-up                 " +
			"UserLambdaValidationException   0.",
		"      PreSignUp failed with error Not with this address..",
		"      attempt 1: error (errorString: Not with this address.), 0.",
		"4     05:06:07  PreSignUp_SignUp                      pre-sign-up                 " +
			"UnexpectedLambdaException after 3 attempts  0.",
		"      PreSignUp invocation failed due to error Socket timeout while invoking Lambda function.",
		"      timed out",
		"      attempt 1: timed out, 0.", "      attempt 2: timed out, 0.", "      attempt 3: timed out, 0.", "",
	} {
		if i >= len(events) || !strings.HasPrefix(events[i], want) {
			t.Fatalf("line %d is not %q in\n%s", i, want, strings.Join(events, "\n"))
		}
	}
}

func TestFiltersAndJSON(t *testing.T) {
	p := start(t)
	p.signUp(t, "ines@example.org", false)
	p.signUp(t, "ida@example.org", false)
	out := show(t, p, inspect.Messages, inspect.Options{JSON: true, Query: inspect.Query{User: "IDA@example.org"}})
	var m userpool.Message
	if err := json.Unmarshal([]byte(out), &m); err != nil || m.To != "ida@example.org" || m.Code != "123456" ||
		strings.Count(out, "\n") != 1 {
		t.Errorf("error %v in %s", err, out)
	}
	for name, c := range map[string]struct {
		query inspect.Query
		want  int
	}{
		"all":             {query: inspect.Query{}, want: 2},
		"a source":        {query: inspect.Query{Source: "PreSignUp_SignUp"}, want: 2},
		"another source":  {query: inspect.Query{Source: "PreSignUp_AdminCreateUser"}, want: 0},
		"a user's":        {query: inspect.Query{User: "ines@example.org", Source: "PreSignUp_SignUp"}, want: 1},
		"after the first": {query: inspect.Query{After: 1}, want: 1},
	} {
		if got := strings.Count(show(t, p, inspect.Events, inspect.Options{JSON: true, Query: c.query}), "\n"); got !=
			c.want {
			t.Errorf("%s: %d events, want %d", name, got, c.want)
		}
	}
}

// Following prints each entry once, as it happens, and the end of the context is not an error.
func TestFollow(t *testing.T) {
	p := start(t)
	p.signUp(t, "ines@example.org", false)
	client, err := inspect.Open(p.url, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	read, written := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- client.Show(ctx, written, inspect.Messages,
			inspect.Options{JSON: true, Follow: true, Poll: time.Millisecond})
	}()
	lines := json.NewDecoder(read)
	for i, email := range []string{"ines@example.org", "ida@example.org", "ivo@example.org"} {
		if i > 0 {
			p.signUp(t, email, false)
		}
		var m userpool.Message
		if err := lines.Decode(&m); err != nil || m.Number != i+1 || m.To != email {
			t.Fatalf("message %+v, error %v; want the one to %s", m, err, email)
		}
	}
	cancel()
	go func() { _, _ = io.Copy(io.Discard, read) }() // unblocks a pending write
	if err := <-ended; err != nil {
		t.Errorf("error %v at the end", err)
	}
}

// A message may contain user input, which must not control the terminal.
func TestNothingSteersTheTerminal(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w,
			`{"messages":[{"number":1,"to":"a\u001b]0;title\u0007\r\nb@example.org","subject":"\u009b31m\u202e","code":"1"}]}`)
	}))
	defer server.Close()
	got := show(t, pool{url: server.URL}, inspect.Messages, inspect.Options{})
	if strings.ContainsAny(got, "\x1b\x07\r\u009b\u202e") || strings.Count(got, "\n") != 2 {
		t.Errorf("%q", got)
	}
}

func TestOpenReadsLocalJSON(t *testing.T) {
	p := start(t)
	p.signUp(t, "ines@example.org", false)
	write := func(text string) string {
		build := t.TempDir()
		if err := os.WriteFile(filepath.Join(build, inspect.FileName), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return build
	}
	client, err := inspect.Open("", write(`{"endpoint":"`+p.url+`/","region":"eu-west-1"}`))
	if err != nil {
		t.Fatal(err)
	}
	if list, err := client.List(t.Context(), inspect.Messages, inspect.Query{}); err != nil || len(list) != 1 {
		t.Errorf("%d messages, error %v", len(list), err)
	}
	for name, c := range map[string]struct{ endpoint, build, want string }{
		"no file":        {endpoint: "", build: t.TempDir(), want: "poolctl run"},
		"no JSON":        {endpoint: "", build: write("odd"), want: "has no endpoint"},
		"no endpoint":    {endpoint: "", build: write("{}"), want: "has no endpoint"},
		"no URL":         {endpoint: "localhost:9229", want: "is not the URL of a local pool"},
		"a file, no URL": {endpoint: "", build: write(`{"endpoint":"file:///x"}`), want: "is not the URL of a local pool"},
	} {
		if _, err := inspect.Open(c.endpoint, c.build); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
}

func TestWhatIsNoLocalPool(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for name, c := range map[string]struct {
		serve http.HandlerFunc
		want  string
	}{
		"nothing there": {serve: nil, want: "poolctl run"},
		"another program": {
			serve: func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") },
			want:  "is another program using that port?",
		},
		"another list": {
			serve: func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") },
			want:  "is another program using that port?",
		},
		"refused": {serve: http.NotFound, want: "404"},
		"odd entries": {
			serve: func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"messages":[1]}`) },
			want:  "an entry",
		},
	} {
		t.Run(name, func(t *testing.T) {
			endpoint := gone.URL
			if c.serve != nil {
				server := httptest.NewServer(c.serve)
				defer server.Close()
				endpoint = server.URL
			}
			client, err := inspect.Open(endpoint, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, follow := range []bool{false, true} {
				if err := client.Show(t.Context(), io.Discard, inspect.Messages, inspect.Options{Follow: follow}); err == nil ||
					!strings.Contains(err.Error(), c.want) {
					t.Errorf("error %v, want %q", err, c.want)
				}
			}
		})
	}
}
