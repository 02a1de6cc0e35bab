package userpool

import (
	"errors"
	"fmt"
	"net/http"

	"cognito-triggers/local/userpool/calls"
	"cognito-triggers/local/userpool/internal/federation"
	"cognito-triggers/local/userpool/internal/login"
)

// DomainAddress is where clients reach a domain of a pool, and the server that has its API.
type DomainAddress = login.Address

// ProviderAnswerPath is the path of a domain that takes the answers of OpenID Connect providers.
const ProviderAnswerPath = federation.OAuthPath

// Domains opens the addresses of domains; package domains does so on this machine. It is safe for concurrent use.
type Domains interface {
	// Open opens a domain. Each of its addresses, one for every scheme and host, is served by what handler returns.
	Open(domain string, handler func(url string) http.Handler) error
	// Shut closes a domain.
	Shut(domain string)
	// URLs returns the addresses of a domain, none if it is not open. The OpenID configuration has the first one.
	URLs(domain string) []string
}

// Domain serves the domain of a pool: the pages on which people sign up and in, and the endpoints of OAuth 2.0, at
// the paths that AWS has. As in ServeHTTP, no answer leaves before what it depends on is kept.
func (s *Server) Domain(pool string, at DomainAddress) http.Handler {
	handler := s.rooms.login.Handler(pool, at)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, ended := s.calls.Begin(r.Context(), calls.Call{
			Operation: r.Method + " " + r.URL.Path, PoolID: pool, ClientID: r.URL.Query().Get("client_id"),
		})
		status := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		s.guarded(status, r.WithContext(ctx), handler.ServeHTTP)
		if status.status < http.StatusBadRequest {
			ended(nil)
		} else {
			ended(fmt.Errorf("HTTP %d: %s", status.status, http.StatusText(status.status)))
		}
	})
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// addresses opens the addresses of domains by Options.Domains, if there are any.
type addresses struct{ *Server }

// Open implements control.Addresses.
func (a addresses) Open(pool, domain string) error {
	switch o := a.options; {
	case o.Domains == nil:
		return nil
	case o.BaseURL == "":
		return errors.New("userpool.Options.BaseURL is empty, and tokens of a domain need it for their issuer")
	default:
		return o.Domains.Open(domain, func(url string) http.Handler {
			return a.Domain(pool, DomainAddress{Domain: domain, URL: url, Base: a.base(nil)})
		})
	}
}

// Shut implements control.Addresses.
func (a addresses) Shut(domain string) {
	if a.options.Domains != nil {
		a.options.Domains.Shut(domain)
	}
}

// openDomains opens the domains that the pools of the store have.
func (s *Server) openDomains() {
	for _, pool := range s.options.Store.Pools() {
		for _, d := range pool.Domains() {
			if err := (addresses{s}).Open(pool.ID, d.Name); err != nil {
				s.options.Warn("domain " + d.Name + " is not served: " + err.Error())
			}
		}
	}
}

// domainURL returns where a pool's domain is reached, the custom one first, "" if it has none that is open.
func (s *Server) domainURL(pool string) string {
	found, err := s.options.Store.Pool(pool)
	if err != nil || s.options.Domains == nil {
		return ""
	}
	for _, d := range found.Domains() {
		if urls := s.options.Domains.URLs(d.Name); len(urls) > 0 {
			return urls[0]
		}
	}
	return ""
}

// domainEntry is a line of /local/domains.
type domainEntry struct {
	UserPoolID string   `json:"userPoolId"`
	Name       string   `json:"name"`
	URLs       []string `json:"urls"`
}

// domains lists the domains of all pools.
func (s *Server) domains() []domainEntry {
	list := []domainEntry{}
	for _, pool := range s.options.Store.Pools() {
		for _, d := range pool.Domains() {
			entry := domainEntry{UserPoolID: pool.ID, Name: d.Name, URLs: []string{}}
			if s.options.Domains != nil {
				entry.URLs = append(entry.URLs, s.options.Domains.URLs(d.Name)...)
			}
			list = append(list, entry)
		}
	}
	return list
}
