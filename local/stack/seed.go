package stack

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/local/userpool/seed"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/goldenprofile"
)

// Prepare sets up a golden case: the event's pool with the case's users and groups, and the profile or tombstone that
// the event needs. It removes what an earlier case left under the same key.
func (s *Stack) Prepare(ctx context.Context, c golden.Case) error {
	if err := s.prepareInPool(c); err != nil {
		return err
	}
	if s.Profiles == nil && (c.Config.Profile != nil || c.Config.Tombstone) {
		return errNoProfiles
	}
	key, err := goldenprofile.KeyOf(c.Event)
	if err != nil || key.Sub == "" || s.Profiles == nil {
		return nil // not about a user: nothing to store
	}
	if err := s.Forget(ctx, key); err != nil {
		return err
	}
	return goldenprofile.Seed(ctx, s.Profiles, c)
}

// errNoProfiles is the answer to a case with a profile in a stack that has no table for it.
var errNoProfiles = errors.New(
	"there is no profile table: no function has a grant profiles:… or the setting PROFILE_TABLE")

// StoredProfile returns the profile that a case's event leaves as JSON without times, or nil if there is none.
func (s *Stack) StoredProfile(ctx context.Context, c golden.Case) (json.RawMessage, error) {
	if s.Profiles == nil {
		return nil, errNoProfiles
	}
	return goldenprofile.Stored(ctx, s.Profiles, c)
}

func (s *Stack) prepareInPool(c golden.Case) error {
	envelope, err := events.DecodeEnvelope(c.Event)
	if err != nil || envelope.UserPoolID == "" {
		return nil // not about a pool
	}
	pool := seed.Pool{ID: envelope.UserPoolID, Groups: c.Config.Groups}
	for _, u := range c.Config.Users {
		attributes := maps.Clone(u.Attributes)
		if attributes == nil {
			attributes = map[string]string{}
		}
		if u.Identities != "" {
			attributes["identities"] = u.Identities
		}
		pool.Users = append(pool.Users,
			seed.User{Name: u.UserName, Status: u.Status, Disabled: u.Disabled, Attributes: attributes, Groups: u.Groups})
	}
	return pool.Put(s.Pool.Store(), time.Now())
}

// Forget deletes whatever is stored under a key.
func (s *Stack) Forget(ctx context.Context, key profile.Key) error {
	_, err := s.DynamoDB.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &s.Table, Key: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: key.String()}},
	})
	return err
}
