package limits

import (
	"time"

	"cognito-triggers/local/userpool/internal/fault"
)

// After five wrong passwords, the user is locked for a second, and twice as long after each further one. Attempts
// during a lock do not count. The right password, or a quarter of an hour without a wrong one, resets the count.
//
// See
// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html#authentication-flow-lockout-behavior
const (
	FreeFailures = 5
	longestLock  = 15 * time.Minute
	forgotten    = 15 * time.Minute
)

// Lockout counts the wrong passwords of one user.
type Lockout struct {
	Failures int
	Until    time.Time
}

// Holds reports whether passwords are locked at the time.
func (l Lockout) Holds(now time.Time) bool { return now.Before(l.Until) }

func (l Lockout) counts(now time.Time) bool {
	return l.Failures > 0 && (l.Until.IsZero() || now.Before(l.Until.Add(forgotten)))
}

// Fail counts a wrong password.
func (l *Lockout) Fail(now time.Time) { l.FailAfter(FreeFailures, now) }

// FailAfter is Fail for what is locked only after so many failures.
func (l *Lockout) FailAfter(free int, now time.Time) {
	if !l.counts(now) {
		*l = Lockout{}
	}
	if l.Failures++; l.Failures >= free {
		l.Until = now.Add(min(longestLock, time.Second<<min(l.Failures-free, 10)))
	}
}

// Judge records whether a password was right. It checks the lock again: of concurrent guesses, those after the fifth
// wrong one learn nothing.
func (l *Lockout) Judge(fits bool, now time.Time) error {
	switch {
	case l.Holds(now):
		return fault.New(fault.Locked)
	case fits:
		*l = Lockout{}
		return nil
	}
	l.Fail(now)
	return fault.New(fault.WrongPassword)
}
