package webauthn

import (
	"encoding/json"
	"net/url"
	"strings"
)

// The ceremonies, as the browser names them.
const (
	create = "webauthn.create"
	get    = "webauthn.get"
)

// clientData is what the browser says about the page that asked.
//
// See https://www.w3.org/TR/webauthn-3/#dictionary-client-data
type clientData struct {
	ceremony, challenge, origin, topOrigin string
	crossOrigin                            bool
}

// parseClientData decodes clientDataJSON. Names of members are exact, as the browser writes them; unknown members are
// ignored, as the specification demands.
func parseClientData(raw []byte) (d clientData, err error) {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return d, ErrMalformed
	}
	for name, into := range map[string]any{
		"type": &d.ceremony, "challenge": &d.challenge, "origin": &d.origin, "topOrigin": &d.topOrigin,
		"crossOrigin": &d.crossOrigin,
	} {
		if value, has := members[name]; has && json.Unmarshal(value, into) != nil {
			return d, ErrMalformed
		}
	}
	if d.ceremony == "" || d.challenge == "" || d.origin == "" {
		return d, ErrMalformed
	}
	return d, nil
}

// check checks the page and the question that it had.
func (d clientData) check(ceremony string, c Ceremony) error {
	switch {
	case d.ceremony != ceremony:
		return ErrMalformed
	case d.challenge != c.Challenge:
		return ErrChallenge
	case d.crossOrigin || d.topOrigin != "" || !originFits(d.origin, c.RelyingParty):
		return ErrOrigin
	}
	return nil
}

// originFits reports whether a page belongs to a relying party: at its domain or below it, by HTTPS, at any port. By
// HTTP, browsers have passkeys at localhost and names below it alone.
func originFits(origin, relyingParty string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme+"://"+u.Host != origin {
		return false
	}
	host := u.Hostname()
	secure := u.Scheme == "https" || u.Scheme == "http" && within(host, "localhost")
	return secure && relyingParty != "" && within(host, relyingParty)
}

// within reports whether a host is a domain or one below it.
func within(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain)
}
