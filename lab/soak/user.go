package soak

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"cognito-triggers/local/inspect"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/poolclient"
)

const (
	maxWrong   = 20 // wrong outcomes kept; all are counted
	mistakes   = 10 // one user in this many starts with a refused address and a wrong code
	memberOf   = "members"
	throwAway  = "mailinator.com"
	wholesome  = "example.org"
	localePart = "ko-KR"
)

// driver runs the users and collects their outcomes.
type driver struct {
	at     addresses
	client *cip.Client
	inbox  *inspect.Client
	done   atomic.Int64
	seen   atomic.Int64 // the highest message number so far; later users' messages come after it

	mu         sync.Mutex
	subs       map[string]string // names of users who signed in, by sub
	latencies  map[string][]time.Duration
	wrong      []string
	wrongCount int
}

func newDriver(at addresses) *driver {
	inbox, err := inspect.Open(at.Endpoint, "")
	d := &driver{
		at:        at,
		client:    poolclient.New(at.Endpoint, at.Region),
		inbox:     inbox,
		subs:      map[string]string{},
		latencies: map[string][]time.Duration{},
	}
	if err != nil {
		d.fail("the pool", err)
	}
	return d
}

// fail records a wrong outcome.
func (d *driver) fail(who string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wrongCount++
	if len(d.wrong) < maxWrong {
		d.wrong = append(d.wrong, who+": "+err.Error())
	}
}

// timed records how long a successful operation took.
func (d *driver) timed(operation string, do func() error) error {
	began := time.Now()
	if err := do(); err != nil {
		return fmt.Errorf("%s: %w", operation, err)
	}
	took := time.Since(began)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.latencies[operation] = append(d.latencies[operation], took)
	return nil
}

// user is one user on the way to the first tokens.
func (d *driver) user(ctx context.Context, n int) {
	u := user{
		driver:   d,
		email:    fmt.Sprintf("soak-%06d@%s", n, wholesome),
		password: fmt.Sprintf("Correct-horse-%06d", n),
		after:    int(d.seen.Load()),
	}
	steps := []func(context.Context) error{u.signUp, u.confirm, u.signIn}
	if n%mistakes == 0 {
		steps = []func(context.Context) error{u.refused, u.signUp, u.mistyped, u.confirm, u.signIn}
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			d.fail(u.email, err)
			return
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.subs[u.sub] = u.email
}

type user struct {
	*driver
	email, password, sub, code string
	after                      int // message number before this user's first
}

func (u *user) refused(ctx context.Context) error {
	bad := strings.Replace(u.email, wholesome, throwAway, 1)
	_, err := u.client.SignUp(
		ctx,
		&cip.SignUpInput{
			ClientId:       &u.at.ClientID,
			Username:       &bad,
			Password:       &u.password,
			UserAttributes: attributes("email", bad),
		},
	)
	return wants(err, "UserLambdaValidationException", "SignUp with a throw-away address")
}

func (u *user) signUp(ctx context.Context) error {
	if err := u.timed("SignUp", func() error {
		out, err := u.client.SignUp(ctx, &cip.SignUpInput{
			ClientId: &u.at.ClientID, Username: &u.email, Password: &u.password,
			UserAttributes: attributes("email", u.email, "locale", localePart),
		})
		if err != nil {
			return err
		}
		u.sub = aws.ToString(out.UserSub)
		if out.UserConfirmed {
			return errors.New("the user is confirmed without a code")
		}
		return nil
	}); err != nil {
		return err
	}
	return u.read(ctx)
}

// read finds the code in the user's only message and checks its language.
func (u *user) read(ctx context.Context) error {
	list, err := u.inbox.List(ctx, inspect.Messages, inspect.Query{User: u.sub, After: u.after})
	if err != nil {
		return err
	}
	if len(list) != 1 {
		return fmt.Errorf("%d messages were delivered after sign-up, want 1", len(list))
	}
	var m userpool.Message
	if err := json.Unmarshal(list[0].Raw, &m); err != nil {
		return err
	}
	for old := u.seen.Load(); int64(m.Number) > old && !u.seen.CompareAndSwap(old, int64(m.Number)); old = u.seen.Load() {
	}
	if m.To != u.email || !strings.Contains(m.Body, m.Code) || !strings.ContainsFunc(m.Subject, isHangul) {
		return fmt.Errorf("message %d to %s is not the user's own Korean one", m.Number, m.To)
	}
	u.code = m.Code
	return nil
}

func isHangul(r rune) bool { return r >= '가' && r <= '힣' }

func (u *user) mistyped(ctx context.Context) error {
	wrong := "000000"
	if u.code == wrong {
		wrong = "000001"
	}
	_, err := u.client.ConfirmSignUp(ctx,
		&cip.ConfirmSignUpInput{ClientId: &u.at.ClientID, Username: &u.email, ConfirmationCode: &wrong})
	return wants(err, "CodeMismatchException", "ConfirmSignUp with a wrong code")
}

func (u *user) confirm(ctx context.Context) error {
	return u.timed("ConfirmSignUp", func() error {
		_, err := u.client.ConfirmSignUp(ctx,
			&cip.ConfirmSignUpInput{ClientId: &u.at.ClientID, Username: &u.email, ConfirmationCode: &u.code})
		return err
	})
}

func (u *user) signIn(ctx context.Context) error {
	var result *types.AuthenticationResultType
	if err := u.timed("InitiateAuth", func() error {
		out, err := u.client.InitiateAuth(ctx, &cip.InitiateAuthInput{
			ClientId: &u.at.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
			AuthParameters: map[string]string{"USERNAME": u.email, "PASSWORD": u.password},
		})
		if err == nil && out.AuthenticationResult == nil {
			return fmt.Errorf("challenge %s instead of tokens", out.ChallengeName)
		}
		if err == nil {
			result = out.AuthenticationResult
		}
		return err
	}); err != nil {
		return err
	}
	for _, t := range []struct{ use, token string }{
		{use: "id", token: aws.ToString(result.IdToken)},
		{use: "access", token: aws.ToString(result.AccessToken)},
	} {
		if err := u.checkToken(t.use, t.token); err != nil {
			return fmt.Errorf("%s token: %w", t.use, err)
		}
	}
	return nil
}

// checkToken checks that the token is the user's and has the group that post confirmation assigned.
func (u *user) checkToken(use, token string) error {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return errors.New("it is not a JWT")
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return err
	}
	var claims struct {
		Sub    string   `json:"sub"`
		Use    string   `json:"token_use"`
		Email  string   `json:"email"`
		Groups []string `json:"cognito:groups"`
	}
	if err := json.Unmarshal(text, &claims); err != nil {
		return err
	}
	switch {
	case claims.Sub != u.sub || claims.Use != use || use == "id" && claims.Email != u.email:
		return fmt.Errorf("it is the %s token of %s", claims.Use, claims.Sub)
	case !slices.Contains(claims.Groups, memberOf):
		return fmt.Errorf("cognito:groups is %v, want %s in it", claims.Groups, memberOf)
	}
	return nil
}

func attributes(pairs ...string) []types.AttributeType {
	var list []types.AttributeType
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, types.AttributeType{Name: &pairs[i], Value: &pairs[i+1]})
	}
	return list
}

func wants(err error, code, what string) error {
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() == code {
		return nil
	}
	return fmt.Errorf("%s gave %v, want %s", what, err, code)
}
