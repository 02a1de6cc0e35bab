package userpool

import (
	"slices"

	"cognito-triggers/local/userpool/policy"
	"cognito-triggers/local/userpool/state"
)

type associateInput struct{ AccessToken, Session string }

// associateSoftwareToken serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AssociateSoftwareToken.html
func associateSoftwareToken(c *call, in *associateInput) (any, error) {
	secret := policy.NewTOTPSecret()
	if in.AccessToken != "" {
		b, err := c.authorize(in.AccessToken)
		if err == nil {
			err = hasTOTP(b.pool)
		}
		if err != nil {
			return nil, err
		}
		_, err = c.store.UpdateUser(b.pool.ID, b.user.Username, false, func(u *state.User) error {
			u.TOTPPending = secret
			return nil
		})
		return map[string]any{"SecretCode": secret}, gone(err)
	}
	s, err := c.setupSession(in.Session)
	if err != nil {
		return nil, err
	}
	s.Secret, s.Verified = secret, false
	next := newSessionToken()
	c.store.PutSession(next, s)
	return map[string]any{"SecretCode": secret, "Session": next}, nil
}

func (c *call) setupSession(token string) (state.Session, error) {
	if token == "" {
		return state.Session{}, invalid("Either an access token or a session is required.")
	}
	s, err := c.store.TakeSession(token)
	switch {
	case err != nil || s.Challenge != "MFA_SETUP":
		return s, notAuthorized("Invalid session for the user.")
	case c.options.Now().After(s.Expires):
		return s, notAuthorized("Invalid session for the user, session is expired.")
	}
	pool, err := c.poolByID(s.Pool)
	if err == nil {
		err = hasTOTP(pool)
	}
	return s, err
}

// hasTOTP refuses what needs the second factor of a pool that has none.
func hasTOTP(pool state.Pool) error {
	if !pool.TOTP {
		return &apiError{"SoftwareTokenMFANotFoundException", "Software Token MFA has not been enabled by the userPool"}
	}
	return nil
}

type verifySoftwareInput struct {
	AccessToken, Session string
	UserCode             string `v:"required,max=6"`
}

func codeIsWrong() error { return &apiError{"EnableSoftwareTokenMFAException", "Code mismatch"} }

// verifySoftwareToken serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifySoftwareToken.html
func verifySoftwareToken(c *call, in *verifySoftwareInput) (any, error) {
	if in.AccessToken != "" {
		b, err := c.authorize(in.AccessToken)
		if err != nil {
			return nil, err
		}
		_, err = c.store.UpdateUser(b.pool.ID, b.user.Username, false, func(u *state.User) error {
			step, fits := policy.CheckTOTP(u.TOTPPending, in.UserCode, c.options.Now(), 0)
			if u.TOTPPending == "" || !fits {
				return codeIsWrong()
			}
			u.TOTPSecret, u.TOTPPending, u.TOTPLast = u.TOTPPending, "", step
			return nil
		})
		return map[string]any{"Status": "SUCCESS"}, gone(err)
	}
	s, err := c.setupSession(in.Session)
	if err != nil {
		return nil, err
	}
	step, fits := policy.CheckTOTP(s.Secret, in.UserCode, c.options.Now(), 0)
	if s.Secret == "" || !fits {
		if s.Tries++; s.Tries < maxAnswers {
			c.store.PutSession(in.Session, s)
		}
		return nil, codeIsWrong()
	}
	if _, err := c.store.UpdateUser(s.Pool, s.Username, false, func(u *state.User) error {
		u.TOTPSecret, u.TOTPLast, u.PreferredMFA = s.Secret, step, softwareToken
		u.MFA = append(slices.DeleteFunc(u.MFA, func(name string) bool { return name == softwareToken }), softwareToken)
		return nil
	}); err != nil {
		return nil, gone(err)
	}
	s.Verified, s.Secret = true, ""
	next := newSessionToken()
	c.store.PutSession(next, s)
	return map[string]any{"Status": "SUCCESS", "Session": next}, nil
}

type mfaPreference struct{ Enabled, PreferredMfa bool }

type preferences struct{ SoftwareTokenMfaSettings *mfaPreference }

type setPreferenceInput struct {
	AccessToken string `v:"required"`
	preferences
}

// setUserMFAPreference serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserMFAPreference.html
func setUserMFAPreference(c *call, in *setPreferenceInput) (any, error) {
	b, err := c.authorize(in.AccessToken)
	if err != nil {
		return nil, err
	}
	return c.setPreference(b.pool, b.user, in.preferences)
}

type adminPreferenceInput struct {
	adminUserInput
	preferences
}

// adminSetUserMFAPreference serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserMFAPreference.html
func adminSetUserMFAPreference(c *call, in *adminPreferenceInput) (any, error) {
	pool, u, err := c.poolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	return c.setPreference(pool, u, in.preferences)
}

func (c *call) setPreference(pool state.Pool, u state.User, p preferences) (any, error) {
	totp := p.SoftwareTokenMfaSettings
	_, err := c.store.UpdateUser(pool.ID, u.Username, false, func(u *state.User) error {
		switch {
		case totp == nil:
			return nil
		case totp.Enabled && (u.TOTPSecret == "" || !pool.TOTP):
			return invalid("User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA")
		}
		u.MFA = slices.DeleteFunc(u.MFA, func(name string) bool { return name == softwareToken })
		u.PreferredMFA = ""
		if totp.Enabled {
			u.MFA = append(u.MFA, softwareToken)
		}
		if totp.Enabled && totp.PreferredMfa {
			u.PreferredMFA = softwareToken
		}
		return nil
	})
	return struct{}{}, gone(err)
}
