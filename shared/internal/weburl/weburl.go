// Package weburl has the rule for addresses in settings that people or requests are sent to: TLS, except on this
// machine.
package weburl

import "net/url"

// SecureOrLocal reports whether the URL has https, or http and the host localhost or 127.0.0.1. It may have no host.
func SecureOrLocal(u *url.URL) bool {
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1")
}
