package main

import (
	"context"
	"sync"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/dynamo"
	"cognito-triggers/shared/settings"
)

// cognito is the part of the user pools API that the function calls. Users call its operations for themselves, without
// IAM credentials: the app client's id, a session or a token identifies the caller. Only the last one needs
// credentials.
type cognito interface {
	SignUp(context.Context, *cip.SignUpInput, ...func(*cip.Options)) (*cip.SignUpOutput, error)
	ConfirmSignUp(context.Context, *cip.ConfirmSignUpInput, ...func(*cip.Options)) (*cip.ConfirmSignUpOutput, error)
	ResendConfirmationCode(context.Context, *cip.ResendConfirmationCodeInput,
		...func(*cip.Options)) (*cip.ResendConfirmationCodeOutput, error)
	InitiateAuth(context.Context, *cip.InitiateAuthInput, ...func(*cip.Options)) (*cip.InitiateAuthOutput, error)
	RespondToAuthChallenge(context.Context, *cip.RespondToAuthChallengeInput,
		...func(*cip.Options)) (*cip.RespondToAuthChallengeOutput, error)
	GetTokensFromRefreshToken(context.Context, *cip.GetTokensFromRefreshTokenInput,
		...func(*cip.Options)) (*cip.GetTokensFromRefreshTokenOutput, error)
	RevokeToken(context.Context, *cip.RevokeTokenInput, ...func(*cip.Options)) (*cip.RevokeTokenOutput, error)
	ForgotPassword(context.Context, *cip.ForgotPasswordInput, ...func(*cip.Options)) (*cip.ForgotPasswordOutput, error)
	ConfirmForgotPassword(context.Context, *cip.ConfirmForgotPasswordInput,
		...func(*cip.Options)) (*cip.ConfirmForgotPasswordOutput, error)
	GetUser(context.Context, *cip.GetUserInput, ...func(*cip.Options)) (*cip.GetUserOutput, error)
	UpdateUserAttributes(context.Context, *cip.UpdateUserAttributesInput,
		...func(*cip.Options)) (*cip.UpdateUserAttributesOutput, error)
	DeleteUser(context.Context, *cip.DeleteUserInput, ...func(*cip.Options)) (*cip.DeleteUserOutput, error)

	AdminUserGlobalSignOut(context.Context, *cip.AdminUserGlobalSignOutInput,
		...func(*cip.Options)) (*cip.AdminUserGlobalSignOutOutput, error)
}

// profiles is the part of profile.Store that an account's owner needs.
type profiles interface {
	Get(ctx context.Context, k profile.Key) (profile.Profile, error)
	UpdateAttributes(ctx context.Context, k profile.Key, values map[string]string, at time.Time) (profile.Profile, error)
	Delete(ctx context.Context, k profile.Key, at time.Time, keep time.Duration) error
}

// services are what the handlers call.
type services struct {
	pool     func() cognito
	profiles profiles
}

// newServices checks the environment at cold start and creates each client at its first use.
//
// Calls to Cognito are made once: repeating a call that succeeded would tell a new user that the address is taken, or
// that the code is used up. They may last as long as the triggers behind them.
func newServices(env *settings.Env, config Config) services {
	pool := awsenv.Once(awsenv.Config(env, "COGNITO_IDENTITY_PROVIDER"))
	store := awsenv.Config(env, "DYNAMODB")
	return services{
		pool:     sync.OnceValue(func() cognito { return cip.NewFromConfig(pool) }),
		profiles: dynamo.New(sync.OnceValue(func() dynamo.API { return dynamodb.NewFromConfig(store) }), config.ProfileTable),
	}
}
