// Command post-confirmation sets up a new user's account outside the user pool: it stores the user's profile in
// DynamoDB, adds the user to a default group and sends a welcome mail. Cognito calls it after a user is confirmed by a
// code, an administrator or a first federated sign-in (PostConfirmation_ConfirmSignUp), and after a user has set a new
// password with a code (PostConfirmation_ConfirmForgotPassword), when it only ends the user's sign-ins, if set to.
//
// It never fails. The user is already confirmed, and Cognito does not confirm a user twice, so an error would tell the
// user that the confirmation failed, and trying again could not help. Cognito may deliver an event several times, even
// in parallel, so every step takes effect only once.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/cognito"
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
	signOutsFailed       = "SignOutsFailed"
)

// profiles is the part of profile.Store that the trigger needs.
type profiles interface {
	Create(ctx context.Context, p profile.Profile) (created bool, err error)
	ClaimWelcome(ctx context.Context, k profile.Key, at time.Time) (claimed bool, err error)
}

// pool is the part of the user pool's API that the trigger needs. Its operations fire no trigger.
type pool interface {
	AddToGroup(ctx context.Context, userPoolID, userName, group string) error
	// SignOut ends the user's sign-ins: no refresh token works any more.
	SignOut(ctx context.Context, userPoolID, userName string) error
}

// services are what the handler calls.
type services struct {
	profiles profiles
	pool     pool // nil if no setting needs it
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
	switch e.TriggerSource {
	case cognito.PostConfirmationConfirmSignUp:
		h.confirmed(ctx, e)
	case cognito.PostConfirmationConfirmForgotPassword:
		h.passwordReset(ctx, e)
	}
	return nil
}

func (h handler) confirmed(ctx context.Context, e *events.PostConfirmationEvent) {
	key, err := h.store(ctx, e)
	if errors.Is(err, profile.ErrDeleted) {
		slog.InfoContext(ctx, "the account was deleted before this event: there is nothing to do")
		return
	}
	h.addToGroup(ctx, e)
	switch {
	case !h.wantsWelcome(e):
	case err != nil:
		lose(ctx, "it cannot be claimed without a stored profile", err)
	default:
		h.welcome(ctx, e, key)
	}
}

// passwordReset ends the user's sign-ins. Cognito itself lets refresh tokens live on after a new password, so whoever
// stole one would stay signed in.
func (h handler) passwordReset(ctx context.Context, e *events.PostConfirmationEvent) {
	if !h.config.SignOut {
		return
	}
	if err := h.pool.SignOut(ctx, e.UserPoolID, e.UserName); err != nil {
		trigger.Count(ctx, signOutsFailed)
		slog.ErrorContext(ctx, "the user's other sign-ins go on after a new password: sign the user out by hand",
			"error", err)
	}
}

// store creates the profile if the user has none, and returns its key.
func (h handler) store(ctx context.Context, e *events.PostConfirmationEvent) (profile.Key, error) {
	attributes := e.Request.UserAttributes
	if _, err := profile.ParseIdentities(attributes[profile.IdentitiesAttribute]); err != nil {
		trigger.Count(ctx, identitiesUnreadable)
		slog.WarnContext(ctx, "identities that cannot be read were left out of the profile", "error", err)
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

// A failing store is called again until ctx ends, with pauses that double from firstPause. The client's own retries
// handle a lost packet; these handle the second or so of a failover.
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

// storeTime leaves a quarter of the event's time for adding the user to a group, even if the store hangs: the profile
// can be created later, but nothing else would add the user to the group.
func (h handler) storeTime(ctx context.Context) (context.Context, context.CancelFunc) {
	end, ok := ctx.Deadline()
	if !ok || h.config.DefaultGroup == "" {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, time.Until(end)*3/4)
}

// addToGroup runs whether or not the profile was stored. In Cognito, adding a user twice is not an error, and the call
// fires no trigger.
func (h handler) addToGroup(ctx context.Context, e *events.PostConfirmationEvent) {
	if h.config.DefaultGroup == "" {
		return
	}
	if err := h.pool.AddToGroup(ctx, e.UserPoolID, e.UserName, h.config.DefaultGroup); err != nil {
		trigger.Count(ctx, groupAddsFailed)
		slog.ErrorContext(ctx, "the user is not in the default group: add them by hand", "group", h.config.DefaultGroup,
			"error", err)
	}
}
