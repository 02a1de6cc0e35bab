package api

import (
	"context"
	"io"

	"cognito-triggers/shared/route"
	"cognito-triggers/shared/settings"
)

// function is the handlers with what surrounds them.
type function struct {
	rules   map[string]route.Route
	routes  Routes
	metrics io.Writer
}

// UseLog sets the log up.
func UseLog(io.Writer, *settings.Env) {}

// Invoke answers one event.
func (f *function) Invoke(ctx context.Context, payload []byte) ([]byte, error) { return nil, nil }

// Hide adds values that no log line of this request may hold.
func Hide(ctx context.Context, values ...string) {}

// Count adds one to a counter that the request's metrics line carries.
func Count(ctx context.Context, name string) {}

// Note adds a property to the request's metrics line.
func Note(ctx context.Context, key, value string) {}
