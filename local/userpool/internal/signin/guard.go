package signin

import (
	"context"
	"time"

	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/limits"
	"cognito-triggers/local/userpool/state"
)

// CheckPassword checks the password of the bearer and counts wrong ones.
func (r *Room) CheckPassword(b directory.Bearer, password string) error {
	a := &Attempt{room: r, Pool: b.Pool, Client: b.Client, User: b.User}
	v := a.verifier()
	return a.password(func() bool { return v.Check(password) })
}

// password checks the proof of a password and counts wrong ones. Names of users who do not exist are locked like users.
func (a *Attempt) password(right func() bool) error {
	if a.Unknown {
		return a.strangersPassword(right)
	}
	now := a.room.now
	if (limits.Lockout{Failures: a.User.Failures, Until: a.User.LockedUntil}).Holds(now()) {
		return fault.New(fault.Locked)
	}
	fits := right()
	at, err := now(), error(nil)
	if a.User, err = a.room.directory.User(a.Pool, a.User.Username); err != nil {
		return err
	}
	if fits && a.User.Failures == 0 {
		return nil
	}
	var refused error
	err = a.change(func(u *state.User) error {
		l := limits.Lockout{Failures: u.Failures, Until: u.LockedUntil}
		refused = l.Judge(fits, at)
		u.Failures, u.LockedUntil = l.Failures, l.Until
		return nil
	})
	if err != nil {
		return err
	}
	return refused
}

func (a *Attempt) strangersPassword(right func() bool) error {
	var refused error
	who := limits.Stranger(a.Pool, a.User.Username)
	note := func(change func(*limits.Tally, time.Time)) {
		now := a.room.now()
		a.room.limits.Update(who, limits.Passwords, now, func(t *limits.Tally) { change(t, now) })
	}
	note(func(t *limits.Tally, now time.Time) {
		if t.Wrong.Holds(now) {
			refused = fault.New(fault.Locked)
		}
	})
	if refused != nil {
		return refused
	}
	right()
	note(func(t *limits.Tally, now time.Time) { refused = t.Wrong.Judge(false, now) })
	return refused
}

// oneTime checks a one-time password.
func (a *Attempt) oneTime(check func() (refused, err error)) error {
	return a.guess(limits.OneTimePasswords, limits.FreeFailures, check)
}

// freeCodes is how many wrong codes as the first factor a user has, over all sessions, before the lock begins; see
// docs/aws-behaviour.md.
const freeCodes = 20

// signInCode checks a code that was sent as the first factor.
func (a *Attempt) signInCode(check func() (refused, err error)) error {
	return a.guess(limits.SignInCodes, freeCodes, check)
}

// guess checks what may be guessed. It counts the attempt as wrong first, so that guessing concurrently or in new
// sign-ins gains nothing; the right password resets the count. The function check returns why the password is refused.
func (a *Attempt) guess(kind limits.Kind, free int, check func() (refused, err error)) error {
	now, who := a.room.now(), limits.User(a.Pool, a.User)
	if a.Unknown {
		who = limits.Stranger(a.Pool, a.User.Username)
	}
	var refused error
	a.room.limits.Update(who, kind, now, func(t *limits.Tally) {
		if t.Wrong.Holds(now) {
			refused = fault.New(fault.Locked)
			return
		}
		t.Wrong.FailAfter(free, now)
	})
	if refused != nil {
		return refused
	}
	refused, err := check()
	switch {
	case err != nil:
		return err
	case refused != nil:
		return refused
	}
	a.room.limits.Update(who, kind, now, func(t *limits.Tally) { t.Wrong = limits.Lockout{} })
	return nil
}

// grid is the time in whole multiples of which answers leave that must not reveal who exists. The work for users and
// for unknown names differs by microseconds, which would show in many samples.
const grid = 5 * time.Millisecond

// even holds the answer to a request that began at a time back until the next multiple of the grid, if the app client
// hides which users exist.
func even(ctx context.Context, client state.Client, began time.Time) {
	if directory.Discreet(client) {
		delivery.HoldUntil(ctx, began.Add(time.Since(began).Truncate(grid)+grid))
	}
}
