package stack

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/local/userpool"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/goldenprofile"
)

// Prepare makes the world of a golden case: the pool's users, and the profile or tombstone that the event meets. What
// an earlier case left under the same key is gone.
func (s *Stack) Prepare(ctx context.Context, c golden.Case) error {
	s.Pool.Reset(users(c.Config.Users)...)
	key, err := goldenprofile.KeyOf(c.Event)
	if err != nil || key.Sub == "" {
		return nil // not an event of a user: there is nothing to store
	}
	if err := s.Forget(ctx, key); err != nil {
		return err
	}
	return goldenprofile.Seed(ctx, s.Profiles, c)
}

func users(seeds []golden.User) []userpool.User {
	var list []userpool.User
	for _, seed := range seeds {
		attributes := map[string]string{}
		for name, value := range seed.Attributes {
			attributes[name] = value
		}
		if seed.Identities != "" {
			attributes["identities"] = seed.Identities
		}
		list = append(list, userpool.User{Name: seed.UserName, Status: seed.Status, Disabled: seed.Disabled, Attributes: attributes})
	}
	return list
}

// Forget removes whatever is stored under a key.
func (s *Stack) Forget(ctx context.Context, key profile.Key) error {
	_, err := s.DynamoDB.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &s.Table, Key: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: key.String()}},
	})
	return err
}
