package storetest

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"cognito-triggers/shared/profile"
)

const interval = time.Hour

func (s suite) wantSignIn(t *testing.T, k profile.Key, in profile.SignIn, want profile.Recorded) {
	t.Helper()
	got, err := s.store.RecordSignIn(t.Context(), k, in)
	if got != want || err != nil {
		t.Fatalf("RecordSignIn: %+v, error %v; want %+v", got, err, want)
	}
}

func (s suite) wantSignInError(t *testing.T, k profile.Key, want error) {
	t.Helper()
	got, err := s.store.RecordSignIn(t.Context(), k, profile.SignIn{At: claimed, Interval: interval, Client: "app"})
	if got != (profile.Recorded{}) || !errors.Is(err, want) {
		t.Fatalf("RecordSignIn: %+v, error %v; want nothing, %v", got, err, want)
	}
}

func accessSurvives(t *testing.T, s suite) {
	p := sample(t)
	p.Access = profile.Access{
		Suspended: true, LockedUntil: claimed, Failures: 3, FailedAt: created, Groups: []string{"admins", "staff"},
	}
	s.mustCreate(t, p)
	s.wantProfile(t, p)
}

func signInOncePerInterval(t *testing.T, s suite) {
	p := sample(t)
	s.mustCreate(t, p)
	at := func(after time.Duration) profile.SignIn {
		return profile.SignIn{At: claimed.Add(after), Interval: interval, Client: "app"}
	}
	s.wantSignIn(t, p.Key, at(0), profile.Recorded{Written: true, First: true})
	s.wantSignIn(t, p.Key, at(0), profile.Recorded{})
	s.wantSignIn(t, p.Key, at(-time.Minute), profile.Recorded{}) // another machine's clock
	s.wantSignIn(t, p.Key, at(interval-time.Millisecond), profile.Recorded{})
	p.SignIns = profile.SignIns{Last: claimed, Count: 1, Clients: []string{"app"}}
	s.wantProfile(t, p)
	s.wantSignIn(t, p.Key, at(interval), profile.Recorded{Written: true})
	p.Last, p.Count = claimed.Add(interval), 2
	s.wantProfile(t, p)
	none := profile.SignIn{At: claimed.Add(2 * interval), Interval: interval}
	s.wantSignIn(t, p.Key, none, profile.Recorded{Written: true})
	p.Last, p.Count = claimed.Add(2*interval), 3
	s.wantProfile(t, p)
}

func newIsToldOnce(t *testing.T, s suite) {
	p := sample(t)
	s.mustCreate(t, p)
	in := profile.SignIn{At: claimed, Interval: interval, Client: "app", NewDevice: true}
	s.wantSignIn(t, p.Key, in, profile.Recorded{Written: true, First: true})
	other := profile.SignIn{At: claimed.Add(time.Second), Interval: interval, Client: "other"}
	s.wantSignIn(t, p.Key, other, profile.Recorded{Written: true, NewClient: true})
	s.wantSignIn(t, p.Key, other, profile.Recorded{})
	device := profile.SignIn{At: claimed.Add(profile.DeviceInterval), Interval: interval, Client: "app", NewDevice: true}
	s.wantSignIn(t, p.Key, device, profile.Recorded{Written: true, NewDevice: true})
	s.wantSignIn(t, p.Key, device, profile.Recorded{})
	both := profile.SignIn{At: device.At.Add(interval), Interval: interval, Client: "third", NewDevice: true}
	s.wantSignIn(t, p.Key, both, profile.Recorded{Written: true, NewClient: true, NewDevice: true})
	p.SignIns = profile.SignIns{
		Last: both.At, Count: 4, Clients: []string{"app", "other", "third"}, Device: both.At,
	}
	s.wantProfile(t, p)
}

func signInNeedsProfile(t *testing.T, s suite) {
	p := sample(t)
	s.wantSignInError(t, p.Key, profile.ErrNotFound)
	s.wantGetError(t, p.Key, profile.ErrNotFound)
}

func signInsInParallel(t *testing.T, s suite) {
	p := sample(t)
	s.mustCreate(t, p)
	written := s.recordInParallel(t, p.Key, "app", func(r profile.Recorded) bool { return r.Written && r.First })
	p.SignIns = profile.SignIns{Last: claimed, Count: 1, Clients: []string{"app"}}
	if written != 1 {
		t.Errorf("%d callers were told that their sign-in was written", written)
	}
	s.wantProfile(t, p)
}

func newClientInParallel(t *testing.T, s suite) {
	p := sample(t)
	s.mustCreate(t, p)
	first := profile.SignIn{At: claimed, Interval: interval, Client: "app"}
	s.wantSignIn(t, p.Key, first, profile.Recorded{Written: true, First: true})
	told := s.recordInParallel(t, p.Key, "other", func(r profile.Recorded) bool { return r.NewClient })
	if told != 1 {
		t.Errorf("%d callers were told of the new client", told)
	}
}

// recordInParallel records one sign-in many times and returns how often the result meets the condition.
func (s suite) recordInParallel(t *testing.T, k profile.Key, client string, meets func(profile.Recorded) bool) int {
	t.Helper()
	var met atomic.Int32
	inParallel(func(n int) {
		got, err := s.store.RecordSignIn(t.Context(), k, profile.SignIn{At: claimed, Interval: interval, Client: client})
		if err != nil {
			t.Errorf("caller %d: %v", n, err)
		}
		if meets(got) {
			met.Add(1)
		}
	})
	return int(met.Load())
}
