package userpool

import (
	"slices"
	"strings"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

type signUpInput struct {
	ClientId       string `v:"required,max=128"`
	SecretHash     string
	Username       string `v:"required,max=128,word"`
	Password       string `v:"required"`
	UserAttributes []attribute
	ValidationData []attribute
	ClientMetadata map[string]string
}

// signUp serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
func signUp(c *call, in *signUpInput) (any, error) {
	client, pool, err := c.clientByID(in.ClientId)
	if err != nil {
		return nil, err
	}
	if err := checkSecret(client, in.SecretHash, in.Username); err != nil {
		return nil, err
	}
	if config := pool.Settings.AdminCreateUserConfig; config != nil && config.AllowAdminCreateUserOnly {
		return nil, notAuthorized("SignUp is not permitted for this user pool")
	}
	attributes := attributeMap(in.UserAttributes)
	if attributes["preferred_username"] != "" && slices.Contains(pool.Settings.AliasAttributes, "preferred_username") {
		return nil, invalid("preferred_username cannot be given at sign-up where it is an alias: set it once the user is confirmed")
	}
	u, err := c.newUser(pool, &client, in.Username, attributes)
	if err != nil {
		return nil, err
	}
	if err := checkPassword(pool, in.Password); err != nil {
		return nil, err
	}
	if err := c.preSignUp(pool, &u, cognito.PreSignUpSignUp, client.ID, attributeMap(in.ValidationData), in.ClientMetadata); err != nil {
		return nil, err
	}
	if err := setPassword(pool, &u, in.Password); err != nil {
		return nil, err
	}
	auto := u.Status == state.Confirmed
	if err := c.create(pool, u, auto); err != nil {
		return nil, err
	}
	out := map[string]any{"UserConfirmed": auto, "UserSub": u.Sub()}
	if auto {
		return out, c.firePostConfirmation(pool, u, cognito.PostConfirmationConfirmSignUp, client.ID, in.ClientMetadata)
	}
	if to := recipient(pool, u); to != "" {
		sent, err := c.sendCode(outgoing{pool: pool, user: u, source: cognito.CustomMessageSignUp, client: client.ID, metadata: in.ClientMetadata, to: to, address: u.Attributes[to]}, forSignUp)
		if err != nil {
			return nil, err
		}
		out["CodeDeliveryDetails"] = sent
	}
	return out, nil
}

// newUser makes a user that may be created; a nil client stands for an administrator.
func (c *call) newUser(pool state.Pool, client *state.Client, name string, attributes map[string]string) (state.User, error) {
	now := c.options.Now()
	u := state.User{Username: name, Status: state.Unconfirmed, Attributes: map[string]string{}, Created: now, Modified: now}
	sub := newUUID()
	if names := pool.Settings.UsernameAttributes; len(names) > 0 {
		attribute, err := signInAttribute(names, name)
		if err != nil {
			return u, err
		}
		if given := attributes[attribute]; given != "" && !strings.EqualFold(given, name) {
			return u, invalid("Username and " + attribute + " do not match")
		}
		attributes[attribute], u.Username = name, sub
	} else if slices.Contains(pool.Settings.AliasAttributes, "email") && isEmail(name) {
		return u, invalid("Username cannot be of email format, since user pool is configured for email alias.")
	} else if slices.Contains(pool.Settings.AliasAttributes, "phone_number") && isPhone(name) {
		return u, invalid("Username cannot be of phone number format, since user pool is configured for phone number alias.")
	}
	if err := checkSchema(pool, client, attributes, false); err != nil {
		return u, err
	}
	if _, err := c.store.FindUser(pool.ID, name); err == nil {
		return u, userExists(pool)
	}
	for attribute, value := range attributes {
		if value != "" {
			u.Attributes[attribute] = value
		}
	}
	u.Attributes["sub"] = sub
	return u, nil
}

func signInAttribute(names []string, name string) (string, error) {
	switch {
	case slices.Contains(names, "email") && isEmail(name):
		return "email", nil
	case slices.Contains(names, "phone_number") && isPhone(name):
		return "phone_number", nil
	case slices.Contains(names, "email") && slices.Contains(names, "phone_number"):
		return "", invalid("Username should be either an email or a phone number.")
	case slices.Contains(names, "email"):
		return "", invalid("Username should be an email.")
	}
	return "", invalid("Username should be a phone number.")
}

func userExists(pool state.Pool) error {
	message := "User already exists"
	if len(pool.Settings.UsernameAttributes) > 0 {
		message = "An account with the given " + pool.Settings.UsernameAttributes[0] + " already exists."
	}
	return &apiError{"UsernameExistsException", message}
}

// preSignUp fires the trigger and applies its answer. For a user that an administrator creates it changes nothing.
func (c *call) preSignUp(pool state.Pool, u *state.User, source, client string, validation, metadata map[string]string) error {
	attributes := map[string]string{}
	for name, value := range u.Attributes {
		if name != "sub" {
			attributes[name] = value
		}
	}
	if source == cognito.PreSignUpAdminCreateUser {
		attributes["cognito:user_status"] = u.Status
	}
	request := events.PreSignUpRequest{UserAttributes: attributes, ValidationData: noneIfEmpty(validation), ClientMetadata: metadata}
	response, err := c.fire(pool, cognito.PreSignUp, source, u.Username, client, request)
	if err != nil || source == cognito.PreSignUpAdminCreateUser {
		return err
	}
	if fire.Flag(response, "autoConfirmUser") {
		u.Status = state.Confirmed
	}
	for attribute, flag := range map[string]string{"email": "autoVerifyEmail", "phone_number": "autoVerifyPhone"} {
		if u.Attributes[attribute] != "" {
			u.Attributes[attribute+"_verified"] = "false"
			if fire.Flag(response, flag) {
				u.Attributes[attribute+"_verified"] = "true"
			}
		}
	}
	return nil
}

func noneIfEmpty(all map[string]string) map[string]string {
	if len(all) == 0 {
		return nil
	}
	return all
}

// create stores a new user. With takeAliases it takes a verified e-mail address or phone number from who has it.
func (c *call) create(pool state.Pool, u state.User, takeAliases bool) error {
	status, verified := u.Status, u.Attributes
	if takeAliases { // created as one who owns nothing yet, then changed
		u.Status = state.Unconfirmed
	}
	err := c.store.CreateUser(pool.ID, u)
	switch {
	case err == state.ErrExists, err == state.ErrAliasTaken && len(pool.Settings.UsernameAttributes) > 0:
		return userExists(pool)
	case err == nil && takeAliases:
		_, err = c.store.UpdateUser(pool.ID, u.Username, true, func(u *state.User) error {
			u.Status, u.Attributes = status, verified
			return nil
		})
	}
	return gone(err)
}
