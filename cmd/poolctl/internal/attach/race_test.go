package attach

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-triggers/shared/cognito"
)

var pairs = flag.Int("pairs", 3, "pairs of TestParallelChanges; 200 to prove it")

// attached lists the hooks with a function.
func (w *world) attached(poolID string) []cognito.Hook {
	w.t.Helper()
	pool, err := w.read(w.t.Context(), poolID)
	if err != nil {
		w.t.Fatal(err)
	}
	var hooks []cognito.Hook
	for _, hook := range cognito.Hooks() {
		if function, set := pool.triggers.Function(hook); set && function.ARN != "" {
			hooks = append(hooks, hook)
		}
	}
	return hooks
}

// undoing returns Clients to whose first checks a program answers that had read the pool before their update.
func (w *world) undoing(poolID string, times int) (Clients, *[]string) {
	w.t.Helper()
	stale, err := w.read(w.t.Context(), poolID)
	if err != nil {
		w.t.Fatal(err)
	}
	theirs := stale.triggers.Clone()
	theirs.Set(cognito.CustomMessage, cognito.Function{ARN: otherARN})
	body, _, err := request(stale.settings, theirs)
	if err != nil {
		w.t.Fatal(err)
	}
	said, clients := &[]string{}, w.Clients
	clients.Say = func(text string) { *said = append(*said, text) }
	clients.Pause = time.Hour // no update takes so long
	clients.Wait = func(ctx context.Context, _ time.Duration) error {
		if times--; times < 0 {
			return nil
		}
		return w.update(ctx, poolID, body)
	}
	return clients, said
}

// Who is undone by a program that had read the pool before does the change again, on top of the other's.
func TestUndoneChangeIsMadeAgain(t *testing.T) {
	t.Parallel()
	all := triggers()
	for name, c := range map[string]struct {
		there []Trigger
		plan  func(w *world, poolID string) (*Plan, error)
		want  []cognito.Hook
	}{
		"attach": {
			plan: func(w *world, poolID string) (*Plan, error) {
				return w.PlanAttach(w.t.Context(), poolID, all[:1], false)
			},
			want: []cognito.Hook{cognito.PreSignUp, cognito.CustomMessage},
		},
		"detach": {
			there: all[:2],
			plan: func(w *world, poolID string) (*Plan, error) {
				return w.PlanDetach(w.t.Context(), poolID, []cognito.Hook{cognito.PreSignUp})
			},
			want: []cognito.Hook{cognito.PostConfirmation, cognito.CustomMessage},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			poolID := w.create(nil)
			if len(c.there) > 0 {
				w.attach(poolID, c.there...)
			}
			clients, said := w.undoing(poolID, 2)
			plan, err := c.plan(w, poolID)
			if err != nil {
				t.Fatal(err)
			}
			if err := clients.Apply(t.Context(), plan); err != nil {
				t.Fatal(err)
			}
			if got := w.attached(poolID); !sameHooks(got, c.want) {
				t.Errorf("attached are %q, want %q", got, c.want)
			}
			if len(*said) != 2 || !strings.Contains((*said)[0], "undid this change; trying again") {
				t.Errorf("said %q", *said)
			}
		})
	}
}

func sameHooks(a, b []cognito.Hook) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// Somebody who always writes last wins, and the loser says so.
func TestChangeThatIsAlwaysUndone(t *testing.T) {
	t.Parallel()
	w := start(t)
	poolID := w.create(nil)
	clients, _ := w.undoing(poolID, maxTries)
	plan, err := clients.PlanAttach(t.Context(), poolID, triggers()[:1], false)
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, clients.Apply(t.Context(), plan), "NOT AS IT SHOULD BE", "LambdaConfig.PreSignUp: ")
}

// Triggers that others attached between plan and update are kept; the plan's own must be as they were.
func TestChangesAfterThePlan(t *testing.T) {
	t.Parallel()
	w := start(t)
	poolID := w.create(nil)
	all := triggers()
	early, err := w.PlanAttach(t.Context(), poolID, all[:1], false)
	if err != nil {
		t.Fatal(err)
	}
	same, err := w.PlanAttach(t.Context(), poolID, []Trigger{{Name: "other", Hook: cognito.PreSignUp, Function: otherARN}},
		false)
	if err != nil {
		t.Fatal(err)
	}
	w.attach(poolID, all[1])
	if err := w.Apply(t.Context(), early); err != nil {
		t.Fatal(err)
	}
	if got, want := w.attached(poolID), []cognito.Hook{all[0].Hook, all[1].Hook}; !sameHooks(got, want) {
		t.Errorf("attached are %q, want %q", got, want)
	}
	wantError(t, w.Apply(t.Context(), same), "somebody else", "pre_sign_up: not set -> ", "run the command again")
}

// The permission of a function that somebody attached to another hook meanwhile is kept.
func TestPermissionThatIsNeededAgain(t *testing.T) {
	t.Parallel()
	w := start(t)
	poolID := w.create(nil)
	first := triggers()[0]
	w.attach(poolID, first)
	plan, err := w.PlanDetach(t.Context(), poolID, []cognito.Hook{cognito.PreSignUp})
	if err != nil {
		t.Fatal(err)
	}
	w.attach(poolID, Trigger{Name: "again", Hook: cognito.PostConfirmation, Function: first.Function})
	if err := w.Apply(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	if left := w.lambda.statements(); len(left) != 1 {
		t.Errorf("statements %q", left)
	}
}

// Two programs that attach and then detach different triggers at the same time both succeed.
func TestParallelChanges(t *testing.T) {
	t.Parallel()
	all := triggers()[:2]
	both := []cognito.Hook{all[0].Hook, all[1].Hook}
	var group sync.WaitGroup
	slots := make(chan struct{}, 4)
	for pair := range *pairs {
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			w := start(t)
			w.Pause, w.Wait = 250*time.Millisecond, nil
			poolID := w.create(nil)
			err := together(
				func() error { return w.attachOne(poolID, all[0]) },
				func() error { return w.attachOne(poolID, all[1]) },
			)
			if got := w.attached(poolID); err != nil || !sameHooks(got, both) {
				t.Errorf("pair %d: attached are %q, error %v", pair, got, err)
				return
			}
			err = together(
				func() error { return w.detachOne(poolID, both[0]) },
				func() error { return w.detachOne(poolID, both[1]) },
			)
			if got := w.attached(poolID); err != nil || len(got) > 0 || len(w.lambda.statements()) > 0 {
				t.Errorf("pair %d: still attached are %q, permissions %q, error %v", pair, got, w.lambda.statements(), err)
			}
		})
	}
	group.Wait()
}

func (w *world) attachOne(poolID string, one Trigger) error {
	plan, err := w.PlanAttach(w.t.Context(), poolID, []Trigger{one}, false)
	if err != nil {
		return err
	}
	return w.Apply(w.t.Context(), plan)
}

func (w *world) detachOne(poolID string, hook cognito.Hook) error {
	plan, err := w.PlanDetach(w.t.Context(), poolID, []cognito.Hook{hook})
	if err != nil {
		return err
	}
	return w.Apply(w.t.Context(), plan)
}

// together runs all at the same time.
func together(all ...func() error) error {
	errs := make([]error, len(all))
	var group sync.WaitGroup
	for i, one := range all {
		group.Go(func() {
			if err := one(); err != nil {
				errs[i] = fmt.Errorf("%d: %w", i, err)
			}
		})
	}
	group.Wait()
	return errors.Join(errs...)
}
