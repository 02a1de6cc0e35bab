package signin

import (
	"context"
	"slices"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/secondfactor"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/totp"
)

// AssociateInput is the input of AssociateSoftwareToken.
type AssociateInput struct{ AccessToken, Session string }

// AssociateOutput is the output of AssociateSoftwareToken.
type AssociateOutput struct {
	SecretCode string
	Session    string `json:",omitempty"`
}

// AssociateSoftwareToken serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AssociateSoftwareToken.html
func (r *Room) AssociateSoftwareToken(
	_ context.Context, at wire.Request, in *AssociateInput,
) (*AssociateOutput, error) {
	out := &AssociateOutput{SecretCode: totp.NewSecret()}
	if in.AccessToken != "" {
		b, err := r.tokens.Authorize(at, in.AccessToken)
		if err == nil {
			err = hasTOTP(b.Pool)
		}
		if err != nil {
			return nil, err
		}
		_, err = r.directory.Change(b.Pool, b.User.Username, func(u *state.User) error {
			u.TOTPPending = out.SecretCode
			return nil
		})
		return out, err
	}
	s, _, err := r.setupSession(in.Session)
	if err != nil {
		return nil, err
	}
	s.Secret, s.Verified = out.SecretCode, false
	out.Session = newSessionToken()
	r.store.PutSession(out.Session, s)
	return out, nil
}

// setupSession takes the session of a sign-in that requires setting up TOTP.
func (r *Room) setupSession(token string) (state.Session, state.Pool, error) {
	if token == "" {
		return state.Session{}, state.Pool{}, fault.New(fault.Invalid, "Either an access token or a session is required.")
	}
	s, err := r.takeSession(token, func(s state.Session) bool { return s.Challenge == mfaSetup{}.Name() })
	if err != nil {
		return s, state.Pool{}, err
	}
	pool, err := r.directory.Pool(s.Pool)
	if err != nil {
		return s, pool, err
	}
	u, err := r.userOf(pool, s)
	if err == nil {
		err = hasTOTP(pool)
	}
	if err == nil {
		err = canAddTOTP(pool, u)
	}
	return s, pool, err
}

// canAddTOTP returns an error if the user cannot set up TOTP during a sign-in: who got a factor meanwhile is asked for
// that one in a new sign-in.
func canAddTOTP(pool state.Pool, u state.User) error {
	if !slices.Contains(secondfactor.After(pool, u).CanAdd, softwareTokenMFA) {
		return fault.New(fault.SessionInvalid)
	}
	return nil
}

// hasTOTP returns an error if the pool has TOTP disabled.
func hasTOTP(pool state.Pool) error {
	if !pool.TOTP {
		return fault.New(fault.TOTPNotEnabled)
	}
	return nil
}

// VerifyInput is the input of VerifySoftwareToken.
type VerifyInput struct {
	AccessToken, Session string
	UserCode             string `v:"required,max=6"`
	FriendlyDeviceName   string `v:"max=131072"`
}

// VerifyOutput is the output of VerifySoftwareToken.
type VerifyOutput struct {
	Status  string
	Session string `json:",omitempty"`
}

// VerifySoftwareToken serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifySoftwareToken.html
func (r *Room) VerifySoftwareToken(_ context.Context, at wire.Request, in *VerifyInput) (*VerifyOutput, error) {
	out := &VerifyOutput{Status: "SUCCESS"}
	if in.AccessToken != "" {
		b, err := r.tokens.Authorize(at, in.AccessToken)
		if err != nil {
			return nil, err
		}
		_, err = r.directory.Change(b.Pool, b.User.Username, func(u *state.User) error {
			step, verdict := totp.Check(u.TOTPPending, in.UserCode, r.now(), 0)
			if u.TOTPPending == "" || verdict != totp.Right {
				return fault.New(fault.TOTPMismatch)
			}
			u.TOTPSecret, u.TOTPPending, u.TOTPLast, u.TOTPDevice = u.TOTPPending, "", step, in.FriendlyDeviceName
			return nil
		})
		return out, err
	}
	s, pool, err := r.setupSession(in.Session)
	if err != nil {
		return nil, err
	}
	step, verdict := totp.Check(s.Secret, in.UserCode, r.now(), 0)
	if s.Secret == "" || verdict != totp.Right {
		if s.Tries++; s.Tries < maxAnswers {
			r.store.PutSession(in.Session, s)
		}
		return nil, fault.New(fault.TOTPMismatch)
	}
	if _, err := r.directory.Change(pool, s.Username, func(u *state.User) error {
		if err := canAddTOTP(pool, *u); err != nil {
			return err
		}
		u.TOTPSecret, u.TOTPLast, u.TOTPDevice = s.Secret, step, in.FriendlyDeviceName
		secondfactor.Prefer(u, softwareTokenMFA)
		return nil
	}); err != nil {
		return nil, err
	}
	s.Verified, s.Secret = true, ""
	out.Session = newSessionToken()
	r.store.PutSession(out.Session, s)
	return out, nil
}

// PreferenceInput is the input of SetUserMFAPreference.
type PreferenceInput struct {
	AccessToken string `v:"required"`
	secondfactor.Preferences
}

// SetMFAPreference serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserMFAPreference.html
func (r *Room) SetMFAPreference(_ context.Context, at wire.Request, in *PreferenceInput) (*wire.Empty, error) {
	b, err := r.tokens.Authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	return r.setPreference(b.Pool, b.User, in.Preferences)
}

// AdminPreferenceInput is the input of AdminSetUserMFAPreference.
type AdminPreferenceInput struct {
	directory.UserInput
	secondfactor.Preferences
}

// AdminSetMFAPreference serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserMFAPreference.html
func (r *Room) AdminSetMFAPreference(_ context.Context, in *AdminPreferenceInput) (*wire.Empty, error) {
	pool, u, err := r.directory.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	return r.setPreference(pool, u, in.Preferences)
}

func (r *Room) setPreference(pool state.Pool, u state.User, p secondfactor.Preferences) (*wire.Empty, error) {
	_, err := r.directory.Change(pool, u.Username, func(u *state.User) error { return p.Apply(pool, u) })
	return &wire.Empty{}, err
}

// AdminDeleteSoftwareToken serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteSoftwareToken.html
// The user can register a new authenticator app. AWS does not document what happens to the user's preference; one for a
// factor that is gone would lock the user out, so it is removed.
func (r *Room) AdminDeleteSoftwareToken(_ context.Context, in *directory.UserInput) (*wire.Empty, error) {
	pool, u, err := r.directory.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	_, err = r.directory.Change(pool, u.Username, func(u *state.User) error {
		u.TOTPSecret, u.TOTPPending, u.TOTPLast, u.TOTPDevice = "", "", 0, ""
		secondfactor.TurnOff(u, softwareTokenMFA)
		return nil
	})
	return &wire.Empty{}, err
}
