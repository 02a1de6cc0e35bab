package signup

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// UsernameRules are the rules for user names. The zero value accepts every name without control characters and white
// space.
type UsernameRules struct {
	Min, Max    int            // length in characters; a Max of 0 means no limit
	Pattern     *regexp.Regexp // must match, if set; see CompileUsernamePattern
	RefuseEmail bool           // refuses names that look like an e-mail address
}

// CompileUsernamePattern compiles a regular expression in Go's syntax that must match the whole user name.
func CompileUsernamePattern(pattern string) (*regexp.Regexp, error) {
	if _, err := regexp.Compile(pattern); err != nil {
		return nil, err
	}
	return regexp.Compile(`\A(?:` + pattern + `)\z`)
}

func (u UsernameRules) allow(name string) bool {
	length := utf8.RuneCountInString(name)
	switch {
	case length < u.Min, u.Max > 0 && length > u.Max:
		return false
	case strings.ContainsFunc(name, notInUsername):
		return false
	case u.Pattern != nil && !u.Pattern.MatchString(name):
		return false
	}
	return !u.RefuseEmail || !strings.Contains(name, "@")
}

// notInUsername reports characters that Cognito's own pattern for user names refuses: all except letters, marks,
// symbols, numbers and punctuation, which includes invisible characters that reverse the direction of text. It also
// reports letters, marks and symbols that are invisible: with them, a name looks like another user's.
func notInUsername(r rune) bool {
	return r == ' ' || !unicode.IsPrint(r) || r == brailleBlank ||
		unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

const brailleBlank = '\u2800'
