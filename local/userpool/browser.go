package userpool

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"cognito-triggers/local/loopback"
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
	if r.Method != http.MethodGet {
		http.Error(w, "the /local routes only accept GET", http.StatusMethodNotAllowed)
		return
	}
	query := r.URL.Query()
	after, _ := strconv.Atoi(query.Get("after")) // 0 if absent or invalid
	user := query.Get("user")
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	switch r.URL.Path {
	case "/local/messages":
		list := []Message{}
		for _, m := range s.inbox.Messages(after) {
			if user == "" || strings.EqualFold(m.UserName, user) || strings.EqualFold(m.To, user) || m.User == user {
				list = append(list, m)
			}
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"messages": list}) // fails only if the client is gone
	case "/local/events":
		list := []any{}
		for _, e := range s.firer.Log.Records(after) {
			isUsers := user == "" || strings.EqualFold(e.UserName, user) || attributeIs(e.Request, user)
			if isUsers && (query.Get("source") == "" || e.Source == query.Get("source")) {
				list = append(list, e)
			}
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"events": list}) // fails only if the client is gone
	default:
		http.NotFound(w, r)
	}
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
		document, err := token.Discovery(s.Issuer(s.base(r), pool.ID), s.base(r)+"/"+pool.ID+"/.well-known/jwks.json")
		if err != nil {
			http.Error(w, "the configuration of the pool is not available", http.StatusInternalServerError)
			return
		}
		_, _ = w.Write(document) // fails only if the client is gone
	default:
		http.NotFound(w, r)
	}
}
