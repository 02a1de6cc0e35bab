package watch_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-triggers/local/build"
	"cognito-triggers/local/watch"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/repository"
)

const (
	describes = `{"hook": "pre_sign_up", "timeout_seconds": 5, "memory_mb": 128, "environment": {}, "grants": []}`
	routes    = `{"routes": [{"route": "GET /x"}], "timeout_seconds": 5, "memory_mb": 128,` +
		` "environment": {}, "grants": []}`
)

// world is a small repository with two functions, audit and posts. Both depend on rules, and audit alone on texts,
// which embeds a file.
type world struct {
	t    *testing.T
	root string
	repo repository.Repository
	*watch.Watcher

	mu        sync.Mutex
	compiled  []string // names of functions
	cancelled int
	swapped   []string // name and content of the binary
	told      []string
	hold      chan struct{}           // closed to let the compiler go on; nil does not hold it
	fail      func(name string) error // of the compiler; may be nil
	die       error                   // of a new process
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, root: t.TempDir()}
	for path, text := range map[string]string{
		"go.mod":                       "module example.org/app\n\ngo 1.26\n",
		"poolctl.json":                 "{}",
		"triggers/audit/main.go":       mainOf("rules", "texts"),
		"triggers/audit/main_test.go":  "package main\n",
		"triggers/audit/README.md":     "audit\n",
		"triggers/audit/function.json": describes,
		"api/posts/main.go":            mainOf("rules"),
		"api/posts/function.json":      routes,
		"rules/rules.go":               "package rules\n",
		"texts/texts.go":               "package texts\n\nimport _ \"embed\"\n\n//go:embed mail/*.txt\nvar text string\n",
		"texts/mail/welcome.txt":       "welcome\n",
		"other/other.go":               "package other\n",
	} {
		w.write(path, text)
	}
	var err error
	if w.repo, err = repository.Open(w.root); err != nil {
		t.Fatal(err)
	}
	w.open()
	return w
}

func mainOf(packages ...string) string {
	text := "package main\n\n"
	for _, p := range packages {
		text += fmt.Sprintf("import _ \"example.org/app/%s\"\n", p)
	}
	return text + "\nfunc main() {}\n"
}

// open makes a new watcher, as a new run does.
func (w *world) open() {
	w.t.Helper()
	var err error
	w.Watcher, err = watch.New(watch.Options{
		Repository: w.repo, Compile: w.compile, Tell: func(text string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.told = append(w.told, text)
		},
		Functions: []manifest.Function{
			{Name: "audit", Dir: filepath.Join(w.repo.Triggers, "audit")},
			{Name: "posts", Dir: filepath.Join(w.repo.API, "posts")},
		},
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// compile writes the function's main.go as its binary.
func (w *world) compile(ctx context.Context, f build.Function, _ bool, path string) error {
	w.mu.Lock()
	w.compiled = append(w.compiled, f.Name)
	hold, fail := w.hold, w.fail
	w.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			w.mu.Lock()
			defer w.mu.Unlock()
			w.cancelled++
			return ctx.Err()
		}
	}
	if fail != nil {
		if err := fail(f.Name); err != nil {
			return err
		}
	}
	text, err := os.ReadFile(filepath.Join(w.root, f.Package, "main.go"))
	return errors.Join(err, os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, text, 0o755))
}

func (w *world) swap(_ context.Context, f manifest.Function, bootstrap string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.die != nil {
		return w.die
	}
	text, err := os.ReadFile(bootstrap)
	w.swapped = append(w.swapped, fmt.Sprintf("%s %d s %d bytes", f.Name, f.TimeoutSeconds, len(text)))
	return err
}

func (w *world) write(path, text string) {
	w.t.Helper()
	path = filepath.Join(w.root, filepath.FromSlash(path))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		w.t.Fatal(err)
	}
}

// run builds and watches until the test ends.
func (w *world) run() {
	w.t.Helper()
	if err := w.Build(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.taken()
	ctx, cancel := context.WithCancel(w.t.Context())
	wait := w.Watch(ctx, w.swap)
	w.t.Cleanup(func() { cancel(); wait() })
}

// taken returns the compiled functions since the last call, sorted.
func (w *world) taken() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.compiled
	w.compiled = nil
	slices.Sort(all)
	return all
}

func (w *world) said(part string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.told, func(text string) bool { return strings.Contains(text, part) })
}

func (w *world) await(what string, ready func() bool) {
	w.t.Helper()
	limit := time.After(time.Minute)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ready() {
		select {
		case <-tick.C:
		case <-limit:
			w.t.Fatalf("waited in vain for %s; told %q", what, w.told)
		}
	}
}

func (w *world) ready(name, want string) {
	w.t.Helper()
	if got := w.Ready(w.t.Context(), name); want == "" && got != "" || !strings.Contains(got, want) {
		w.t.Errorf("%s: %q, want %q", name, got, want)
	}
}

// An event that comes right after an edit is answered by the new code, and exactly the functions that depend on the
// edited file are compiled.
func TestExactlyWhatDependsIsCompiled(t *testing.T) {
	t.Parallel()
	both := []string{"audit", "posts"}
	for name, c := range map[string]struct {
		path, text string
		want       []string
	}{
		"its own package":    {path: "triggers/audit/main.go", text: mainOf("rules"), want: []string{"audit"}},
		"a new file":         {path: "api/posts/more.go", text: "package main\n", want: []string{"posts"}},
		"a shared package":   {path: "rules/rules.go", text: "package rules\n\nvar A int\n", want: both},
		"one of them only":   {path: "texts/more.go", text: "package texts\n", want: []string{"audit"}},
		"an embedded file":   {path: "texts/mail/welcome.txt", text: "hello\n", want: []string{"audit"}},
		"a new embedded one": {path: "texts/mail/bye.txt", text: "bye\n", want: []string{"audit"}},
		"the module's file":  {path: "go.mod", text: "module example.org/app\n\ngo 1.26.0\n", want: both},
		"a test":             {path: "triggers/audit/main_test.go", text: "package main\n\nvar a int\n"},
		"a README":           {path: "triggers/audit/README.md", text: "more\n"},
		"another package":    {path: "other/other.go", text: "package other\n\nvar A int\n"},
		"the same content":   {path: "rules/rules.go", text: "package rules\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.run()
			w.write(c.path, c.text)
			for _, f := range []string{"audit", "posts"} {
				w.ready(f, "")
			}
			if got := w.taken(); !slices.Equal(got, c.want) {
				t.Errorf("compiled %v, want %v; told %q", got, c.want, w.told)
			}
			if len(w.swapped) != len(c.want) {
				t.Errorf("swapped %q, want %v", w.swapped, c.want)
			}
		})
	}
}

// Old code never answers without a word: while the edit does not compile, each answer says so.
func TestOlderCodeSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run()
	w.mu.Lock()
	w.fail = func(string) error {
		return &build.CompileError{Output: "# example.org/app/triggers/audit\ntriggers/audit/main.go:3:1: undefined: x"}
	}
	w.mu.Unlock()
	w.write("triggers/audit/main.go", mainOf("rules")+"x\n")
	for range 2 {
		w.ready("audit", "before the edit of triggers/audit/main.go: triggers/audit/main.go:3:1: undefined: x")
	}
	w.ready("posts", "")
	if len(w.swapped) > 0 || !w.said("audit does not compile") {
		t.Errorf("swapped %q, told %q", w.swapped, w.told)
	}
	w.mu.Lock()
	w.fail = nil
	w.mu.Unlock()
	w.write("triggers/audit/main.go", mainOf("rules", "texts")+"\n// mended\n")
	w.ready("audit", "")
	if len(w.swapped) != 1 {
		t.Errorf("swapped %q, want the mended code", w.swapped)
	}
}

// An edit that is undone while it does not compile leaves the running code as new as the sources.
func TestAnEditIsUndone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run()
	w.mu.Lock()
	w.fail = func(string) error { return errors.New("broken") }
	w.mu.Unlock()
	w.write("triggers/audit/main.go", "broken")
	w.ready("audit", "broken")
	w.write("triggers/audit/main.go", mainOf("rules", "texts"))
	w.ready("audit", "")
	if len(w.swapped) > 0 {
		t.Errorf("swapped %q, but the code that runs is the sources'", w.swapped)
	}
}

func TestAProcessThatDoesNotStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run()
	w.mu.Lock()
	w.die = errors.New("audit: the function did not start (exit status 1)")
	w.mu.Unlock()
	w.write("triggers/audit/main.go", mainOf())
	w.ready("audit", "the function did not start (exit status 1)")
	if !w.said("cannot run; its older code goes on answering") {
		t.Errorf("told %q", w.told)
	}
}

// A newer edit ends the build of the older one, whose binary never runs.
func TestANewerEditCancelsTheBuild(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run()
	hold := make(chan struct{})
	w.mu.Lock()
	w.hold = hold
	w.mu.Unlock()
	w.write("triggers/audit/main.go", mainOf()+"// first\n")
	w.await("the first build", func() bool { return len(w.compiledNow()) == 1 })
	w.mu.Lock()
	w.hold = nil // only the first is held, until it is cancelled
	w.mu.Unlock()
	w.write("triggers/audit/main.go", mainOf()+"// the second\n")
	w.ready("audit", "")
	want := fmt.Sprintf("audit 5 s %d bytes", len(mainOf()+"// the second\n"))
	w.await("the end of the first build", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.cancelled == 1
	})
	if !slices.Equal(w.swapped, []string{want}) {
		t.Errorf("swapped %q, want %q alone", w.swapped, want)
	}
}

func (w *world) compiledNow() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.compiled)
}

// A file that is edited while it is compiled does not leave a binary under the name of its earlier content.
func TestAnEditDuringTheBuildIsBuiltAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run()
	first, second := mainOf()+"// first\n", mainOf()+"// the second\n"
	once := sync.Once{}
	w.mu.Lock()
	w.fail = func(string) error {
		once.Do(func() { w.write("triggers/audit/main.go", second) }) // the compiler reads the file after that
		return nil
	}
	w.mu.Unlock()
	w.write("triggers/audit/main.go", first)
	w.ready("audit", "")
	w.write("triggers/audit/main.go", first)
	w.ready("audit", "")
	want := []string{fmt.Sprintf("audit 5 s %d bytes", len(second)), fmt.Sprintf("audit 5 s %d bytes", len(first))}
	if !slices.Equal(w.swapped, want) {
		t.Errorf("swapped %q, want %q", w.swapped, want)
	}
}

// A changed manifest takes effect without a build.
func TestManifest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run()
	w.write("triggers/audit/function.json", strings.Replace(describes, `_seconds": 5`, `_seconds": 3`, 1))
	w.ready("audit", "")
	want := fmt.Sprintf("audit 3 s %d bytes", len(mainOf("rules", "texts")))
	if got := w.taken(); len(got) > 0 || !slices.Equal(w.swapped, []string{want}) {
		t.Errorf("compiled %v, swapped %q, want %q", got, w.swapped, want)
	}
	w.write("triggers/audit/function.json", "{")
	w.ready("audit", "function.json")
}

// What only a restart reads is said.
func TestNewAndDeletedFunctions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run()
	w.write("triggers/notes/main.go", mainOf())
	w.await("word of the new one", func() bool { return w.said("triggers/notes is new and not attached") })
	if err := os.RemoveAll(filepath.Join(w.repo.API, "posts")); err != nil {
		t.Fatal(err)
	}
	w.await("word of the deleted one", func() bool { return w.said("api/posts is gone") })
	w.ready("posts", "posts is gone")
	w.write("terraform/pool.auto.tfvars.json", "{}")
	w.write("terraform/pool.auto.tfvars.json", `{"name": "x"}`)
	w.await("word of the settings", func() bool { return w.said("pool.auto.tfvars.json") })
	w.write("terraform/local.tfvars.json", `{"name": "y"}`)
	w.await("word of the local settings", func() bool { return w.said("local.tfvars.json has changed") })
}

// A run with nothing to compile compiles nothing and asks the go command nothing.
func TestNothingToCompile(t *testing.T) {
	w := newWorld(t)
	if err := w.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := w.Bootstrap("audit")
	w.taken()
	w.open()
	path := os.Getenv("PATH")
	t.Setenv("PATH", t.TempDir()) // without the go command
	if err := w.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.taken(); len(got) > 0 || w.Bootstrap("audit") != before {
		t.Errorf("compiled %v, binary %s; want %s again", got, w.Bootstrap("audit"), before)
	}
	t.Setenv("PATH", path)
	w.write("texts/mail/welcome.txt", "hello\n")
	w.open()
	if err := w.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.taken(); !slices.Equal(got, []string{"audit"}) || w.Bootstrap("audit") == before {
		t.Errorf("compiled %v, want audit", got)
	}
}

func TestBuildSaysWhatTheCompilerSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fail = func(string) error { return &build.CompileError{Output: "rules/rules.go:1:1: broken"} }
	if err := w.Build(t.Context()); err == nil || err.Error() != "rules/rules.go:1:1: broken" {
		t.Errorf("error %v, want the compiler's text once", err)
	}
}

// An import of a package that does not exist yet compiles as soon as it does.
func TestAPackageThatIsMissing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run()
	w.mu.Lock()
	w.fail = func(string) error { return errors.New("package example.org/app/later is missing") }
	w.mu.Unlock()
	w.write("triggers/audit/main.go", mainOf("later"))
	w.ready("audit", "is missing")
	w.mu.Lock()
	w.fail = nil
	w.mu.Unlock()
	w.write("later/later.go", "package later\n")
	w.ready("audit", "")
	if len(w.swapped) != 1 {
		t.Errorf("swapped %q", w.swapped)
	}
}
