package main

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/api"
)

type signInBody struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Flow     string `json:"flow"` // USER_PASSWORD_AUTH, or CUSTOM_AUTH, which has no password
}

// signedIn has Cognito's names of the tokens.
type signedIn struct {
	AccessToken  string `json:"AccessToken"`
	ExpiresIn    int32  `json:"ExpiresIn"` // seconds
	TokenType    string `json:"TokenType"`
	RefreshToken string `json:"RefreshToken,omitempty"` // absent after a refresh without a new one
	IDToken      string `json:"IdToken"`
}

// errCredentials is the same for a wrong password, a disabled user and an unknown user.
var errCredentials = api.Fail(http.StatusUnauthorized, api.CodeUnauthorized,
	"The e-mail address or the password is wrong.")

// signIn serves POST /auth/sign-in.
func (h handler) signIn(ctx context.Context, r *api.Request) (api.Response, error) {
	in, err := api.Decode[signInBody](r)
	if err != nil {
		return api.Response{}, err
	}
	parameters, err := in.parameters()
	if err != nil {
		return api.Response{}, err
	}
	out, err := h.pool().InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId:       &h.config.ClientID,
		AuthFlow:       in.flow(),
		AuthParameters: parameters,
	})
	if err != nil {
		return api.Response{}, failed(ctx, "InitiateAuth", err, h.signInAnswers())
	}
	return step(in.Email, out.AuthenticationResult, out.ChallengeName, out.Session, out.ChallengeParameters)
}

func (in signInBody) flow() types.AuthFlowType {
	if in.Flow == "" {
		return types.AuthFlowTypeUserPasswordAuth
	}
	return types.AuthFlowType(in.Flow)
}

func (in signInBody) parameters() (map[string]string, error) {
	parameters, f := map[string]string{"USERNAME": in.Email}, faults{}
	switch in.flow() {
	case types.AuthFlowTypeUserPasswordAuth:
		f.needs("password", in.Password)
		parameters["PASSWORD"] = in.Password
	case types.AuthFlowTypeCustomAuth:
		if in.Password != "" {
			f["password"] = "is not used by the flow CUSTOM_AUTH"
		}
	default:
		f["flow"] = "is unknown: use USER_PASSWORD_AUTH or CUSTOM_AUTH"
	}
	return parameters, f.email(in.Email).err()
}

// signInAnswers returns the route's answers. If existing users are concealed, a correct password must not reveal that
// an account is new and unconfirmed to somebody who has just signed it up.
func (h handler) signInAnswers() answers {
	own := answers{"NotAuthorizedException": errCredentials, "UserNotFoundException": errCredentials}
	if h.config.Conceal {
		own["UserNotConfirmedException"] = errCredentials
	}
	return own
}

// refreshBody carries the token of /auth/refresh and /auth/sign-out.
type refreshBody struct {
	RefreshToken string `json:"refresh_token"`
}

func readRefreshToken(r *api.Request) (string, error) {
	in, err := api.Decode[refreshBody](r)
	if err != nil {
		return "", err
	}
	return in.RefreshToken, (faults{}).needs("refresh_token", in.RefreshToken).err()
}

// refresh serves POST /auth/refresh. The operation works with and without rotation of refresh tokens, unlike the flow
// REFRESH_TOKEN_AUTH.
func (h handler) refresh(ctx context.Context, r *api.Request) (api.Response, error) {
	token, err := readRefreshToken(r)
	if err != nil {
		return api.Response{}, err
	}
	out, err := h.pool().GetTokensFromRefreshToken(ctx, &cip.GetTokensFromRefreshTokenInput{
		ClientId:     &h.config.ClientID,
		RefreshToken: &token,
	})
	if err != nil {
		return api.Response{}, failed(ctx, "GetTokensFromRefreshToken",
			err, answers{"RefreshTokenReuseException": errUnauthorized})
	}
	return step("", out.AuthenticationResult, "", nil, nil)
}

// signOut serves POST /auth/sign-out. A token that Cognito does not accept needs no revocation, so it is not an error.
func (h handler) signOut(ctx context.Context, r *api.Request) (api.Response, error) {
	token, err := readRefreshToken(r)
	if err != nil {
		return api.Response{}, err
	}
	_, err = h.pool().RevokeToken(ctx, &cip.RevokeTokenInput{ClientId: &h.config.ClientID, Token: &token})
	switch code := errorCode(err); code {
	case "NotAuthorizedException", "UnauthorizedException", "UnsupportedTokenTypeException", "InvalidParameterException":
		api.Note(ctx, "CognitoError", code)
		err = nil
	}
	if err != nil {
		return api.Response{}, failed(ctx, "RevokeToken", err, nil)
	}
	return api.NoContent(), nil
}

// tokens returns the answer of a completed sign-in.
func tokens(result *types.AuthenticationResultType) api.Response {
	return api.JSON(http.StatusOK, signedIn{
		AccessToken:  aws.ToString(result.AccessToken),
		ExpiresIn:    result.ExpiresIn,
		TokenType:    aws.ToString(result.TokenType),
		RefreshToken: aws.ToString(result.RefreshToken),
		IDToken:      aws.ToString(result.IdToken),
	})
}
