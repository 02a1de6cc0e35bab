package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/scaffold"
	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/cognito/answer"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/manifest"
)

// exampleHook is the hook of the README's example.
const exampleHook = cognito.PostAuthentication

// A new trigger is just a new directory: every tool finds it, its own checks pass, and no existing file changes.
func TestNewTrigger(t *testing.T) {
	const name = "try-new-trigger"
	hook := freeHooks(t)[0]
	if slices.Contains(freeHooks(t), exampleHook) {
		hook = exampleHook
	}
	root := copyRepository(t)
	before := fingerprints(t, root)
	made, err := scaffold.New(root, name, hook)
	if err != nil {
		t.Fatal(err)
	}
	after := fingerprints(t, root)
	if paths := changed(before, after); len(paths) > 0 {
		t.Errorf("existing files have changed: %v", paths)
	}
	if len(after) != len(before)+len(made) {
		t.Errorf("%d files are new, %d are listed", len(after)-len(before), len(made))
	}

	goTool(t, root, "vet", "./triggers/"+name)
	goTool(t, root, "test", "-vet=off", "./triggers/"+name) // already vetted
	if err := stacktest.Make(t.Context(), root, nil, "build", "ARCH="+runtime.GOARCH); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{name + ".zip", name + "/bootstrap", "pre-sign-up.zip"} {
		if _, err := os.Stat(filepath.Join(root, "build", runtime.GOARCH, file)); err != nil {
			t.Error(err)
		}
	}
	if runtime.GOOS != "linux" { // on Linux it was just compiled
		if err := stacktest.Make(t.Context(), root, nil, "build-local"); err != nil {
			t.Fatal(err)
		}
	}
	out := poolctl(t, root, "replay", "--trigger", name)
	for _, source := range hook.Sources() {
		if !strings.Contains(out, source) {
			t.Errorf("poolctl replay did not run %s:\n%s", source, out)
		}
	}
	cases := 0
	for _, path := range made {
		if strings.HasSuffix(path, ".want.json") {
			cases++
		}
	}
	if want := fmt.Sprintf("%d passed, 0 failed", cases); !strings.Contains(out, want) {
		t.Errorf("poolctl replay printed\n%s\nwant %s", out, want)
	}

	if hook != exampleHook {
		return // this repository has a trigger there already
	}
	// The README's example can replace the scaffold's handler without other changes.
	handler := filepath.Join(root, "triggers", name, "handler.go")
	kept, _, _ := strings.Cut(readFile(t, handler), "func (h handler) handle(")
	_, example, found := strings.Cut(readFile(t, filepath.Join(root, "README.md")), "\n```go\n")
	example, _, closed := strings.Cut(example, "```\n")
	if !found || !closed || !strings.HasPrefix(example, "func (h handler) handle(") {
		t.Fatalf("README.md's first Go example begins with\n%.60s\nwant a handler", example)
	}
	if err := os.WriteFile(handler, []byte(kept+example), 0o644); err != nil {
		t.Fatal(err)
	}
	goTool(t, root, "vet", "./triggers/"+name)
}

// poolctl runs the command in a copy of the repository, with these tests' emulator.
func poolctl(t *testing.T, root string, args ...string) string {
	t.Helper()
	out, err := tryPoolctl(t, root, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// tryPoolctl is poolctl for a command that may fail; the error has its output.
func tryPoolctl(t *testing.T, root string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(filepath.Join(local.Root, "build", "poolctl"), args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+local.Emulator.Endpoint)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("poolctl %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return string(out), nil
}

// A new trigger for any hook passes everything that this repository's triggers must pass: lint, its own tests, the
// layout tests, and a replay of its events on the compiled binary. So does one after adding its first AWS client. In
// the copy, hooks that a trigger already serves are freed by removing that trigger.
func TestNewTriggerForEveryHook(t *testing.T) {
	root := copyRepository(t)
	made := map[string]bool{}
	add := func(hook cognito.Hook) {
		name := "try-" + strings.ReplaceAll(string(hook), "_", "-")
		if _, err := scaffold.New(root, name, hook); err != nil {
			t.Fatal(err)
		}
		made[name] = true
	}
	free := freeHooks(t)
	for _, hook := range free {
		add(hook)
	}
	goTool(t, root, "test", "-vet=off", "./local/layout")
	for _, function := range functions(t) {
		if function.Hook == "" {
			continue
		}
		for _, folder := range []string{"triggers", "testevents"} {
			if err := os.RemoveAll(filepath.Join(root, folder, function.Name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, hook := range cognito.Hooks() {
		if !slices.Contains(free, hook) {
			add(hook)
		}
	}
	addClient(t, filepath.Join(root, "triggers", "try-post-authentication"))

	var packages []string
	for name := range made {
		packages = append(packages, "./triggers/"+name)
	}
	slices.Sort(packages)
	if out := goTool(t, root, "list", "-e", "./triggers/..."); len(strings.Fields(out)) != len(cognito.Hooks()) {
		t.Errorf("the triggers are\n%swant one per hook", out)
	}
	goTool(t, root, "vet", packages...)
	staticcheck(t, root, packages)
	goTool(t, root, "test", "-vet=off", "-run", "Functions|Mains", "./local/layout")
	goTool(t, root, "test", append([]string{"-vet=off"}, packages...)...)
	binaries := t.TempDir() + string(filepath.Separator)
	goTool(t, root, "build", append([]string{"-ldflags=-s -w -buildid=", "-o", binaries}, packages...)...)
	replayScaffolds(t, root, binaries, made)
}

// addClient makes a handler call DynamoDB the way the other triggers do.
func addClient(t *testing.T, dir string) {
	t.Helper()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("store.go", `package main

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/settings"
)

type store struct{ client func() *dynamodb.Client }

func newStore(env *settings.Env) store {
	aws := awsenv.Config(env, "DYNAMODB")
	return store{sync.OnceValue(func() *dynamodb.Client { return dynamodb.NewFromConfig(aws) })}
}

func (s store) ready(ctx context.Context) bool {
	_, err := s.client().ListTables(ctx, &dynamodb.ListTablesInput{})
	return err == nil
}
`)
	main, handler := filepath.Join(dir, "main.go"), filepath.Join(dir, "handler.go")
	replaceIn(t, main, "newHandler(readConfig(env))", "newHandler(readConfig(env), newStore(env))")
	replaceIn(t, handler, "struct{ config Config }", "struct {\n\tconfig Config\n\tstore  store\n}")
	replaceIn(t, handler, "func newHandler(config Config)", "func newHandler(config Config, s store)")
	replaceIn(t, handler, "return handler{config}.handle", "return handler{config, s}.handle")
	replaceIn(t, handler, "if h.config.NoteClients {", "if h.config.NoteClients && !h.store.ready(ctx) {")
}

// replaceIn replaces a text that must occur exactly once in the file.
func replaceIn(t *testing.T, path, old, replacement string) {
	t.Helper()
	text := readFile(t, path)
	if strings.Count(text, old) != 1 {
		t.Fatalf("%s does not contain %q exactly once:\n%s", path, old, text)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(text, old, replacement, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// staticcheck runs staticcheck like make lint, in CI, which has linted before it tests. Without what that leaves in the
// caches it would take longer than all other tests: it must be compiled, and must analyse the SDK.
func staticcheck(t *testing.T, root string, packages []string) {
	t.Helper()
	if os.Getenv("CI") == "" {
		t.Log("staticcheck is skipped: it runs in CI")
		return
	}
	goTool(t, root, "tool", append([]string{"-modfile=.ci/tools/go.mod", "staticcheck"}, packages...)...)
}

// replayScaffolds sends the new triggers' test events to their binaries.
func replayScaffolds(t *testing.T, root, binaries string, made map[string]bool) {
	t.Helper()
	found, err := manifest.Find(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, function := range found {
		if !made[function.Name] {
			continue
		}
		cases, err := golden.Load(os.DirFS(filepath.Join(root, "testevents")), function.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			t.Run(function.Name+"/"+c.Name, func(t *testing.T) {
				f := startFunction(t, function, filepath.Join(binaries, function.Name), c.Config.Environment)
				got := f.invoke(t, c.Event)
				outcome := golden.Outcome{Answer: got.answer, Error: got.refused, RequestID: got.requestID}
				if err := c.Check(outcome); err != nil {
					t.Error(err)
				}
				if got.refused != "" {
					return
				}
				if problems := answer.Check(c.Event, got.answer, answer.Pool{}); len(problems) > 0 {
					t.Errorf("Cognito would refuse this answer:\n%s", answer.Join(problems))
				}
			})
		}
	}
}

// functions returns the functions found in the repository, so that a new one is tested at once.
func functions(t *testing.T) []manifest.Function {
	t.Helper()
	found, err := manifest.Find(local.Root)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// freeHooks returns the hooks that no trigger serves which is on, post_authentication first.
func freeHooks(t *testing.T) []cognito.Hook {
	t.Helper()
	taken := map[cognito.Hook]bool{}
	spec, err := poolspec.Read(local.Root)
	if err != nil {
		t.Fatal(err)
	}
	for _, function := range functions(t) {
		taken[function.Hook] = taken[function.Hook] || spec.Enabled(function.Name)
	}
	var free []cognito.Hook
	for _, hook := range cognito.Hooks() {
		switch {
		case taken[hook]:
		case hook == cognito.PostAuthentication:
			free = append([]cognito.Hook{hook}, free...)
		default:
			free = append(free, hook)
		}
	}
	if len(free) == 0 {
		t.Fatal("every hook has a trigger, so a new one cannot be tested")
	}
	return free
}
