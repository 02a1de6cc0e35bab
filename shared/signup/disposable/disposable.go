// Package disposable lists the domains of disposable e-mail addresses. The list is maintained by a community; SOURCE
// names the embedded edition and its licence, and refresh fetches the newest one.
//
// The list is never complete, because new domains appear daily. It makes throw-away accounts harder to get, and proves
// nothing about an address that is not on it.
package disposable

import (
	_ "embed"
	"strings"
)

//go:generate go run ./refresh -dir .

// domains is the list: sorted lines, each ended by a line feed. It is searched as one string, because building a map
// would cost each cold start ten thousand insertions.
//
//go:embed domains.txt
var domains string

// Contains reports whether a domain or a parent of it is on the list. The domain must be in lower-case ASCII, as
// signup.ParseDomain returns it.
func Contains(domain string) bool {
	for {
		_, parent, more := strings.Cut(domain, ".")
		if !more { // a top-level domain is not a mail service
			return false
		}
		if listed(domains, domain) {
			return true
		}
		domain = parent
	}
}

// listed reports whether sorted lines contain line.
func listed(lines, line string) bool {
	for len(lines) > 0 {
		middle := len(lines) / 2
		start := strings.LastIndexByte(lines[:middle], '\n') + 1
		end := start + strings.IndexByte(lines[start:], '\n')
		switch strings.Compare(line, lines[start:end]) {
		case 0:
			return true
		case -1:
			lines = lines[:start]
		default:
			lines = lines[end+1:]
		}
	}
	return false
}
