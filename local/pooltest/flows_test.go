package pooltest_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/pooltest"
	"cognito-triggers/shared/events"
)

// passwordless are the three triggers of a sign-in with a code that the user was told.
func passwordless() []pooltest.Option {
	return []pooltest.Option{
		pooltest.On(events.DefineAuthChallenge, func(_ context.Context, e *events.DefineAuthChallengeEvent) error {
			switch rounds := e.Request.Session; {
			case len(rounds) == 0:
				e.Response.ChallengeName = "CUSTOM_CHALLENGE"
			case rounds[len(rounds)-1].ChallengeResult:
				e.Response.IssueTokens = events.Bool(true)
			case len(rounds) == 3:
				e.Response.FailAuthentication = events.Bool(true)
			default:
				e.Response.ChallengeName = "CUSTOM_CHALLENGE"
			}
			return nil
		}),
		pooltest.On(events.CreateAuthChallenge, func(_ context.Context, e *events.CreateAuthChallengeEvent) error {
			e.Response.PublicChallengeParameters = map[string]string{"hint": "four digits"}
			e.Response.PrivateChallengeParameters = map[string]string{"code": "4711"}
			return nil
		}),
		pooltest.On(events.VerifyAuthChallengeResponse,
			func(_ context.Context, e *events.VerifyAuthChallengeResponseEvent) error {
				if e.Request.ClientMetadata["channel"] != "voice" {
					return errors.New("no metadata")
				}
				right := e.Request.ChallengeAnswer == e.Request.PrivateChallengeParameters["code"]
				e.Response.AnswerCorrect = &right
				return nil
			}),
	}
}

func TestCustomChallenges(t *testing.T) {
	t.Parallel()
	p := pooltest.Start(t, passwordless()...)
	if err := errors.Join(p.SignUp(ines), p.Confirm("ines")); err != nil {
		t.Fatal(err)
	}
	voice := pooltest.Metadata{"channel": "voice"}
	_, err := p.StartCustomAuth("ines")
	challenge := pooltest.ChallengeOf(err)
	if challenge == nil || challenge.Name != types.ChallengeNameTypeCustomChallenge ||
		challenge.Parameters["hint"] != "four digits" {
		t.Fatalf("error %v, challenge %+v", err, challenge)
	}
	_, err = p.Answer(challenge, map[string]string{"ANSWER": "0000"}, voice)
	if challenge = pooltest.ChallengeOf(err); challenge == nil {
		t.Fatalf("after a wrong answer: %v", err)
	}
	tokens, err := p.Answer(challenge, map[string]string{"ANSWER": "4711"}, voice)
	if err != nil || tokens.IDClaims["email"] != "ines@example.org" {
		t.Errorf("claims %v, error %v", tokens.IDClaims, err)
	}

	_, err = p.StartCustomAuth("ines")
	for range 3 {
		challenge := pooltest.ChallengeOf(err)
		if challenge == nil {
			t.Fatalf("no challenge, but %v", err)
		}
		_, err = p.Answer(challenge, map[string]string{"ANSWER": "0000"}, voice)
	}
	var refused *types.NotAuthorizedException
	if !errors.As(err, &refused) {
		t.Errorf("after three wrong answers: %v", err)
	}
}

func TestAdministratorsUsersAndForgottenPasswords(t *testing.T) {
	t.Parallel()
	var first json.RawMessage // the groups of the first token event
	p := pooltest.Start(t, pooltest.WithCustomAttributes("tenant"), pooltest.WithGroups("staff"),
		pooltest.On(events.PreTokenGeneration, func(_ context.Context, e *events.PreTokenGenerationEvent) error {
			if first == nil {
				first, _ = json.Marshal(e.Request.GroupConfiguration.GroupsToOverride)
			}
			return nil
		}))
	user := ines
	user.Password = ""
	user.Attributes = map[string]string{"email": "ines@example.org", "email_verified": "true", "custom:tenant": "acme"}
	if err := errors.Join(p.CreateUser(user), p.AddToGroup("ines", "staff")); err != nil {
		t.Fatal(err)
	}
	temporary, err := p.Code("ines")
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.SignIn("ines", temporary)
	tokens, err := p.Answer(pooltest.ChallengeOf(err), map[string]string{"NEW_PASSWORD": password})
	if err != nil || tokens.IDClaims["custom:tenant"] != "acme" || string(first) != `["staff"]` {
		t.Errorf("claims %v, groups %s, error %v", tokens.IDClaims, first, err)
	}
	const other = "Rainy200%"
	if err := errors.Join(p.ForgotPassword("ines"), p.ResetPassword("ines", other)); err != nil {
		t.Fatal(err)
	}
	var refused *types.NotAuthorizedException
	if _, err := p.SignIn("ines", password); !errors.As(err, &refused) {
		t.Errorf("the old password: %v", err)
	}
	if _, err := p.SignIn("ines", other); err != nil {
		t.Errorf("the new password: %v", err)
	}
	values, err := p.Attributes("ines")
	if err != nil || values["custom:tenant"] != "acme" || values["cognito:user_status"] != "CONFIRMED" {
		t.Errorf("attributes %v, error %v", values, err)
	}
	want := []string{"TokenGeneration_NewPasswordChallenge", "TokenGeneration_Authentication"}
	if got := p.Sources(); !slices.Equal(got, want) {
		t.Errorf("fired %v, want %v", got, want)
	}
}

// SignIn uses the flow that the app client allows, and everything works with a client that has a secret.
func TestSignInTakesTheClientsFlow(t *testing.T) {
	t.Parallel()
	for flow, works := range map[types.ExplicitAuthFlowsType]bool{
		types.ExplicitAuthFlowsTypeAllowUserPasswordAuth:      true,
		types.ExplicitAuthFlowsTypeAllowUserSrpAuth:           true,
		types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth: true,
		types.ExplicitAuthFlowsTypeAllowCustomAuth:            false,
	} {
		t.Run(string(flow), func(t *testing.T) {
			t.Parallel()
			var validation map[string]string
			p := pooltest.Start(t, pooltest.WithClient(func(in *cip.CreateUserPoolClientInput) {
				in.GenerateSecret = true
				in.ExplicitAuthFlows = []types.ExplicitAuthFlowsType{flow, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth}
			}), pooltest.On(events.PreAuthentication, func(_ context.Context, e *events.PreAuthenticationEvent) error {
				validation = e.Request.ValidationData
				return nil
			}))
			if err := errors.Join(p.SignUp(ines), p.Confirm("ines")); err != nil || p.ClientSecret == "" {
				t.Fatalf("secret %q, error %v", p.ClientSecret, err)
			}
			tokens, err := p.SignIn("ines", password, pooltest.Metadata{"ip": "203.0.113.9"})
			if (err == nil) != works || works && validation["ip"] != "203.0.113.9" {
				t.Errorf("validation data %v, error %v", validation, err)
			}
			if works {
				if _, err := p.Refresh(tokens.Refresh); err != nil {
					t.Errorf("refresh: %v", err)
				}
			}
		})
	}
}
