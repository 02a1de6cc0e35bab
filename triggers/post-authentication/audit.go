package main

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"time"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/trigger"
)

// signIn is an audit event. Its JSON is the detail of the event on the bus.
type signIn struct {
	UserPoolID  string    `json:"userPoolId"`
	Sub         string    `json:"sub"`
	ClientID    string    `json:"clientId"`
	At          time.Time `json:"at"`
	FirstSignIn bool      `json:"firstSignIn"` // these three are false if the sign-in was not recorded
	NewClient   bool      `json:"newClient"`
	NewDevice   bool      `json:"newDevice"`
}

func digest(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:16]
}

// audit writes the log line of a sign-in and, if set, the event on the bus.
func (h handler) audit(ctx context.Context, e *events.PostAuthenticationEvent, key profile.Key, at time.Time,
	recorded profile.Recorded) {
	slog.InfoContext(ctx, "signed in", "account", account(key), "clientId", e.CallerContext.ClientID,
		"recorded", recorded.Written, "firstSignIn", recorded.First, "newClient", recorded.NewClient,
		"newDevice", recorded.NewDevice)
	if h.bus == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, eventTime)
	defer cancel()
	err := h.bus.Put(ctx, signIn{
		UserPoolID: key.UserPoolID, Sub: key.Sub, ClientID: e.CallerContext.ClientID, At: profile.Timestamp(at),
		FirstSignIn: recorded.First, NewClient: recorded.NewClient, NewDevice: recorded.NewDevice,
	})
	if err != nil {
		trigger.Count(ctx, auditEventsLost)
		slog.ErrorContext(ctx, "the audit event is lost", "error", err)
	}
}
