// Package limits counts recent attempts per user: requests per hour, wrong passwords, wrong codes. Names of users who
// do not exist are limited in the same way, so that limits do not reveal who exists.
package limits

import (
	"slices"
	"strings"
	"sync"
	"time"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// Hourly is AWS's limit on calls of an operation for one user within a rolling hour. A new code does not reset it.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
type Hourly struct {
	kind Kind
	most int
}

// The hourly limits.
var (
	Confirmations  = Hourly{"ConfirmSignUp", 15}
	Resends        = Hourly{"ResendConfirmationCode", 5}
	Resets         = Hourly{"ForgotPassword", 20} // shared with ConfirmForgotPassword; AWS takes 5 to 20, by risk
	Changes        = Hourly{"ChangePassword", 5}
	AttributeCodes = Hourly{"GetUserAttributeVerificationCode", 5}
	AttributeTries = Hourly{"VerifyUserAttribute", 15}
)

// Kind is a kind of attempt. Each kind is counted separately.
type Kind string

// The kinds of attempts without an hourly limit.
const (
	Passwords        Kind = "password"           // for users who do not exist; state.User counts those of others
	OneTimePasswords Kind = "SOFTWARE_TOKEN_MFA" // codes of second factors
	SignInCodes      Kind = "sign-in code"       // codes that were sent as the first factor
	ResetCodes       Kind = "reset"              // for names that are not sent a code
)

const (
	window = time.Hour
	// maxStrangers limits how many names of users who do not exist are remembered. A client that invents more pushes out
	// its own.
	maxStrangers = 10_000
	sweepEvery   = 1024
)

// Subject identifies the user that an attempt is for.
type Subject struct {
	pool     string
	id       string // a user's sub or a stranger's name
	stranger bool
}

// User returns the subject of a user.
func User(pool state.Pool, u state.User) Subject { return Subject{pool: pool.ID, id: u.Sub()} }

// Stranger returns the subject of a name without a user.
func Stranger(pool state.Pool, name string) Subject {
	return Subject{pool: pool.ID, id: name, stranger: true}
}

// UserOr returns the subject of the user, or of the name if the user is zero. Case does not matter in name.
func UserOr(pool state.Pool, u state.User, name string) Subject {
	if u.Username == "" {
		return Stranger(pool, strings.ToLower(name))
	}
	return User(pool, u)
}

// Attempts counts recent attempts. The zero value is ready to use. It is safe for concurrent use.
type Attempts struct {
	mu        sync.Mutex
	users     map[key]*Tally
	strangers map[key]*Tally
	order     []key // strangers, oldest first
	added     int
}

type key struct {
	kind Kind
	who  Subject
}

// Tally holds the attempts of one kind for one subject.
type Tally struct {
	at      []time.Time // requests in the last hour
	Wrong   Lockout     // wrong passwords or one-time passwords
	Tries   int         // wrong codes
	Expires time.Time   // expiry of the code that was not sent
}

func (t *Tally) idle(now time.Time) bool {
	t.at = slices.DeleteFunc(t.at, func(at time.Time) bool { return !at.After(now.Add(-window)) })
	return len(t.at) == 0 && !t.Wrong.counts(now) && now.After(t.Expires)
}

// Update modifies a tally in one transaction.
func (a *Attempts) Update(who Subject, kind Kind, now time.Time, change func(*Tally)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.users == nil {
		a.users, a.strangers = map[key]*Tally{}, map[key]*Tally{}
	}
	all, at := a.users, key{kind, who}
	if who.stranger {
		all = a.strangers
	}
	t := all[at]
	if t == nil {
		a.sweep(now)
		t = &Tally{}
		all[at] = t
		if who.stranger {
			a.order = append(a.order, at)
		}
	}
	change(t)
}

// sweep removes tallies: those of users once they have expired, those of strangers once there are too many.
func (a *Attempts) sweep(now time.Time) {
	if a.added++; a.added%sweepEvery == 0 {
		for at, t := range a.users {
			if t.idle(now) {
				delete(a.users, at)
			}
		}
	}
	if len(a.order) >= maxStrangers {
		delete(a.strangers, a.order[0])
		a.order = slices.Delete(a.order, 0, 1)
	}
}

// Take counts a request against the limit. Beyond the limit it returns an error and does not count the request.
func (a *Attempts) Take(limit Hourly, who Subject, now time.Time) error {
	var err error
	a.Update(who, limit.kind, now, func(t *Tally) {
		t.idle(now)
		if len(t.at) >= limit.most {
			err = fault.New(fault.TooManyTries)
			return
		}
		t.at = append(t.at, now)
	})
	return err
}
