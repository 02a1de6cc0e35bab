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
)

// User is somebody who signs up.
type User struct {
	Name           string // user name; an e-mail address in pools that sign users in by it
	Password       string
	Attributes     map[string]string
	ValidationData map[string]string // for pre sign-up
	ClientMetadata map[string]string // for pre sign-up, custom message and post confirmation
}

// SignUp signs the user up. The error is one of the AWS SDK's types, such as *types.UserLambdaValidationException with
// the text of a trigger that refused.
func (p *Pool) SignUp(u User) error {
	_, err := p.Client.SignUp(context.Background(), &cip.SignUpInput{
		ClientId: &p.ClientID, Username: &u.Name, Password: &u.Password, UserAttributes: attributes(u.Attributes),
		ValidationData: attributes(u.ValidationData), ClientMetadata: u.ClientMetadata,
	})
	return err
}

// Confirm confirms a sign-up with the code in the user's newest message.
func (p *Pool) Confirm(name string) error {
	code, err := p.Code(name)
	if err != nil {
		return err
	}
	_, err = p.Client.ConfirmSignUp(context.Background(), &cip.ConfirmSignUpInput{
		ClientId: &p.ClientID, Username: &name, ConfirmationCode: &code,
	})
	return err
}

// Code returns the code or temporary password in the newest message to the user, whom a user name, an address or a sub
// names.
func (p *Pool) Code(name string) (string, error) {
	messages := p.Inbox()
	for _, m := range slices.Backward(messages) {
		if m.From != "" {
			continue // a function's own
		}
		if strings.EqualFold(m.UserName, name) || strings.EqualFold(m.To, name) || m.User == name {
			return m.Code, nil
		}
	}
	return "", fmt.Errorf("none of %d messages is for %q", len(messages), name)
}

// Tokens is what a user gets by signing in, with the claims of the two tokens that have any.
type Tokens struct {
	Access, ID, Refresh    string
	AccessClaims, IDClaims map[string]any
}

// ChallengeError is the error of a sign-in that goes on with a challenge. Answer it with Client.RespondToAuthChallenge.
type ChallengeError struct {
	Name       types.ChallengeNameType
	Session    string
	Parameters map[string]string
}

// Error returns the name of the challenge.
func (e *ChallengeError) Error() string {
	return "the sign-in goes on with the challenge " + string(e.Name)
}

// SignIn signs the user in with a password. The error is one of the AWS SDK's types, or a *ChallengeError.
func (p *Pool) SignIn(name, password string) (Tokens, error) {
	out, err := p.Client.InitiateAuth(context.Background(), &cip.InitiateAuthInput{
		ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": name, "PASSWORD": password},
	})
	switch {
	case err != nil:
		return Tokens{}, err
	case out.AuthenticationResult == nil:
		return Tokens{}, &ChallengeError{out.ChallengeName, aws.ToString(out.Session), out.ChallengeParameters}
	}
	return tokensOf(out.AuthenticationResult)
}

// Refresh gets new tokens for a refresh token. Tokens.Refresh is empty unless the app client rotates them.
func (p *Pool) Refresh(refresh string) (Tokens, error) {
	out, err := p.Client.InitiateAuth(context.Background(), &cip.InitiateAuthInput{
		ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeRefreshTokenAuth,
		AuthParameters: map[string]string{"REFRESH_TOKEN": refresh},
	})
	if err != nil {
		return Tokens{}, err
	}
	return tokensOf(out.AuthenticationResult)
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

func attributes(values map[string]string) []types.AttributeType {
	var list []types.AttributeType
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list = append(list, types.AttributeType{Name: &name, Value: aws.String(values[name])})
	}
	return list
}
