// Package storetest is the suite that every challenge.Store must pass. Most tests use the store in memory; the suite
// makes sure that DynamoDB behaves the same.
package storetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cognito-triggers/shared/challenge"
)

var began = time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)

// Run runs the suite. Each test gets a store from open and uses unique names, so open may return the same store every
// time, even one that already holds records.
func Run(t *testing.T, open func(t *testing.T) challenge.Store) {
	for name, run := range map[string]func(*testing.T, challenge.Store){
		"what is not there is the zero value":       absent,
		"records survive unchanged":                 survive,
		"a record changes from its version only":    versions,
		"a conflict shows what is stored":           conflict,
		"the secret stays":                          secret,
		"parallel answers share their tries":        guesses,
		"parallel right answers sign in once":       rightAnswers,
		"parallel requests send once":               requests,
		"an ended context ends every call":          ended,
		"a record without times and codes survives": bare,
	} {
		t.Run(name, func(t *testing.T) { run(t, open(t)) })
	}
}

func absent(t *testing.T, s challenge.Store) {
	if got, err := s.Load(t.Context(), rand.Text()); err != nil || !reflect.DeepEqual(got, challenge.Versioned{}) {
		t.Errorf("got %+v, error %v", got, err)
	}
}

// full is a record with every member set.
func full() challenge.Versioned {
	at := began.Unix()
	return challenge.Versioned{
		Version: 1, Change: "first",
		Record: challenge.Record{
			Sends: []int64{at, at + 60}, Wrong: []int64{at + 61}, Until: at + 3600,
			Code: &challenge.Pending{Method: challenge.SMSCode, ID: "i1", Hash: "h1", SentAt: at, Until: at + 300},
			Link: &challenge.Pending{Method: challenge.MagicLink, ID: "i2", SentAt: at + 60, Until: at + 960}, // used
		},
	}
}

func survives(t *testing.T, s challenge.Store, v challenge.Versioned) {
	t.Helper()
	name := rand.Text()
	if _, err := s.Save(t.Context(), name, v); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Load(t.Context(), name); err != nil || !reflect.DeepEqual(got, v) {
		t.Errorf("got %+v, error %v; want %+v", got, err, v)
	}
}

func survive(t *testing.T, s challenge.Store) { survives(t, s, full()) }

func bare(t *testing.T, s challenge.Store) {
	survives(t, s, challenge.Versioned{Version: 1, Change: "c", Record: challenge.Record{Until: began.Unix()}})
}

func versions(t *testing.T, s challenge.Store) {
	name := rand.Text()
	for _, step := range []struct {
		version int64
		fails   bool
	}{{2, true}, {1, false}, {1, true}, {3, true}, {2, false}} {
		v := full()
		v.Version = step.version
		if _, err := s.Save(t.Context(), name, v); errors.Is(err, challenge.ErrConflict) != step.fails {
			t.Errorf("version %d: error %v, want a conflict: %v", step.version, err, step.fails)
		}
	}
}

func conflict(t *testing.T, s challenge.Store) {
	name, first, second := rand.Text(), full(), full()
	second.Change = "second"
	if _, err := s.Save(t.Context(), name, first); err != nil {
		t.Fatal(err)
	}
	got, err := s.Save(t.Context(), name, second)
	if !errors.Is(err, challenge.ErrConflict) || !reflect.DeepEqual(got, first) {
		t.Errorf("got %+v, error %v; want %+v and a conflict", got, err, first)
	}
}

func secret(t *testing.T, s challenge.Store) {
	first, err := s.Secret(t.Context())
	if err != nil || len(first) < 32 {
		t.Fatalf("%d bytes, error %v", len(first), err)
	}
	if again, err := s.Secret(t.Context()); err != nil || !bytes.Equal(first, again) {
		t.Errorf("another secret, error %v", err)
	}
}

var (
	policy = challenge.Policy{
		Digits: 8, CodeLasts: 5 * time.Minute, LinkLasts: 15 * time.Minute, Resend: time.Minute,
		Sends: challenge.Rolling{Most: 5, Within: time.Hour},
	}
	wrong = challenge.Rolling{Most: 5, Within: time.Hour}
)

func desk(s challenge.Store) (challenge.Desk, challenge.User) {
	return challenge.Desk{Store: s, Now: func() time.Time { return began }},
		challenge.User{PoolID: "eu-west-1_Qk7Lm2XyZ", Name: rand.Text()}
}

func atOnce(n int, do func(i int)) {
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { do(i) })
	}
	group.Wait()
}

const crowd = 24

func guesses(t *testing.T, s challenge.Store) {
	d, user := desk(s)
	offer, err := d.Ask(t.Context(), user, policy, challenge.EmailCode)
	if err != nil {
		t.Fatal(err)
	}
	var evaluated atomic.Int32
	atOnce(crowd, func(int) {
		verdict, err := d.Answer(t.Context(), user, wrong,
			challenge.Claim{Method: challenge.EmailCode, ID: offer.ID, Answer: "none"})
		if err != nil {
			t.Error(err)
		}
		if verdict != challenge.Unevaluated {
			evaluated.Add(1)
		}
	})
	if got := int(evaluated.Load()); got != wrong.Most {
		t.Errorf("%d answers were evaluated, want %d", got, wrong.Most)
	}
}

func rightAnswers(t *testing.T, s challenge.Store) {
	d, user := desk(s)
	offer, err := d.Ask(t.Context(), user, policy, challenge.MagicLink)
	if err != nil {
		t.Fatal(err)
	}
	var right atomic.Int32
	atOnce(crowd, func(int) {
		verdict, err := d.Answer(t.Context(), user, wrong,
			challenge.Claim{Method: challenge.MagicLink, ID: offer.ID, Answer: offer.Secret})
		if err != nil {
			t.Error(err)
		}
		if verdict == challenge.Right {
			right.Add(1)
		}
	})
	if got := right.Load(); got != 1 {
		t.Errorf("%d answers were right, want 1", got)
	}
}

func requests(t *testing.T, s challenge.Store) {
	d, user := desk(s)
	var sent atomic.Int32
	atOnce(crowd, func(int) {
		offer, err := d.Ask(t.Context(), user, policy, challenge.EmailCode)
		if err != nil || offer.ID == "" {
			t.Errorf("offer %+v, error %v", offer, err)
		}
		if offer.Secret != "" {
			sent.Add(1)
		}
	})
	if got := sent.Load(); got != 1 {
		t.Errorf("%d messages, want 1", got)
	}
}

func ended(t *testing.T, s challenge.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, load := s.Load(ctx, rand.Text())
	_, save := s.Save(ctx, rand.Text(), full())
	_, secret := s.Secret(ctx)
	for call, err := range map[string]error{"Load": load, "Save": save, "Secret": secret} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v", call, err)
		}
	}
}
