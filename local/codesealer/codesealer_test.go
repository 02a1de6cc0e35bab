package codesealer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// plays is the variable that makes this test's binary a program that encrypts codes, and says how it behaves.
const plays = "CODESEALER_PLAYS"

func TestMain(m *testing.M) {
	if how := os.Getenv(plays); how != "" {
		if err := play(how); err != nil {
			fmt.Fprintln(os.Stderr, "codesealer:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// play serves codes. The code "die" ends the program, and the code "wait" has no answer.
func play(how string) error {
	if how == "broken" {
		return errors.New("it is broken")
	}
	return Serve(context.Background(), os.Stdin, os.Stdout,
		func(ctx context.Context, key, pool, code string) (string, error) {
			switch code {
			case "die":
				fmt.Fprintln(os.Stderr, "panic: about to die")
				os.Exit(2)
			case "wait":
				<-ctx.Done()
				return "", ctx.Err()
			case "no":
				return "", errors.New("KMS: DisabledException: " + key + " is disabled.")
			}
			return strings.Join([]string{how, key, pool, code}, "|"), nil
		})
}

// played returns a Sealer of this test's binary, and counts its starts.
func played(t *testing.T, how string) (s *Sealer, starts *atomic.Int32) {
	t.Helper()
	starts = &atomic.Int32{}
	s = New(Options{
		Program: func(context.Context) (string, error) {
			starts.Add(1)
			return os.Executable()
		},
		Environment: func() map[string]string { return map[string]string{plays: how} },
	})
	t.Cleanup(s.Close)
	return s, starts
}

// One program serves all codes, each with its own answer.
func TestSeal(t *testing.T) {
	t.Parallel()
	s, starts := played(t, "well")
	s.Prepare()
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			code := fmt.Sprintf("%06d", i)
			if got, err := s.Seal(t.Context(), "a key", "a pool", code); got != "well|a key|a pool|"+code || err != nil {
				t.Errorf("code %s: %q, error %v", code, got, err)
			}
		})
	}
	all.Wait()
	if starts.Load() != 1 {
		t.Errorf("%d programs, want one", starts.Load())
	}
	if got, err := s.Seal(t.Context(), "a key", "a pool", "no"); got != "" || err == nil ||
		err.Error() != "KMS: DisabledException: a key is disabled." {
		t.Errorf("%q, error %v", got, err)
	}
}

// Codes that the program takes down with it are errors that say why, and the next one has a new program.
func TestTheProgramDies(t *testing.T) {
	t.Parallel()
	s, starts := played(t, "well")
	waiting := make(chan error)
	go func() {
		_, err := s.Seal(t.Context(), "a key", "a pool", "wait")
		waiting <- err
	}()
	for !asked(s) { // until the program has, or gets, the code that waits
		runtime.Gosched()
	}
	_, died := s.Seal(t.Context(), "a key", "a pool", "die")
	for what, err := range map[string]error{"the code that killed it": died, "the one beside it": <-waiting} {
		if err == nil || !strings.Contains(err.Error(), "died (exit status 2): panic: about to die") {
			t.Errorf("%s: error %v", what, err)
		}
	}
	if got, err := s.Seal(t.Context(), "a key", "a pool", "394017"); got == "" || err != nil || starts.Load() != 2 {
		t.Errorf("afterwards: %q, error %v, %d starts", got, err, starts.Load())
	}
}

func asked(s *Sealer) bool {
	a := s.current()
	<-a.done
	a.program.mu.Lock()
	defer a.program.mu.Unlock()
	return len(a.program.waiting) > 0
}

// Whatever goes wrong is the code's error, within the limits, and the next code tries again.
func TestFailures(t *testing.T) {
	t.Parallel()
	hangs := func(ctx context.Context) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	}
	fails := func(context.Context) (string, error) { return "", errors.New("it does not compile: x.go:3: no") }
	for name, c := range map[string]struct {
		program     func(context.Context) (string, error)
		plays, code string
		compiling   time.Duration // the limits; 0 means as they are
		answering   time.Duration
		want        string
	}{
		"it does not compile":     {program: fails, want: "it does not compile: x.go:3: no"},
		"compiling takes forever": {program: hangs, compiling: 50 * time.Millisecond, want: "is not compiled after 50ms"},
		"it is not there": {
			program: func(context.Context) (string, error) { return "nowhere/codesealer", nil }, want: "no such file",
		},
		"it cannot begin": {plays: "broken", want: "died (exit status 1): codesealer: it is broken"},
		"it has no answer": {
			plays: "well", code: "wait", answering: 50 * time.Millisecond,
			want: "was stopped: it did not answer within 50ms",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, starts := played(t, c.plays)
			if c.program != nil {
				s.options.Program = func(ctx context.Context) (string, error) {
					starts.Add(1)
					return c.program(ctx)
				}
			}
			s.compiling, s.answering = cmp.Or(c.compiling, s.compiling), cmp.Or(c.answering, s.answering)
			for try := range int32(2) {
				got, err := s.Seal(t.Context(), "a key", "a pool", c.code)
				if got != "" || err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%q, error %v, want %q", got, err, c.want)
				}
				if starts.Load() != try+1 {
					t.Errorf("%d starts after %d codes", starts.Load(), try+1)
				}
			}
		})
	}
}

// A code ends with its context, and Close ends the program, a compilation, and what comes later.
func TestEnds(t *testing.T) {
	t.Parallel()
	ended, end := context.WithCancel(t.Context())
	end()
	s, _ := played(t, "well")
	if _, err := s.Seal(ended, "a key", "a pool", "wait"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := s.Seal(t.Context(), "a key", "a pool", "394017"); err != nil {
		t.Fatal(err)
	}
	p := s.current()
	s.Close()
	if _, err := s.Seal(t.Context(), "a key", "a pool", "394017"); !errors.Is(err, errClosed) || !p.program.dead() {
		t.Errorf("after Close: error %v, dead %t", err, p.program.dead())
	}
	compiling := New(Options{Program: func(ctx context.Context) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	}})
	compiling.Prepare()
	compiling.Close()
	New(Options{}).Close() // nothing was begun
}

// The program ends with its input, even while codes wait, and at a line that is no request, which it does not repeat.
func TestServe(t *testing.T) {
	t.Parallel()
	stuck := func(ctx context.Context, _, _, _ string) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	}
	for name, c := range map[string]struct{ in, want string }{
		"the end":      {in: `{"id":1,"code":"394017"}` + "\n"},
		"no JSON":      {in: "394017\n", want: "a line of the input is not a request"},
		"no ID":        {in: `{"code":"394017"}` + "\n", want: "a line of the input is not a request"},
		"a whole book": {in: strings.Repeat("x", 1<<20), want: "token too long"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := Serve(t.Context(), strings.NewReader(c.in), io.Discard, stuck)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "394017") {
				t.Errorf("the error has the code: %v", err)
			}
		})
	}
}

func FuzzServe(f *testing.F) {
	f.Add(`{"id":1,"key":"k","pool":"p","code":"c"}` + "\n")
	f.Add("{}\n\x00")
	f.Fuzz(func(t *testing.T, in string) {
		_ = Serve(t.Context(), strings.NewReader(in), io.Discard,
			func(_ context.Context, key, pool, code string) (string, error) { return key + pool + code, nil })
	})
}
