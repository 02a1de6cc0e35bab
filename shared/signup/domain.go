package signup

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Limits of a domain name in its ASCII form, in octets (RFC 1035, section 2.3.4).
const (
	maxDomain = 253
	maxLabel  = 63
)

// maxDomainInput limits the input of the IDNA tables; no name that fits maxDomain is longer.
const maxDomainInput = 4 * maxDomain

var errDomain = errors.New("not a domain name")

// ParseDomain parses the domain of a mail address and returns it in the form to compare: lower case, IDN labels as
// A-labels ("xn--…"). It refuses names of one label, trailing dots, IP addresses and labels that no registry hands
// out. It also refuses invisible and compatibility characters, which look-ups drop or replace, so that one name looks
// like another. The error does not contain the name.
func ParseDomain(name string) (string, error) {
	if len(name) > maxDomainInput || !utf8.ValidString(name) {
		return "", errDomain
	}
	ascii := strings.ToLower(name)
	if !isASCII(name) || needsIDNA(ascii) { // the original name: some non-ASCII letters have an ASCII lower case
		var err error
		if ascii, err = idna.Lookup.ToASCII(name); err != nil || !asWritten(name, ascii) {
			return "", errDomain
		}
	}
	if !hostname(ascii) {
		return "", errDomain
	}
	return ascii, nil
}

// needsIDNA reports whether a name in lower-case ASCII has A-labels. Other names skip the IDNA tables, whose rule about
// hyphens some names in use break.
func needsIDNA(name string) bool {
	return strings.HasPrefix(name, "xn--") || strings.Contains(name, ".xn--")
}

// asWritten reports whether the ASCII form is the name as written, except for case and the composition of characters.
func asWritten(name, ascii string) bool {
	written, err := idna.ToUnicode(fold(name)) // decodes A-labels without mapping
	if err != nil {
		return false
	}
	mapped, err := idna.ToUnicode(ascii)
	return err == nil && fold(written) == fold(mapped)
}

// fold lowers case and composes characters. Non-ASCII letters with an ASCII lower case, the Turkish capital İ and the
// Kelvin sign, become characters that no domain name contains.
func fold(name string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		lower := unicode.ToLower(r)
		if r >= utf8.RuneSelf && lower < utf8.RuneSelf {
			return utf8.RuneError
		}
		return lower
	}, name))
}

// hostname reports whether name has at least two labels of letters, digits and inner hyphens, and the last one is not a
// number.
func hostname(name string) bool {
	if len(name) > maxDomain {
		return false
	}
	labels, last := 0, ""
	for label := range strings.SplitSeq(name, ".") {
		if !ldh(label) {
			return false
		}
		labels, last = labels+1, label
	}
	return labels >= 2 && strings.Trim(last, "0123456789") != ""
}

func ldh(label string) bool {
	if len(label) == 0 || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for i := range len(label) {
		c := label[i]
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-') {
			return false
		}
	}
	return true
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// DomainList is a set of domains: "example.com" is only that domain, "*.example.com" is every domain below it but not
// the domain itself. The zero value is empty.
type DomainList struct {
	exact []string // sorted
	below []string // sorted; the part after "*."
}

// ParseDomainList parses the entries of a list with ParseDomain, so an IDN may be in Unicode or ASCII form. The error
// names the entry.
func ParseDomainList(entries []string) (DomainList, error) {
	var list DomainList
	for _, entry := range entries {
		name, wildcard := strings.CutPrefix(entry, "*.")
		domain, err := ParseDomain(name)
		if err != nil {
			return DomainList{}, errors.New("has the entry " + entry +
				", which is not a domain: write example.com, or *.example.com for the domains below it")
		}
		if wildcard {
			list.below = append(list.below, domain)
		} else {
			list.exact = append(list.exact, domain)
		}
	}
	slices.Sort(list.exact)
	slices.Sort(list.below)
	return list, nil
}

// Empty reports whether the list is empty.
func (l DomainList) Empty() bool { return len(l.exact) == 0 && len(l.below) == 0 }

// Contains reports whether the list contains a domain, in the form that ParseDomain returns.
func (l DomainList) Contains(domain string) bool {
	if _, found := slices.BinarySearch(l.exact, domain); found {
		return true
	}
	for {
		_, parent, more := strings.Cut(domain, ".")
		if !more {
			return false
		}
		if _, found := slices.BinarySearch(l.below, parent); found {
			return true
		}
		domain = parent
	}
}
