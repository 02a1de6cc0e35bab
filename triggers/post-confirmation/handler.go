// Command post-confirmation does what a new user's account needs beside the user pool: it stores the user's profile in
// DynamoDB, adds the user to a default group and sends a welcome mail. Cognito calls it after a user was confirmed, by
// code, by an administrator or by a first federated sign-in (PostConfirmation_ConfirmSignUp), and after a user has set
// a new password with a code (PostConfirmation_ConfirmForgotPassword), which changes nothing here.
//
// It never fails: the user is confirmed already, and Cognito does not confirm anybody twice, so an error would leave a
// user who reads that it failed and whom no second try can help. Cognito may deliver an event several times, also in
// parallel, so every step is done once however often it is asked for.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/trigger"
)

// The counters of the invocation's metrics line.
const (
	profilesLost         = "ProfilesLost"
	identitiesUnreadable = "IdentitiesUnreadable"
	groupAddsFailed      = "GroupAddsFailed"
	welcomeEmailsSent    = "WelcomeEmailsSent"
	mailsLost            = "MailsLost"
)

// profiles is the part of profile.Store that a confirmation needs.
type profiles interface {
	Create(ctx context.Context, p profile.Profile) (created bool, err error)
	ClaimWelcome(ctx context.Context, k profile.Key, at time.Time) (claimed bool, err error)
}

// groups puts users into groups of their pool.
type groups interface {
	Add(ctx context.Context, userPoolID, userName, group string) error
}

// services are what the handler calls.
type services struct {
	profiles profiles
	groups   groups
	mailer   mailer
}

type handler struct {
	config Config
	services
	now func() time.Time
}

func newHandler(config Config,
	s services) trigger.Handler[events.PostConfirmationRequest, events.PostConfirmationResponse] {
	return handler{config, s, time.Now}.handle
}

func (h handler) handle(ctx context.Context, e *events.PostConfirmationEvent) error {
	if e.TriggerSource != events.PostConfirmationConfirmSignUp {
		return nil
	}
	key, err := h.store(ctx, e)
	if errors.Is(err, profile.ErrDeleted) {
		slog.InfoContext(ctx, "the account was deleted before this event came: nothing is done for it")
		return nil
	}
	h.addToGroup(ctx, e)
	switch {
	case !h.wantsWelcome(e):
	case err != nil:
		lose(ctx, "without a stored profile nobody can claim it", err)
	default:
		h.welcome(ctx, e, key)
	}
	return nil
}

// store makes the profile, if the user has none, and says under which key it is.
func (h handler) store(ctx context.Context, e *events.PostConfirmationEvent) (profile.Key, error) {
	attributes := e.Request.UserAttributes
	if _, err := profile.ParseIdentities(attributes[profile.IdentitiesAttribute]); err != nil {
		trigger.Count(ctx, identitiesUnreadable)
		slog.WarnContext(ctx, "the profile lacks identities that cannot be read", "error", err)
	}
	p, err := h.config.Profile.Build(e.Envelope, attributes, h.now())
	if err != nil {
		trigger.Count(ctx, profilesLost)
		slog.ErrorContext(ctx, "the event names no account, so no profile is made", "error", err)
		return profile.Key{}, err
	}
	err = h.create(ctx, p)
	if err != nil && !errors.Is(err, profile.ErrDeleted) {
		trigger.Count(ctx, profilesLost)
		slog.ErrorContext(ctx, "the profile is not stored: the pre token generation trigger makes it at the first sign-in",
			"error", err)
	}
	return p.Key, err
}

// A store that fails is asked again, with pauses from firstPause doubling, as long as ctx lasts. The client's own
// retries cover a lost packet; these bridge the second or so in which a store changes over.
const (
	storeAttempts = 5
	firstPause    = 50 * time.Millisecond
)

func (h handler) create(ctx context.Context, p profile.Profile) error {
	ctx, cancel := h.storeTime(ctx)
	defer cancel()
	pause := firstPause
	for attempt := 1; ; attempt++ {
		_, err := h.profiles.Create(ctx, p)
		if err == nil || errors.Is(err, profile.ErrDeleted) || awsenv.Permanent(err) || attempt == storeAttempts {
			return err
		}
		select {
		case <-time.After(pause):
			pause *= 2
		case <-ctx.Done():
			return err
		}
	}
}

// storeTime keeps a quarter of the event's time back from a store that hangs, where there is a group to add the user
// to: the profile can be made later, while nothing else would put the user into the group.
func (h handler) storeTime(ctx context.Context) (context.Context, context.CancelFunc) {
	end, ok := ctx.Deadline()
	if !ok || h.config.DefaultGroup == "" {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, time.Until(end)*3/4)
}

// addToGroup is done whatever became of the profile. Adding a user twice is no error in Cognito, and the call fires no
// trigger.
func (h handler) addToGroup(ctx context.Context, e *events.PostConfirmationEvent) {
	if h.config.DefaultGroup == "" {
		return
	}
	if err := h.groups.Add(ctx, e.UserPoolID, e.UserName, h.config.DefaultGroup); err != nil {
		trigger.Count(ctx, groupAddsFailed)
		slog.ErrorContext(ctx, "the user is not in the default group: add them by hand", "group", h.config.DefaultGroup,
			"error", err)
	}
}
