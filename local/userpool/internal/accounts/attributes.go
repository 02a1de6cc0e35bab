package accounts

import (
	"context"
	"maps"
	"slices"

	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/limits"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

// UpdateAttributesInput is the input of UpdateUserAttributes.
type UpdateAttributesInput struct {
	AccessToken    string           `v:"required"`
	UserAttributes []wire.Attribute `v:"required"`
	ClientMetadata map[string]string
}

// UpdateAttributesOutput is the output of UpdateUserAttributes.
type UpdateAttributesOutput struct{ CodeDeliveryDetailsList []delivery.Details }

// UpdateAttributes serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserAttributes.html
func (r *Room) UpdateAttributes(
	ctx context.Context, at wire.Request, in *UpdateAttributesInput,
) (*UpdateAttributesOutput, error) {
	b, err := r.signIns.Authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	values := wire.AttributeMap(in.UserAttributes)
	if err := directory.CheckChange(b.Pool, directory.UserOf(b.Client), values); err != nil {
		return nil, err
	}
	sent, err := r.updateAttributes(ctx, values, delivery.Outgoing{
		Pool: b.Pool, User: b.User, ClientID: b.Client.ID, Metadata: in.ClientMetadata, BaseURL: at.BaseURL,
	})
	return &UpdateAttributesOutput{sent}, err
}

// AdminUpdateAttributesInput is the input of AdminUpdateUserAttributes.
type AdminUpdateAttributesInput struct {
	directory.UserInput
	UserAttributes []wire.Attribute `v:"required"`
	ClientMetadata map[string]string
}

// AdminUpdateAttributes serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateUserAttributes.html
func (r *Room) AdminUpdateAttributes(
	ctx context.Context, at wire.Request, in *AdminUpdateAttributesInput,
) (*wire.Empty, error) {
	pool, u, err := r.directory.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	values := wire.AttributeMap(in.UserAttributes)
	if err := directory.CheckChange(pool, directory.Administrator(), values); err != nil {
		return nil, err
	}
	_, err = r.updateAttributes(ctx, values,
		delivery.Outgoing{Pool: pool, User: u, Metadata: in.ClientMetadata, BaseURL: at.BaseURL})
	return &wire.Empty{}, err
}

// updateAttributes stores new values and sends codes to new addresses. If the pool keeps the old address until the new
// one is verified, the new value waits. The message m says who makes the change.
func (r *Room) updateAttributes(
	ctx context.Context, values map[string]string, m delivery.Outgoing,
) ([]delivery.Details, error) {
	var verify []string
	settings := m.Pool.Settings
	now, pending := maps.Clone(values), map[string]string{}
	for _, name := range []string{directory.Email, directory.Phone} {
		value := values[name] // "" if it is not given
		if value == "" || value == m.User.Attributes[name] || cognito.IsTrue(values[name+"_verified"]) ||
			!slices.Contains(settings.AutoVerifiedAttributes, name) {
			continue
		}
		verify = append(verify, name)
		s := settings.UserAttributeUpdateSettings
		if s != nil && slices.Contains(s.AttributesRequireVerificationBeforeUpdate, name) {
			pending[name] = value
			delete(now, name)
		}
	}
	var err error
	m.User, err = r.directory.Change(m.Pool, m.User.Username, func(u *state.User) error {
		directory.SetAttributes(u, now)
		u.Modified = r.now()
		if u.Pending == nil {
			u.Pending = map[string]string{}
		}
		maps.Copy(u.Pending, pending)
		return nil
	})
	if err != nil {
		return nil, err
	}
	sent := []delivery.Details{}
	m.Source = cognito.CustomMessageUpdateUserAttribute
	for _, name := range verify {
		m.Purpose, m.Attribute, m.Address = delivery.Attribute(name), name, values[name]
		details, err := r.delivery.SendCode(ctx, m)
		if err != nil {
			return nil, err
		}
		sent = append(sent, details)
	}
	return sent, nil
}

// DeleteAttributesInput is the input of DeleteUserAttributes.
type DeleteAttributesInput struct {
	AccessToken        string   `v:"required"`
	UserAttributeNames []string `v:"required"`
}

// DeleteAttributes serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserAttributes.html
func (r *Room) DeleteAttributes(_ context.Context, at wire.Request, in *DeleteAttributesInput) (*wire.Empty, error) {
	b, err := r.signIns.Authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	return r.deleteAttributes(b.Pool, directory.UserOf(b.Client), b.User, in.UserAttributeNames)
}

// AdminDeleteAttributesInput is the input of AdminDeleteUserAttributes.
type AdminDeleteAttributesInput struct {
	directory.UserInput
	UserAttributeNames []string `v:"required"`
}

// AdminDeleteAttributes serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUserAttributes.html
func (r *Room) AdminDeleteAttributes(_ context.Context, in *AdminDeleteAttributesInput) (*wire.Empty, error) {
	pool, u, err := r.directory.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	return r.deleteAttributes(pool, directory.Administrator(), u, in.UserAttributeNames)
}

func (r *Room) deleteAttributes(
	pool state.Pool, w directory.Writer, u state.User, names []string,
) (*wire.Empty, error) {
	values := map[string]string{}
	for _, name := range names {
		values[name] = ""
		if attribute, _ := directory.SchemaOf(pool, name); attribute.Required {
			return nil, fault.New(fault.Invalid, "user."+name+": Attribute is required and cannot be deleted.")
		}
	}
	if err := directory.CheckChange(pool, w, values); err != nil {
		return nil, err
	}
	_, err := r.directory.Change(pool, u.Username, func(u *state.User) error {
		directory.SetAttributes(u, values)
		u.Modified = r.now()
		return nil
	})
	return &wire.Empty{}, err
}

// AttributeCodeInput is the input of GetUserAttributeVerificationCode.
type AttributeCodeInput struct {
	AccessToken    string `v:"required"`
	AttributeName  string `v:"required"`
	ClientMetadata map[string]string
}

// AttributeCode serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAttributeVerificationCode.html
func (r *Room) AttributeCode(ctx context.Context, at wire.Request, in *AttributeCodeInput) (*Delivered, error) {
	b, err := r.signIns.Authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	if err := r.limits.Take(limits.AttributeCodes, limits.User(b.Pool, b.User), r.now()); err != nil {
		return nil, err
	}
	address := b.User.Attributes[in.AttributeName]
	if waiting := b.User.Pending[in.AttributeName]; waiting != "" {
		address = waiting
	}
	if in.AttributeName != directory.Email && in.AttributeName != directory.Phone || address == "" {
		return nil, fault.New(fault.Invalid,
			"User does not have attribute "+in.AttributeName+" to verify, or the attribute cannot be verified")
	}
	sent, err := r.delivery.SendCode(ctx, delivery.Outgoing{
		Pool: b.Pool, User: b.User, Purpose: delivery.Attribute(in.AttributeName),
		Source: cognito.CustomMessageVerifyUserAttribute, ClientID: b.Client.ID, Metadata: in.ClientMetadata,
		Attribute: in.AttributeName, Address: address, BaseURL: at.BaseURL,
	})
	return &Delivered{sent}, err
}

// VerifyAttributeInput is the input of VerifyUserAttribute.
type VerifyAttributeInput struct {
	AccessToken   string `v:"required"`
	AttributeName string `v:"required"`
	Code          string `v:"required,max=2048"`
}

// VerifyAttribute serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifyUserAttribute.html
func (r *Room) VerifyAttribute(_ context.Context, at wire.Request, in *VerifyAttributeInput) (*wire.Empty, error) {
	b, err := r.signIns.Authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	if err := r.limits.Take(limits.AttributeTries, limits.User(b.Pool, b.User), r.now()); err != nil {
		return nil, err
	}
	name := in.AttributeName
	_, err = r.delivery.UseCode(b.Pool, b.User.Username, delivery.Attribute(name), in.Code, state.KeepAliases,
		func(u *state.User, code state.Code) error {
			if u.Pending[name] == code.Address {
				u.Attributes[name] = code.Address
				delete(u.Pending, name)
			}
			if u.Attributes[name] != code.Address { // the address has changed since
				return fault.New(fault.CodeExpired)
			}
			directory.SetVerified(u, name, true)
			return nil
		})
	return &wire.Empty{}, err
}
