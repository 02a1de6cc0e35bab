// Package phone reads phone numbers in the form that Cognito stores, E.164, and knows which country a number belongs
// to, for lists of countries that may get text messages. It is a table of prefixes, because a library that knows every
// country's numbers adds megabytes to a function; it does not know whether a number exists.
//
// See https://www.itu.int/rec/T-REC-E.164
package phone

import (
	_ "embed"
	"errors"
	"strings"
	"sync"
)

// Number is a phone number.
type Number struct {
	Digits string // without the plus
}

const (
	shortest, longest = 7, 15 // digits, with the country's
	// blockDigits are those that differ within a block of numbers that belong together, as they are handed out.
	blockDigits = 4
)

var errNumber = errors.New("not a phone number: use a plus and 7 to 15 digits, such as +14325551212")

// Parse reads a number such as +14325551212. The error does not repeat it.
func Parse(text string) (Number, error) {
	digits, plus := strings.CutPrefix(text, "+")
	if !plus || len(digits) < shortest || len(digits) > longest || digits[0] == '0' ||
		strings.Trim(digits, "0123456789") != "" {
		return Number{}, errNumber
	}
	return Number{digits}, nil
}

// String returns the number as Parse takes it.
func (n Number) String() string { return "+" + n.Digits }

// Block returns the beginning that the number shares with its neighbours: all but its last four digits. Fraud with text
// messages uses many numbers of few blocks.
func (n Number) Block() string { return n.Digits[:len(n.Digits)-blockDigits] }

// Country returns the number's country as two capital letters (ISO 3166, XK for Kosovo), or "" if it has none.
func (n Number) Country() string {
	table := countries()
	for end := min(len(n.Digits), table.longest); end > 0; end-- {
		if country, found := table.byPrefix[n.Digits[:end]]; found {
			return country
		}
	}
	return ""
}

// KnownCountry reports whether some numbers have the country.
func KnownCountry(country string) bool { return country != "" && countries().known[country] }

//go:embed prefixes.txt
var prefixes string

type table struct {
	byPrefix map[string]string
	known    map[string]bool
	longest  int
}

var countries = sync.OnceValue(func() table {
	t := table{byPrefix: map[string]string{}, known: map[string]bool{}}
	for line := range strings.Lines(prefixes) {
		prefix, country, found := strings.Cut(strings.TrimSpace(line), " ")
		if !found || strings.HasPrefix(line, "#") {
			continue
		}
		country = strings.TrimPrefix(country, "-")
		t.byPrefix[prefix], t.known[country] = country, true
		t.longest = max(t.longest, len(prefix))
	}
	return t
})
