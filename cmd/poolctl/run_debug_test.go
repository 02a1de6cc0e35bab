package main

import (
	"context"
	"encoding/json"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// holdVariable is how long the breakpoint is held; see `make test-debug`.
const holdVariable = "DEBUG_HOLD"

// pastLimit is longer than Cognito waits for a trigger.
const pastLimit = 7 * time.Second

// delve compiles the debugger whose version .ci/tools pins, and returns its folder.
func delve(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(local.Repository.Build, "tools")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-modfile=.ci/tools/go.mod", "-o", filepath.Join(folder, "dlv"),
		"github.com/go-delve/delve/cmd/dlv")
	cmd.Dir = local.Repository.Root
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("dlv cannot be built: %v\n%s", err, text)
	}
	return folder
}

// mayTrace skips the test where the system lets no process trace another one, as in some containers.
func mayTrace(t *testing.T, dlv string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(dlv, "dlv"), "exec", "--allow-non-terminal-interactive",
		"/bin/true")
	cmd.Stdin = strings.NewReader("exit\n")
	text, _ := cmd.CombinedOutput() // a program without debug information is an error, too, but a later one
	if !regexp.MustCompile(`(?i)operation not permitted|permission denied|ptrace`).Match(text) {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("dlv cannot trace processes here, and CI must test it:\n%s", text)
	}
	t.Skipf("dlv cannot trace processes here: %s", text)
}

var underDelve = regexp.MustCompile(`guard runs under dlv at (\S+),`)

// debugger is a connection to dlv. See https://github.com/go-delve/delve/tree/master/Documentation/api
type debugger struct {
	t *testing.T
	*rpc.Client
}

func (d debugger) call(method string, in map[string]any) map[string]any {
	d.t.Helper()
	var out map[string]any
	if err := d.Call("RPCServer."+method, in, &out); err != nil {
		d.t.Fatalf("dlv: %s: %v", method, err)
	}
	return out
}

// A breakpoint in a running trigger may be held for longer than Cognito waits, or a test, or a cup of coffee: the event
// is answered afterwards, once.
func TestABreakpointMayBeHeld(t *testing.T) {
	hold := pastLimit
	if text := os.Getenv(holdVariable); text != "" {
		var err error
		if hold, err = time.ParseDuration(text); err != nil {
			t.Fatalf("%s: %v", holdVariable, err)
		}
	}
	dlv := delve(t)
	mayTrace(t, dlv)
	root := ownRepository(t)
	l := startLive(t, root, filepath.Join(root, "build", "local.json"),
		[]string{"PATH=" + dlv + string(filepath.ListSeparator) + os.Getenv("PATH")}, "--debug", "guard")
	found := underDelve.FindStringSubmatch(l.output())
	if found == nil {
		t.Fatalf("it does not say where dlv is:\n%s", l.output())
	}
	client, err := jsonrpc.Dial("tcp", found[1])
	if err != nil {
		t.Fatal(err)
	}
	d := debugger{t, client}
	defer client.Close()
	d.call("Command", map[string]any{"name": "halt"})
	d.call("CreateBreakpoint", map[string]any{"Breakpoint": map[string]any{"functionName": "main.handle"}})
	stopped := d.Go("RPCServer.Command", map[string]any{"name": "continue"}, &map[string]any{}, nil)
	answered := make(chan string, 1)
	go func() { answered <- l.signUp(context.Background(), "ines@example.org") }()
	select {
	case call := <-stopped.Done:
		state, _ := json.Marshal(call.Reply)
		if call.Error != nil || !strings.Contains(string(state), `"functionName":"main.handle"`) {
			t.Fatalf("dlv did not stop at the breakpoint: %v %s", call.Error, state)
		}
	case got := <-answered:
		t.Fatalf("answered %q before the breakpoint; it printed\n%s", got, l.output())
	}
	select {
	case <-time.After(hold): // the subject of this test
	case got := <-answered:
		t.Fatalf("answered %q while the function stood at the breakpoint", got)
	}
	d.Go("RPCServer.Command", map[string]any{"name": "continue"}, &map[string]any{}, nil)
	if got := <-answered; !strings.Contains(got, "error one.") {
		t.Errorf("answered %q after %v at the breakpoint; it printed\n%s", got, hold, l.output())
	}
	events := poolctl(t, root, "", "events", "--json", "--endpoint", l.at.Endpoint)
	if strings.Count(events.stdout, `"source":"PreSignUp_SignUp"`) != 1 ||
		strings.Count(events.stdout, `"outcome":"error"`) != 1 {
		t.Errorf("recorded\n%s\nwant one event with one attempt", events.stdout)
	}
}

var asProcess = regexp.MustCompile(`dlv attach (\d+)`)

// Without dlv, it says which process to attach to, before the first event.
func TestRunDebugWithoutDelve(t *testing.T) {
	root := ownRepository(t)
	empty := t.TempDir()
	compiler, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(compiler, filepath.Join(empty, "go")); err != nil {
		t.Fatal(err)
	}
	l := startLive(t, root, filepath.Join(root, "build", "local.json"), []string{"PATH=" + empty}, "--debug", "guard")
	found := asProcess.FindStringSubmatch(l.output())
	if found == nil {
		t.Fatalf("it does not say how to attach:\n%s", l.output())
	}
	pid, err := strconv.Atoi(found[1])
	if err != nil || pid == l.cmd.Process.Pid {
		t.Errorf("the process %s is not the function's", found[1])
	}
	l.refuses("one")
	save(t, root, ownRules, rules("two"))
	l.refuses("two")
	l.await("word of the new process", func() bool { return len(asProcess.FindAllString(l.output(), -1)) > 1 })
	if again := asProcess.FindAllString(l.output(), -1); len(again) != 2 || again[0] == again[1] {
		t.Errorf("it names the processes %q, want the new one as well", again)
	}
}
