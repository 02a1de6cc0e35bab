package userpool

import (
	"slices"
	"strings"
	"sync"
	"time"

	"cognito-triggers/local/userpool/state"
)

// hourly is AWS's limit on how often an operation is taken for one user in a rolling hour. A new code does not begin it
// anew. See https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
type hourly struct {
	name string
	most int
}

var (
	confirmations  = hourly{"ConfirmSignUp", 15}
	resends        = hourly{"ResendConfirmationCode", 5}
	resets         = hourly{"ForgotPassword", 20} // with ConfirmForgotPassword; AWS takes 5 to 20, by the risk that it sees
	changes        = hourly{"ChangePassword", 5}
	attributeCodes = hourly{"GetUserAttributeVerificationCode", 5}
	attributeTries = hourly{"VerifyUserAttribute", 15}
)

const (
	window = time.Hour
	// maxStrangers bounds what is remembered of names that belong to nobody; whoever makes them up pushes out their own.
	maxStrangers = 10_000
	sweepEvery   = 1024
)

// attempts remembers what was lately tried for users, and under names that belong to nobody, so that these are limited
// like those. The zero value is ready. It is safe for parallel use.
type attempts struct {
	mu        sync.Mutex
	users     map[string]*tally
	strangers map[string]*tally
	order     []string // of strangers, the oldest first
	added     int
}

// tally is what was tried of one kind for one subject.
type tally struct {
	at      []time.Time // requests of the last hour
	wrong   lockout     // wrong passwords or one-time passwords
	tries   int         // wrong codes
	expires time.Time   // of the code that was not sent
}

func (t *tally) idle(now time.Time) bool {
	t.at = slices.DeleteFunc(t.at, func(at time.Time) bool { return !at.After(now.Add(-window)) })
	return len(t.at) == 0 && !t.wrong.counts(now) && now.After(t.expires)
}

// subject is whom an attempt is for: a user, or a name that belongs to nobody.
type subject struct {
	key      string
	stranger bool
}

// subjectOf names the user, or who would be one of that name.
func (c *call) subjectOf(pool state.Pool, u state.User, name string) subject {
	if u.Username == "" {
		return subject{pool.ID + "\x00" + strings.ToLower(name), true}
	}
	return subject{pool.ID + "\x00" + u.Sub(), false}
}

// update changes a tally in one transaction.
func (a *attempts) update(who subject, kind string, now time.Time, change func(*tally)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.users == nil {
		a.users, a.strangers = map[string]*tally{}, map[string]*tally{}
	}
	all, key := a.users, kind+"\x00"+who.key
	if who.stranger {
		all = a.strangers
	}
	t := all[key]
	if t == nil {
		a.sweep(now)
		t = &tally{}
		all[key] = t
		if who.stranger {
			a.order = append(a.order, key)
		}
	}
	change(t)
}

// sweep makes room: users' tallies go when they count no longer, strangers' when there are too many.
func (a *attempts) sweep(now time.Time) {
	if a.added++; a.added%sweepEvery == 0 {
		for key, t := range a.users {
			if t.idle(now) {
				delete(a.users, key)
			}
		}
	}
	if len(a.order) >= maxStrangers {
		delete(a.strangers, a.order[0])
		a.order = slices.Delete(a.order, 0, 1)
	}
}

// take counts a request against the limit, before anything is done, and refuses it beyond. What is refused is not counted.
func (c *call) take(limit hourly, who subject) error {
	var err error
	now := c.options.Now()
	c.tried.update(who, limit.name, now, func(t *tally) {
		t.idle(now)
		if len(t.at) >= limit.most {
			err = tooManyTries()
			return
		}
		t.at = append(t.at, now)
	})
	return err
}
