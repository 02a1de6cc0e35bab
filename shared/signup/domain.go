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

// maxDomainInput bounds what is handed to the IDNA tables: no name that fits maxDomain is written longer.
const maxDomainInput = 4 * maxDomain

var errDomain = errors.New("not a domain name")

// ParseDomain reads a domain name as mail uses it and returns the form to compare: lower case, IDN labels as A-labels
// ("xn--…"). A name of one label, a trailing dot, an address in figures and labels that no registry hands out are
// errors, and so are invisible and compatibility characters, which look-up drops or replaces: such a name reads like
// another. The error never holds the name.
func ParseDomain(name string) (string, error) {
	if len(name) > maxDomainInput || !utf8.ValidString(name) {
		return "", errDomain
	}
	ascii := strings.ToLower(name)
	if !isASCII(name) || needsIDNA(ascii) { // the name as it came: some letters beyond ASCII have lower case within
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

// needsIDNA tells whether a name in lower-case ASCII has A-labels. Plain names skip the tables, and with them a rule
// about hyphens that names in use break.
func needsIDNA(name string) bool {
	return strings.HasPrefix(name, "xn--") || strings.Contains(name, ".xn--")
}

// asWritten tells whether the ASCII form stands for the name as it is written, case and composition of characters
// apart.
func asWritten(name, ascii string) bool {
	written, err := idna.ToUnicode(fold(name)) // decodes A-labels and maps nothing
	if err != nil {
		return false
	}
	mapped, err := idna.ToUnicode(ascii)
	return err == nil && fold(written) == fold(mapped)
}

// fold lowers case and composes characters. Letters beyond ASCII whose lower case is within, the Turkish capital İ and
// the Kelvin sign, become what no domain name holds.
func fold(name string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		lower := unicode.ToLower(r)
		if r >= utf8.RuneSelf && lower < utf8.RuneSelf {
			return utf8.RuneError
		}
		return lower
	}, name))
}

// hostname tells whether name is at least two labels of letters, digits and inner hyphens, the last one not a number.
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

// DomainList is a set of domains: "example.com" is that domain alone, "*.example.com" is every domain below it and not
// the domain itself. The zero value is empty.
type DomainList struct {
	exact []string // sorted
	below []string // sorted; the part after "*."
}

// ParseDomainList reads the entries of a list; they are compared as ParseDomain writes them, so an IDN may be written
// either way. The error names the entry.
func ParseDomainList(entries []string) (DomainList, error) {
	var list DomainList
	for _, entry := range entries {
		name, wildcard := strings.CutPrefix(entry, "*.")
		domain, err := ParseDomain(name)
		if err != nil {
			return DomainList{},
				errors.New("has the entry " + entry +
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

// Empty tells whether the list has no entries.
func (l DomainList) Empty() bool { return len(l.exact) == 0 && len(l.below) == 0 }

// Contains tells whether the list holds a domain, given as ParseDomain returns it.
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
