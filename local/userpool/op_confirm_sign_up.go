package userpool

import (
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

type confirmSignUpInput struct {
	ClientId           string `v:"required,max=128"`
	SecretHash         string
	Username           string `v:"required,max=128"`
	ConfirmationCode   string `v:"required,max=2048"`
	ForceAliasCreation bool
	ClientMetadata     map[string]string
}

// confirmSignUp serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html
func confirmSignUp(c *call, in *confirmSignUpInput) (any, error) {
	client, pool, u, missing, err := c.caller(in.ClientId, in.SecretHash, in.Username)
	if err != nil {
		return nil, err
	}
	return struct{}{}, c.confirmWithCode(client, pool, u, missing, in)
}

// confirmWithCode confirms a user with the code that was sent for it. Missing tells that there is no such user.
func (c *call) confirmWithCode(client state.Client, pool state.Pool, u state.User, missing error, in *confirmSignUpInput) error {
	if err := c.take(confirmations, c.subjectOf(pool, u, in.Username)); err != nil {
		return err
	}
	if missing != nil {
		if discreet(client) {
			missing = codeExpired()
		}
		return missing
	}
	if u.Status != state.Unconfirmed {
		return cannotConfirm(u)
	}
	u, err := c.useCode(pool, u.Username, forSignUp, in.ConfirmationCode, in.ForceAliasCreation, func(u *state.User, code state.Code) error {
		u.Status = state.Confirmed
		if code.Attribute != "" && u.Attributes[code.Attribute] == code.Address {
			u.Attributes[code.Attribute+"_verified"] = "true"
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.firePostConfirmation(pool, u, cognito.PostConfirmationConfirmSignUp, client.ID, in.ClientMetadata)
}

func cannotConfirm(u state.User) error {
	return notAuthorized("User cannot be confirmed. Current status is " + u.Status)
}
