package signup

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"cognito-triggers/shared/visible"
)

// UsernameRules are the rules for user names. The zero value accepts every name without control characters, white
// space, and characters that are invisible or other forms of common ones.
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
	case strings.ContainsFunc(name, notInUsername), strings.ContainsFunc(name, lookAlike):
		return false
	case u.Pattern != nil && !u.Pattern.MatchString(name):
		return false
	}
	return !u.RefuseEmail || !strings.Contains(name, "@")
}

// notInUsername reports characters that Cognito's own pattern for user names refuses: all except letters, marks,
// symbols, numbers and punctuation, which includes invisible characters that reverse the direction of text. It also
// reports letters, marks and symbols that are invisible: with them, a name looks like another user's.
func notInUsername(r rune) bool { return r == ' ' || !unicode.IsPrint(r) || visible.Blank(r) }

// lookAlike reports whether a character is another form of others, such as a full-width, mathematical or circled letter
// or the Kelvin sign: normalisation (NFKC) replaces it. A letter that is only composed of a base and its marks is none,
// nor is one that normalisation takes apart into these.
func lookAlike(r rune) bool {
	if r < utf8.RuneSelf {
		return false
	}
	written := string(r)
	if norm.NFKC.String(written) == written {
		return false
	}
	apart := norm.NFD.String(written)
	return utf8.RuneCountInString(apart) == 1 || apart != norm.NFKD.String(written)
}

// deceives reports whether a name has invisible characters, or such that look like others.
func deceives(name string) bool {
	return strings.ContainsFunc(name, visible.Blank) || strings.ContainsFunc(name, lookAlike)
}
