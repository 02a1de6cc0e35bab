package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/stack"
)

const password = "Correct-horse-7"

// populate creates the pool, two users and a post, and returns them as environment variables for hooks.py.
func populate(ctx context.Context, s *stack.Stack) ([]string, error) {
	pool, err := s.Deploy(ctx)
	if err != nil {
		return nil, err
	}
	const first, second = "first@example.org", "second@example.org"
	var tokens []signedIn
	for _, email := range []string{first, second} {
		if err := addUser(ctx, s.Cognito, pool.ID, email); err != nil {
			return nil, err
		}
		var in signedIn
		body := map[string]string{"email": email, "password": password}
		if err := post(ctx, s.APIEndpoint+"/auth/sign-in", "", body, &in); err != nil {
			return nil, err
		}
		tokens = append(tokens, in)
	}
	var others struct{ ID string }
	body := map[string]string{"title": "Bonjour", "contents": "x"}
	if err := post(ctx, s.APIEndpoint+"/post", tokens[1].AccessToken, body, &others); err != nil {
		return nil, err
	}
	return []string{
		"API=" + s.APIEndpoint, "ENDPOINT=" + s.Endpoint, "EMAIL=" + first, "PASSWORD=" + password,
		"ACCESS_TOKEN=" + tokens[0].AccessToken, "REFRESH_TOKEN=" + tokens[0].RefreshToken,
		"OTHER_ACCESS_TOKEN=" + tokens[1].AccessToken, "OTHER_POST=" + others.ID,
	}, nil
}

func addUser(ctx context.Context, pool *cip.Client, id, email string) error {
	_, err := pool.AdminCreateUser(ctx, &cip.AdminCreateUserInput{
		UserPoolId: &id, Username: &email, MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{
			{Name: aws.String("email"), Value: &email}, {Name: aws.String("email_verified"), Value: aws.String("true")},
		},
	})
	if err != nil {
		return err
	}
	_, err = pool.AdminSetUserPassword(ctx,
		&cip.AdminSetUserPasswordInput{UserPoolId: &id, Username: &email, Password: aws.String(password), Permanent: true})
	return err
}

type signedIn struct{ AccessToken, RefreshToken string }

// post sends a JSON body and decodes the response's.
func post(ctx context.Context, url, token string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		return fmt.Errorf("POST %s: %s", r.URL.Path, response.Status)
	}
	return json.Unmarshal(answer, into)
}
