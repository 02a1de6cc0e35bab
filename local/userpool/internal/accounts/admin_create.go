package accounts

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

// AdminCreateInput is the input of AdminCreateUser.
type AdminCreateInput struct {
	UserPoolId             string `v:"required,max=55"`
	Username               string `v:"required,max=128,word"`
	UserAttributes         []wire.Attribute
	ValidationData         []wire.Attribute
	TemporaryPassword      string
	ForceAliasCreation     bool
	MessageAction          string
	DesiredDeliveryMediums []string
	ClientMetadata         map[string]string
}

// AdminCreateOutput is the output of AdminCreateUser.
type AdminCreateOutput struct{ User directory.UserType }

// AdminCreateUser serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html
func (r *Room) AdminCreateUser(ctx context.Context, at wire.Request, in *AdminCreateInput) (*AdminCreateOutput, error) {
	pool, err := r.directory.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	password := in.TemporaryPassword
	if blank(password) {
		password = directory.TemporaryPassword(directory.PasswordPolicy(pool))
	} else if err := directory.CheckPassword(pool, password); err != nil {
		return nil, err
	}
	var u state.User
	switch in.MessageAction {
	case "RESEND":
		u, err = r.inviteAgain(pool, in, password)
	case "", "SUPPRESS":
		u, err = r.invite(ctx, pool, in, password)
	default:
		err = fault.Constrain("messageAction", fault.OneOf("RESEND", "SUPPRESS"))
	}
	if err != nil {
		return nil, err
	}
	if in.MessageAction != "SUPPRESS" && u.Verifier != nil { // an invitation is a temporary password
		if err := r.sendInvitation(ctx, at, pool, u, in.DesiredDeliveryMediums, password); err != nil {
			return nil, err
		}
	}
	return &AdminCreateOutput{directory.UserTypeOf(u)}, nil
}

// chosenSub is the key of the sub in a context.
type chosenSub struct{}

// WithSub makes AdminCreateUser give the user this sub. AWS always makes one up.
func WithSub(ctx context.Context, sub string) context.Context {
	return context.WithValue(ctx, chosenSub{}, sub)
}

func subFor(ctx context.Context) string {
	if sub, chosen := ctx.Value(chosenSub{}).(string); chosen {
		return sub
	}
	return uuid.NewString()
}

// invite creates a user: without a password if the request has none and the user can sign in with a code. The pre
// sign-up trigger can reject the user; the rest of its answer has no effect here.
func (r *Room) invite(
	ctx context.Context, pool state.Pool, in *AdminCreateInput, password string,
) (state.User, error) {
	attributes := wire.AttributeMap(in.UserAttributes)
	u, err := r.newUser(pool, directory.Administrator(), in.Username, subFor(ctx), attributes)
	if err != nil {
		return u, err
	}
	u.Status = state.ForceChangePassword
	passwordless := blank(in.TemporaryPassword) && directory.NeedsNoPassword(pool, u.Attributes)
	if passwordless {
		u.Status = state.Confirmed
	}
	request := preSignUpRequest(u, in.ValidationData, in.ClientMetadata)
	request.UserAttributes["cognito:user_status"] = u.Status
	if _, err := r.triggers.Fire(ctx, triggers.Call{
		Pool: pool, Hook: cognito.PreSignUp, Source: cognito.PreSignUpAdminCreateUser, UserName: u.Username, Request: request,
	}); err != nil {
		return u, err
	}
	if !passwordless {
		if err := directory.SetTemporaryPassword(pool, &u, password, r.now()); err != nil {
			return u, err
		}
	}
	return u, create(r.store, pool, u, state.Aliases(in.ForceAliasCreation))
}

func (r *Room) inviteAgain(pool state.Pool, in *AdminCreateInput, password string) (state.User, error) {
	u, err := r.directory.User(pool, in.Username)
	if err != nil {
		return u, err
	}
	return r.directory.Change(pool, u.Username, func(u *state.User) error {
		if u.Status != state.ForceChangePassword {
			return fault.New(fault.CannotResend, u.Username)
		}
		u.Modified = r.now()
		return directory.SetTemporaryPassword(pool, u, password, u.Modified)
	})
}

// sendInvitation sends the invitation by each medium in the request; AWS's default is SMS. The custom message trigger
// does not get the request's metadata: AWS passes it only to pre sign-up.
func (r *Room) sendInvitation(
	ctx context.Context, at wire.Request, pool state.Pool, u state.User, media []string, password string,
) error {
	if len(media) == 0 {
		media = []string{"SMS"}
		if u.Attributes[directory.Phone] == "" {
			media = []string{"EMAIL"}
		}
	}
	for _, medium := range []string{"SMS", "EMAIL"} {
		to := delivery.AttributeOf(medium)
		if !slices.Contains(media, medium) || u.Attributes[to] == "" {
			continue
		}
		m := delivery.Outgoing{
			Pool: pool, User: u, Source: cognito.CustomMessageAdminCreateUser, Attribute: to, Address: u.Attributes[to],
			BaseURL: at.BaseURL,
		}
		if _, err := r.delivery.Invite(ctx, m, password); err != nil {
			return err
		}
	}
	return nil
}
