package pooltest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/pooltest"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/trigger"
)

const password = "Sunny100%"

var ines = pooltest.User{
	Name: "ines", Password: password, Attributes: map[string]string{"email": "ines@example.org"},
}

// onlyExample refuses addresses outside example.org.
func onlyExample(_ context.Context, e *events.PreSignUpEvent) error {
	if !strings.HasSuffix(e.Request.UserAttributes["email"], "@example.org") {
		return trigger.Reject("Sign up with your work address")
	}
	return nil
}

// gold puts a plan into both tokens.
func gold(_ context.Context, e *events.PreTokenGenerationEvent) error {
	claims := map[string]json.RawMessage{"plan": json.RawMessage(`"gold"`)}
	e.Response.ClaimsAndScopeOverrideDetails = &events.ClaimsAndScopeOverrideDetails{
		IDTokenGeneration:     &events.IDTokenGeneration{ClaimsToAddOrOverride: claims},
		AccessTokenGeneration: &events.AccessTokenGeneration{ClaimsToAddOrOverride: claims},
	}
	return nil
}

func TestUserFromSignUpToTokens(t *testing.T) {
	t.Parallel()
	p := pooltest.Start(t, pooltest.On(events.PreSignUp, onlyExample), pooltest.On(events.PreTokenGeneration, gold))
	if err := p.SignUp(ines); err != nil {
		t.Fatal(err)
	}
	var unconfirmed *types.UserNotConfirmedException
	if _, err := p.SignIn("ines", password); !errors.As(err, &unconfirmed) {
		t.Errorf("sign-in before the code: %v", err)
	}
	if err := p.Confirm("ines"); err != nil {
		t.Fatal(err)
	}
	tokens, err := p.SignIn("ines", password)
	if err != nil {
		t.Fatal(err)
	}
	if tokens.AccessClaims["plan"] != "gold" || tokens.IDClaims["email"] != "ines@example.org" || tokens.Refresh == "" {
		t.Errorf("claims %v and %v", tokens.AccessClaims, tokens.IDClaims)
	}
	if again, err := p.Refresh(tokens.Refresh); err != nil || again.IDClaims["plan"] != "gold" {
		t.Errorf("refreshed %v, error %v", again.IDClaims, err)
	}
	var sources []string
	for _, f := range p.Fired() {
		sources = append(sources, f.Source)
	}
	want := "PreSignUp_SignUp TokenGeneration_Authentication TokenGeneration_RefreshTokens"
	if got := strings.Join(sources, " "); got != want {
		t.Errorf("fired %s, want %s", got, want)
	}
	if inbox := p.Inbox(); len(inbox) != 1 || inbox[0].To != "ines@example.org" {
		t.Errorf("inbox %+v", inbox)
	}
}

func TestRefusalReachesTheCaller(t *testing.T) {
	t.Parallel()
	p := pooltest.Start(t, pooltest.On(events.PreSignUp, onlyExample))
	eve := pooltest.User{Name: "eve", Password: password, Attributes: map[string]string{"email": "eve@evil.example"}}
	err := p.SignUp(eve)
	var refused *types.UserLambdaValidationException
	if !errors.As(err, &refused) || !strings.Contains(refused.ErrorMessage(), "Sign up with your work address") {
		t.Errorf("error %v", err)
	}
	if len(p.Inbox()) != 0 {
		t.Error("a code was sent")
	}
	if err := p.Confirm("eve"); err == nil || !strings.Contains(err.Error(), `for "eve"`) {
		t.Errorf("confirmation without a message: %v", err)
	}
}

// Any lambda.Handler takes part, also one whose types lose what they do not know.
func TestHandlerOfOtherLibraries(t *testing.T) {
	t.Parallel()
	var seen lambdacontext.LambdaContext
	p := pooltest.Start(t, pooltest.OnBytes(cognito.PreSignUp, lambda.NewHandler(
		func(ctx context.Context, e map[string]any) (map[string]any, error) {
			lc, _ := lambdacontext.FromContext(ctx)
			seen = *lc
			e["response"].(map[string]any)["autoConfirmUser"] = true
			return e, nil
		})))
	if err := p.SignUp(ines); err != nil {
		t.Fatal(err)
	}
	if _, err := p.SignIn("ines", password); err != nil {
		t.Errorf("the user is not confirmed: %v", err)
	}
	if seen.AwsRequestID == "" || !strings.HasSuffix(seen.InvokedFunctionArn, ":pre_sign_up") {
		t.Errorf("context %+v", seen)
	}
}

// The pool judges answers and failures as Cognito does.
func TestWhatHandlersDoWrong(t *testing.T) {
	t.Parallel()
	var late, misspelt, panics, fails atomic.Int32
	for name, c := range map[string]struct {
		handler pooltest.Option
		want    string // in the error of the sign-up
		calls   *atomic.Int32
		times   int32
	}{
		"late": {
			handler: bytesOf(func(ctx context.Context, event []byte) ([]byte, error) {
				late.Add(1)
				<-ctx.Done()
				return event, nil
			}),
			want: "UnexpectedLambdaException", calls: &late, times: 2,
		},
		"answer of a wrong type": {
			handler: bytesOf(func(_ context.Context, event []byte) ([]byte, error) {
				misspelt.Add(1)
				return []byte(strings.Replace(string(event), `"autoConfirmUser":false`, `"autoConfirmUser":"yes"`, 1)), nil
			}),
			want: "InvalidLambdaResponseException", calls: &misspelt, times: 1,
		},
		"panic": {
			handler: bytesOf(func(context.Context, []byte) ([]byte, error) {
				panics.Add(1)
				panic("no table")
			}),
			want: "PreSignUp failed with error no table", calls: &panics, times: 1,
		},
		"error": {
			handler: bytesOf(func(context.Context, []byte) ([]byte, error) {
				fails.Add(1)
				return nil, errors.New("not today")
			}),
			want: "PreSignUp failed with error not today", calls: &fails, times: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := pooltest.Start(t, c.handler, pooltest.WithTimeLimit(50*time.Millisecond), pooltest.WithAttempts(2))
			err := p.SignUp(ines)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if got := c.calls.Load(); got != c.times {
				t.Errorf("%d calls, want %d", got, c.times)
			}
		})
	}
}

type bytesHandler func(context.Context, []byte) ([]byte, error)

func (h bytesHandler) Invoke(ctx context.Context, event []byte) ([]byte, error) { return h(ctx, event) }

func bytesOf(h bytesHandler) pooltest.Option { return pooltest.OnBytes(cognito.PreSignUp, h) }

// A test moves the time by itself.
func TestClock(t *testing.T) {
	t.Parallel()
	p := pooltest.Start(t)
	if err := p.SignUp(ines); err != nil {
		t.Fatal(err)
	}
	p.Clock.Advance(25 * time.Hour)
	var expired *types.ExpiredCodeException
	if err := p.Confirm("ines"); !errors.As(err, &expired) {
		t.Errorf("a code of yesterday: %v", err)
	}
}

func TestSettingsAndChallenges(t *testing.T) {
	t.Parallel()
	p := pooltest.Start(t,
		pooltest.WithPool(func(in *cip.CreateUserPoolInput) {
			in.UsernameAttributes = []types.UsernameAttributeType{types.UsernameAttributeTypeEmail}
		}),
		pooltest.WithClient(func(in *cip.CreateUserPoolClientInput) { in.AccessTokenValidity = aws.Int32(2) }),
		pooltest.On(events.PreTokenGeneration, func(_ context.Context, e *events.PreTokenGenerationEvent) error {
			if e.Version != "3" {
				return fmt.Errorf("version %s", e.Version)
			}
			return nil
		}), pooltest.WithEventVersion("V3_0"))
	_, err := p.Client.AdminCreateUser(t.Context(), &cip.AdminCreateUserInput{
		UserPoolId: &p.ID, Username: aws.String("ines@example.org"), UserAttributes: []types.AttributeType{
			{Name: aws.String("email"), Value: aws.String("ines@example.org")},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	temporary, err := p.Code("ines@example.org")
	if err != nil {
		t.Fatal(err)
	}
	var challenge *pooltest.ChallengeError
	if _, err := p.SignIn("ines@example.org", temporary); !errors.As(err, &challenge) ||
		challenge.Name != types.ChallengeNameTypeNewPasswordRequired || challenge.Session == "" {
		t.Fatalf("error %v", err)
	}
	out, err := p.Client.RespondToAuthChallenge(t.Context(), &cip.RespondToAuthChallengeInput{
		ClientId: &p.ClientID, ChallengeName: challenge.Name, Session: &challenge.Session,
		ChallengeResponses: map[string]string{"USERNAME": "ines@example.org", "NEW_PASSWORD": password},
	})
	if err != nil || out.AuthenticationResult == nil || out.AuthenticationResult.ExpiresIn != 2*60*60 {
		t.Errorf("tokens %+v, error %v", out, err)
	}
}
