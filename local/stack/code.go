package stack

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/manifest"
)

// Code says where the binaries of a stack's functions come from and how they are run. Its functions may be nil.
type Code struct {
	// Bootstrap returns the path of a function's binary; empty if there is none because somebody else starts its process.
	Bootstrap func(name string) string
	// BootstrapOff returns the path of the binary of a trigger that is off, which Demonstrate runs.
	BootstrapOff func(name string) string
	// Ready is asked before each event of a function and may wait until its newest binary runs, see Replace. It returns
	// "", or why older code answers.
	Ready func(ctx context.Context, name string) string
	// Debug returns how a function is run whose process stands still at breakpoints; nil for all others.
	Debug func(f lambdaruntime.Function) *lambdaruntime.Debug
	// Sealer returns the path of the program that encrypts the codes for custom senders, and may compile it first. It is
	// asked when a pool has such a sender; see package codesealer.
	Sealer func(ctx context.Context) (string, error)
	// Patient lifts the limits of time on answers of the pool and the API, which may wait for somebody at a breakpoint.
	Patient bool
}

// served is what the settings of an API function follow from.
type served struct {
	pool   poolspec.Pool
	client string
}

func (s *Stack) bootstrap(f manifest.Function) string {
	if s.code.Bootstrap != nil {
		return s.code.Bootstrap(f.Name)
	}
	return Bootstrap(s.Repository.Build, f.Name)
}

func (s *Stack) bootstrapOff(f manifest.Function) string {
	if s.code.BootstrapOff != nil {
		return s.code.BootstrapOff(f.Name)
	}
	return Bootstrap(s.Repository.Build, f.Name)
}

func (s *Stack) sample(f manifest.Function) string {
	if s.code.Bootstrap != nil {
		return s.code.Bootstrap(f.Name)
	}
	return filepath.Join(s.Repository.Build, "samples", f.Name, "bootstrap")
}

func (s *Stack) readyByARN(ctx context.Context, arn string) string {
	name, err := fire.FunctionName(arn)
	if err != nil || s.code.Ready == nil {
		return ""
	}
	return s.code.Ready(ctx, name)
}

// apiTimeout returns how long the HTTP API waits for a function; 0 means as long as API Gateway.
func (c Code) apiTimeout() time.Duration {
	if c.Patient {
		return 30 * 24 * time.Hour
	}
	return 0
}

// patient lifts the limits on an answer's time for a stack whose functions are debugged.
func (s *Stack) patient(next http.Handler) http.Handler {
	if !s.code.Patient {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // fails only if the client is gone
		next.ServeHTTP(w, r)
	})
}

// Replace runs a function's new binary and manifest from the next event on: it starts a process, waits until that asks
// for an event, and only then hands the function over. Events that run end in the old process, which is killed then. On
// an error the old one goes on: the new process did not start, or the hook or the routes differ, which only a restart
// reads. A function that the pool does not run is ignored.
func (s *Stack) Replace(ctx context.Context, f manifest.Function, bootstrap string) error {
	d, running, err := s.replacement(f, bootstrap, s.poolKey())
	if err != nil || !running {
		return err
	}
	env, key, err := s.settled(d.function, d.settings)
	if err != nil {
		return err
	}
	runner, err := s.start(d.function, bootstrap, env, d.settings)
	if err != nil {
		return err
	}
	if err := runner.Warm(ctx); err != nil {
		_ = runner.Close() // always nil
		return err
	}
	s.handOver(d, key, runner)
	return nil
}

// replacement returns what a function's deployment becomes with a new binary and manifest; key is the pool's.
func (s *Stack) replacement(f manifest.Function, bootstrap, key string) (d deployment, running bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, deployed := s.deployed[f.Name]
	i := slices.IndexFunc(s.Functions, func(other manifest.Function) bool { return other.Name == f.Name })
	before := old.function
	if !deployed {
		if i < 0 || s.apiSettings[f.Name] == nil || s.served.client == "" {
			return deployment{}, false, nil
		}
		before = s.Functions[i]
	}
	if f.Hook != before.Hook || f.EventVersion != before.EventVersion || !reflect.DeepEqual(f.Routes, before.Routes) ||
		!reflect.DeepEqual(f.Tables, before.Tables) {
		return deployment{}, false, fmt.Errorf("%s: the hook, its version, the routes or the tables have changed; "+
			"restart `poolctl run` to apply that", manifest.FileName)
	}
	switch {
	case !deployed:
		own := s.spec.API.Functions[f.Name].Environment
		return deployment{f, bootstrap, s.apiSettingsOf(f, own, s.served.pool, s.served.client)}, true, nil
	case old.settings == nil: // a sample
		return deployment{f, bootstrap, nil}, true, nil
	}
	return deploymentBy(s.spec, f, bootstrap).withKey(key), true, nil
}

// handOver makes the runner the function's only one.
func (s *Stack) handOver(d deployment, key runnerKey, runner *lambdaruntime.Runner) {
	name := d.function.Name
	s.mu.Lock()
	defer s.mu.Unlock()
	for other, old := range s.runners {
		if other.function != name {
			continue
		}
		delete(s.runners, other)
		s.retired[old] = struct{}{}
		gone := old.Retire(runner)
		go func() { // ends with the old one's events, or with CloseRunners
			<-gone
			s.mu.Lock()
			defer s.mu.Unlock()
			delete(s.retired, old)
		}()
	}
	s.runners[key] = runner
	s.generation.Add(1)
	if _, deployed := s.deployed[name]; deployed {
		s.deployed[name] = d
		if _, shown := s.shown[name]; shown {
			s.shown[name] = d
		}
		return
	}
	s.apiSettings[name] = d.settings
	s.Functions = slices.Clone(s.Functions)
	for i, f := range s.Functions {
		if f.Name == name {
			s.Functions[i] = d.function
		}
	}
}

// StartFunction starts a deployed function's process before its first event, or, if somebody else starts that, its
// Runtime API.
func (s *Stack) StartFunction(ctx context.Context, name string) error {
	runner, err := s.prepared(name)
	if err != nil {
		return err
	}
	return runner.Warm(ctx)
}

// KillFunction kills a deployed function's processes, whatever they do, as Lambda does with one that is out of memory.
func (s *Stack) KillFunction(name string) error {
	runner, err := s.prepared(name)
	if err != nil {
		return err
	}
	runner.Kill()
	return nil
}

func (s *Stack) prepared(name string) (*lambdaruntime.Runner, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d, deployed := s.deployed[name]; deployed {
		return s.runner(d.function, d.bootstrap, d.settings)
	}
	function, err := s.Function(name)
	if err != nil {
		return nil, err
	}
	return s.runner(function, s.bootstrap(function), s.settingsOf(function, nil))
}
