package customsender

import (
	"context"
	"errors"
	"testing"
	"time"

	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/sendonce"
	"cognito-triggers/shared/sendonce/memory"
)

const address = "ines@example.org"

// step is one delivery.
type step struct {
	event []byte
	fails bool          // the function fails
	class sending.Class // with which the provider fails; -1: it accepts
}

const accepts sending.Class = -1

func TestDeliveries(t *testing.T) {
	t.Parallel()
	signUp := event("SignUp", "1", address, nil)
	notice := event("AccountTakeOverNotification", "", address, map[string]string{"EVENT_ID": "e"})
	for name, c := range map[string]struct {
		steps  []step
		change func(w *world)
		sent   map[string]int
		want   map[string]int
	}{
		"once": {
			steps: []step{{event: signUp, class: accepts}, {event: signUp, class: accepts}, {event: signUp, class: accepts}},
			sent:  map[string]int{"SignUp 1": 1},
			want:  map[string]int{MessagesSent: 1, MessagesRepeated: 2},
		},
		"a resend is another message": {
			steps: []step{{event: signUp, class: accepts}, {event: event("SignUp", "2", address, nil), class: accepts}},
			sent:  map[string]int{"SignUp 1": 1, "SignUp 2": 1},
			want:  map[string]int{MessagesSent: 2},
		},
		"after a failure": {
			steps: []step{{event: signUp, class: sending.Temporary, fails: true}, {event: signUp, class: accepts}},
			sent:  map[string]int{"SignUp 1": 1},
			want:  map[string]int{MessagesFailed: 1, MessagesSent: 1},
		},
		"refused as such": {
			steps: []step{{event: signUp, class: sending.Permanent, fails: true}},
			want:  map[string]int{MessagesFailed: 1},
		},
		"perhaps accepted, may be doubled": {
			steps: []step{{event: signUp, class: sending.Unknown, fails: true}, {event: signUp, class: accepts}},
			sent:  map[string]int{"SignUp 1": 2},
			want:  map[string]int{MessagesFailed: 1, MessagesDoubtful: 1, MessagesSent: 1},
		},
		"perhaps accepted, never doubled": {
			change: func(w *world) {
				w.sender.MayDouble = false
				at := time.Now() // later deliveries come after the claim has ended
				w.sender.Now = func() time.Time { at = at.Add(time.Minute); return at }
			},
			steps: []step{
				{event: signUp, class: sending.Unknown, fails: true}, {event: signUp, class: accepts, fails: true},
				{event: signUp, class: accepts, fails: true},
			},
			sent: map[string]int{"SignUp 1": 1},
			want: map[string]int{MessagesFailed: 1, MessagesDoubtful: 3},
		},
		"a notice has no code": {
			steps: []step{{event: notice, class: accepts}, {event: notice, class: accepts}},
			sent:  map[string]int{"AccountTakeOverNotification ": 1},
			want:  map[string]int{MessagesSent: 1, MessagesRepeated: 1},
		},
		"notices without ids": {
			steps: []step{
				{event: event("AccountTakeOverNotification", "", address, map[string]string{"LOGIN_TIME": "1"}), class: accepts},
				{event: event("AccountTakeOverNotification", "", address, map[string]string{"LOGIN_TIME": "2"}), class: accepts},
				{event: event("AccountTakeOverNotification", "", address, map[string]string{"LOGIN_TIME": "2"}), class: accepts},
			},
			sent: map[string]int{"AccountTakeOverNotification ": 2},
			want: map[string]int{MessagesSent: 2, MessagesRepeated: 1},
		},
		"no code": {
			steps: []step{{event: event("SignUp", "", address, nil), class: accepts, fails: true}},
			want:  map[string]int{MessagesFailed: 1},
		},
		"a refused code": {
			steps: []step{{event: event("SignUp", "bad", address, nil), class: accepts, fails: true}},
			want:  map[string]int{MessagesFailed: 1, CodesRefused: 1},
		},
		"KMS down": {
			steps: []step{{event: event("SignUp", "down", address, nil), class: accepts, fails: true}},
			want:  map[string]int{MessagesFailed: 1},
		},
		"the code of another message": { // threat 22
			steps: []step{
				{event: signUp, class: accepts},
				{event: event("SignUp", "1", "eve@example.org", nil), class: accepts, fails: true},
			},
			sent: map[string]int{"SignUp 1": 1},
			want: map[string]int{MessagesSent: 1, MessagesFailed: 1},
		},
		"a temporary password": {
			steps: []step{{event: event("AdminCreateUser", "a&lt;&amp;lt;", address, nil), class: accepts}},
			sent:  map[string]int{"AdminCreateUser a<&lt;": 1},
			want:  map[string]int{MessagesSent: 1},
		},
		"a temporary password that is not escaped": {
			change: func(w *world) { w.sender.Unescape = false },
			steps:  []step{{event: event("AdminCreateUser", "a&lt;", address, nil), class: accepts}},
			sent:   map[string]int{"AdminCreateUser a&lt;": 1},
			want:   map[string]int{MessagesSent: 1},
		},
		"a code is not unescaped": {
			steps: []step{{event: event("SignUp", "&lt;", address, nil), class: accepts}},
			sent:  map[string]int{"SignUp &lt;": 1},
			want:  map[string]int{MessagesSent: 1},
		},
		"too many to one recipient, each purpose by itself": {
			change: func(w *world) { w.sender.PerRecipient = 1 },
			steps: []step{
				{event: signUp, class: accepts}, {event: event("SignUp", "2", address, nil), class: accepts},
				{event: event("SignUp", "2", address, nil), class: accepts},
				{event: event("Authentication", "3", address, nil), class: accepts},
				{event: event("SignUp", "4", "eve@example.org", nil), class: accepts},
			},
			sent: map[string]int{"SignUp 1": 1, "Authentication 3": 1, "SignUp 4": 1},
			want: map[string]int{MessagesSent: 3, MessagesThrottled: 1, MessagesRepeated: 1},
		},
		"too many to a block": {
			change: func(w *world) { w.limits = []Limit{{Key: "block x", Max: 2}} },
			steps: []step{
				{event: signUp, class: accepts}, {event: event("SignUp", "2", "b@example.org", nil), class: accepts},
				{event: event("SignUp", "3", "c@example.org", nil), class: accepts},
			},
			sent: map[string]int{"SignUp 1": 1, "SignUp 2": 1},
			want: map[string]int{MessagesSent: 2, MessagesThrottled: 1},
		},
		"another attempt is not counted again": {
			change: func(w *world) { w.sender.PerRecipient = 1 },
			steps:  []step{{event: signUp, class: sending.Temporary, fails: true}, {event: signUp, class: accepts}},
			sent:   map[string]int{"SignUp 1": 1},
			want:   map[string]int{MessagesFailed: 1, MessagesSent: 1},
		},
		"the store cannot claim": {
			change: func(w *world) { w.sender.Once = &lostStore{Store: memory.New(), claims: errors.New("down")} },
			steps:  []step{{event: signUp, class: accepts, fails: true}},
			want:   map[string]int{MessagesFailed: 1},
		},
		"the store cannot count": {
			change: func(w *world) { w.sender.Once = &lostStore{Store: memory.New(), counts: errors.New("down")} },
			steps:  []step{{event: signUp, class: accepts, fails: true}},
			want:   map[string]int{MessagesFailed: 1},
		},
		"the store cannot mark": {
			change: func(w *world) { w.sender.Once = &lostStore{Store: memory.New(), ends: errors.New("down")} },
			steps:  []step{{event: signUp, class: accepts}},
			sent:   map[string]int{"SignUp 1": 1},
			want:   map[string]int{MessagesSent: 1, MarksFailed: 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.change)
			for i, s := range c.steps {
				w.fail = func(string) error {
					if s.class == accepts {
						return nil
					}
					return failure(s.class)
				}
				if err := w.deliver(t.Context(), s.event); (err != nil) != s.fails {
					t.Errorf("delivery %d: error %v", i+1, err)
				}
			}
			for code, n := range w.sent {
				if c.sent[code] != n {
					t.Errorf("%q was sent %d times, want %d", code, n, c.sent[code])
				}
			}
			if len(w.sent) != len(c.sent) {
				t.Errorf("sent %v, want %v", w.sent, c.sent)
			}
			w.want(t, c.want)
		})
	}
}

// Threat 21: the process dies between claim and mark. Its claim ends with its time, and the next delivery decides.
func TestTheClaimOfADeadProcess(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ mayDouble, sent bool }{
		"may be doubled": {mayDouble: true, sent: true}, "never doubled": {mayDouble: false, sent: false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Now()
			w := newWorld(t, func(w *world) {
				w.sender.MayDouble, w.sender.Now = c.mayDouble, func() time.Time { return now }
			})
			signUp := event("SignUp", "1", address, nil)
			w.sender.Once = &lostStore{Store: w.sender.Once, ends: errors.New("dead")}
			w.fail = func(string) error { panic("dead") }
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			if w.deliver(ctx, signUp) == nil {
				t.Fatal("it is not dead")
			}
			w.fail = nil
			w.sender.Once.(*lostStore).ends = nil
			if err := w.deliver(ctx, signUp); err == nil {
				t.Error("sent while the dead process could still send")
			}
			now = now.Add(12 * time.Second) // Lambda waits for a minute
			if err := w.deliver(ctx, signUp); (err == nil) != c.sent || w.sent["SignUp 1"] != map[bool]int{true: 1}[c.sent] {
				t.Errorf("error %v, sent %v", err, w.sent)
			}
		})
	}
}

// A store that stalls ends with the function's time, and the message with an error.
func TestAStalledStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.sender.Once = stalled{} })
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := w.deliver(ctx, event("SignUp", "1", address, nil)); err == nil || ctx.Err() != nil {
		t.Errorf("error %v, Lambda's time: %v", err, ctx.Err())
	}
}

type stalled struct{ sendonce.Store }

func (stalled) Claim(ctx context.Context, _ sendonce.Claim) (sendonce.Standing, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}
