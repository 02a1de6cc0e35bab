package pool

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"cognito-triggers/local/inspect"
	"cognito-triggers/shared/cognito"
)

// contestant is a user pool to measure.
type contestant struct {
	server       *server
	pool, client string
	fires        bool // whether triggers fire

	failed    int             // flows
	failure   atomic.Value    // the last one's error text
	rates     []float64       // successful flows per second, by round
	cpu       []time.Duration // per flow, by round: the server's own
	functions []time.Duration // per flow, by round: its functions'
}

func (c *contestant) ours() bool { return c.server.version == "" }

func (c *contestant) String() string {
	switch {
	case !c.ours():
		return "ministack " + c.server.version
	case c.fires:
		return "local pool, compiled triggers"
	}
	return "local pool, no triggers"
}

// password conforms to the policy in the pool settings.
const password = "Correct-horse-9-battery"

// newEmail returns an unused address.
func newEmail() string { return "user-" + rand.Text() + "@example.com" }

// flow takes a new user from sign-up to a GetUser call with the access token.
func (c *contestant) flow(ctx context.Context, email string) (*types.AuthenticationResultType, error) {
	_, err := c.server.cognito.SignUp(ctx, &cip.SignUpInput{
		ClientId: &c.client, Username: &email, Password: aws.String(password),
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: &email}},
	})
	if err != nil {
		return nil, err
	}
	if _, err := c.server.cognito.AdminConfirmSignUp(ctx,
		&cip.AdminConfirmSignUpInput{UserPoolId: &c.pool, Username: &email}); err != nil {
		return nil, err
	}
	signedIn, err := c.server.cognito.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &c.client, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": email, "PASSWORD": password},
	})
	if err != nil {
		return nil, err
	}
	tokens := signedIn.AuthenticationResult
	if tokens == nil || tokens.AccessToken == nil || tokens.IdToken == nil || tokens.RefreshToken == nil {
		return nil, errors.New("InitiateAuth did not return three tokens")
	}
	user, err := c.server.cognito.GetUser(ctx, &cip.GetUserInput{AccessToken: tokens.AccessToken})
	if err != nil {
		return nil, err
	}
	for _, a := range user.UserAttributes {
		if aws.ToString(a.Name) == "email" && aws.ToString(a.Value) == email {
			return tokens, nil
		}
	}
	return nil, errors.New("GetUser returned another user")
}

// round takes the users through the pool and records rate and CPU. Our pool must not fail; ministack occasionally does
// under concurrent requests, and its failed flows do not count.
func (c *contestant) round(ctx context.Context, flows, concurrency int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	before, began := c.server.usage(), time.Now()
	var started, right atomic.Int64
	var workers sync.WaitGroup
	for range concurrency {
		workers.Go(func() {
			for started.Add(1) <= int64(flows) && ctx.Err() == nil {
				switch _, err := c.flow(ctx, newEmail()); {
				case err == nil:
					right.Add(1)
				case c.ours():
					cancel(err)
				default:
					c.failure.Store(err.Error())
				}
			}
		})
	}
	workers.Wait()
	took, after := time.Since(began), c.server.usage()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	n := right.Load()
	if n < int64(flows+1)/2 {
		return fmt.Errorf("only %d of %d flows succeeded: %v", n, flows, c.failure.Load())
	}
	c.failed += flows - int(n)
	c.rates = append(c.rates, float64(n)/took.Seconds())
	if after.Known {
		c.cpu = append(c.cpu, (after.CPU-before.CPU)/time.Duration(n))
		c.functions = append(c.functions, (after.FunctionsCPU-before.FunctionsCPU)/time.Duration(n))
	}
	return nil
}

// check runs one flow and verifies what the rounds assume: the tokens are signed with the pool's published keys, and
// the repository's own four triggers fire if they should.
func (c *contestant) check(ctx context.Context) error {
	email := newEmail()
	tokens, err := c.flow(ctx, email)
	if err != nil {
		return err
	}
	var keys jose.JSONWebKeySet
	if err := getJSON(ctx, c.server.endpoint+"/"+c.pool+"/.well-known/jwks.json", &keys); err != nil {
		return fmt.Errorf("the pool's keys: %w", err)
	}
	for use, raw := range map[string]*string{"ID": tokens.IdToken, "access": tokens.AccessToken} {
		token, err := jwt.ParseSigned(*raw, []jose.SignatureAlgorithm{jose.RS256})
		if err != nil {
			return fmt.Errorf("the %s token: %w", use, err)
		}
		if err := token.Claims(keys, &jwt.Claims{}); err != nil {
			return fmt.Errorf("the %s token's signature: %w", use, err)
		}
	}
	return c.checkFired(ctx, email)
}

// fired lists the trigger sources with which a flow fires the repository's own triggers, in order.
var fired = []string{
	cognito.PreSignUpSignUp, cognito.CustomMessageSignUp, cognito.PostConfirmationConfirmSignUp,
	cognito.TokenGenerationAuthentication,
}

func (c *contestant) checkFired(ctx context.Context, email string) error {
	if !c.ours() {
		return nil
	}
	inspected, err := inspect.Open(c.server.endpoint, "")
	if err != nil {
		return err
	}
	list, err := inspected.List(ctx, inspect.Events, inspect.Query{User: email})
	if err != nil {
		return err
	}
	var got []string
	for _, entry := range list {
		var event struct{ Source, Outcome string }
		if err := json.Unmarshal(entry.Raw, &event); err != nil {
			return err
		}
		if event.Outcome != "ok" {
			return fmt.Errorf("%s: outcome %s", event.Source, event.Outcome)
		}
		if !c.fires || slices.Contains(fired, event.Source) { // triggers that were added to the repository fire, too
			got = append(got, event.Source)
		}
	}
	want := fired
	if !c.fires {
		want = nil
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("the triggers that fired are %v, want %v", got, want)
	}
	return nil
}
