package signup

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// UsernameRules are what a user name must look like. The zero value allows every name without control characters and
// white space.
type UsernameRules struct {
	Min, Max    int            // length in characters; 0 for Max is no limit
	Pattern     *regexp.Regexp // must match, if set; see CompileUsernamePattern
	RefuseEmail bool           // refuses names that read like an e-mail address
}

// CompileUsernamePattern compiles a pattern in Go's syntax that a whole user name must match.
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

// notInUsername finds what Cognito's own pattern for user names leaves out: all but letters, marks, symbols, numbers
// and punctuation, so also invisible characters that turn the direction of text. It finds the letters, marks and
// symbols that leave no trace on a screen, too: with one of them a name reads like another user's.
func notInUsername(r rune) bool {
	return r == ' ' || !unicode.IsPrint(r) || r == brailleBlank ||
		unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

const brailleBlank = '\u2800'
