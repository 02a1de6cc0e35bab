// Command post-authentication records sign-ins in the user's profile, tells the user by mail of the first sign-in from
// another app client or device, and writes an audit event. Cognito calls it after a sign-in, before it hands out tokens
// (PostAuthentication_Authentication), but neither at a refresh nor at a federated user's first sign-in.
//
// It never fails: an error would refuse a sign-in that has already succeeded. Cognito may deliver an event several
// times, even in parallel; a sign-in is recorded once, and its notice is sent at most once.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/trigger"
)

// The counters of the invocation's metrics line.
const (
	signInsRecorded     = "SignInsRecorded"
	signInsNotRecorded  = "SignInsNotRecorded"
	noticesSent         = "NoticesSent"
	noticesLost         = "NoticesLost"
	auditEventsLost     = "AuditEventsLost"
	tombstonesRespected = "TombstonesRespected"
	panics              = "Panics"
)

// Limits of the calls. Together they leave Cognito's 5 seconds time for the answer.
const (
	storeTime  = 1500 * time.Millisecond
	eventTime  = time.Second
	noticeTime = time.Second
)

// profiles is the part of profile.Store that the trigger needs.
type profiles interface {
	RecordSignIn(ctx context.Context, k profile.Key, in profile.SignIn) (profile.Recorded, error)
}

// bus takes audit events.
type bus interface {
	Put(ctx context.Context, s signIn) error
}

// services are what the handler calls. Each is nil if no setting needs it.
type services struct {
	profiles profiles
	mail     sending.EmailSender
	bus      bus
}

type handler struct {
	config Config
	services
	now func() time.Time
}

func newHandler(config Config,
	s services) trigger.Handler[events.PostAuthenticationRequest, events.PostAuthenticationResponse] {
	return handler{config, s, time.Now}.handle
}

func (h handler) handle(ctx context.Context, e *events.PostAuthenticationEvent) error {
	defer func() {
		if recover() != nil { // its value may hold the user's
			trigger.Count(ctx, panics)
			slog.ErrorContext(ctx, "a panic was stopped: the sign-in goes on", "stack", string(debug.Stack()))
		}
	}()
	at := h.now()
	key := profile.Key{UserPoolID: e.UserPoolID, Sub: strings.TrimSpace(e.Request.UserAttributes["sub"])}
	recorded := h.record(ctx, e, key, at)
	h.audit(ctx, e, key, at, recorded)
	if h.config.NoticeFrom != "" && (recorded.NewClient || recorded.NewDevice) {
		h.notify(ctx, e, at)
	}
	return nil
}

// record stores the sign-in, at most once per interval.
func (h handler) record(ctx context.Context, e *events.PostAuthenticationEvent, key profile.Key,
	at time.Time) profile.Recorded {
	if h.profiles == nil {
		return profile.Recorded{}
	}
	if key.UserPoolID == "" || key.Sub == "" {
		trigger.Count(ctx, signInsNotRecorded)
		slog.WarnContext(ctx, "the event does not name the account, so the sign-in was not recorded: it lacks userPoolId or "+
			"request.userAttributes.sub")
		return profile.Recorded{}
	}
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	recorded, err := h.profiles.RecordSignIn(ctx, key, profile.SignIn{
		At: at, Interval: h.config.Interval, Client: e.CallerContext.ClientID, NewDevice: e.Request.NewDeviceUsed,
	})
	switch {
	case errors.Is(err, profile.ErrDeleted):
		trigger.Count(ctx, tombstonesRespected)
	case errors.Is(err, profile.ErrNotFound): // pre token generation makes the profile a moment later
		trigger.Count(ctx, signInsNotRecorded)
		slog.InfoContext(ctx, "the user has no profile yet, so the sign-in was not recorded")
	case err != nil:
		trigger.Count(ctx, signInsNotRecorded)
		slog.ErrorContext(ctx, "the sign-in was not recorded", "error", err)
	case recorded.Written:
		trigger.Count(ctx, signInsRecorded)
	}
	return recorded
}

// notify sends the notice. RecordSignIn has told this caller alone, so a notice that is lost is not sent again.
func (h handler) notify(ctx context.Context, e *events.PostAuthenticationEvent, at time.Time) {
	attributes := e.Request.UserAttributes
	if !cognito.IsTrue(attributes["email_verified"]) || attributes["email"] == "" {
		return
	}
	mail, err := h.notice(ctx, e, at)
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, noticeTime)
		defer cancel()
		_, err = h.mail.SendEmail(ctx, mail)
	}
	if err != nil {
		trigger.Count(ctx, noticesLost)
		slog.ErrorContext(ctx, "the notice of a new sign-in is lost", "error", err)
		return
	}
	trigger.Count(ctx, noticesSent)
}

// account names the user in the log. The log holds no value of the event, and a sub is one, but whoever knows a sub can
// compute its name.
func account(k profile.Key) string {
	if k.Sub == "" {
		return ""
	}
	return fmt.Sprintf("%x", digest(k.String()))
}
