package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/local/stack"
	"cognito-triggers/local/stack/stacktest"
)

// local is the stack that provides the commands' emulator and functions.
var local *stack.Stack

const asCommand = "POOLCTL_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		os.Exit(0)
	}
	stacktest.Main(m, &local, nil)
}

// ran is the result of one run of the command.
type ran struct {
	code           int
	stdout, stderr string
}

// poolctl runs the command in a folder, with input as its standard input.
func poolctl(t *testing.T, dir, stdin string, args ...string) ran {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if len(args) > 0 && args[0] == "replay" { // TestMain has built the functions
		args = slices.Insert(slices.Clone(args), 1, "--build=false")
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, strings.NewReader(stdin), &stdout, &stderr
	cmd.Env = append(os.Environ(), asCommand+"=1", "AWS_ENDPOINT_URL="+local.Emulator.Endpoint,
		"GORACE=atexit_sleep_ms=0") // or the race detector delays the exit by a second
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return ran{code: cmd.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
}

// wants checks the exit status and parts of the output.
func (r ran) wants(t *testing.T, code int, stdout, stderr string) {
	t.Helper()
	if r.code != code || !strings.Contains(r.stdout, stdout) || !strings.Contains(r.stderr, stderr) {
		t.Errorf("exit status %d, want %d\nstandard output, want %q:\n%s\nstandard error, want %q:\n%s", r.code, code, stdout,
			r.stdout, stderr, r.stderr)
	}
}

func TestUsage(t *testing.T) {
	cases := map[string]struct {
		args           []string
		code           int
		stdout, stderr string
	}{
		"nothing":          {code: 0, stdout: "usage: poolctl COMMAND"},
		"help":             {args: []string{"help"}, code: 0, stdout: "  new-trigger "},
		"-h":               {args: []string{"-h"}, code: 0, stdout: "  replay "},
		"unknown":          {args: []string{"replays"}, code: 1, stderr: `poolctl: unknown command "replays"`},
		"a command's help": {args: []string{"replay", "-h"}, code: 0, stderr: "-trigger"},
		"an unknown flag": {
			args: []string{"replay", "--triggers", "x"}, code: 1, stderr: "flag provided but not defined: -triggers",
		},
		"event of nothing": {args: []string{"event"}, code: 1, stderr: "poolctl: event: name a trigger source"},
		"event of no source": {
			args: []string{"event", "PreSignUp"}, code: 1, stderr: `no trigger source is named "PreSignUp"`,
		},
		"event's version": {args: []string{"event", "PreSignUp_SignUp", "--version", "V2_0"}, code: 1, stderr: "V2_0"},
		"event without name": {
			args: []string{"replay", "--event", "x.json"}, code: 1, stderr: "--event needs --trigger NAME",
		},
		"event file missing": {
			args: []string{"replay", "--trigger", "pre-sign-up", "--event", "nowhere.json"}, code: 1, stderr: "nowhere.json",
		},
		"no such trigger": {args: []string{"replay", "--trigger", "presignup"}, code: 1, stderr: `"presignup"`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			poolctl(t, local.Root, "", c.args...).wants(t, c.code, c.stdout, c.stderr)
		})
	}
}

func TestEvent(t *testing.T) {
	for name, args := range map[string][]string{
		"flag after":  {"event", "TokenGeneration_HostedAuth", "--version", "V2_0"},
		"flag before": {"event", "--version", "V2_0", "TokenGeneration_HostedAuth"},
	} {
		t.Run(name, func(t *testing.T) {
			got := poolctl(t, t.TempDir(), "", args...)
			got.wants(t, 0, "", "")
			var event struct{ Version, TriggerSource string }
			if err := json.Unmarshal([]byte(got.stdout), &event); err != nil || event.Version != "2" ||
				event.TriggerSource != "TokenGeneration_HostedAuth" {
				t.Errorf("error %v, printed\n%s", err, got.stdout)
			}
		})
	}
}

// replay accepts what event prints.
func TestReplayOfAnOwnEvent(t *testing.T) {
	event := poolctl(t, local.Root, "", "event", "PreSignUp_SignUp").stdout
	file := filepath.Join(t.TempDir(), "own.json")
	if err := os.WriteFile(file, []byte(event), 0o644); err != nil {
		t.Fatal(err)
	}
	below := filepath.Join(local.Root, "cmd", "poolctl") // any folder in the repository works
	fromFile := poolctl(t, below, "", "replay", "--trigger", "pre-sign-up", "--event", file)
	fromFile.wants(t, 0, strings.TrimSuffix(event, "\n"), "answered after ")
	fromInput := poolctl(t, below, event, "replay", "--trigger", "pre-sign-up", "--event", "-")
	if fromInput.code != 0 || fromInput.stdout != fromFile.stdout {
		t.Errorf("from standard input %+v, from a file %+v", fromInput, fromFile)
	}
	if !strings.Contains(fromFile.stderr, "Outcome=answered") {
		t.Errorf("the function's log is not shown: %s", fromFile.stderr)
	}
	refused := strings.Replace(event, "example.org", "mailinator.com", 1)
	poolctl(t, below, refused, "replay", "--trigger", "pre-sign-up", "--event", "-").wants(t, 1, "E-mail", "")
}

func TestReplayOfGoldenEvents(t *testing.T) {
	got := poolctl(t, local.Root, "", "replay", "--trigger", "post-confirmation")
	got.wants(t, 0, " passed, 0 failed\n", "")
	for _, part := range []string{"ok   post-confirmation", "PostConfirmation_ConfirmSignUp ", "unchanged", " ms cold"} {
		if !strings.Contains(got.stdout, part) {
			t.Errorf("%q is not in\n%s", part, got.stdout)
		}
	}
	if strings.Contains(got.stdout, "\x1b") || strings.Contains(got.stdout, "#") {
		t.Errorf("a progress bar on something that is not a terminal:\n%q", got.stdout)
	}
}

func TestReplayShowsWhatIsWrong(t *testing.T) {
	root := t.TempDir()
	link(t, filepath.Join(local.Root, "build"), filepath.Join(root, "build"))
	link(t, filepath.Join(local.Root, "triggers", "pre-sign-up", "function.json"),
		filepath.Join(root, "triggers", "pre-sign-up", "function.json"))
	event := poolctl(t, local.Root, "", "event", "PreSignUp_SignUp").stdout
	for path, text := range map[string]string{
		"go.mod":                        "module example\n",
		"testevents/pre-sign-up/A.json": event,
		"testevents/pre-sign-up/A.want.json": `{"response":{"autoConfirmUser":true,"autoVerifyEmail":false,` +
			`"autoVerifyPhone":false}}`,
		"testevents/pre-sign-up/B.json":      event,
		"testevents/pre-sign-up/B.want.json": `{"answer":"unchanged"}`,
	} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(filepath.Join(root, path)), 0o755),
			os.WriteFile(filepath.Join(root, path), []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	got := poolctl(t, root, "", "replay")
	got.wants(t, 1, "1 passed, 1 failed\n", "")
	for _, part := range []string{"FAIL pre-sign-up", `-  "autoConfirmUser": true`, `+  "autoConfirmUser": false`,
		"ok   pre-sign-up            B "} {
		if !strings.Contains(got.stdout, part) {
			t.Errorf("%q is not in\n%s", part, got.stdout)
		}
	}
}

func link(t *testing.T, from, to string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.Symlink(from, to)); err != nil {
		t.Fatal(err)
	}
}

func TestRunOnce(t *testing.T) {
	got := poolctl(t, local.Root, "", "run", "--once", "--port", "0")
	got.wants(t, 0, "All steps passed in ", "")
	if !strings.Contains(got.stdout, "the AWS emulator at "+local.Emulator.Endpoint) ||
		!strings.Contains(got.stdout, "The HTTP API is at http://127.0.0.1:") ||
		!strings.Contains(got.stdout, "Stored profiles: 5.") {
		t.Errorf("printed\n%s", got.stdout)
	}
}

func TestRunNamesATakenPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	poolctl(t, local.Root, "", "run", "--once", "--port", port).wants(t, 1, "", "port "+port+" of 127.0.0.1 is in use")
	poolctl(t, local.Root, "", "run", "--once", "--port", "0", "--api-port", port).
		wants(t, 1, "", "`poolctl run --api-port=0`")
	poolctl(t, local.Root, "", "run", "--issuer", "mine").wants(t, 1, "", `--issuer is "mine"`)
}

func TestPreview(t *testing.T) {
	out := filepath.Join(t.TempDir(), "pages")
	got := poolctl(t, t.TempDir(), "", "preview", "--out", out, "--brand", "Moreau & Co")
	got.wants(t, 0, out, "")
	index, err := os.ReadFile(filepath.Join(out, "index.html"))
	if err != nil || len(index) == 0 {
		t.Errorf("index has %d bytes, error %v", len(index), err)
	}
}

func TestNewTrigger(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module example\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	link(t, filepath.Join(local.Root, "triggers", "pre-sign-up", "function.json"),
		filepath.Join(root, "triggers", "pre-sign-up", "function.json"))
	poolctl(t, root, "", "new-trigger", "--name", "audit", "--hook", "pre_sign_up").
		wants(t, 1, "", "triggers/pre-sign-up serves it")
	poolctl(t, root, "", "new-trigger", "--name", "", "--hook", "").wants(t, 1, "", "--name")
	got := poolctl(t, root, "", "new-trigger", "--name", "audit", "--hook", "post_authentication")
	got.wants(t, 0, "triggers/audit/handler.go\n", "")
	got.wants(t, 0, "`go test ./triggers/audit` and `poolctl replay --trigger audit` already pass", "")
	if _, err := os.Stat(filepath.Join(root, "triggers", "audit", "main.go")); err != nil {
		t.Error(err)
	}
}

func TestOutsideOfTheRepository(t *testing.T) {
	for _, command := range []string{"run", "replay", "new-trigger"} {
		t.Run(command, func(t *testing.T) {
			poolctl(t, t.TempDir(), "", command).wants(t, 1, "", "run this inside a repository")
		})
	}
}
