package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/claims"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/dynamo"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

// profiles is the part of profile.Store that a sign-in needs.
type profiles interface {
	Get(ctx context.Context, k profile.Key) (profile.Profile, error)
	Create(ctx context.Context, p profile.Profile) (created bool, err error)
}

// newProfiles returns the store in the configured table, or nil if none is configured.
func newProfiles(env *settings.Env, config Config) profiles {
	if config.ProfileTable == "" {
		return nil
	}
	aws := awsenv.Config(env, "DYNAMODB")
	client := sync.OnceValue(func() dynamo.API { return dynamodb.NewFromConfig(aws) })
	return dynamo.New(client, config.ProfileTable)
}

// storeTime limits the calls to the store per event. The rest of Cognito's 5 seconds is for the answer.
const storeTime = 3 * time.Second

// addProfile reads the user's profile into the rules' input, and creates it if the user has none. If that fails, the
// rules decide what happens to the sign-in.
func (h handler) addProfile(ctx context.Context, e *events.PreTokenGenerationEvent, in *claims.Input) {
	key := profile.Key{UserPoolID: e.UserPoolID, Sub: strings.TrimSpace(e.Request.UserAttributes["sub"])}
	if key.UserPoolID == "" || key.Sub == "" {
		slog.WarnContext(ctx,
			"the event does not name the account, so no profile was read: it lacks userPoolId or request.userAttributes.sub")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	found, err := h.profiles.Get(ctx, key)
	switch {
	case err == nil:
		in.Profile = &found
	case errors.Is(err, profile.ErrNotFound):
		in.Profile = h.heal(ctx, e)
	case errors.Is(err, profile.ErrDeleted):
		trigger.Count(ctx, "TombstonesRespected")
	default:
		in.ProfileUnavailable = true
		trigger.Count(ctx, "ProfilesUnavailable")
		slog.ErrorContext(ctx, "the profile cannot be read", "error", err)
	}
}

// heal creates the profile that post confirmation would have created. If that fails, the user has no profile yet, and
// the next sign-in tries again.
func (h handler) heal(ctx context.Context, e *events.PreTokenGenerationEvent) *profile.Profile {
	made, err := h.config.Profile.Build(e.Envelope, e.Request.UserAttributes, h.now())
	if err != nil {
		slog.ErrorContext(ctx, "the missing profile cannot be built", "error", err)
		return nil
	}
	created, err := h.profiles.Create(ctx, made)
	switch {
	case errors.Is(err, profile.ErrDeleted):
		trigger.Count(ctx, "TombstonesRespected")
		return nil
	case err != nil:
		trigger.Count(ctx, "ProfilesNotHealed")
		slog.ErrorContext(ctx, "the missing profile cannot be stored", "error", err)
		return nil
	case created:
		trigger.Count(ctx, "ProfilesHealed")
	}
	return &made // not created: a parallel event created it from the same attributes
}
