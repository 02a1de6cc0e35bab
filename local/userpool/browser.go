package userpool

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"cognito-triggers/local/loopback"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/internal/stream"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/token"
)

// inspect serves the /local routes. They show codes, so pages of other sites must not read them, whether from their own
// origin or through a hostname rebound to this machine.
func (s *Server) inspect(w http.ResponseWriter, r *http.Request) {
	if !loopback.IsName(r.RemoteAddr) || loopback.IsForeign(r) {
		http.Error(w, "the /local routes only serve this machine: use 127.0.0.1 or localhost", http.StatusForbidden)
		return
	}
	if trigger, fires := strings.CutPrefix(r.URL.Path, firePath); fires {
		s.fireByHand(w, r, trigger)
		return
	}
	if r.Method != http.MethodGet {
		http.Error(w, "this /local route only accepts GET", http.StatusMethodNotAllowed)
		return
	}
	if r.URL.Path == stream.Path {
		stream.Lists{Calls: &s.calls, Events: s.firer.Log, Inbox: s.inbox, Lines: s.lines}.ServeHTTP(w, r)
		return
	}
	query := r.URL.Query()
	after, _ := strconv.Atoi(query.Get("after")) // 0 if absent or invalid
	user := query.Get("user")
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	var list map[string]any
	switch r.URL.Path {
	case "/local/messages":
		list = map[string]any{"messages": s.messages(after, user)}
	case "/local/events":
		list = map[string]any{"events": s.events(after, user, query.Get("source"))}
	case "/local/calls":
		list = map[string]any{"calls": s.calls.Entries(after)}
	case "/local/logs":
		list = map[string]any{"lines": s.logLines(after, query.Get("function"))}
	case "/local/domains":
		list = map[string]any{"domains": s.domains()}
	default:
		http.NotFound(w, r)
		return
	}
	_ = json.NewEncoder(w).Encode(list) // fails only if the client is gone
}

// messages lists a user's messages, or all.
func (s *Server) messages(after int, user string) []Message {
	list := []Message{}
	for _, m := range s.inbox.Messages(after) {
		if user == "" || strings.EqualFold(m.UserName, user) || strings.EqualFold(m.To, user) || m.User == user {
			list = append(list, m)
		}
	}
	return list
}

// events lists the events about a user and of a trigger source, or all.
func (s *Server) events(after int, user, source string) []fire.Record {
	list := []fire.Record{}
	for _, e := range s.firer.Log.Records(after) {
		isUsers := user == "" || strings.EqualFold(e.UserName, user) || attributeIs(e.Request, user)
		if isUsers && (source == "" || e.Source == source) {
			list = append(list, e)
		}
	}
	return list
}

// logLines lists the lines of a function, or all.
func (s *Server) logLines(after int, function string) []fire.Line {
	list := []fire.Line{}
	for _, line := range s.lines.After(after, s.firer.Log) {
		if function == "" || line.Function == function {
			list = append(list, line)
		}
	}
	return list
}

// attributeIs reports whether the user in an event's request has this sub or e-mail address.
func attributeIs(request json.RawMessage, value string) bool {
	var r struct {
		UserAttributes struct{ Sub, Email string }
	}
	_ = json.Unmarshal(request, &r)
	return r.UserAttributes.Sub == value || strings.EqualFold(r.UserAttributes.Email, value)
}

// document serves a pool's JWKS and its OpenID configuration.
func (s *Server) document(w http.ResponseWriter, r *http.Request) {
	wire.AllowAnyOrigin(w, r)
	id, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	pool, err := s.options.Store.Pool(id)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	switch rest {
	case ".well-known/jwks.json":
		keys, err := s.rooms.tokens.KeySet(pool)
		if err != nil {
			http.Error(w, "the keys of the pool are not available", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=86400")
		_, _ = w.Write(keys) // fails only if the client is gone
	case ".well-known/openid-configuration":
		document, err := token.Discovery(token.Discovered{
			Issuer: s.Issuer(s.base(r), pool.ID), JWKS: s.base(r) + "/" + pool.ID + "/.well-known/jwks.json",
			Domain: s.domainURL(pool.ID),
		})
		if err != nil {
			http.Error(w, "the configuration of the pool is not available", http.StatusInternalServerError)
			return
		}
		_, _ = w.Write(document) // fails only if the client is gone
	default:
		http.NotFound(w, r)
	}
}
