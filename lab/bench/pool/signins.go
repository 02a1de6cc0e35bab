package pool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/document"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/inspect"
	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/webauthn"
	"cognito-triggers/local/userpool/webauthn/authenticator"
)

// signIn is a way to sign in that is measured by itself, in our pool without triggers.
type signIn struct {
	name  string
	rates []float64       // per second, by round
	cpu   []time.Duration // the server's, per sign-in, by round

	do func(ctx context.Context, c *contestant, u *signInUser) (*types.AuthenticationResultType, error)
}

// signInUser is a user of one worker, who signs in again and again.
type signInUser struct {
	email string
	inbox *inspect.Client
	read  int // number of the last message

	device *authenticator.Authenticator
}

// page is the origin of the page that uses passkeys: one of the relying party in the pool's settings.
const page = "http://localhost"

func signIns() []*signIn {
	return []*signIn{{name: "SRP", do: signInBySRP}, {name: "EMAIL_OTP", do: signInByCode},
		{name: "passkey", do: signInByPasskey}}
}

// measureSignIns measures each way to sign in, taking turns. It comes after the flows, whose users and figures it would
// change.
func (b *bench) measureSignIns(ctx context.Context, c *contestant) ([]*signIn, error) {
	inbox, err := inspect.Open(c.server.endpoint, "")
	if err != nil {
		return nil, err
	}
	users := make([]*signInUser, b.Concurrency)
	for i := range users {
		email := newEmail()
		users[i] = &signInUser{email: email, inbox: inbox}
		tokens, err := c.flow(ctx, email)
		if err == nil {
			err = c.register(ctx, users[i], tokens.AccessToken)
		}
		if err != nil {
			return nil, fmt.Errorf("a user to sign in: %w", err)
		}
	}
	all := signIns()
	order := slices.Clone(all)
	for range b.Rounds {
		for _, way := range order {
			if err := way.round(ctx, c, users, b.Flows); err != nil {
				return nil, fmt.Errorf("sign-in by %s: %w", way.name, err)
			}
		}
		slices.Reverse(order)
	}
	return all, nil
}

// round signs users in, each worker one of them.
func (s *signIn) round(ctx context.Context, c *contestant, users []*signInUser, flows int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	before, began := c.server.usage(), time.Now()
	var started atomic.Int64
	var workers sync.WaitGroup
	for _, u := range users {
		workers.Go(func() {
			for started.Add(1) <= int64(flows) && ctx.Err() == nil {
				tokens, err := s.do(ctx, c, u)
				if err == nil && (tokens == nil || tokens.AccessToken == nil) {
					err = errors.New("the last answer has no tokens")
				}
				if err != nil {
					cancel(err)
				}
			}
		})
	}
	workers.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	took, after := time.Since(began), c.server.usage()
	s.rates = append(s.rates, float64(flows)/took.Seconds())
	if after.Known {
		s.cpu = append(s.cpu, (after.CPU-before.CPU)/time.Duration(flows))
	}
	return nil
}

func (c *contestant) respond(
	ctx context.Context, begun *cip.InitiateAuthOutput, responses map[string]string,
) (*types.AuthenticationResultType, error) {
	out, err := c.server.cognito.RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
		ClientId: &c.client, ChallengeName: begun.ChallengeName, Session: begun.Session, ChallengeResponses: responses,
	})
	if err != nil {
		return nil, err
	}
	return out.AuthenticationResult, nil
}

func signInBySRP(ctx context.Context, c *contestant, u *signInUser) (*types.AuthenticationResultType, error) {
	client := srp.NewClient(c.pool, u.email, password)
	begun, err := c.server.cognito.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &c.client, AuthFlow: types.AuthFlowTypeUserSrpAuth, AuthParameters: client.AuthParameters(),
	})
	if err != nil {
		return nil, err
	}
	responses, err := client.Respond(begun.ChallengeParameters, time.Now())
	if err != nil {
		return nil, err
	}
	return c.respond(ctx, begun, responses)
}

// signInByCode signs a user in with a code by mail, which it reads from the pool's inbox.
func signInByCode(ctx context.Context, c *contestant, u *signInUser) (*types.AuthenticationResultType, error) {
	begun, err := c.server.cognito.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &c.client, AuthFlow: types.AuthFlowTypeUserAuth,
		AuthParameters: map[string]string{"USERNAME": u.email, "PREFERRED_CHALLENGE": "EMAIL_OTP"},
	})
	if err != nil {
		return nil, err
	}
	query := inspect.Query{User: u.email, After: u.read}
	mails, err := u.inbox.List(ctx, inspect.Messages, query)
	if err != nil || len(mails) == 0 {
		return nil, errors.Join(err, fmt.Errorf("%s brought %d mails", begun.ChallengeName, len(mails)))
	}
	code, err := u.inbox.Code(ctx, query)
	if err != nil {
		return nil, err
	}
	u.read = mails[len(mails)-1].Number
	return c.respond(ctx, begun, map[string]string{"USERNAME": u.email, "EMAIL_OTP_CODE": code})
}

// register gives a user a passkey.
func (c *contestant) register(ctx context.Context, u *signInUser, access *string) error {
	begun, err := c.server.cognito.StartWebAuthnRegistration(ctx, &cip.StartWebAuthnRegistrationInput{AccessToken: access})
	if err != nil {
		return err
	}
	options, err := begun.CredentialCreationOptions.MarshalSmithyDocument()
	if err != nil {
		return err
	}
	if u.device, err = authenticator.New(webauthn.ES256); err != nil {
		return err
	}
	made, err := u.device.Create(options, page)
	if err != nil {
		return err
	}
	var credential map[string]any
	if err := json.Unmarshal(made, &credential); err != nil {
		return err
	}
	_, err = c.server.cognito.CompleteWebAuthnRegistration(ctx, &cip.CompleteWebAuthnRegistrationInput{
		AccessToken: access, Credential: document.NewLazyDocument(credential),
	})
	return err
}

func signInByPasskey(ctx context.Context, c *contestant, u *signInUser) (*types.AuthenticationResultType, error) {
	begun, err := c.server.cognito.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &c.client, AuthFlow: types.AuthFlowTypeUserAuth,
		AuthParameters: map[string]string{"USERNAME": u.email, "PREFERRED_CHALLENGE": "WEB_AUTHN"},
	})
	if err != nil {
		return nil, err
	}
	credential, err := u.device.Get(begun.ChallengeParameters["CREDENTIAL_REQUEST_OPTIONS"], page)
	if err != nil {
		return nil, err
	}
	return c.respond(ctx, begun, map[string]string{"USERNAME": u.email, "CREDENTIAL": credential})
}

// printSignIns prints what a sign-in of a user who is there costs, by itself.
func (r Report) printSignIns(w io.Writer) {
	const format = "%-30s %8s %17s %12s %12s\n"
	fmt.Fprintf(w, format, "sign-ins, no triggers", "flows/s", "slowest, fastest", "", "CPU ms/flow")
	for _, s := range r.signIns {
		cpu := unknown
		if len(s.cpu) > 0 {
			cpu = milliseconds(median(s.cpu))
		}
		fmt.Fprintf(w, format, s.name, fmt.Sprintf("%.0f", median(s.rates)),
			fmt.Sprintf("%.0f, %.0f", slices.Min(s.rates), slices.Max(s.rates)), "", cpu)
	}
	fmt.Fprintln(w)
}
