package userpool

import (
	"slices"
	"time"

	"cognito-triggers/local/userpool/policy"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

type adminCreateUserInput struct {
	UserPoolId             string `v:"required,max=55"`
	Username               string `v:"required,max=128,word"`
	UserAttributes         []attribute
	ValidationData         []attribute
	TemporaryPassword      string
	ForceAliasCreation     bool
	MessageAction          string
	DesiredDeliveryMediums []string
	ClientMetadata         map[string]string
}

// adminCreateUser serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html
func adminCreateUser(c *call, in *adminCreateUserInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	password := in.TemporaryPassword
	if password == "" {
		p := passwordPolicy(pool)
		password = policy.Password{
			MinimumLength: p.MinimumLength, RequireUppercase: p.RequireUppercase, RequireLowercase: p.RequireLowercase, RequireNumbers: p.RequireNumbers, RequireSymbols: p.RequireSymbols,
		}.Temporary()
	} else if err := checkPassword(pool, password); err != nil {
		return nil, err
	}
	var u state.User
	switch in.MessageAction {
	case "RESEND":
		u, err = c.inviteAgain(pool, in, password)
	case "", "SUPPRESS":
		u, err = c.invite(pool, in, password)
	default:
		err = invalid("1 validation error detected: Value at 'messageAction' failed to satisfy constraint: Member must satisfy enum value set: [RESEND, SUPPRESS]")
	}
	if err != nil {
		return nil, err
	}
	if in.MessageAction != "SUPPRESS" {
		if err := c.sendInvitation(pool, u, in.DesiredDeliveryMediums, password); err != nil {
			return nil, err
		}
	}
	return map[string]any{"User": userTypeOf(u)}, nil
}

func (c *call) invite(pool state.Pool, in *adminCreateUserInput, password string) (state.User, error) {
	u, err := c.newUser(pool, nil, in.Username, attributeMap(in.UserAttributes))
	if err != nil {
		return u, err
	}
	u.Status = state.ForceChangePassword
	if err := c.preSignUp(pool, &u, cognito.PreSignUpAdminCreateUser, "", attributeMap(in.ValidationData), in.ClientMetadata); err != nil {
		return u, err
	}
	if err := c.temporary(pool, &u, password); err != nil {
		return u, err
	}
	return u, c.create(pool, u, in.ForceAliasCreation)
}

func (c *call) inviteAgain(pool state.Pool, in *adminCreateUserInput, password string) (state.User, error) {
	u, err := c.user(pool, in.Username)
	if err != nil {
		return u, err
	}
	u, err = c.store.UpdateUser(pool.ID, u.Username, false, func(u *state.User) error {
		if u.Status != state.ForceChangePassword {
			return &apiError{"UnsupportedUserStateException", "Resend not possible. " + u.Username + " status is not FORCE_CHANGE_PASSWORD"}
		}
		u.Modified = c.options.Now()
		return c.temporary(pool, u, password)
	})
	return u, gone(err)
}

func (c *call) temporary(pool state.Pool, u *state.User, password string) error {
	days := passwordPolicy(pool).TemporaryPasswordValidityDays
	u.TemporaryUntil = c.options.Now().Add(time.Duration(days) * 24 * time.Hour)
	return setPassword(pool, u, password)
}

// sendInvitation goes out by each medium that the administrator asked for; SMS is AWS's default. The custom message
// trigger gets none of the request's metadata: AWS passes it to pre sign-up alone.
func (c *call) sendInvitation(pool state.Pool, u state.User, mediums []string, password string) error {
	if len(mediums) == 0 {
		mediums = []string{"SMS"}
		if u.Attributes["phone_number"] == "" {
			mediums = []string{"EMAIL"}
		}
	}
	for _, medium := range []string{"SMS", "EMAIL"} {
		to := map[string]string{"EMAIL": "email", "SMS": "phone_number"}[medium]
		if !slices.Contains(mediums, medium) || u.Attributes[to] == "" {
			continue
		}
		o := outgoing{pool: pool, user: u, source: cognito.CustomMessageAdminCreateUser, to: to, address: u.Attributes[to], code: password}
		if _, err := c.deliver(o); err != nil {
			return err
		}
	}
	return nil
}
