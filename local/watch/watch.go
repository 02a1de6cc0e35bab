// Package watch keeps the functions of a running local stack as new as their sources. It compiles what is out of date
// at the start, looks for edits of every file that a function depends on, compiles exactly the functions that depend on
// the edited one, without zips, and hands each new binary to the stack, which swaps the process.
//
// It looks at the files themselves, several times a second and before each event, instead of waiting for the operating
// system's notices: those arrive some time after the edit, and an event in between would be answered by old code
// without a word; they differ from system to system and are missing on network and container mounts.
package watch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"cognito-triggers/local/build"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/repository"
)

const (
	interval = 200 * time.Millisecond // between two looks at the files
	settle   = 30 * time.Millisecond  // for an editor that writes in several steps, or several files
	initTime = 10 * time.Second       // Lambda's limit for a function's start
)

// patience is how long an event waits for the build of an edit: as long as Cognito waits for a trigger.
const patience = 5 * time.Second

// Options configure New.
type Options struct {
	Repository repository.Repository
	Functions  []manifest.Function
	Debug      func(name string) bool // reports whether a function is compiled for a debugger; nil: none is
	Tell       func(text string)      // shows the user what happened; may be nil
	// Compile compiles a function into the file at path; nil does what build.Compiler does.
	Compile func(ctx context.Context, f build.Function, debug bool, path string) error
}

// Swap makes a stack run a function's new binary from then on. An error leaves the old one running.
type Swap func(ctx context.Context, f manifest.Function, bootstrap string) error

// Watcher compiles functions when their sources change.
type Watcher struct {
	options Options
	dir     string        // of the binaries: <dir>/<name>/<key>/bootstrap
	tools   string        // what a binary depends on besides its inputs: compiler and flags
	slots   chan struct{} // builds at a time
	work    sync.WaitGroup

	mu      sync.Mutex
	files   files
	targets map[string]*target
	places  map[string]string // what is told about places that only a restart reads, by path
	swap    Swap              // nil before Watch
	ctx     context.Context   // of Watch
}

// target is a function and how new its running code is.
type target struct {
	pkg   build.Function
	debug bool

	inputs   inputs
	sign     uint64 // of the inputs at the last look
	key      string // of their content then
	shape    string
	moved    bool // whether the shape has changed since the inputs were listed
	sums     map[string]string
	manifest string // content of function.json then

	bootstrap string // the running binary
	edited    string // the file whose edit is being built
	stale     string // why older code answers; empty if none does
	running   code

	pending chan struct{} // closed when the newest edit is running or has failed; nil if there is none
	cancel  context.CancelFunc
	number  int // of the newest edit
}

// New returns a watcher of functions. Call Build before the stack starts them, and Watch then.
func New(o Options) (*Watcher, error) {
	if o.Tell == nil {
		o.Tell = func(string) {}
	}
	if o.Debug == nil {
		o.Debug = func(string) bool { return false }
	}
	if o.Compile == nil {
		o.Compile = func(ctx context.Context, f build.Function, debug bool, path string) error {
			return build.Compiler{Dir: o.Repository.Root, Target: build.Host(), Debug: debug}.CompileTo(ctx, f, path)
		}
	}
	w := &Watcher{
		options: o, dir: filepath.Join(o.Repository.Build, "run", build.Host().Folder()),
		slots: make(chan struct{}, runtime.NumCPU()), files: newFiles(),
		targets: map[string]*target{}, places: map[string]string{},
		tools: strings.Join(append(build.Settings(), build.LinkerFlags, runtime.Version()), " "),
	}
	for _, f := range o.Functions {
		below, err := filepath.Rel(o.Repository.Root, f.Dir)
		if err != nil || !filepath.IsLocal(below) {
			return nil, fmt.Errorf("%s is outside of the repository %s", f.Dir, o.Repository.Root)
		}
		w.targets[f.Name] = &target{
			pkg: build.Function{Name: f.Name, Package: "./" + filepath.ToSlash(below)}, debug: o.Debug(f.Name),
		}
	}
	_ = w.lookAtPlaces() // the first look: nothing is new
	return w, nil
}

// Bootstrap returns the path of a function's binary that is up to date since Build or the last swap; empty for a
// function that is not watched.
func (w *Watcher) Bootstrap(name string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if t := w.targets[name]; t != nil {
		return t.bootstrap
	}
	return ""
}

// Watch begins to look for edits, until ctx ends. The function that it returns waits until all builds have ended then.
func (w *Watcher) Watch(ctx context.Context, swap Swap) (wait func()) {
	w.mu.Lock()
	w.swap, w.ctx = swap, ctx
	w.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		ticks := time.NewTicker(interval)
		defer ticks.Stop()
		for ctx.Err() == nil {
			w.lookAtAll()
			select {
			case <-ctx.Done():
			case <-ticks.C:
			}
		}
	}()
	return func() {
		<-ended
		w.work.Wait()
	}
}

func (w *Watcher) lookAtAll() {
	w.mu.Lock()
	var told []string
	l := w.files.look()
	for _, t := range w.targets {
		w.see(l, t)
	}
	told = w.lookAtPlaces()
	w.mu.Unlock()
	for _, text := range told {
		w.options.Tell(text)
	}
}

// Ready waits until the newest edit of a function's sources is running, at most as long as Cognito waits for a trigger.
// It returns "", or why the code that answers now is older than the sources.
func (w *Watcher) Ready(ctx context.Context, name string) string {
	w.mu.Lock()
	t := w.targets[name]
	if t == nil || w.swap == nil {
		w.mu.Unlock()
		return ""
	}
	w.see(w.files.look(), t)
	pending := t.pending
	w.mu.Unlock()
	if pending != nil {
		limit := time.NewTimer(patience)
		defer limit.Stop()
		select {
		case <-pending:
		case <-limit.C:
		case <-ctx.Done():
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if t.pending != nil {
		return fmt.Sprintf("answered by the code of before the edit of %s, whose build is still running", t.edited)
	}
	return t.stale
}

// see begins a build if the content of a function's files has changed. The caller holds the mutex.
func (w *Watcher) see(l *look, t *target) {
	if w.swap == nil || w.ctx.Err() != nil {
		return
	}
	path := w.manifest(t)
	sign := l.sign(t.inputs.with(path))
	if sign == t.sign {
		return
	}
	t.sign = sign
	key, shape, sums := l.key(t.inputs)
	text := w.files.read(path, l.state(path)).sum
	if key == t.key && text == t.manifest {
		return
	}
	t.edited = changed(w.options.Repository.Root, t.sums, sums)
	if key == t.key {
		t.edited = relative(w.options.Repository.Root, path)
	}
	t.moved = t.moved || shape != t.shape
	t.key, t.shape, t.sums, t.manifest = key, shape, sums, text
	w.begin(t)
}

// begin starts the build of the newest edit and cancels that of an older one. The caller holds the mutex.
func (w *Watcher) begin(t *target) {
	if t.cancel != nil {
		t.cancel()
	}
	if t.pending == nil {
		t.pending = make(chan struct{})
	}
	t.number++
	ctx, cancel := context.WithCancel(w.ctx)
	t.cancel = cancel
	number, edited := t.number, t.edited
	w.work.Go(func() {
		defer cancel()
		w.renew(ctx, t, number, edited)
	})
}

// lookAtPlaces returns what to say about new and deleted functions and changed settings, which only a restart reads.
// The caller holds the mutex.
func (w *Watcher) lookAtPlaces() (told []string) {
	repo := w.options.Repository
	now := map[string]string{}
	for _, path := range []string{repo.Settings, repo.Local} {
		now[path] = w.files.read(path, w.files.look().state(path)).sum
	}
	for _, room := range []string{repo.Triggers, repo.API} {
		mains, _ := filepath.Glob(filepath.Join(room, "*", "main.go")) // fails only for malformed patterns
		for _, path := range mains {
			now[path] = "there"
		}
	}
	const restart = "; restart `poolctl run` to apply that"
	for path, state := range now {
		was, known := w.places[path]
		name := repo.Relative(path)
		switch {
		case len(w.places) == 0:
		case known && was != state:
			told = append(told, name+" has changed"+restart)
		case !known:
			told = append(told, filepath.ToSlash(filepath.Dir(name))+" is new and not attached to the pool yet"+restart)
		}
	}
	for path := range w.places {
		if _, there := now[path]; !there {
			told = append(told, filepath.ToSlash(filepath.Dir(repo.Relative(path)))+
				" is gone; its last code goes on answering"+restart)
		}
	}
	w.places = now
	return told
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (w *Watcher) source(t *target) string {
	return filepath.Join(w.options.Repository.Root, filepath.FromSlash(t.pkg.Package))
}

func (w *Watcher) manifest(t *target) string { return filepath.Join(w.source(t), manifest.FileName) }
