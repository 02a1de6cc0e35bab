package userpool

import (
	"maps"
	"slices"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

type updateAttributesInput struct {
	AccessToken    string      `v:"required"`
	UserAttributes []attribute `v:"required"`
	ClientMetadata map[string]string
}

// updateUserAttributes serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserAttributes.html
func updateUserAttributes(c *call, in *updateAttributesInput) (any, error) {
	b, err := c.authorize(in.AccessToken)
	if err != nil {
		return nil, err
	}
	values := attributeMap(in.UserAttributes)
	if err := checkSchema(b.pool, &b.client, values, true); err != nil {
		return nil, err
	}
	sent, err := c.updateAttributes(b.pool, b.user, values, b.client.ID, in.ClientMetadata)
	if err != nil {
		return nil, err
	}
	return map[string]any{"CodeDeliveryDetailsList": sent}, nil
}

type adminUpdateAttributesInput struct {
	adminUserInput
	UserAttributes []attribute `v:"required"`
	ClientMetadata map[string]string
}

// adminUpdateUserAttributes serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateUserAttributes.html
func adminUpdateUserAttributes(c *call, in *adminUpdateAttributesInput) (any, error) {
	pool, u, err := c.poolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	values := attributeMap(in.UserAttributes)
	if err := checkSchema(pool, nil, values, true); err != nil {
		return nil, err
	}
	_, err = c.updateAttributes(pool, u, values, "", in.ClientMetadata)
	return struct{}{}, err
}

// updateAttributes changes what it may at once, and sends codes to new addresses. Where the pool keeps the old address
// until the new one is verified, the new one waits.
func (c *call) updateAttributes(pool state.Pool, u state.User, values map[string]string, client string, metadata map[string]string) ([]delivery, error) {
	var verify []string
	now, pending := maps.Clone(values), map[string]string{}
	for _, name := range []string{"email", "phone_number"} {
		value, given := values[name]
		if !given || value == "" || value == u.Attributes[name] || values[name+"_verified"] == "true" || !slices.Contains(pool.Settings.AutoVerifiedAttributes, name) {
			continue
		}
		verify = append(verify, name)
		if s := pool.Settings.UserAttributeUpdateSettings; s != nil && slices.Contains(s.AttributesRequireVerificationBeforeUpdate, name) {
			pending[name] = value
			delete(now, name)
		}
	}
	u, err := c.store.UpdateUser(pool.ID, u.Username, false, func(u *state.User) error {
		setAttributes(u, now)
		u.Modified = c.options.Now()
		if u.Pending == nil {
			u.Pending = map[string]string{}
		}
		maps.Copy(u.Pending, pending)
		return nil
	})
	if err != nil {
		return nil, gone(err)
	}
	sent := []delivery{}
	for _, name := range verify {
		d, err := c.sendCode(outgoing{pool: pool, user: u, source: cognito.CustomMessageUpdateUserAttribute, client: client, metadata: metadata, to: name, address: values[name]}, forAttribute+name)
		if err != nil {
			return nil, err
		}
		sent = append(sent, d)
	}
	return sent, nil
}

type deleteAttributesInput struct {
	AccessToken        string   `v:"required"`
	UserAttributeNames []string `v:"required"`
}

// deleteUserAttributes serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserAttributes.html
func deleteUserAttributes(c *call, in *deleteAttributesInput) (any, error) {
	b, err := c.authorize(in.AccessToken)
	if err != nil {
		return nil, err
	}
	return c.deleteAttributes(b.pool, &b.client, b.user, in.UserAttributeNames)
}

type adminDeleteAttributesInput struct {
	adminUserInput
	UserAttributeNames []string `v:"required"`
}

// adminDeleteUserAttributes serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUserAttributes.html
func adminDeleteUserAttributes(c *call, in *adminDeleteAttributesInput) (any, error) {
	pool, u, err := c.poolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	return c.deleteAttributes(pool, nil, u, in.UserAttributeNames)
}

func (c *call) deleteAttributes(pool state.Pool, client *state.Client, u state.User, names []string) (any, error) {
	values := map[string]string{}
	for _, name := range names {
		values[name] = ""
		if attribute, _ := schemaOf(pool, name); attribute.Required {
			return nil, invalid("user." + name + ": Attribute is required and cannot be deleted.")
		}
	}
	if err := checkSchema(pool, client, values, true); err != nil {
		return nil, err
	}
	_, err := c.store.UpdateUser(pool.ID, u.Username, false, func(u *state.User) error {
		setAttributes(u, values)
		u.Modified = c.options.Now()
		return nil
	})
	return struct{}{}, gone(err)
}

type verificationCodeInput struct {
	AccessToken    string `v:"required"`
	AttributeName  string `v:"required"`
	ClientMetadata map[string]string
}

// getUserAttributeVerificationCode serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAttributeVerificationCode.html
func getUserAttributeVerificationCode(c *call, in *verificationCodeInput) (any, error) {
	b, err := c.authorize(in.AccessToken)
	if err != nil {
		return nil, err
	}
	if err := c.take(attributeCodes, c.subjectOf(b.pool, b.user, "")); err != nil {
		return nil, err
	}
	address := b.user.Attributes[in.AttributeName]
	if waiting := b.user.Pending[in.AttributeName]; waiting != "" {
		address = waiting
	}
	if in.AttributeName != "email" && in.AttributeName != "phone_number" || address == "" {
		return nil, invalid("User does not have attribute " + in.AttributeName + " to verify, or it is of another kind")
	}
	sent, err := c.sendCode(outgoing{
		pool: b.pool, user: b.user, source: cognito.CustomMessageVerifyUserAttribute, client: b.client.ID, metadata: in.ClientMetadata, to: in.AttributeName, address: address,
	}, forAttribute+in.AttributeName)
	if err != nil {
		return nil, err
	}
	return map[string]any{"CodeDeliveryDetails": sent}, nil
}

type verifyAttributeInput struct {
	AccessToken   string `v:"required"`
	AttributeName string `v:"required"`
	Code          string `v:"required,max=2048"`
}

// verifyUserAttribute serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifyUserAttribute.html
func verifyUserAttribute(c *call, in *verifyAttributeInput) (any, error) {
	b, err := c.authorize(in.AccessToken)
	if err != nil {
		return nil, err
	}
	if err := c.take(attributeTries, c.subjectOf(b.pool, b.user, "")); err != nil {
		return nil, err
	}
	_, err = c.useCode(b.pool, b.user.Username, forAttribute+in.AttributeName, in.Code, false, func(u *state.User, code state.Code) error {
		if u.Pending[in.AttributeName] == code.Address {
			u.Attributes[in.AttributeName] = code.Address
			delete(u.Pending, in.AttributeName)
		}
		if u.Attributes[in.AttributeName] != code.Address { // it has changed since
			return codeExpired()
		}
		u.Attributes[in.AttributeName+"_verified"] = "true"
		return nil
	})
	return struct{}{}, err
}
