package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"cognito-triggers/local/userpool/srp"
)

// claims are the claims that the scenario checks.
type claims struct {
	jwt.Claims
	TokenUse  string   `json:"token_use"`
	ClientID  string   `json:"client_id"` // in the access token; the ID token has it in aud
	Plan      string   `json:"plan"`
	ProfileID string   `json:"profile_id"`
	Groups    []string `json:"cognito:groups"`
}

type tokens struct {
	id, access claims
	accessRaw  string
	refresh    string
}

func (t tokens) shown() string {
	text, err := json.Marshal(map[string]any{
		"token_use": t.access.TokenUse, "plan": t.access.Plan, "profile_id": t.access.ProfileID,
		"cognito:groups": t.access.Groups,
	})
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// accept verifies a sign-in's tokens with the pool's published keys, as another service would.
func (p *player) accept(ctx context.Context, u *person, r *types.AuthenticationResultType) error {
	if r == nil {
		return errors.New("the sign-in returned a challenge instead of tokens")
	}
	keys, err := p.keys(ctx)
	if err != nil {
		return err
	}
	for into, raw := range map[*claims]string{
		&u.tokens.id:     aws.ToString(r.IdToken),
		&u.tokens.access: aws.ToString(r.AccessToken),
	} {
		if *into, err = verify(raw, keys); err != nil {
			return fmt.Errorf("verify a token: %w", err)
		}
	}
	id, access := u.tokens.id, u.tokens.access
	if id.TokenUse != "id" || !slices.Equal(id.Audience, jwt.Audience{p.ClientID}) || access.TokenUse != "access" ||
		access.ClientID != p.ClientID {
		return errors.New("the tokens are not an ID token and an access token of the app client")
	}
	u.tokens.accessRaw = aws.ToString(r.AccessToken)
	if r.RefreshToken != nil { // a refresh returns none
		u.tokens.refresh = *r.RefreshToken
	}
	return nil
}

// keys fetches the pool's JWKS.
func (p *player) keys(ctx context.Context) (*jose.JSONWebKeySet, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.Endpoint+"/"+p.UserPoolID+"/.well-known/jwks.json",
		nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("fetch the pool's keys: %w", err)
	}
	defer response.Body.Close()
	var set jose.JSONWebKeySet
	if err := json.NewDecoder(response.Body).Decode(&set); err != nil {
		return nil, fmt.Errorf("read the pool's keys: %w", err)
	}
	return &set, nil
}

func verify(raw string, keys *jose.JSONWebKeySet) (claims, error) {
	var c claims
	token, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return c, err
	}
	if err := token.Claims(keys, &c); err != nil {
		return c, err
	}
	return c, c.ValidateWithLeeway(jwt.Expected{Time: time.Now()}, time.Minute)
}

// wantClaims checks that both tokens have the user, the plan and the groups.
func (p *player) wantClaims(u *person, plan string, groups ...string) error {
	for _, c := range []claims{u.tokens.id, u.tokens.access} {
		switch {
		case c.Subject != u.sub || c.ProfileID != u.sub:
			return fmt.Errorf("the %s token is not about this user", c.TokenUse)
		case c.Plan != plan:
			return fmt.Errorf("the %s token's claim plan is %q, want %q", c.TokenUse, c.Plan, plan)
		case !slices.Equal(c.Groups, groups):
			return fmt.Errorf("the %s token's groups are %v, want %v", c.TokenUse, c.Groups, groups)
		}
	}
	p.note("both tokens verify against the pool's keys; plan=%s groups=%v", plan, groups)
	return nil
}

func (p *player) initiate(ctx context.Context, flow types.AuthFlowType,
	parameters map[string]string) (*cip.InitiateAuthOutput, error) {
	return p.Cognito.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId:       &p.ClientID,
		AuthFlow:       flow,
		AuthParameters: parameters,
	})
}

func (p *player) respond(ctx context.Context, challenge types.ChallengeNameType, session *string,
	responses map[string]string) (*cip.RespondToAuthChallengeOutput, error) {
	return p.Cognito.RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
		ClientId: &p.ClientID, ChallengeName: challenge, Session: session, ChallengeResponses: responses,
	})
}

func (p *player) signInByPassword(ctx context.Context, u *person, password string) (*cip.InitiateAuthOutput, error) {
	return p.initiate(ctx, types.AuthFlowTypeUserPasswordAuth,
		map[string]string{"USERNAME": u.email, "PASSWORD": password})
}

// signInBySRP signs in with SRP, which proves the password without sending it.
func (p *player) signInBySRP(ctx context.Context, u *person) error {
	client := srp.NewClient(p.UserPoolID, u.email, u.password)
	begun, err := p.initiate(ctx, types.AuthFlowTypeUserSrpAuth, client.AuthParameters())
	if err != nil {
		return err
	}
	responses, err := client.Respond(begun.ChallengeParameters, time.Now())
	if err != nil {
		return err
	}
	done, err := p.respond(ctx, begun.ChallengeName, begun.Session, responses)
	if err != nil {
		return err
	}
	return p.accept(ctx, u, done.AuthenticationResult)
}
