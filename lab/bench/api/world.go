package api

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/stack"
)

// appClient is the name, in the pool settings, of the app client that users sign in with.
const appClient = "app"

// function is the name of the function that serves POST /post.
const function = "posts"

// world is the deployed pool and a user with a token.
type world struct {
	pool, client string
	token        string            // the user's access token
	claims       map[string]string // of the token, as strings
}

// open deploys the pool and signs a new user in.
func open(ctx context.Context, s *stack.Stack) (world, error) {
	pool, err := s.Deploy(ctx)
	if err != nil {
		return world{}, err
	}
	w := world{pool: pool.ID, client: pool.Clients[appClient]}
	email, password := "user-"+rand.Text()+"@example.com", "Correct-horse-9-"+rand.Text()
	_, err = s.Cognito.SignUp(ctx, &cip.SignUpInput{
		ClientId: &w.client, Username: &email, Password: &password,
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: &email}},
	})
	if err != nil {
		return w, fmt.Errorf("sign a user up: %w", err)
	}
	confirm := &cip.AdminConfirmSignUpInput{UserPoolId: &w.pool, Username: &email}
	if _, err := s.Cognito.AdminConfirmSignUp(ctx, confirm); err != nil {
		return w, fmt.Errorf("confirm the user: %w", err)
	}
	signedIn, err := s.Cognito.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &w.client, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": email, "PASSWORD": password},
	})
	if err != nil || signedIn.AuthenticationResult == nil {
		return w, errors.Join(errors.New("sign the user in"), err)
	}
	w.token = aws.ToString(signedIn.AuthenticationResult.AccessToken)
	w.claims, err = claimsOf(w.token)
	return w, err
}

// claimsOf reads a token's claims without verifying it.
func claimsOf(token string) (map[string]string, error) {
	segments := strings.Split(token, ".")
	if len(segments) != 3 {
		return nil, errors.New("the access token does not have three segments")
	}
	payload, err := base64.RawURLEncoding.DecodeString(segments[1])
	if err != nil {
		return nil, fmt.Errorf("decode the access token: %w", err)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		return nil, fmt.Errorf("read the access token: %w", err)
	}
	texts := map[string]string{}
	for name, value := range claims {
		texts[name] = fmt.Sprint(value)
	}
	return texts, nil
}
