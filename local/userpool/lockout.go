package userpool

import (
	"time"

	"cognito-triggers/local/userpool/state"
)

// The rules for wrong passwords: after five the user is locked for a second, and twice as long each time; what is tried
// while locked does not count. A right one, or a quarter of an hour without, makes them forgotten.
// See https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html#authentication-flow-lockout-behavior
const (
	freeFailures = 5
	longestLock  = 15 * time.Minute
	forgotten    = 15 * time.Minute
)

type lockout struct {
	failures int
	until    time.Time
}

func (l lockout) holds(now time.Time) bool { return now.Before(l.until) }

func (l lockout) counts(now time.Time) bool {
	return l.failures > 0 && (l.until.IsZero() || now.Before(l.until.Add(forgotten)))
}

func (l *lockout) fail(now time.Time) {
	if !l.counts(now) {
		*l = lockout{}
	}
	if l.failures++; l.failures >= freeFailures {
		l.until = now.Add(min(longestLock, time.Second<<min(l.failures-freeFailures, 10)))
	}
}

func locked() error { return notAuthorized("Password attempts exceeded") }

// judge records whether a password was right. The lock is looked at again: of many guesses at once, those behind the
// fifth wrong one learn nothing, whatever they were.
func (l *lockout) judge(fits bool, now time.Time) error {
	switch {
	case l.holds(now):
		return locked()
	case fits:
		*l = lockout{}
		return nil
	}
	l.fail(now)
	return wrongPassword()
}

const wrongPasswords = "password"

// password holds a password against the user's, and counts. Names that belong to nobody are locked as users are.
func (a *signIn) password(right func() bool) error {
	if a.unknown {
		return a.strangersPassword(right)
	}
	if (lockout{a.user.Failures, a.user.LockedUntil}).holds(a.options.Now()) {
		return locked()
	}
	fits := right()
	now, err := a.options.Now(), error(nil)
	if a.user, err = a.call.user(a.pool, a.user.Username); err != nil {
		return err
	}
	if fits && a.user.Failures == 0 {
		return nil
	}
	var refused error
	err = a.change(func(u *state.User) error {
		l := lockout{u.Failures, u.LockedUntil}
		refused = l.judge(fits, now)
		u.Failures, u.LockedUntil = l.failures, l.until
		return nil
	})
	if err != nil {
		return err
	}
	return refused
}

func (a *signIn) strangersPassword(right func() bool) error {
	var refused error
	who := subject{a.pool.ID + "\x00" + a.user.Username, true}
	note := func(change func(*tally, time.Time)) {
		now := a.options.Now()
		a.tried.update(who, wrongPasswords, now, func(t *tally) { change(t, now) })
	}
	note(func(t *tally, now time.Time) {
		if t.wrong.holds(now) {
			refused = locked()
		}
	})
	if refused != nil {
		return refused
	}
	right()
	note(func(t *tally, now time.Time) { refused = t.wrong.judge(false, now) })
	return refused
}

// oneTime evaluates a one-time password. It is counted as wrong before it is looked at, so that guessing in parallel or
// in new sign-ins gains nothing; the right one clears the count.
func (a *signIn) oneTime(right func() (bool, error)) error {
	now, who := a.options.Now(), a.subjectOf(a.pool, a.user, "")
	var refused error
	a.tried.update(who, softwareToken, now, func(t *tally) {
		if t.wrong.holds(now) {
			refused = locked()
			return
		}
		t.wrong.fail(now)
	})
	if refused != nil {
		return refused
	}
	fits, err := right()
	switch {
	case err != nil:
		return err
	case !fits:
		return codeMismatch()
	}
	a.tried.update(who, softwareToken, now, func(t *tally) { t.wrong = lockout{} })
	return nil
}
