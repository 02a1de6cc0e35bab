// Package loopback holds what every server on this machine needs: limits of time, and the checks that keep web pages of
// other sites away. Any page open in a browser here can send requests to 127.0.0.1, under that name or under one of its
// own that it makes resolve to this machine; it cannot change the Host, Origin and Sec-Fetch-Site headers that the
// browser sets, nor guess a secret.
package loopback

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// The limits of Server. A call of the user pool may wait for several triggers of three attempts each, so the answer may
// take longer than the request.
const (
	headerLimit = 5 * time.Second
	readLimit   = 30 * time.Second
	writeLimit  = 2 * time.Minute // from the end of the request's header
	idleLimit   = 2 * time.Minute
	maxHeader   = 64 << 10
)

// Server returns a server that gives up on clients that are too slow: 30 seconds for a request, two minutes from there
// to the end of the answer. A handler that waits on purpose lifts the second limit with http.ResponseController.
func Server(handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: headerLimit, ReadTimeout: readLimit, WriteTimeout: writeLimit,
		IdleTimeout: idleLimit, MaxHeaderBytes: maxHeader,
	}
}

// IsName reports whether a host, with or without port, is a name of this machine that no other site can have:
// localhost, a name below it, or a loopback address.
func IsName(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	if ip := net.ParseIP(strings.Trim(name, "[]")); ip != nil {
		return ip.IsLoopback()
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}

// IsForeign reports whether the request was sent to a name that another site can have, or comes from its page.
func IsForeign(r *http.Request) bool { return !IsName(r.Host) || IsForeignPage(r) }

// IsForeignPage reports whether the request comes from a page of another site. Pages of this machine are not foreign,
// whatever their port.
func IsForeignPage(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" {
		u, err := url.Parse(origin)
		return err != nil || !IsName(u.Host)
	}
	return r.Header.Get("Sec-Fetch-Site") == "cross-site"
}

// Named serves only requests to a name of this machine, see IsName.
func Named(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !IsName(r.Host) {
			Refuse(w, "this server is called 127.0.0.1 or localhost: it does not answer requests to other host names")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Refuse answers with status 403 and a message, in the form of AWS's JSON errors.
func Refuse(w http.ResponseWriter, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Errortype", "AccessDeniedException")
	w.WriteHeader(http.StatusForbidden)
	_ = json.NewEncoder(w).Encode(map[string]string{ // fails only if the client is gone
		"__type": "AccessDeniedException", "message": message,
	})
}

// Secret is the first segment of the path of every request to a server that only the stack's own programs may call. A
// program needs no more than the URL that has it.
type Secret string

// NewSecret returns a secret that nobody can guess.
func NewSecret() Secret { return Secret(rand.Text()) }

// Handler serves requests whose path begins with the secret, which next does not see. It refuses all others with the
// hint, which says where the URL with the secret is found, and what any page sends, even one of this machine.
func (s Secret) Handler(next http.Handler, hint string) http.Handler {
	stripped := http.StripPrefix("/"+string(s), next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		switch {
		case !IsName(r.Host) || fromPage(r):
			Refuse(w, "this server does not answer web pages or requests to other host names than 127.0.0.1 and localhost")
		case subtle.ConstantTimeCompare([]byte(first), []byte(s)) != 1:
			Refuse(w, hint)
		default:
			stripped.ServeHTTP(w, r)
		}
	})
}

// fromPage reports whether a page sent the request. Programs send neither header; a browser sends "none" for what the
// user typed.
func fromPage(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return r.Header.Get("Origin") != "" || site != "" && site != "none"
}
