package accounts

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// SignUpInput is the input of SignUp.
type SignUpInput struct {
	ClientId       string `v:"required,max=128"`
	SecretHash     string
	Username       string `v:"required,max=128,word"`
	Password       string
	UserAttributes []wire.Attribute
	ValidationData []wire.Attribute
	ClientMetadata map[string]string
}

// SignUpOutput is the output of SignUp.
type SignUpOutput struct {
	UserConfirmed       bool
	UserSub             string
	CodeDeliveryDetails *delivery.Details `json:",omitempty"`
	Session             string            `json:",omitempty"`
}

// SignUp serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
func (r *Room) SignUp(ctx context.Context, at wire.Request, in *SignUpInput) (*SignUpOutput, error) {
	client, pool, err := r.directory.Client(in.ClientId)
	if err != nil {
		return nil, err
	}
	if err := directory.CheckSecretHash(client, in.SecretHash, in.Username); err != nil {
		return nil, err
	}
	if config := pool.Settings.AdminCreateUserConfig; config != nil && config.AllowAdminCreateUserOnly {
		return nil, fault.New(fault.SignUpNotPermitted)
	}
	attributes := wire.AttributeMap(in.UserAttributes)
	if attributes["preferred_username"] != "" && slices.Contains(pool.Settings.AliasAttributes, "preferred_username") {
		return nil, fault.New(fault.Invalid,
			"preferred_username is an alias in this pool: set it after the user is confirmed, not at sign-up")
	}
	u, err := r.newUser(pool, directory.UserOf(client), in.Username, uuid.NewString(), attributes)
	if err != nil {
		return nil, err
	}
	if err := checkNewPassword(pool, client, u, in.Password); err != nil {
		return nil, err
	}
	if err := r.preSignUp(ctx, pool, &u, client.ID, in); err != nil {
		return nil, err
	}
	if !blank(in.Password) {
		if err := directory.SetPassword(pool, &u, in.Password); err != nil {
			return nil, err
		}
	}
	out := &SignUpOutput{UserSub: u.Sub(), UserConfirmed: u.Status == state.Confirmed}
	if out.UserConfirmed {
		if err := create(r.store, pool, u, state.TakeAliases); err != nil {
			return nil, err
		}
		source := cognito.PostConfirmationConfirmSignUp
		return out, r.triggers.PostConfirmation(ctx, pool, u, source, client.ID, in.ClientMetadata)
	}
	m := delivery.Outgoing{
		Pool: pool, Purpose: delivery.SignUp, Source: cognito.CustomMessageSignUp, ClientID: client.ID,
		Metadata: in.ClientMetadata, Attribute: delivery.Recipient(pool, u), BaseURL: at.BaseURL,
	}
	if m.Attribute == "" {
		return out, create(r.store, pool, u, state.KeepAliases)
	}
	m.Address = u.Attributes[m.Attribute]
	r.delivery.AddCode(&u, &m)
	if err := create(r.store, pool, u, state.KeepAliases); err != nil {
		return nil, err
	}
	m.User = u
	sent, err := r.delivery.Deliver(ctx, m)
	out.CodeDeliveryDetails = &sent
	out.Session = r.signIns.BeginAutoSignIn(directory.Bearer{Pool: pool, Client: client, User: u}, m.Attribute)
	return out, err
}

// blank reports whether SignUp is asked for a user without a password.
func blank(password string) bool { return strings.TrimSpace(password) == "" }

// checkNewPassword checks the password of a user who signs up. There need not be one where the client has choice-based
// sign-in and the user can sign in with a code to an address that the pool verifies.
func checkNewPassword(pool state.Pool, client state.Client, u state.User, password string) error {
	if !blank(password) {
		return directory.CheckPassword(pool, password)
	}
	verified := map[string]string{}
	for _, name := range pool.Settings.AutoVerifiedAttributes {
		verified[name] = u.Attributes[name]
	}
	if directory.OffersChoice(client) && directory.NeedsNoPassword(pool, verified) {
		return nil
	}
	if password == "" {
		return fault.Constrain("password", "Member must not be null")
	}
	return directory.CheckPassword(pool, password)
}

// newUser checks the input and returns a user to create.
func (r *Room) newUser(
	pool state.Pool, w directory.Writer, name, sub string, attributes map[string]string,
) (state.User, error) {
	now := r.now()
	u := state.User{
		Username: name, Status: state.Unconfirmed, Attributes: make(map[string]string, len(attributes)+1),
		Created: now, Modified: now,
	}
	aliases := pool.Settings.AliasAttributes
	switch {
	case len(pool.Settings.UsernameAttributes) > 0:
		attribute, err := directory.SignInAttribute(pool, name)
		if err != nil {
			return u, err
		}
		if given := attributes[attribute]; given != "" && !strings.EqualFold(given, name) {
			return u, fault.New(fault.Invalid, "Username and "+attribute+" do not match")
		}
		attributes[attribute], u.Username = name, sub
	case slices.Contains(aliases, directory.Email) && directory.IsEmail(name):
		return u, fault.New(fault.Invalid,
			"Username cannot be of email format, since user pool is configured for email alias.")
	case slices.Contains(aliases, directory.Phone) && directory.IsPhone(name):
		return u, fault.New(fault.Invalid,
			"Username cannot be of phone number format, since user pool is configured for phone number alias.")
	}
	if err := directory.CheckNew(pool, w, attributes); err != nil {
		return u, err
	}
	if _, err := r.store.FindUser(pool.ID, name); err == nil {
		return u, directory.UserExists(pool)
	}
	for attribute, value := range attributes {
		if value != "" {
			u.Attributes[attribute] = value
		}
	}
	u.Attributes["sub"] = sub
	return u, nil
}

func create(store state.Store, pool state.Pool, u state.User, aliases state.Aliases) error {
	err := store.CreateUser(pool.ID, u, aliases)
	taken := errors.Is(err, state.ErrAliasTaken) && len(pool.Settings.UsernameAttributes) > 0
	if taken || errors.Is(err, state.ErrExists) {
		return directory.UserExists(pool)
	}
	return directory.Gone(err)
}

// preSignUp fires the trigger and applies its answer.
func (r *Room) preSignUp(ctx context.Context, pool state.Pool, u *state.User, clientID string, in *SignUpInput) error {
	response, err := r.triggers.Fire(ctx, triggers.Call{
		Pool: pool, Hook: cognito.PreSignUp, Source: cognito.PreSignUpSignUp, UserName: u.Username, ClientID: clientID,
		Request: preSignUpRequest(*u, in.ValidationData, in.ClientMetadata),
	})
	if err != nil {
		return err
	}
	if fire.Flag(response, "autoConfirmUser") {
		u.Status = state.Confirmed
	}
	if u.Attributes[directory.Email] != "" {
		directory.SetVerified(u, directory.Email, fire.Flag(response, "autoVerifyEmail"))
	}
	if u.Attributes[directory.Phone] != "" {
		directory.SetVerified(u, directory.Phone, fire.Flag(response, "autoVerifyPhone"))
	}
	return nil
}

// preSignUpRequest builds the trigger's request. The user does not exist yet, so it contains no sub.
func preSignUpRequest(u state.User, validation []wire.Attribute, metadata map[string]string) events.PreSignUpRequest {
	request := events.PreSignUpRequest{
		UserAttributes: make(map[string]string, len(u.Attributes)), ClientMetadata: metadata,
	}
	for name, value := range u.Attributes {
		if name != "sub" {
			request.UserAttributes[name] = value
		}
	}
	if len(validation) > 0 {
		request.ValidationData = wire.AttributeMap(validation)
	}
	return request
}
