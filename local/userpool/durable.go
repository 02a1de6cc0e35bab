package userpool

import (
	"log/slog"
	"net/http"

	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// durable returns the store if its data outlives the program, else nil.
func (s *Server) durable() state.Durable {
	durable, _ := s.options.Store.(state.Durable)
	return durable
}

// answer is a ResponseWriter whose first byte leaves after everything that was changed is kept. If that fails, the
// client gets an error instead.
type answer struct {
	http.ResponseWriter
	sync   func() error
	begun  bool
	failed bool
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.begun {
		a.ResponseWriter.WriteHeader(status) // net/http reports the mistake
		return
	}
	a.begun = true
	err := a.sync()
	if err == nil {
		a.ResponseWriter.WriteHeader(status)
		return
	}
	a.failed = true
	slog.Error("state", "error", err)
	clear(a.Header())
	wire.Respond(a.ResponseWriter, "", nil, err)
}

// Write implements http.ResponseWriter. It drops the body of an answer that failed.
func (a *answer) Write(body []byte) (int, error) {
	if !a.begun {
		a.WriteHeader(http.StatusOK)
	}
	if a.failed {
		return len(body), nil
	}
	return a.ResponseWriter.Write(body)
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
