package stack_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/local/browser"
	"cognito-triggers/local/lambdaruntime/process"
	"cognito-triggers/local/stack"
)

//go:embed testdata/attack.html
var attackPage string

// result is what a page got from one attempt: "blocked: …", "sent, not read", or "read STATUS TEXT".
type result struct{ Base, Name, Result string }

// A page of another site, in a browser on this machine, attacks every port that the stack listens at, by its address
// and by a name of the page's own that resolves to it.
func TestPagesGetNothing(t *testing.T) {
	chromium := findBrowser(t)
	s := deploy(t, local.Root, io.Discard)
	const secret = "Correct-horse-battery-7"
	client := signUp(t, s, "before@example.org", secret) // starts a function, so that its Runtime API listens
	victim, attempts := newVictim(t)
	ports := append(listening(t), portOf(t, s.Endpoint), portOf(t, s.APIEndpoint), portOf(t, local.Emulator.Endpoint))
	results := attack(t, chromium, append(ports, portOf(t, victim)), client.pool, s.Table)

	read := map[string]bool{}
	for _, r := range results {
		if portOf(t, r.Base) == portOf(t, victim) {
			read[r.Name] = read[r.Name] || strings.HasPrefix(r.Result, "read 2")
			continue
		}
		if strings.HasPrefix(r.Result, "read 2") || strings.HasPrefix(r.Result, "read 101") {
			t.Errorf("%s at %s: %s", r.Name, r.Base, r.Result)
		}
		if strings.Contains(r.Result, secret) || strings.Contains(r.Result, "before@example.org") {
			t.Errorf("%s at %s shows what a user sent: %s", r.Name, r.Base, r.Result)
		}
	}
	for _, name := range []string{"a simple post", "a write to the table", "a new administrator", "a function's event"} {
		if !read[name] {
			t.Errorf("%s: a server that allows every page was not read, so this attack proves nothing", name)
		}
	}
	for _, want := range []string{"POST text/plain", "OPTIONS ", "websocket", "other.test"} {
		if !strings.Contains(attempts(), want) {
			t.Errorf("the page sent no %s, so this attack proves nothing:\n%s", want, attempts())
		}
	}
	wantUntouched(t, s, client.pool)
	signUp(t, s, "after@example.org", secret) // the function still gets its own events
}

// findBrowser returns the path of a Chromium, or skips the test without one; in CI it fails.
func findBrowser(t *testing.T) string {
	t.Helper()
	path, err := browser.Find(t.Context(), local.Root)
	switch {
	case err != nil && os.Getenv("CI") != "":
		t.Fatalf("CI needs a browser: %v", err)
	case err != nil:
		t.Skip("SKIP: ", err)
	}
	return path
}

type deployed struct{ pool, client string }

func signUp(t *testing.T, s *stack.Stack, email, password string) deployed {
	t.Helper()
	pools, err := s.Cognito.ListUserPools(t.Context(), &cip.ListUserPoolsInput{MaxResults: aws.Int32(1)})
	if err != nil || len(pools.UserPools) == 0 {
		t.Fatal(pools, err)
	}
	d := deployed{pool: *pools.UserPools[0].Id}
	clients, err := s.Cognito.ListUserPoolClients(t.Context(), &cip.ListUserPoolClientsInput{UserPoolId: &d.pool})
	if err != nil || len(clients.UserPoolClients) == 0 {
		t.Fatal(clients, err)
	}
	d.client = *clients.UserPoolClients[0].ClientId
	if _, err := s.Cognito.SignUp(t.Context(), &cip.SignUpInput{
		ClientId: &d.client, Username: &email, Password: &password,
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: &email}},
	}); err != nil {
		t.Fatal(err)
	}
	return d
}

// newVictim starts a server without any defence, which shows that the page's attempts arrive. It returns their list.
func newVictim(t *testing.T) (endpoint string, attempts func() string) {
	t.Helper()
	var mu sync.Mutex
	var seen strings.Builder
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		_, _ = seen.WriteString(strings.Join([]string{
			r.Method, r.Header.Get("Content-Type"), r.Header.Get("Upgrade"), r.Host, r.URL.String(), "\n",
		}, " "))
		mu.Unlock()
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "*")
		_, _ = io.WriteString(w, "{}")
	}))
	t.Cleanup(server.Close)
	return server.URL, func() string {
		mu.Lock()
		defer mu.Unlock()
		return seen.String()
	}
}

// attack opens the page in the browser and returns what it reports.
func attack(t *testing.T, chromium string, ports []string, pool, table string) []result {
	t.Helper()
	var bases []string
	for _, port := range ports {
		for _, host := range []string{"127.0.0.1", "localhost", "other.test"} {
			bases = append(bases, "http://"+host+":"+port)
		}
	}
	plan, err := json.Marshal(map[string]any{"bases": bases, "pool": pool, "table": table})
	if err != nil {
		t.Fatal(err)
	}
	page := strings.Replace(attackPage, "PLAN", string(plan), 1)
	reports := make(chan []byte, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, page)
		case "/report":
			text, _ := io.ReadAll(r.Body)
			reports <- text
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	open(t, chromium, "http://evil.test:"+portOf(t, server.URL))
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	select {
	case text := <-reports:
		var results []result
		if err := json.Unmarshal(text, &results); err != nil || len(results) < 10*len(bases) {
			t.Fatalf("the page reports %d results: %v", len(results), err)
		}
		return results
	case <-ctx.Done():
		t.Fatal("the page does not report what it got")
	}
	return nil
}

// open opens a page until the end of the test.
func open(t *testing.T, path, page string) {
	t.Helper()
	arguments := append(browser.Arguments(t.TempDir()), "--remote-debugging-port=0", page)
	p, err := process.Start(exec.Command(path, arguments...), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Kill()
		<-p.Done()
		if t.Failed() {
			t.Logf("the browser printed:\n%s", strings.Join(p.Tail(), "\n"))
		}
	})
}

// listening returns the ports at which this process listens, by Linux's tables; elsewhere none.
func listening(t *testing.T) []string {
	t.Helper()
	if runtime.GOOS != "linux" {
		return nil
	}
	own := map[string]bool{}
	files, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if target, err := os.Readlink(file); err == nil {
			own[target] = true
		}
	}
	text, err := os.ReadFile("/proc/self/net/tcp")
	if err != nil {
		t.Fatal(err)
	}
	var ports []string
	for line := range strings.Lines(string(text)) {
		const address, state, inode, listens = 1, 3, 9, "0A"
		f := strings.Fields(line)
		if len(f) > inode && f[state] == listens && own["socket:["+f[inode]+"]"] {
			_, port, _ := strings.Cut(f[address], ":")
			number, err := strconv.ParseUint(port, 16, 16)
			if err != nil {
				t.Fatal(err)
			}
			ports = append(ports, strconv.FormatUint(number, 10))
		}
	}
	return ports
}

func portOf(t *testing.T, endpoint string) string {
	t.Helper()
	u, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(u.Host)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// wantUntouched checks that no attempt of the page had an effect.
func wantUntouched(t *testing.T, s *stack.Stack, pool string) {
	t.Helper()
	// The page's own request makes a topic if it has the secret.
	topic(t, "CreateTopic&Name=control")
	if topics := topic(t, "ListTopics"); !strings.Contains(topics, "control") || strings.Contains(topics, "evil") {
		t.Errorf("topics %s; want the test's own", topics)
	}
	user := "evil@example.org"
	_, err := s.Cognito.AdminGetUser(t.Context(), &cip.AdminGetUserInput{UserPoolId: &pool, Username: &user})
	if err == nil || !strings.Contains(err.Error(), "UserNotFound") {
		t.Errorf("the page's user: %v", err)
	}
	item, err := getItem(t, s, pool+"#evil")
	if err != nil || len(item) > 0 {
		t.Errorf("the page's profile: %v, %v", item, err)
	}
}

func getItem(t *testing.T, s *stack.Stack, key string) (map[string]ddb.AttributeValue, error) {
	t.Helper()
	out, err := s.DynamoDB.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: &s.Table, Key: map[string]ddb.AttributeValue{"pk": &ddb.AttributeValueMemberS{Value: key}},
	})
	if err != nil {
		return nil, err
	}
	return out.Item, nil
}

// topic sends a request to the emulator's SNS, as the page does but with the secret, and returns the answer.
func topic(t *testing.T, action string) string {
	t.Helper()
	response, err := http.Post(local.Emulator.Endpoint+"/?Version=2010-03-31&Action="+action, "text/plain",
		strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %s %v", action, response.Status, text, err)
	}
	return string(text)
}
