package signup

import (
	"errors"
	"strings"

	"golang.org/x/net/idna"
)

// Limits of an e-mail address in octets (RFC 5321, section 4.5.3.1; the whole of a path less its angle brackets).
const (
	maxEmail     = 254
	maxLocalPart = 64
)

// Email is a parsed e-mail address.
type Email struct {
	Local  string // as it came, a +tag included: whose mailbox it is, only the domain's owner knows
	Domain string // lower case, IDN labels in their ASCII form
}

// Spellings lists the ways to write the address that differ in more than case: the domain in ASCII form and, if it is
// an IDN, in Unicode.
func (e Email) Spellings() []string {
	spellings := []string{e.Local + "@" + e.Domain}
	if domain, err := idna.ToUnicode(e.Domain); err == nil && domain != e.Domain {
		spellings = append(spellings, e.Local+"@"+domain)
	}
	return spellings
}

// Same tells whether both are one mailbox for a user pool, which holds addresses without regard to case.
func (e Email) Same(other Email) bool {
	return e.Domain == other.Domain && strings.EqualFold(e.Local, other.Local)
}

var errEmail = errors.New("not an e-mail address")

// ParseEmail reads an address of the form dot-atom@domain: the part of RFC 5322 that mail providers hand out. Quoted
// local parts, comments, address literals, control characters and white space are errors, and so is a local part beyond
// ASCII, which SES cannot deliver to. The error never holds the address.
func ParseEmail(address string) (Email, error) {
	at := strings.LastIndexByte(address, '@')
	if at < 0 || len(address) > maxEmail || !dotAtom(address[:at]) {
		return Email{}, errEmail
	}
	domain, err := ParseDomain(address[at+1:])
	if err != nil {
		return Email{}, errEmail
	}
	if at+1+len(domain) > maxEmail {
		return Email{}, errEmail
	}
	return Email{Local: address[:at], Domain: domain}, nil
}

// dotAtom tells whether s is a dot-atom of RFC 5322: runs of atext with single dots between them.
func dotAtom(s string) bool {
	if len(s) == 0 || len(s) > maxLocalPart {
		return false
	}
	dot := true // a dot may not come first
	for i := range len(s) {
		if s[i] == '.' && !dot {
			dot = true
			continue
		}
		if !atext(s[i]) {
			return false
		}
		dot = false
	}
	return !dot
}

func atext(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0
}
