// Package goldenprofile makes the profile store that a golden event meets, and reads the profile that the event leaves.
// Unit tests with a store in memory and tools with a real table share it, so that both see the same profile.
package goldenprofile

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/profile"
)

// tombstoneStands is how long a tombstone lasts; longer than any replay.
const tombstoneStands = time.Hour

// Seed stores what the case requires before its event: a profile, or the tombstone of a deleted account.
func Seed(ctx context.Context, store profile.Store, c golden.Case) error {
	key, envelope, err := account(c)
	if err != nil {
		return err
	}
	now := time.Now()
	if c.Config.Tombstone {
		return store.Delete(ctx, key, now, tombstoneStands)
	}
	stored := c.Config.Profile
	if stored == nil {
		return nil
	}
	access := profile.Access{
		Suspended: stored.Suspended, LockedUntil: stored.LockedUntil, Failures: stored.Failures, Groups: stored.Groups,
	}
	if stored.Failures > 0 {
		access.FailedAt = now
	}
	signIns := profile.SignIns{Last: stored.LastSignIn, Clients: stored.Clients}
	if !signIns.Last.IsZero() {
		signIns.Count = 1
	}
	_, err = store.Create(ctx, profile.Profile{
		Access:        access,
		SignIns:       signIns,
		Key:           profile.Key{UserPoolID: key.UserPoolID, Sub: cmp.Or(stored.Sub, key.Sub)},
		Username:      cmp.Or(stored.Username, envelope.UserName),
		Attributes:    stored.Attributes,
		CreatedAt:     now,
		UpdatedAt:     now,
		SchemaVersion: profile.SchemaVersion,
		CreatedBy:     cognito.PostConfirmationConfirmSignUp,
	})
	return err
}

// Stored returns the profile of the event's user as JSON without times, or nil if there is none.
func Stored(ctx context.Context, store profile.Store, c golden.Case) (json.RawMessage, error) {
	key, _, err := account(c)
	if err != nil {
		return nil, err
	}
	if key.Sub == "" || key.UserPoolID == "" {
		return nil, nil // without a key, nothing can be stored
	}
	p, err := store.Get(ctx, key)
	if errors.Is(err, profile.ErrNotFound) || errors.Is(err, profile.ErrDeleted) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(p.WithoutTimes())
}

// KeyOf returns the key of the event's user in a profile store. Its sub is empty if the event has none.
func KeyOf(event []byte) (profile.Key, error) {
	key, _, err := account(golden.Case{Event: event})
	return key, err
}

// account returns the key of the user in the case's event.
func account(c golden.Case) (profile.Key, events.Envelope, error) {
	type request struct {
		UserAttributes events.Attributes `json:"userAttributes"`
	}
	e, err := events.Decode[request, struct{}](c.Event)
	if err != nil {
		return profile.Key{}, events.Envelope{}, err
	}
	return profile.Key{UserPoolID: e.UserPoolID, Sub: strings.TrimSpace(e.Request.UserAttributes["sub"])}, e.Envelope, nil
}
