// Package disposable knows the domains of disposable e-mail addresses, from a list that a community maintains. SOURCE
// says which edition is embedded and under which licence; refresh fetches the newest one.
//
// The list is never complete: new domains appear daily. It raises the price of a throw-away account and proves nothing
// about the addresses that pass.
package disposable

import (
	_ "embed"
	"strings"
)

//go:generate go run ./refresh -dir .

// domains is the list as it is searched: sorted lines, each ended by a line feed. It stays one string, since a map of
// it would cost each cold start the time of ten thousand insertions.
//
//go:embed domains.txt
var domains string

// Contains tells whether a domain, or one that it lies below, is on the list. The domain must be in lower case and
// ASCII, as signup.ParseDomain returns it.
func Contains(domain string) bool {
	for {
		_, parent, more := strings.Cut(domain, ".")
		if !more { // a top-level domain is nobody's mail service
			return false
		}
		if listed(domains, domain) {
			return true
		}
		domain = parent
	}
}

// listed searches sorted lines for one that equals line.
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
