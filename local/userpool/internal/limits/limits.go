// Package limits counts what was lately tried for a user: requests in an hour, wrong passwords, wrong codes. Names that
// belong to nobody are limited as users are, so that the limits tell nobody who exists.
package limits

import (
	"slices"
	"strings"
	"sync"
	"time"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// Hourly is AWS's limit on how often an operation is taken for one user in a rolling hour. A new code does not begin it
// anew. See https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
type Hourly struct {
	kind Kind
	most int
}

// The limits.
var (
	Confirmations  = Hourly{"ConfirmSignUp", 15}
	Resends        = Hourly{"ResendConfirmationCode", 5}
	Resets         = Hourly{"ForgotPassword", 20} // with ConfirmForgotPassword; AWS takes 5 to 20, by the risk it sees
	Changes        = Hourly{"ChangePassword", 5}
	AttributeCodes = Hourly{"GetUserAttributeVerificationCode", 5}
	AttributeTries = Hourly{"VerifyUserAttribute", 15}
)

// Kind is what is tried; each is counted by itself.
type Kind string

// The kinds of attempts that no hourly limit counts.
const (
	Passwords        Kind = "password"           // of names that belong to nobody: a user's are counted with the user
	OneTimePasswords Kind = "SOFTWARE_TOKEN_MFA" // of authenticator apps
	ResetCodes       Kind = "reset"              // of names that get no code
)

const (
	window = time.Hour
	// maxStrangers bounds what is remembered of names that belong to nobody; whoever makes them up pushes out their own.
	maxStrangers = 10_000
	sweepEvery   = 1024
)

// Subject is whom an attempt is for.
type Subject struct {
	pool     string
	id       string // a user's sub; a stranger's name
	stranger bool
}

// User is the subject of a user.
func User(pool state.Pool, u state.User) Subject { return Subject{pool: pool.ID, id: u.Sub()} }

// Stranger is the subject of a name that belongs to nobody.
func Stranger(pool state.Pool, name string) Subject {
	return Subject{pool: pool.ID, id: name, stranger: true}
}

// UserOr is the subject of the user, or of the name where the user is the zero User. Capitals of the name do not count.
func UserOr(pool state.Pool, u state.User, name string) Subject {
	if u.Username == "" {
		return Stranger(pool, strings.ToLower(name))
	}
	return User(pool, u)
}

// Attempts remembers what was lately tried. The zero value is ready. It is safe for parallel use.
type Attempts struct {
	mu        sync.Mutex
	users     map[key]*Tally
	strangers map[key]*Tally
	order     []key // of strangers, the oldest first
	added     int
}

type key struct {
	kind Kind
	who  Subject
}

// Tally is what was tried of one kind for one subject.
type Tally struct {
	at      []time.Time // requests of the last hour
	Wrong   Lockout     // wrong passwords or one-time passwords
	Tries   int         // wrong codes
	Expires time.Time   // of the code that was not sent
}

func (t *Tally) idle(now time.Time) bool {
	t.at = slices.DeleteFunc(t.at, func(at time.Time) bool { return !at.After(now.Add(-window)) })
	return len(t.at) == 0 && !t.Wrong.counts(now) && now.After(t.Expires)
}

// Update changes a tally in one transaction.
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

// sweep makes room: users' tallies go when they count no longer, strangers' when there are too many.
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

// Take counts a request against the limit, before anything is done, and refuses it beyond. What is refused is not
// counted.
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
