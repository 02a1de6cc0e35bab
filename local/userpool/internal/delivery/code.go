package delivery

import (
	"context"
	"slices"
	"time"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// Purpose is the purpose of a code. A user has at most one code per purpose.
type Purpose string

const (
	SignUp Purpose = "signup"
	Reset  Purpose = "reset"
	// SignIn is the purpose of codes that are the first or the second factor of a sign-in. Its session keeps them, not
	// the user.
	SignIn Purpose = "sign-in"
)

// Attribute returns the purpose of codes that verify an attribute.
func Attribute(name string) Purpose { return Purpose("attribute:" + name) }

const (
	keptDigits = 6 // of codes that the user keeps
	// MaxTries is how many wrong codes are checked before the user must request a new one.
	MaxTries     = 5
	codeLifetime = 24 * time.Hour
	// ResetLifetime is how long a code for a new password is valid.
	ResetLifetime = time.Hour
)

// AddCode generates a code and adds its hash to u. The caller stores u, then calls Deliver to send the code.
func (r *Room) AddCode(u *state.User, m *Outgoing) { keep(u, m.Purpose, r.makeCode(u.Sub(), m)) }

func (r *Room) makeCode(sub string, m *Outgoing) state.Code {
	m.code = r.code(keptDigits)
	lifetime := codeLifetime
	if m.Purpose == Reset {
		lifetime = ResetLifetime
	}
	made := state.NewCode(sub, string(m.Purpose), m.code, r.now().Add(lifetime))
	made.Attribute, made.Address = m.Attribute, m.Address
	return made
}

func keep(u *state.User, purpose Purpose, code state.Code) {
	if u.Codes == nil {
		u.Codes = map[string]state.Code{}
	}
	u.Codes[string(purpose)] = code
}

// SendCode generates a code, stores its hash with the user, and delivers it.
func (r *Room) SendCode(ctx context.Context, m Outgoing) (Details, error) {
	made := r.makeCode(m.User.Sub(), &m)
	_, err := r.directory.Change(m.Pool, m.User.Username, func(u *state.User) error {
		keep(u, m.Purpose, made)
		return nil
	})
	if err != nil {
		return Details{}, err
	}
	return r.Deliver(ctx, m)
}

// SendSignInCode generates a code of so many digits that is valid until expires, and delivers it. It returns the code
// for the sign-in's session.
func (r *Room) SendSignInCode(
	ctx context.Context, m Outgoing, digits int, expires time.Time,
) (Details, state.Code, error) {
	began := time.Now()
	m.Purpose, m.code = SignIn, r.code(digits)
	made := state.NewCode(m.User.Sub(), string(SignIn), m.code, expires)
	made.Attribute, made.Address = m.Attribute, m.Address
	details, err := r.Deliver(ctx, m)
	r.pace.note(m.Pool.ID, time.Since(began))
	return details, made, err
}

// UseCode changes a user if the code is correct. It counts the try in the same transaction and before comparing the
// code, so guessing in parallel gains nothing.
func (r *Room) UseCode(
	pool state.Pool, username string, purpose Purpose, code string, aliases state.Aliases,
	change func(*state.User, state.Code) error,
) (state.User, error) {
	var refused error
	u, err := r.store.UpdateUser(pool.ID, username, aliases, func(u *state.User) error {
		refused = nil
		kept, sent := u.Codes[string(purpose)]
		switch {
		case !sent || r.now().After(kept.Expires):
			return fault.New(fault.CodeExpired)
		case kept.Tries >= MaxTries:
			return fault.New(fault.TooManyTries)
		}
		if !kept.Fits(u.Sub(), string(purpose), code) {
			kept.Tries++
			u.Codes[string(purpose)] = kept
			refused = fault.New(fault.CodeMismatch)
			return nil
		}
		delete(u.Codes, string(purpose))
		u.Modified = r.now()
		return change(u, kept)
	})
	if err == nil {
		err = refused
	}
	return u, directory.Gone(err)
}

// Recipient returns the attribute that a code is sent to: one that the pool verifies, preferably the phone number, as
// on AWS. It returns "" if there is none.
func Recipient(pool state.Pool, u state.User) (attribute string) {
	for _, name := range []string{directory.Phone, directory.Email} {
		if slices.Contains(pool.Settings.AutoVerifiedAttributes, name) && u.Attributes[name] != "" {
			return name
		}
	}
	return ""
}
