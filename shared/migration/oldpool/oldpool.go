// Package oldpool is a source of users in another Cognito user pool, perhaps in another Region. Cognito checks their
// passwords.
package oldpool

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/migration"
)

// API is the part of a client of the user pools API that a Source needs.
type API interface {
	AdminInitiateAuth(context.Context, *cip.AdminInitiateAuthInput, ...func(*cip.Options)) (*cip.AdminInitiateAuthOutput,
		error)
	AdminGetUser(context.Context, *cip.AdminGetUserInput, ...func(*cip.Options)) (*cip.AdminGetUserOutput, error)
	InitiateAuth(context.Context, *cip.InitiateAuthInput, ...func(*cip.Options)) (*cip.InitiateAuthOutput, error)
	GetUser(context.Context, *cip.GetUserInput, ...func(*cip.Options)) (*cip.GetUserOutput, error)
}

// Place is where a pool is.
type Place struct{ Region, PoolID string }

const arnForm = `^arn:[a-z-]+:cognito-idp:([a-z0-9-]+):[0-9]{12}:userpool/([a-z0-9-]+_[A-Za-z0-9]+)$`

// ParseARN reads the ARN of a user pool.
func ParseARN(arn string) (Place, error) {
	parts := regexp.MustCompile(arnForm).FindStringSubmatch(arn)
	if parts == nil {
		return Place{}, errors.New("is not the ARN of a user pool: " +
			"write arn:aws:cognito-idp:<Region>:<account>:userpool/<pool ID>")
	}
	return Place{Region: parts[1], PoolID: parts[2]}, nil
}

// Source signs a user in at the pool and reads the attributes. The tokens of the sign-in are dropped.
type Source struct {
	Place
	ClientID string // an app client of the pool
	// Secret returns the app client's secret; nil for a client without one.
	Secret func(context.Context) ([]byte, error)
	// Public signs users in as an app does, by InitiateAuth, which needs no permission and also works across accounts.
	// Then users cannot be looked up without their passwords. Otherwise AdminInitiateAuth and AdminGetUser are called.
	Public bool
	API    func() API // returns a client for the place's Region
}

// SignIn implements migration.Source. The pool's own triggers run. A challenge after the password proves that it is
// right: the user has a second factor, or a temporary password.
func (s *Source) SignIn(ctx context.Context, name, password string) (migration.Account, error) {
	parameters := map[string]string{"USERNAME": name, "PASSWORD": password}
	if s.Secret != nil {
		secret, err := s.Secret(ctx)
		if err != nil {
			return migration.Account{}, err
		}
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(name + s.ClientID))
		parameters["SECRET_HASH"] = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	if s.Public {
		return s.signInAsApp(ctx, parameters)
	}
	out, err := s.API().AdminInitiateAuth(ctx, &cip.AdminInitiateAuthInput{
		UserPoolId: &s.PoolID, ClientId: &s.ClientID, AuthFlow: types.AuthFlowTypeAdminUserPasswordAuth,
		AuthParameters: parameters,
	})
	if err != nil {
		return migration.Account{}, refusal("sign in at the old pool", err)
	}
	a, err := s.LookUp(ctx, name)
	return after(out.ChallengeName, a), err
}

func (s *Source) signInAsApp(ctx context.Context, parameters map[string]string) (migration.Account, error) {
	out, err := s.API().InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &s.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth, AuthParameters: parameters,
	})
	switch {
	case err != nil:
		return migration.Account{}, refusal("sign in at the old pool", err)
	case out.AuthenticationResult == nil: // there is no token to read the attributes with
		return after(out.ChallengeName, migration.Account{}), nil
	}
	user, err := s.API().GetUser(ctx, &cip.GetUserInput{AccessToken: out.AuthenticationResult.AccessToken})
	if err != nil {
		return migration.Account{}, fmt.Errorf("read the user of the old pool: %w", err)
	}
	return account(aws.ToString(user.Username), user.UserAttributes), nil
}

// after adds what a challenge says about the user.
func after(challenge types.ChallengeNameType, a migration.Account) migration.Account {
	switch challenge {
	case "":
	case types.ChallengeNameTypeNewPasswordRequired:
		a.ResetRequired = true
	default:
		a.SecondFactor = true
	}
	return a
}

// LookUp implements migration.Source.
func (s *Source) LookUp(ctx context.Context, name string) (migration.Account, error) {
	if s.Public {
		return migration.Account{}, migration.ErrNoLookUp
	}
	user, err := s.API().AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &s.PoolID, Username: &name})
	if err != nil {
		return migration.Account{}, refusal("read the user of the old pool", err)
	}
	a := account(aws.ToString(user.Username), user.UserAttributes)
	a.Disabled = !user.Enabled
	a.SecondFactor = len(user.UserMFASettingList) > 0 || len(user.MFAOptions) > 0
	switch user.UserStatus {
	case types.UserStatusTypeForceChangePassword, types.UserStatusTypeResetRequired:
		a.ResetRequired = true
	case types.UserStatusTypeConfirmed:
	default: // never confirmed, or a user of an identity provider, who has no password
		a.Disabled = true
	}
	return a, nil
}

// account has the attributes of a user, and the name as "username".
func account(name string, list []types.AttributeType) migration.Account {
	a := migration.Account{Attributes: map[string]string{"username": name}, Verified: map[string]bool{}}
	for _, attribute := range list {
		a.Attributes[aws.ToString(attribute.Name)] = aws.ToString(attribute.Value)
	}
	for _, name := range []string{"email", "phone_number"} {
		a.Verified[name] = a.Attributes[name+"_verified"] == "true"
	}
	return a
}

// refusal tells a user's mistakes from errors of the service. A pool that hides whether users exist calls both wrong.
// NotAuthorizedException also reports wrong settings, such as a missing secret hash; only its text says which it is.
func refusal(what string, err error) error {
	var unknown *types.UserNotFoundException
	var wrong *types.NotAuthorizedException
	var reset *types.PasswordResetRequiredException
	var unconfirmed *types.UserNotConfirmedException
	switch {
	case errors.As(err, &unknown):
		return migration.ErrUnknown
	case errors.As(err, &wrong) && slices.Contains(mistakes(), strings.TrimSuffix(wrong.ErrorMessage(), ".")),
		errors.As(err, &reset), errors.As(err, &unconfirmed):
		return migration.ErrWrongPassword
	}
	return fmt.Errorf("%s: %w", what, err)
}

// mistakes are the texts of a NotAuthorizedException that concern the user, without the full stop.
func mistakes() []string {
	return []string{"Incorrect username or password", "User is disabled", "Password attempts exceeded"}
}

// IsPool reports whether the source is the pool with the ID. A trigger must not migrate from its own pool: it would
// call itself.
func (s *Source) IsPool(id string) bool { return s.PoolID == id }
