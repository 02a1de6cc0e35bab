package userpool

import (
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

type resendInput struct {
	ClientId       string `v:"required,max=128"`
	SecretHash     string
	Username       string `v:"required,max=128"`
	ClientMetadata map[string]string
}

// resendConfirmationCode serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html
func resendConfirmationCode(c *call, in *resendInput) (any, error) {
	client, pool, u, missing, err := c.caller(in.ClientId, in.SecretHash, in.Username)
	if err != nil {
		return nil, err
	}
	if err := c.take(resends, c.subjectOf(pool, u, in.Username)); err != nil {
		return nil, err
	}
	if discreet(client) && (missing != nil || u.Disabled) {
		return map[string]any{"CodeDeliveryDetails": c.pretendedDelivery(pool, in.Username)}, nil
	}
	if missing != nil {
		return nil, missing
	}
	if u.Status != state.Unconfirmed {
		return nil, invalid("User is already confirmed.")
	}
	to := recipient(pool, u)
	if to == "" {
		return nil, invalid("Cannot resend codes. Auto verification not turned on.")
	}
	sent, err := c.sendCode(outgoing{pool: pool, user: u, source: cognito.CustomMessageResendCode, client: client.ID, metadata: in.ClientMetadata, to: to, address: u.Attributes[to]}, forSignUp)
	if err != nil {
		return nil, err
	}
	return map[string]any{"CodeDeliveryDetails": sent}, nil
}

// pretendedDelivery is what a client gets for a user who does not exist. It is the same every time.
func (c *call) pretendedDelivery(pool state.Pool, name string) delivery {
	name = folded(pool, name)
	if isEmail(name) {
		return delivery{"email", "EMAIL", mask("email", name)}
	}
	if isPhone(name) {
		return delivery{"phone_number", "SMS", mask("phone_number", name)}
	}
	letters := c.decoyBytes(pool.ID, name)
	return delivery{"email", "EMAIL", string(rune('a'+letters[0]%26)) + "***@" + string(rune('a'+letters[1]%26)) + "***"}
}
