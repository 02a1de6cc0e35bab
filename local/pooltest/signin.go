package pooltest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/userpool/srp"
)

// Tokens is what a user gets by signing in, with the claims of the two tokens that have any.
type Tokens struct {
	Access, ID, Refresh    string
	AccessClaims, IDClaims map[string]any
}

// ChallengeError is the error of a sign-in that goes on with a challenge. Answer it with Pool.Answer.
type ChallengeError struct {
	Name       types.ChallengeNameType // for example NEW_PASSWORD_REQUIRED or CUSTOM_CHALLENGE
	Session    string
	Parameters map[string]string // for CUSTOM_CHALLENGE, the public parameters of create auth challenge
	UserName   string            // USERNAME of the answer
}

// Error returns the name of the challenge.
func (e *ChallengeError) Error() string {
	return "the sign-in goes on with the challenge " + string(e.Name)
}

// ChallengeOf returns the challenge that a sign-in goes on with, or nil if the error is another one, or nil.
func ChallengeOf(err error) *ChallengeError {
	var challenge *ChallengeError
	errors.As(err, &challenge)
	return challenge
}

// SignIn signs the user in with a password, in the first flow of these that the app client allows: USER_PASSWORD_AUTH,
// USER_SRP_AUTH, ADMIN_USER_PASSWORD_AUTH. The error is one of the AWS SDK's types, or a *ChallengeError.
//
// Pre authentication and user migration get the metadata as validationData. After SRP, the triggers at the end of the
// sign-in get it, too, as clientMetadata.
func (p *Pool) SignIn(name, password string, metadata ...Metadata) (Tokens, error) {
	switch given := merged(metadata); {
	case p.allows(types.ExplicitAuthFlowsTypeAllowUserPasswordAuth, types.ExplicitAuthFlowsTypeUserPasswordAuth):
		return p.initiate(types.AuthFlowTypeUserPasswordAuth, p.withPassword(name, password), given)
	case p.allows(types.ExplicitAuthFlowsTypeAllowUserSrpAuth):
		return p.signInSRP(name, password, given)
	case p.allows(types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth, types.ExplicitAuthFlowsTypeAdminNoSrpAuth):
		out, err := p.Client.AdminInitiateAuth(context.Background(), &cip.AdminInitiateAuthInput{
			UserPoolId: &p.ID, ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeAdminUserPasswordAuth,
			AuthParameters: p.withPassword(name, password), ClientMetadata: given,
		})
		if err != nil {
			return Tokens{}, err
		}
		return p.outcome(name, out.AuthenticationResult, out.ChallengeName, out.Session, out.ChallengeParameters)
	}
	return Tokens{}, fmt.Errorf("the app client allows no sign-in with a password, but %v; see WithClient", p.app.flows)
}

// StartCustomAuth begins a sign-in without a password, whose challenges the triggers define. Its error is a
// *ChallengeError with the first one, unless the triggers issue tokens or refuse at once. The triggers of the first
// challenge get no metadata, as on AWS; pre authentication gets it as validationData.
func (p *Pool) StartCustomAuth(name string, metadata ...Metadata) (Tokens, error) {
	return p.initiate(types.AuthFlowTypeCustomAuth, p.named(name), merged(metadata))
}

// Answer answers a challenge; for example NEW_PASSWORD to NEW_PASSWORD_REQUIRED, ANSWER to CUSTOM_CHALLENGE. It adds
// the user's name. The error is as of SignIn: a *ChallengeError if there is another challenge. All triggers that the
// answer fires get the metadata as clientMetadata.
//
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
func (p *Pool) Answer(c *ChallengeError, responses map[string]string, metadata ...Metadata) (Tokens, error) {
	all := p.named(c.UserName)
	maps.Copy(all, responses)
	out, err := p.Client.RespondToAuthChallenge(context.Background(), &cip.RespondToAuthChallengeInput{
		ClientId: &p.ClientID, ChallengeName: c.Name, Session: &c.Session, ChallengeResponses: all,
		ClientMetadata: merged(metadata),
	})
	if err != nil {
		return Tokens{}, err
	}
	return p.outcome(c.UserName, out.AuthenticationResult, out.ChallengeName, out.Session, out.ChallengeParameters)
}

// Refresh gets new tokens for a refresh token. Tokens.Refresh is empty unless the app client rotates them.
func (p *Pool) Refresh(refresh string) (Tokens, error) {
	parameters := map[string]string{"REFRESH_TOKEN": refresh}
	owner, _ := p.owners.Load(refresh)
	name, _ := owner.(string)
	if hash := p.secretHash(name); hash != nil {
		parameters["SECRET_HASH"] = *hash
	}
	return p.initiate(types.AuthFlowTypeRefreshTokenAuth, parameters, nil)
}

// allows reports whether the app client allows a flow, under one of its names.
func (p *Pool) allows(names ...types.ExplicitAuthFlowsType) bool {
	return slices.ContainsFunc(names, func(name types.ExplicitAuthFlowsType) bool {
		return slices.Contains(p.app.flows, name)
	})
}

// named returns the parameters that name the user.
func (p *Pool) named(name string) map[string]string {
	parameters := map[string]string{"USERNAME": name}
	if hash := p.secretHash(name); hash != nil {
		parameters["SECRET_HASH"] = *hash
	}
	return parameters
}

func (p *Pool) withPassword(name, password string) map[string]string {
	parameters := p.named(name)
	parameters["PASSWORD"] = password
	return parameters
}

func (p *Pool) initiate(flow types.AuthFlowType, parameters, metadata map[string]string) (Tokens, error) {
	out, err := p.Client.InitiateAuth(context.Background(), &cip.InitiateAuthInput{
		ClientId: &p.ClientID, AuthFlow: flow, AuthParameters: parameters, ClientMetadata: metadata,
	})
	if err != nil {
		return Tokens{}, err
	}
	return p.outcome(parameters["USERNAME"], out.AuthenticationResult, out.ChallengeName, out.Session,
		out.ChallengeParameters)
}

func (p *Pool) signInSRP(name, password string, metadata map[string]string) (Tokens, error) {
	client := srp.NewClient(p.ID, name, password)
	parameters := p.named(name)
	maps.Copy(parameters, client.AuthParameters())
	_, err := p.initiate(types.AuthFlowTypeUserSrpAuth, parameters, metadata)
	c := ChallengeOf(err)
	if c == nil || c.Name != types.ChallengeNameTypePasswordVerifier {
		return Tokens{}, err
	}
	responses, err := client.Respond(c.Parameters, p.Clock.Now())
	if err != nil {
		return Tokens{}, err
	}
	return p.Answer(c, responses, metadata)
}

// outcome returns the tokens, or the challenge that the sign-in goes on with.
func (p *Pool) outcome(name string, result *types.AuthenticationResultType, challenge types.ChallengeNameType,
	session *string, parameters map[string]string) (Tokens, error) {
	if result == nil {
		for _, own := range []string{"USER_ID_FOR_SRP", "USERNAME"} {
			if parameters[own] != "" {
				name = parameters[own]
			}
		}
		return Tokens{}, &ChallengeError{challenge, aws.ToString(session), parameters, name}
	}
	t, err := tokensOf(result)
	if owner, is := t.AccessClaims["username"].(string); is && t.Refresh != "" {
		p.owners.Store(t.Refresh, owner)
	}
	return t, err
}

func tokensOf(result *types.AuthenticationResultType) (Tokens, error) {
	t := Tokens{
		Access: aws.ToString(result.AccessToken), ID: aws.ToString(result.IdToken),
		Refresh: aws.ToString(result.RefreshToken),
	}
	var errAccess, errID error
	t.AccessClaims, errAccess = claimsOf(t.Access)
	t.IDClaims, errID = claimsOf(t.ID)
	return t, errors.Join(errAccess, errID)
}

// claimsOf decodes a token without a check: it comes from the pool itself.
func claimsOf(token string) (map[string]any, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, errors.New("the pool's token is not a JWT")
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, fmt.Errorf("the pool's token: %w", err)
	}
	var claims map[string]any
	if err := json.Unmarshal(text, &claims); err != nil {
		return nil, fmt.Errorf("the pool's token: %w", err)
	}
	return claims, nil
}
