package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/userpool/poolclient"
)

const (
	ownTrigger = "triggers/guard/main.go"
	ownRules   = "rules/rules.go"
)

// ownRepository is a repository of a user's own with one trigger, guard, which refuses everybody with a text that it
// takes from another package.
func ownRepository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	product, module := local.Repository.Root, local.Repository.Module
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(product, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for path, text := range map[string]string{
		"go.mod": strings.Replace(read("go.mod"), "module "+module, "module example.org/app", 1) +
			fmt.Sprintf("\nrequire %s v0.0.0\n\nreplace %[1]s => %s\n", module, product),
		"go.sum":                           read("go.sum"),
		"terraform/pool.auto.tfvars.json":  `{"name": "own", "app_clients": {"app": {"auth_flows": ["USER_PASSWORD_AUTH"]}}}`,
		"triggers/guard/function.json":     guardManifest(5),
		ownTrigger:                         strings.ReplaceAll(guardSource, "@MODULE@", module),
		ownRules:                           rules("one"),
		"triggers/guard/function_test.go":  "package main\n",
		"testevents/guard/.gitkeep":        "",
		"triggers/guard/handler_unused.go": "package main\n",
	} {
		save(t, root, path, text)
	}
	return root
}

func save(t *testing.T, root, path, text string) {
	t.Helper()
	path = filepath.Join(root, filepath.FromSlash(path))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func guardManifest(seconds int) string {
	return fmt.Sprintf(`{"hook": "pre_sign_up", "timeout_seconds": %d, "memory_mb": 128, "environment": {}, "grants": []}`,
		seconds)
}

func rules(text string) string {
	return fmt.Sprintf("package rules\n\n// Text is what everybody reads.\nconst Text = %q\n", text)
}

const guardSource = `package main

import (
	"context"

	"example.org/app/rules"

	"@MODULE@/shared/events"
	"@MODULE@/shared/settings"
	"@MODULE@/shared/trigger"
)

func main() { trigger.Start(events.PreSignUp, setup) }

func setup(*settings.Env) (trigger.Handler[events.PreSignUpRequest, events.PreSignUpResponse], error) {
	return handle, nil
}

func handle(ctx context.Context, e *events.PreSignUpEvent) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return trigger.Reject(rules.Text)
}
`

// live is a running poolctl run.
type live struct {
	t       *testing.T
	cmd     *exec.Cmd
	cognito *cip.Client
	at      addresses

	mu      sync.Mutex
	printed strings.Builder
	ended   chan struct{}
}

// startLive starts the command and returns when the addresses are in the file at out.
func startLive(t *testing.T, root, out string, environment []string, args ...string) *live {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	l := &live{t: t, ended: make(chan struct{})}
	l.cmd = exec.Command(self, append([]string{"run", "--play=false", "--port=0"}, args...)...)
	l.cmd.Dir = root
	l.cmd.Env = append(append(os.Environ(), asCommand+"=1", "AWS_ENDPOINT_URL="+local.Emulator.Endpoint,
		"GORACE=atexit_sleep_ms=0"), environment...)
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	l.cmd.Stdout, l.cmd.Stderr = writer, writer
	if err := errors.Join(l.cmd.Start(), writer.Close()); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(l.ended)
		lines := bufio.NewScanner(reader)
		for lines.Scan() {
			l.mu.Lock()
			l.printed.WriteString(lines.Text() + "\n")
			l.mu.Unlock()
		}
		_ = l.cmd.Wait()
	}()
	t.Cleanup(l.stop)
	l.await("its hints", func() bool { return strings.Contains(l.output(), "Press Ctrl-C") })
	text, err := os.ReadFile(out)
	if err := errors.Join(err, json.Unmarshal(text, &l.at)); err != nil {
		t.Fatal(err)
	}
	l.cognito = poolclient.New(l.at.Endpoint, l.at.Region)
	return l
}

func (l *live) stop() {
	_ = l.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	<-l.ended
}

func (l *live) output() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.printed.String()
}

func (l *live) await(what string, there func() bool) {
	l.t.Helper()
	limit := time.After(5 * time.Minute) // the first compilation on a busy machine
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !there() {
		select {
		case <-tick.C:
		case <-l.ended:
			l.t.Fatalf("it ended before %s; it printed\n%s", what, l.output())
		case <-limit:
			l.t.Fatalf("waited in vain for %s; it printed\n%s", what, l.output())
		}
	}
}

// signUp signs a user up and returns the text of the refusal.
func (l *live) signUp(ctx context.Context, email string) string {
	_, err := l.cognito.SignUp(ctx, &cip.SignUpInput{
		ClientId: &l.at.ClientID, Username: &email, Password: aws.String("Correct-horse-7"),
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: &email}},
	})
	var refused *types.UserLambdaValidationException
	if errors.As(err, &refused) {
		return refused.ErrorMessage()
	}
	return fmt.Sprint("no refusal: ", err)
}

func (l *live) refuses(text string) {
	l.t.Helper()
	if got := l.signUp(l.t.Context(), "ines@example.org"); !strings.HasSuffix(got, " failed with error "+text+".") {
		l.t.Errorf("refused with %q, want %q; it printed\n%s", got, text, l.output())
	}
}

// An edit answers the next event. While one does not compile, each answer says that it is older, on the terminal and
// in the event's record.
func TestRunAnswersWithTheNewCode(t *testing.T) {
	root := ownRepository(t)
	out := filepath.Join(root, "build", "local.json")
	l := startLive(t, root, out, nil)
	l.refuses("one")
	save(t, root, ownRules, rules("two"))
	l.refuses("two")
	if strings.Contains(l.output(), "note: guard") {
		t.Errorf("it says that older code answered:\n%s", l.output())
	}

	save(t, root, ownRules, rules("three")+"broken\n")
	for range 2 {
		l.refuses("two")
	}
	const older = "guard: answered by the code of before the edit of rules/rules.go: "
	l.await("word of both answers", func() bool { return strings.Count(l.output(), older) == 2 })
	l.await("the compiler's text", func() bool { return strings.Contains(l.output(), "guard does not compile") })
	events := poolctl(t, root, "", "events", "--json", "--endpoint", l.at.Endpoint)
	if got := strings.Count(events.stdout, "answered by the code of before the edit of rules/rules.go"); got != 2 {
		t.Errorf("%d records say that older code answered, want 2:\n%s", got, events.stdout)
	}

	save(t, root, ownRules, rules("four"))
	l.refuses("four")
	l.stop()
	binaries, err := filepath.Glob(filepath.Join(root, "build", "run", "*", "guard", "*", "bootstrap"))
	zips, _ := filepath.Glob(filepath.Join(root, "build", "*", "*.zip"))
	if err != nil || len(binaries) != 3 || len(zips) > 0 {
		t.Errorf("binaries %v, zips %v; want three and none", binaries, zips)
	}
}

func TestRunWithoutWatching(t *testing.T) {
	root := ownRepository(t)
	l := startLive(t, root, filepath.Join(root, "build", "local.json"), nil, "--watch=false")
	save(t, root, ownRules, rules("two"))
	l.refuses("one")
}

func TestRunOfCodeThatDoesNotCompile(t *testing.T) {
	root := ownRepository(t)
	save(t, root, ownRules, rules("one")+"broken\n")
	got := poolctl(t, root, "", "run", "--once", "--play=false", "--port", "0")
	got.wants(t, 1, "", "rules/rules.go:5:1: syntax error")
	got.wants(t, 1, "", "run: the functions do not compile")
}

func TestRunRefusesUnknownNames(t *testing.T) {
	root := ownRepository(t)
	poolctl(t, root, "", "run", "--debug", "gaurd").wants(t, 1, "", `--debug: no function that runs is named "gaurd"`)
	poolctl(t, root, "", "run", "--attach", "x").wants(t, 1, "", "choose one of guard")
	poolctl(t, root, "", "run", "--attach", "guard", "--debug", "guard").wants(t, 1, "", "choose one")
}

// Runs at the same time leave each other's logs and address files alone, and so does one that cannot start.
func TestRunsLeaveEachOthersFiles(t *testing.T) {
	root := ownRepository(t)
	out := filepath.Join(root, "build", "local.json")
	first := startLive(t, root, out, nil)
	first.refuses("one")
	log := filepath.Join(root, "build", "logs", "run.log")
	whole := func() (text string) {
		all, err := os.ReadFile(log)
		if err != nil {
			t.Error(err)
		}
		return string(all)
	}
	first.await("the event in the log", func() bool { return strings.Contains(whole(), "PreSignUp_SignUp") })
	before := whole()

	at, err := url.Parse(first.at.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	poolctl(t, root, "", "run", "--once", "--port", at.Port()).wants(t, 1, "", "is in use")
	second := startLive(t, root, filepath.Join(root, "build", "local-2.json"), nil)
	second.refuses("one")
	second.stop()
	poolctl(t, root, "", "run", "--once", "--port", "0", "--out", out).wants(t, 1, "", "another run uses "+out)
	if now := whole(); now != before {
		t.Errorf("the first run's log is now\n%s\nwant\n%s", now, before)
	}
	var now addresses
	text, err := os.ReadFile(out)
	if err := errors.Join(err, json.Unmarshal(text, &now)); err != nil || !reflect.DeepEqual(now, first.at) {
		t.Errorf("the first run's addresses are %+v, error %v; want %+v", now, err, first.at)
	}
	first.stop()

	// When nobody runs, a run that finds its port taken leaves the last one's log as it is.
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	before = whole()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	poolctl(t, root, "", "run", "--once", "--port", port).wants(t, 1, "", "is in use")
	if now := whole(); now != before {
		t.Errorf("a run that did not start changed the log to\n%s", now)
	}
}

var sourced = regexp.MustCompile(`\(set -a; \. (\S+);`)

// Events wait for a process that the user starts, at an address that stays the same from run to run.
func TestRunAttach(t *testing.T) {
	root := ownRepository(t)
	out := filepath.Join(root, "build", "local.json")
	var environment []string
	for range 2 {
		l := startLive(t, root, out, nil, "--attach", "guard")
		found := sourced.FindStringSubmatch(l.output())
		if found == nil || !strings.Contains(l.output(), `"envFile": "`+found[1]) {
			t.Fatalf("it does not say how to attach:\n%s", l.output())
		}
		answered := make(chan string, 1)
		go func() { answered <- l.signUp(context.Background(), "ines@example.org") }()
		binary := filepath.Join(t.TempDir(), "guard")
		build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./triggers/guard")
		build.Dir = root
		if text, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		select {
		case got := <-answered:
			t.Fatalf("answered %q before a process was there", got)
		default:
		}
		process := exec.Command("sh", "-c", `set -a; . "$0"; exec "$1"`, found[1], binary) // as the hint says
		process.Stdout, process.Stderr = io.Discard, io.Discard
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		if got := <-answered; !strings.Contains(got, "error one.") {
			t.Errorf("answered %q", got)
		}
		_ = process.Process.Kill()
		_ = process.Wait()
		l.stop()
		text, err := os.ReadFile(found[1])
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, "AWS_LAMBDA_RUNTIME_API=") {
				environment = append(environment, line)
			}
		}
	}
	if len(environment) != 2 || environment[0] != environment[1] {
		t.Errorf("the process's addresses are %q, want the same at both runs", environment)
	}
}
