package lambdaruntime_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"cognito-triggers/local/lambdaruntime"
)

func TestWarm(t *testing.T) {
	t.Parallel()
	r := start(t, lambdaruntime.Function{})
	if err := r.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := do(t, r, "pid"); got.Cold || r.Stats().Spawns != 1 {
		t.Errorf("cold %v after %d spawns, want the process that was started ahead", got.Cold, r.Stats().Spawns)
	}
}

func TestWarmSaysWhyAProcessDoesNotStart(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"exit": "exit status 3", "report": "Config.Invalid"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, lambdaruntime.Function{Environment: map[string]string{"FIXTURE_INIT": name}})
			var failed *lambdaruntime.InitError
			if err := r.Warm(t.Context()); !errors.As(err, &failed) || failed.Status != want && failed.Type != want {
				t.Errorf("error %v, want %s", err, want)
			}
		})
	}
	t.Run("never", func(t *testing.T) {
		t.Parallel()
		r := start(t, lambdaruntime.Function{Environment: map[string]string{"FIXTURE_INIT": "hang"}})
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := r.Warm(ctx); !errors.Is(err, context.DeadlineExceeded) || r.Stats().Instances != 0 {
			t.Errorf("error %v with %d processes left, want the context's and none", err, r.Stats().Instances)
		}
	})
}

// New events go to the successor, and the running one ends where it is before its process is killed.
func TestRetire(t *testing.T) {
	t.Parallel()
	old, h := start(t, lambdaruntime.Function{Name: "old"}), newHolder(t)
	running := make(chan error, 1)
	go func() {
		_, err := old.Invoke(context.Background(), h.event())
		running <- err
	}()
	busy := h.next()
	next := start(t, lambdaruntime.Function{Name: "new"})
	gone := old.Retire(next)
	if do(t, old, "pid"); next.Stats().Spawns != 1 || old.Stats().Spawns != 1 {
		t.Errorf("spawns: new %d, old %d; want the new event in the new runner", next.Stats().Spawns, old.Stats().Spawns)
	}
	select {
	case <-gone:
		t.Fatal("the old runner is closed while an event runs")
	default:
	}
	busy.letGo()
	if err := <-running; err != nil {
		t.Errorf("the running event ended with %v", err)
	}
	<-gone
	if left := old.Stats().Instances; left > 0 {
		t.Errorf("%d old processes are left", left)
	}
}

// No event fails because its function is handed over.
func TestRetireUnderLoad(t *testing.T) {
	t.Parallel()
	first := start(t, lambdaruntime.Function{})
	stop := make(chan struct{})
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			for {
				if _, err := first.Invoke(context.Background(), event(t, map[string]any{"Do": "echo"})); err != nil {
					t.Errorf("an event failed: %v", err)
					return
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	last := first
	for range 5 {
		next := start(t, lambdaruntime.Function{})
		if err := next.Warm(t.Context()); err != nil {
			t.Error(err)
		}
		<-last.Retire(next)
		last = next
	}
	close(stop)
	callers.Wait()
}
