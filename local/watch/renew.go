package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cognito-triggers/local/build"
	"cognito-triggers/shared/manifest"
)

const (
	shownLines = 10             // of a compiler's text
	kept       = 3              // older binaries of a function, at least
	keptFor    = 24 * time.Hour // another run may start processes of it
)

// Build compiles the functions whose binaries are out of date, at most a few at a time. The error has what the compiler
// says.
func (w *Watcher) Build(ctx context.Context) error {
	var stale []*target
	var errs []error
	w.mu.Lock()
	for _, t := range w.targets {
		if !w.current(t) {
			stale = append(stale, t)
		}
	}
	w.mu.Unlock()
	if len(stale) == 0 {
		return nil
	}
	slices.SortFunc(stale, func(a, b *target) int { return strings.Compare(a.pkg.Name, b.pkg.Name) })
	names := make([]string, len(stale))
	results := make(chan error)
	for i, t := range stale {
		names[i] = t.pkg.Name
		go func() { results <- w.first(ctx, t) }()
	}
	w.options.Tell("Compiling " + strings.Join(names, ", ") + " ...")
	for range stale {
		errs = append(errs, <-results)
	}
	return distinct(errs)
}

// distinct joins errors and leaves out those whose text is there already: one mistake breaks many functions.
func distinct(errs []error) error {
	var kept []error
	for _, err := range errs {
		if err != nil && !slices.ContainsFunc(kept, func(other error) bool { return other.Error() == err.Error() }) {
			kept = append(kept, err)
		}
	}
	return errors.Join(kept...)
}

// current finds the function's binary of an earlier run if it is up to date. The caller holds the mutex.
func (w *Watcher) current(t *target) bool {
	r, found := readRecord(w.record(t))
	if !found {
		return false
	}
	t.inputs = r.Inputs
	w.note(t)
	if t.shape != r.Shape {
		return false
	}
	want := code{t.key, t.manifest, w.path(t)}
	if !exists(want.path) {
		return false
	}
	w.use(t, want)
	return true
}

// note looks at what the function's files hold. The caller holds the mutex.
func (w *Watcher) note(t *target) {
	l := w.files.look()
	path := w.manifest(t)
	t.sign = l.sign(t.inputs.with(path))
	t.key, t.shape, t.sums = l.key(t.inputs)
	t.manifest = w.files.read(path, l.state(path)).sum
}

// use notes that a binary runs. The caller holds the mutex.
func (w *Watcher) use(t *target, c code) {
	t.bootstrap, t.running = c.path, c
	now := time.Now()
	_ = os.Chtimes(filepath.Dir(c.path), now, now) // see prune; without it the binary only goes earlier
}

func (w *Watcher) folder(t *target) string {
	name := t.pkg.Name
	if t.debug {
		name += ".debug"
	}
	return filepath.Join(w.dir, name)
}

func (w *Watcher) record(t *target) string { return filepath.Join(w.folder(t), "inputs.json") }

// path returns the binary of what the function's files hold. Its name is new for new content, so that neither running
// processes nor another run ever find other code in a file.
func (w *Watcher) path(t *target) string {
	return filepath.Join(w.folder(t), sum([]byte(w.tools + t.key))[:32], "bootstrap")
}

// first compiles a function before anything runs.
func (w *Watcher) first(ctx context.Context, t *target) error {
	for {
		if err := w.list(ctx, t); err != nil {
			return err
		}
		want := w.wanted(t)
		err := w.compile(ctx, t, want)
		if errors.Is(err, errEdited) {
			continue
		}
		if err != nil {
			return err
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.use(t, want)
		return w.remember(t)
	}
}

// code is what a function's files hold at some time, and the binary for it.
type code struct {
	key, manifest string
	path          string
}

func (w *Watcher) runs(t *target) code {
	w.mu.Lock()
	defer w.mu.Unlock()
	return t.running
}

func (w *Watcher) wanted(t *target) code {
	w.mu.Lock()
	defer w.mu.Unlock()
	return code{t.key, t.manifest, w.path(t)}
}

// list asks the go command for the function's inputs and notes what they hold.
func (w *Watcher) list(ctx context.Context, t *target) error {
	repo := w.options.Repository
	in, err := inputsOf(ctx, repo.Root, repo.Module, t.pkg.Package)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	t.inputs, t.moved = in, false
	w.note(t)
	return nil
}

// errEdited means that the files were edited while they were compiled.
var errEdited = errors.New("the files were edited meanwhile")

// compile makes the wanted binary, unless it is there.
func (w *Watcher) compile(ctx context.Context, t *target, want code) error {
	select {
	case w.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-w.slots }()
	if exists(want.path) {
		return nil
	}
	if err := os.MkdirAll(w.folder(t), 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(w.folder(t), ".new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	made := filepath.Join(work, filepath.Base(filepath.Dir(want.path)))
	if err := w.options.Compile(ctx, t.pkg, t.debug, filepath.Join(made, "bootstrap")); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if key, _, _ := w.files.look().key(t.inputs); key != want.key {
		return errEdited
	}
	if err := os.Rename(made, filepath.Dir(want.path)); err != nil && !exists(want.path) { // another run may be first
		return err
	}
	return nil
}

// remember writes the function's inputs for the next run and removes binaries that nobody has used for long. The caller
// holds the mutex.
func (w *Watcher) remember(t *target) error {
	w.prune(t)
	return record{Inputs: t.inputs, Shape: t.shape}.write(w.record(t))
}

func (w *Watcher) prune(t *target) {
	entries, err := os.ReadDir(w.folder(t))
	if err != nil {
		return
	}
	type binary struct {
		path string
		used time.Time
	}
	var all []binary
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && info.IsDir() {
			all = append(all, binary{filepath.Join(w.folder(t), entry.Name()), info.ModTime()})
		}
	}
	slices.SortFunc(all, func(a, b binary) int { return b.used.Compare(a.used) })
	for _, b := range all[min(kept, len(all)):] {
		if time.Since(b.used) > keptFor {
			_ = os.RemoveAll(b.path) // the next run tries again
		}
	}
}

// renew compiles the newest edit and swaps the process. A newer edit cancels ctx.
func (w *Watcher) renew(ctx context.Context, t *target, number int, edited string) {
	began := time.Now()
	if !w.settled(ctx, t) {
		return
	}
	stale, told := w.try(ctx, t, edited)
	w.mu.Lock()
	if ctx.Err() != nil || number != t.number {
		w.mu.Unlock()
		return
	}
	t.stale = stale
	close(t.pending)
	t.pending = nil
	w.mu.Unlock()
	if told == "" {
		told = fmt.Sprintf("%s: the edit of %s runs after %.1f s", t.pkg.Name, edited, time.Since(began).Seconds())
	}
	w.options.Tell(told)
}

// settled waits until the files stay as they are. It returns false if they did not: a newer edit is being built then.
func (w *Watcher) settled(ctx context.Context, t *target) bool {
	timer := time.NewTimer(settle)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
		w.mu.Lock()
		w.see(w.files.look(), t)
		w.mu.Unlock()
	}
	return ctx.Err() == nil
}

// try compiles and swaps. It returns why older code goes on answering, and what to tell the user of that, or nothing.
func (w *Watcher) try(ctx context.Context, t *target, edited string) (stale, told string) {
	name := t.pkg.Name
	if !exists(filepath.Join(w.source(t), "main.go")) {
		return name + " is gone; its last code answered", name + " is gone; its last code goes on answering"
	}
	w.mu.Lock()
	moved := t.moved
	w.mu.Unlock()
	if moved {
		_ = w.list(ctx, t) // if it fails, so will the compiler, which says it better
	}
	want := w.wanted(t)
	if want == w.runs(t) { // the edit was undone
		return "", ""
	}
	err := w.compile(ctx, t, want)
	w.mu.Lock()
	w.see(w.files.look(), t) // a newer edit ends ctx
	w.mu.Unlock()
	if ctx.Err() != nil {
		return "", ""
	}
	if err != nil {
		return older(edited, firstError(err)), fmt.Sprintf("%s does not compile; its older code goes on answering:\n%s",
			name, shortened(err))
	}
	read, err := manifest.Read(w.manifest(t))
	if err == nil {
		limited, cancel := context.WithTimeout(ctx, initTime)
		defer cancel()
		err = w.swap(limited, read, want.path)
	}
	if err != nil {
		return older(edited, firstError(err)), fmt.Sprintf("%s: the edit of %s cannot run; its older code goes on "+
			"answering:\n%s", name, edited, shortened(err))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.use(t, want)
	if t.key != want.key { // a newer edit is being built, and it is remembered then
		return "", ""
	}
	if err := w.remember(t); err != nil {
		return "", fmt.Sprintf("%s: %v", name, err)
	}
	return "", ""
}

func older(file, why string) string {
	return fmt.Sprintf("answered by the code of before the edit of %s: %s", file, why)
}

// firstError returns the first line of an error that says what is wrong.
func firstError(err error) string {
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return "it failed"
}

func shortened(err error) string {
	text := err.Error()
	var compile *build.CompileError
	if errors.As(err, &compile) {
		text = compile.Output
	}
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(lines) > shownLines {
		lines = append(lines[:shownLines], fmt.Sprintf("(%d more lines)", len(lines)-shownLines))
	}
	return "  " + strings.Join(lines, "\n  ")
}
