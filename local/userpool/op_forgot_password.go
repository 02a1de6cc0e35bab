package userpool

import (
	"cmp"
	"slices"
	"time"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

type forgotPasswordInput struct {
	ClientId       string `v:"required,max=128"`
	SecretHash     string
	Username       string `v:"required,max=128"`
	ClientMetadata map[string]string
}

// forgotPassword serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgotPassword.html
func forgotPassword(c *call, in *forgotPasswordInput) (any, error) {
	client, pool, u, missing, err := c.caller(in.ClientId, in.SecretHash, in.Username)
	if err != nil {
		return nil, err
	}
	who := c.subjectOf(pool, u, in.Username)
	if err := c.take(resets, who); err != nil {
		return nil, err
	}
	if missing != nil {
		migrated, failed := c.migrate(pool, client.ID, "UserMigration_ForgotPassword", in.Username, events.UserMigrationRequest{ClientMetadata: in.ClientMetadata})
		switch {
		case failed == nil && migrated != nil:
			u = *migrated
		case discreet(client):
			return c.pretendReset(pool, who, in.Username), nil
		case failed != nil:
			return nil, failed
		default:
			return nil, missing
		}
	}
	if discreet(client) && (u.Disabled || u.Status == state.ForceChangePassword || recovery(pool, u) == "") {
		return c.pretendReset(pool, who, in.Username), nil
	}
	sent, err := c.sendReset(pool, u, client.ID, in.ClientMetadata)
	if err != nil {
		return nil, err
	}
	return map[string]any{"CodeDeliveryDetails": sent}, nil
}

// pretendReset notes that a code was asked for, so that answers to one who guesses are those for a user who exists.
func (c *call) pretendReset(pool state.Pool, who subject, name string) any {
	now := c.options.Now()
	c.tried.update(who, forReset, now, func(t *tally) { t.tries, t.expires = 0, now.Add(resetLifetime) })
	return map[string]any{"CodeDeliveryDetails": c.pretendedDelivery(pool, name)}
}

// pretendedTry is the answer to a code for a user who gets none.
func (c *call) pretendedTry(who subject) (err error) {
	now := c.options.Now()
	c.tried.update(who, forReset, now, func(t *tally) {
		switch {
		case now.After(t.expires):
			err = codeExpired()
		case t.tries >= maxTries:
			err = tooManyTries()
		default:
			t.tries++
			err = codeMismatch()
		}
	})
	return err
}

// sendReset sends the code for a new password.
func (c *call) sendReset(pool state.Pool, u state.User, client string, metadata map[string]string) (delivery, error) {
	to := recovery(pool, u)
	switch {
	case u.Disabled:
		return delivery{}, notAuthorized("User is disabled.")
	case u.Status == state.ForceChangePassword:
		return delivery{}, notAuthorized("User password cannot be reset in the current state.")
	case to == "":
		return delivery{}, invalid("Cannot reset password for the user as there is no registered/verified email or phone_number")
	}
	return c.sendCode(outgoing{pool: pool, user: u, source: cognito.CustomMessageForgotPassword, client: client, metadata: metadata, to: to, address: u.Attributes[to]}, forReset)
}

// recovery picks the verified attribute that the pool ranks first. AWS's default is the phone, then e-mail.
func recovery(pool state.Pool, u state.User) string {
	order := []string{"phone_number", "email"}
	if setting := pool.Settings.AccountRecoverySetting; setting != nil && len(setting.RecoveryMechanisms) > 0 {
		ranked := slices.Clone(setting.RecoveryMechanisms)
		slices.SortStableFunc(ranked, func(a, b state.RecoveryMechanism) int { return cmp.Compare(a.Priority, b.Priority) })
		order = nil
		for _, mechanism := range ranked {
			switch mechanism.Name {
			case "verified_email":
				order = append(order, "email")
			case "verified_phone_number":
				order = append(order, "phone_number")
			}
		}
	}
	for _, name := range order {
		if u.Attributes[name] != "" && u.Attributes[name+"_verified"] == "true" {
			return name
		}
	}
	return ""
}

type confirmForgotInput struct {
	ClientId         string `v:"required,max=128"`
	SecretHash       string
	Username         string `v:"required,max=128"`
	ConfirmationCode string `v:"required,max=2048"`
	Password         string `v:"required"`
	ClientMetadata   map[string]string
}

// confirmForgotPassword serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmForgotPassword.html
func confirmForgotPassword(c *call, in *confirmForgotInput) (any, error) {
	client, pool, u, missing, err := c.caller(in.ClientId, in.SecretHash, in.Username)
	if err != nil {
		return nil, err
	}
	if err := checkPassword(pool, in.Password); err != nil {
		return nil, err
	}
	who := c.subjectOf(pool, u, in.Username)
	if err := c.take(resets, who); err != nil {
		return nil, err
	}
	_, sent := u.Codes[forReset]
	switch {
	case discreet(client) && (!sent || u.Disabled):
		return nil, c.pretendedTry(who)
	case missing != nil:
		return nil, missing
	}
	u, err = c.useCode(pool, u.Username, forReset, in.ConfirmationCode, false, func(u *state.User, code state.Code) error {
		u.Status, u.TemporaryUntil, u.LockedUntil = state.Confirmed, time.Time{}, time.Time{}
		if u.Attributes[code.Attribute] == code.Address && code.Attribute != "" {
			u.Attributes[code.Attribute+"_verified"] = "true"
		}
		return setPassword(pool, u, in.Password)
	})
	if err != nil {
		return nil, err
	}
	return struct{}{}, c.firePostConfirmation(pool, u, cognito.PostConfirmationConfirmForgotPassword, client.ID, in.ClientMetadata)
}
