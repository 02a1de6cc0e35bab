package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
)

// cognitoPool calls Cognito's user pools API.
type cognitoPool struct {
	client func() *cognitoidentityprovider.Client
}

// newCognitoPool checks the environment at cold start and creates the client at its first use. A function that links no
// users makes no call and needs no credentials.
func newCognitoPool(env *settings.Env, config Config) pool {
	if len(config.LinkProviders) == 0 {
		return nil
	}
	cfg := awsenv.Config(env, "COGNITO_IDENTITY_PROVIDER")
	return cognitoPool{sync.OnceValue(func() *cognitoidentityprovider.Client {
		return cognitoidentityprovider.NewFromConfig(cfg)
	})}
}

// pageSize is the maximum page of ListUsers.
const pageSize = 60

// UsersByEmail implements pool. See
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
func (p cognitoPool) UsersByEmail(ctx context.Context, poolID, email, token string) ([]user, string, error) {
	input := &cognitoidentityprovider.ListUsersInput{
		UserPoolId: &poolID,
		Filter:     aws.String(emailFilter(email)),
		Limit:      aws.Int32(pageSize),
	}
	if token != "" {
		input.PaginationToken = &token
	}
	output, err := p.client().ListUsers(ctx, input)
	if err != nil {
		return nil, "", fmt.Errorf("list users: %w", err)
	}
	users := make([]user, len(output.Users))
	for i, u := range output.Users {
		users[i] = user{aws.ToString(u.Username), string(u.UserStatus), u.Enabled, attributesOf(u.Attributes)}
	}
	return users, aws.ToString(output.PaginationToken), nil
}

// emailFilter returns a filter for ListUsers, which quotes texts with double quotes.
func emailFilter(email string) string {
	return `email = "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(email) + `"`
}

// User implements pool. See
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
func (p cognitoPool) User(ctx context.Context, poolID, userName string) (user, error) {
	output, err := p.client().AdminGetUser(ctx, &cognitoidentityprovider.AdminGetUserInput{
		UserPoolId: &poolID,
		Username:   &userName,
	})
	var unknown *types.UserNotFoundException
	switch {
	case errors.As(err, &unknown):
		return user{}, fmt.Errorf("get user: %w: %w", errNoUser, err)
	case err != nil:
		return user{}, fmt.Errorf("get user: %w", err)
	}
	return user{aws.ToString(output.Username), string(output.UserStatus), output.Enabled,
		attributesOf(output.UserAttributes)}, nil
}

// Link implements pool. The name of the destination's attribute is left out, since Cognito ignores it. See
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminLinkProviderForUser.html
func (p cognitoPool) Link(ctx context.Context, poolID string, id identity, userName string) error {
	_, err := p.client().AdminLinkProviderForUser(ctx, &cognitoidentityprovider.AdminLinkProviderForUserInput{
		UserPoolId: &poolID,
		DestinationUser: &types.ProviderUserIdentifierType{
			ProviderName:           aws.String("Cognito"),
			ProviderAttributeValue: &userName,
		},
		SourceUser: &types.ProviderUserIdentifierType{
			ProviderName:           &id.Provider,
			ProviderAttributeName:  aws.String("Cognito_Subject"),
			ProviderAttributeValue: &id.Subject,
		},
	})
	var invalid *types.InvalidParameterException
	var alias *types.AliasExistsException
	var limit *types.LimitExceededException
	switch {
	case err == nil:
		return nil
	case errors.As(err, &invalid), errors.As(err, &alias):
		return fmt.Errorf("link provider: %w: %w", errConflict, err)
	case errors.As(err, &limit):
		return fmt.Errorf("link provider: %w: %w", errFull, err)
	}
	return fmt.Errorf("link provider: %w", err)
}

func attributesOf(list []types.AttributeType) events.Attributes {
	attributes := make(events.Attributes, len(list))
	for _, a := range list {
		attributes[aws.ToString(a.Name)] = aws.ToString(a.Value)
	}
	return attributes
}
