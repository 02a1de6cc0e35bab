package main

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/memory"
	"cognito-triggers/shared/settings"
)

const (
	poolID   = "eu-west-1_Qk7Lm2XyZ"
	clientID = "4k2v0h1example"
	sub      = "6f0c2d9e-0000-4000-8000-000000000001"
	ines     = "ines@example.org"
	password = "Correct-horse-7"
)

// fakePool is Cognito. An operation gives the output or the error that the test has set for it, or an empty output.
type fakePool struct {
	mu    sync.Mutex
	calls []call
	gives map[string]any
}

type call struct {
	operation string
	input     any
}

func answer[Out any](f *fakePool, operation string, input any) (*Out, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, call{operation: operation, input: input})
	switch given := f.gives[operation].(type) {
	case error:
		return nil, given
	case *Out:
		return given, nil
	}
	return new(Out), nil
}

// called lists the operations so far.
func (f *fakePool) called() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var names []string
	for _, c := range f.calls {
		names = append(names, c.operation)
	}
	return strings.Join(names, " ")
}

// input returns the input of an operation's only call.
func input[In any](t *testing.T, f *fakePool, operation string) *In {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	var found *In
	for _, c := range f.calls {
		if c.operation == operation {
			if found != nil {
				t.Fatalf("%s was called again", operation)
			}
			found = c.input.(*In)
		}
	}
	if found == nil {
		t.Fatalf("%s was not called", operation)
	}
	return found
}

func (f *fakePool) SignUp(_ context.Context, in *cip.SignUpInput, _ ...func(*cip.Options)) (*cip.SignUpOutput, error) {
	return answer[cip.SignUpOutput](f, "SignUp", in)
}

func (f *fakePool) ConfirmSignUp(_ context.Context, in *cip.ConfirmSignUpInput,
	_ ...func(*cip.Options)) (*cip.ConfirmSignUpOutput, error) {
	return answer[cip.ConfirmSignUpOutput](f, "ConfirmSignUp", in)
}

func (f *fakePool) ResendConfirmationCode(_ context.Context, in *cip.ResendConfirmationCodeInput,
	_ ...func(*cip.Options)) (*cip.ResendConfirmationCodeOutput, error) {
	return answer[cip.ResendConfirmationCodeOutput](f, "ResendConfirmationCode", in)
}

func (f *fakePool) InitiateAuth(_ context.Context, in *cip.InitiateAuthInput,
	_ ...func(*cip.Options)) (*cip.InitiateAuthOutput, error) {
	return answer[cip.InitiateAuthOutput](f, "InitiateAuth", in)
}

func (f *fakePool) RespondToAuthChallenge(_ context.Context, in *cip.RespondToAuthChallengeInput,
	_ ...func(*cip.Options)) (*cip.RespondToAuthChallengeOutput, error) {
	return answer[cip.RespondToAuthChallengeOutput](f, "RespondToAuthChallenge", in)
}

func (f *fakePool) GetTokensFromRefreshToken(_ context.Context, in *cip.GetTokensFromRefreshTokenInput,
	_ ...func(*cip.Options)) (*cip.GetTokensFromRefreshTokenOutput, error) {
	return answer[cip.GetTokensFromRefreshTokenOutput](f, "GetTokensFromRefreshToken", in)
}

func (f *fakePool) RevokeToken(_ context.Context, in *cip.RevokeTokenInput,
	_ ...func(*cip.Options)) (*cip.RevokeTokenOutput, error) {
	return answer[cip.RevokeTokenOutput](f, "RevokeToken", in)
}

func (f *fakePool) ForgotPassword(_ context.Context, in *cip.ForgotPasswordInput,
	_ ...func(*cip.Options)) (*cip.ForgotPasswordOutput, error) {
	return answer[cip.ForgotPasswordOutput](f, "ForgotPassword", in)
}

func (f *fakePool) ConfirmForgotPassword(_ context.Context, in *cip.ConfirmForgotPasswordInput,
	_ ...func(*cip.Options)) (*cip.ConfirmForgotPasswordOutput, error) {
	return answer[cip.ConfirmForgotPasswordOutput](f, "ConfirmForgotPassword", in)
}

func (f *fakePool) AdminUserGlobalSignOut(_ context.Context, in *cip.AdminUserGlobalSignOutInput,
	_ ...func(*cip.Options)) (*cip.AdminUserGlobalSignOutOutput, error) {
	return answer[cip.AdminUserGlobalSignOutOutput](f, "AdminUserGlobalSignOut", in)
}

func (f *fakePool) GetUser(_ context.Context, in *cip.GetUserInput,
	_ ...func(*cip.Options)) (*cip.GetUserOutput, error) {
	return answer[cip.GetUserOutput](f, "GetUser", in)
}

func (f *fakePool) UpdateUserAttributes(_ context.Context, in *cip.UpdateUserAttributesInput,
	_ ...func(*cip.Options)) (*cip.UpdateUserAttributesOutput, error) {
	return answer[cip.UpdateUserAttributesOutput](f, "UpdateUserAttributes", in)
}

func (f *fakePool) DeleteUser(_ context.Context, in *cip.DeleteUserInput,
	_ ...func(*cip.Options)) (*cip.DeleteUserOutput, error) {
	return answer[cip.DeleteUserOutput](f, "DeleteUser", in)
}

// cognitoError is an error as the SDK gives it.
func cognitoError(code, message string) error {
	return &smithy.OperationError{
		ServiceID:     "Cognito Identity Provider",
		OperationName: "Operation",
		Err:           &smithy.GenericAPIError{Code: code, Message: message},
	}
}

var errDown = errors.New("dial tcp 203.0.113.7:443: connection refused")

// world is the function with a pool and a store of the test's own.
type world struct {
	*apitest.API
	pool     *fakePool
	profiles brittle
}

// brittle is a store that can be told to fail.
type brittle struct {
	*memory.Store
	fail *error
}

func (b brittle) Delete(ctx context.Context, k profile.Key, at time.Time, keep time.Duration) error {
	if *b.fail != nil {
		return *b.fail
	}
	return b.Store.Delete(ctx, k, at, keep)
}

func (b brittle) Get(ctx context.Context, k profile.Key) (profile.Profile, error) {
	if *b.fail != nil {
		return profile.Profile{}, *b.fail
	}
	return b.Store.Get(ctx, k)
}

func (b brittle) UpdateAttributes(ctx context.Context, k profile.Key, values map[string]string,
	at time.Time) (profile.Profile, error) {
	if *b.fail != nil {
		return profile.Profile{}, *b.fail
	}
	return b.Store.UpdateAttributes(ctx, k, values, at)
}

var deployed = map[string]string{
	"USER_POOL_ID": poolID, "CLIENT_ID": clientID, "PROFILE_TABLE": "profiles",
	"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret-example",
	"LOG_LEVEL": "debug",
}

// start sets the function up; changes come over its settings.
func start(t *testing.T, gives map[string]any, changes ...map[string]string) *world {
	t.Helper()
	environment := maps.Clone(deployed)
	for _, change := range changes {
		maps.Copy(environment, change)
	}
	w := &world{pool: &fakePool{gives: gives}, profiles: brittle{Store: memory.New(), fail: new(error)}}
	w.API = apitest.New(t, func(env *settings.Env) (api.Routes, error) {
		config := readConfig(env)
		return newHandler(config, services{pool: func() cognito { return w.pool }, profiles: w.profiles}).routes(), nil
	}, environment)
	return w
}

var concealed = map[string]string{concealSetting: "true"}

func (w *world) post(t *testing.T, path string, body any) apitest.Answer {
	t.Helper()
	return w.Call(t, "POST /auth/"+path, apitest.Body(body))
}

// object is a JSON object.
type object = map[string]any

// someTokens is what Cognito gives at the end of a sign-in.
func someTokens() *types.AuthenticationResultType {
	return &types.AuthenticationResultType{
		AccessToken: aws.String("access"), IdToken: aws.String("id"), RefreshToken: aws.String("refresh"),
		TokenType: aws.String("Bearer"), ExpiresIn: 3600,
	}
}
