package signup

import (
	"errors"
	"strings"

	"golang.org/x/net/idna"
)

// Limits of an e-mail address in octets (RFC 5321, section 4.5.3.1; a path without its angle brackets).
const (
	maxEmail     = 254
	maxLocalPart = 64
)

// Email is a parsed e-mail address.
type Email struct {
	Local  string // unchanged, with any +tag: only the domain's owner knows whose mailbox it is
	Domain string // lower case, IDN labels in their ASCII form
}

// Address returns the address as mail is sent to it. It is no String method, so that no log has it by accident.
func (e Email) Address() string { return e.Local + "@" + e.Domain }

// Spellings lists the spellings of the address that differ in more than case: with the domain in ASCII form and, for an
// IDN, in Unicode.
func (e Email) Spellings() []string {
	spellings := []string{e.Address()}
	if domain, err := idna.ToUnicode(e.Domain); err == nil && domain != e.Domain {
		spellings = append(spellings, e.Local+"@"+domain)
	}
	return spellings
}

// Same reports whether both are the same address for a user pool, which ignores case.
func (e Email) Same(other Email) bool {
	return e.Domain == other.Domain && strings.EqualFold(e.Local, other.Local)
}

var errEmail = errors.New("not an e-mail address")

// ParseEmail parses an address of the form dot-atom@domain, the part of RFC 5322 that mail providers use. It refuses
// quoted local parts, comments, address literals, control characters, white space, and non-ASCII local parts, which SES
// cannot deliver to. The error does not contain the address.
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

// dotAtom reports whether s is a dot-atom of RFC 5322: runs of atext with single dots between them.
func dotAtom(s string) bool {
	if len(s) == 0 || len(s) > maxLocalPart {
		return false
	}
	dot := true // no dot at the start
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
