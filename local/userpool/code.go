package userpool

import (
	"errors"
	"slices"
	"time"

	"cognito-triggers/local/userpool/state"
)

// The purposes of a code; that of an attribute has its name appended.
const (
	forSignUp    = "signup"
	forReset     = "reset"
	forAttribute = "attribute:"
)

const (
	maxTries      = 5 // wrong codes, until a new one must be requested
	codeLifetime  = 24 * time.Hour
	resetLifetime = time.Hour
)

// sendCode makes a code, keeps its hash with the user, and delivers it.
func (c *call) sendCode(o outgoing, purpose string) (delivery, error) {
	o.code = c.options.Code()
	lifetime := codeLifetime
	if purpose == forReset {
		lifetime = resetLifetime
	}
	kept := state.NewCode(o.user.Sub(), purpose, o.code, c.options.Now().Add(lifetime))
	kept.Attribute, kept.Address = o.to, o.address
	if _, err := c.store.UpdateUser(o.pool.ID, o.user.Username, false, func(u *state.User) error {
		if u.Codes == nil {
			u.Codes = map[string]state.Code{}
		}
		u.Codes[purpose] = kept
		return nil
	}); err != nil {
		return delivery{}, gone(err)
	}
	return c.deliver(o)
}

// useCode changes a user if the code fits. A try is counted before it is compared, in the same transaction, so that
// guessing in parallel gains nothing.
func (c *call) useCode(pool state.Pool, username, purpose, code string, takeAliases bool, change func(*state.User, state.Code) error) (state.User, error) {
	var refused error
	u, err := c.store.UpdateUser(pool.ID, username, takeAliases, func(u *state.User) error {
		refused = nil
		kept, sent := u.Codes[purpose]
		switch {
		case !sent || c.options.Now().After(kept.Expires):
			return codeExpired()
		case kept.Tries >= maxTries:
			return tooManyTries()
		}
		if !kept.Fits(u.Sub(), purpose, code) {
			kept.Tries++
			u.Codes[purpose] = kept
			refused = codeMismatch()
			return nil
		}
		delete(u.Codes, purpose)
		u.Modified = c.options.Now()
		return change(u, kept)
	})
	if err == nil {
		err = refused
	}
	return u, gone(err)
}

// gone turns the store's way to say that a user is not there into the API's.
func gone(err error) error {
	if errors.Is(err, state.ErrNotFound) {
		return userNotFound()
	}
	return err
}

// recipient picks the attribute that a code goes to, of those that the pool verifies. AWS prefers the phone.
func recipient(pool state.Pool, u state.User) (attribute string) {
	for _, name := range []string{"phone_number", "email"} {
		if slices.Contains(pool.Settings.AutoVerifiedAttributes, name) && u.Attributes[name] != "" {
			return name
		}
	}
	return ""
}
