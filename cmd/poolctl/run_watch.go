package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"cognito-triggers/local/codesealer"
	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/samples"
	"cognito-triggers/local/stack"
	"cognito-triggers/local/watch"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/repository"
)

// codeOptions say how a run compiles its functions and runs them.
type codeOptions struct {
	watch  bool
	debug  names
	attach names
}

func (o *codeOptions) register(flags *flag.FlagSet) {
	flags.BoolVar(&o.watch, "watch", true, "compile a function again when a file that it depends on is edited")
	flags.Var(&o.debug, "debug", "run this function with symbols, without a deadline and with one attempt, for a debugger")
	flags.Var(&o.attach, "attach", "do not start this function: wait for a process that you start, as in an IDE")
}

// names is a flag that may be given several times.
type names []string

func (n *names) String() string { return strings.Join(*n, ",") }

// Set implements flag.Value.
func (n *names) Set(text string) error {
	*n = append(*n, strings.Split(text, ",")...)
	return nil
}

// codeLoop compiles a run's functions and keeps them as new as their sources.
type codeLoop struct {
	options codeOptions
	repo    repository.Repository
	watcher *watch.Watcher
	off     *watch.Watcher // of the triggers that are off, which the scenario shows; it compiles them once
	tell    func(text string)

	built  chan struct{} // closed when buildErr is there
	failed error
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu       sync.Mutex
	attached map[string]*attachment
}

// newCodeLoop begins to compile what is out of date, with the scenario also the triggers that are off. It cancels the
// run's start if that fails.
func newCodeLoop(
	ctx context.Context, o codeOptions, repo repository.Repository, scenario bool, stop func(),
) (*codeLoop, error) {
	functions, off, err := runFunctions(repo)
	if err != nil {
		return nil, err
	}
	if !scenario {
		off = nil
	}
	l := &codeLoop{
		options: o, repo: repo, built: make(chan struct{}), attached: map[string]*attachment{},
		tell: func(text string) { fmt.Println(text) },
	}
	if err := l.checkNames(functions); err != nil {
		return nil, err
	}
	functions = slices.DeleteFunc(functions, func(f manifest.Function) bool { return slices.Contains(o.attach, f.Name) })
	l.watcher, err = watch.New(watch.Options{
		Repository: repo, Functions: functions, Tell: l.tell,
		Debug: func(name string) bool { return slices.Contains(o.debug, name) },
	})
	if err != nil {
		return nil, err
	}
	apart := repo // samples have the names of triggers that are off
	apart.Build = filepath.Join(repo.Build, "off")
	if l.off, err = watch.New(watch.Options{Repository: apart, Functions: off, Tell: l.tell}); err != nil {
		return nil, err
	}
	ctx, l.cancel = context.WithCancel(ctx)
	l.done.Go(func() {
		defer close(l.built)
		if l.failed = errors.Join(l.watcher.Build(ctx), l.off.Build(ctx)); l.failed != nil {
			stop()
		}
	})
	return l, nil
}

// runFunctions returns the functions that a run of the repository has, which are its own that are on and the samples,
// and its triggers that are off.
func runFunctions(repo repository.Repository) (on, off []manifest.Function, err error) {
	all, err := manifest.Find(repo.Root)
	if err != nil {
		return nil, nil, err
	}
	spec, err := poolspec.Read(repo.Root)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range all {
		switch {
		case f.Hook == "" && (spec.API.Off || !spec.API.Enabled(f.Name)):
		case f.Hook != "" && !spec.Enabled(f.Name):
			off = append(off, f)
		default:
			on = append(on, f)
		}
	}
	extra, err := samples.Find(repo.Root, on)
	return append(on, extra...), off, err
}

func (l *codeLoop) checkNames(functions []manifest.Function) error {
	var known []string
	for _, f := range functions {
		known = append(known, f.Name)
	}
	for flag, chosen := range map[string]names{"--debug": l.options.debug, "--attach": l.options.attach} {
		for _, name := range chosen {
			if !slices.Contains(known, name) {
				return fmt.Errorf("run: %s: no function that runs is named %q; choose one of %s", flag, name,
					strings.Join(known, ", "))
			}
		}
	}
	for _, name := range l.options.debug {
		if slices.Contains(l.options.attach, name) {
			return fmt.Errorf("run: %s has both --debug and --attach; choose one", name)
		}
	}
	return nil
}

// code returns what the stack needs to know.
func (l *codeLoop) code() stack.Code {
	return stack.Code{
		Bootstrap: l.watcher.Bootstrap, BootstrapOff: l.off.Bootstrap, Ready: l.ready, Debug: l.debug, Sealer: l.sealer,
		Patient: len(l.options.debug)+len(l.options.attach) > 0,
	}
}

// slow is when a compilation has taken so long that somebody may wonder.
const slow = 2 * time.Second

// sealer compiles what encrypts the codes for custom senders, and says so if that takes long.
func (l *codeLoop) sealer(ctx context.Context) (string, error) {
	wondering := time.AfterFunc(slow, func() {
		l.tell("Compiling what encrypts the codes for custom senders. " +
			"The first time this takes a minute or two, and their codes wait for it ...")
	})
	defer wondering.Stop()
	return codesealer.Compile(ctx, l.repo.Root, l.repo.Build)
}

// ready says on the terminal, too, that older code answers.
func (l *codeLoop) ready(ctx context.Context, name string) string {
	older := l.watcher.Ready(ctx, name)
	if older != "" {
		fmt.Fprintf(os.Stderr, "note: %s: %s\n", name, older)
	}
	return older
}

// compiled waits until all functions are compiled. The error has the compiler's text.
func (l *codeLoop) compiled() error {
	<-l.built
	if l.failed != nil {
		return fmt.Errorf("the functions do not compile:\n%w", l.failed)
	}
	return nil
}

// begin watches the sources of a deployed stack, and starts the functions that somebody debugs.
func (l *codeLoop) begin(ctx context.Context, s *stack.Stack, once bool) error {
	for _, name := range slices.Concat(l.options.debug, l.options.attach) {
		if err := s.StartFunction(ctx, name); err != nil {
			return err
		}
	}
	if !l.options.watch || once {
		return nil
	}
	ctx, stop := context.WithCancel(ctx)
	compiling := l.cancel
	l.cancel = func() { compiling(); stop() }
	l.done.Go(l.watcher.Watch(ctx, s.Replace))
	return nil
}

// end stops compiling and watching.
func (l *codeLoop) end() {
	l.cancel()
	l.done.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range slices.Collect(maps.Values(l.attached)) {
		_ = a.listener.Close() // it may be closed with its runner
	}
}

// debug returns how a function runs that --debug or --attach names.
func (l *codeLoop) debug(f lambdaruntime.Function) *lambdaruntime.Debug {
	switch {
	case slices.Contains(l.options.debug, f.Name):
		return l.debugged(f.Name)
	case slices.Contains(l.options.attach, f.Name):
		return l.awaited(f)
	}
	return nil
}
