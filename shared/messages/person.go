package messages

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"cognito-triggers/shared/visible"
)

// maxName is the longest name in characters that a message greets a user by. Anyone can sign up with any address and
// any name, so a longer name is treated as an attempt to have a text sent.
const maxName = 64

// name fills in the user's names from the attributes given_name, family_name and name, without placeholders. It leaves
// out a name that looks like a message of its own, also if only its joined parts do.
func (f *Fields) name(attributes map[string]string, placeholders []string) {
	f.GivenName = plainName(attributes["given_name"], placeholders)
	f.FamilyName = plainName(attributes["family_name"], placeholders)
	f.FullName = plainName(attributes["name"], placeholders)
	if f.FullName == "" {
		f.FullName = plainName(joinNames(f.GivenName, f.FamilyName), placeholders)
	}
}

// anonymous returns the fields without the user's names.
func (f *Fields) anonymous() *Fields {
	without := *f
	without.GivenName, without.FamilyName, without.FullName = "", "", ""
	return &without
}

// joinNames joins a name in the order of its script: family name first and no space for Hangul, Han and kana.
func joinNames(given, family string) string {
	switch {
	case given == "" || family == "":
		return given + family
	case eastAsian(given) && eastAsian(family):
		return family + given
	}
	return given + " " + family
}

func eastAsian(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsLetter(r) && !unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana)
	}) < 0
}

// unbrace removes the characters of placeholders.
var unbrace = strings.NewReplacer("{", "", "}", "", "#", "")

// unsupplied is what Cognito writes into a required attribute that the identity provider left out.
const unsupplied = "cognito:default_val"

func plainName(value string, placeholders []string) string {
	if len(value) > maxName*utf8.UTFMax*2 {
		return ""
	}
	for _, placeholder := range placeholders {
		if placeholder != "" {
			value = strings.ReplaceAll(value, placeholder, "")
		}
	}
	value = oneLine(unbrace.Replace(withoutIgnorable(oneLine(value))))
	if value == unsupplied || utf8.RuneCountInString(value) > maxName || !strings.ContainsFunc(value, unicode.IsLetter) ||
		advertises(value) {
		return ""
	}
	return value
}

// withoutIgnorable removes letters and marks that show nothing.
func withoutIgnorable(s string) string {
	return strings.Map(func(r rune) rune {
		if visible.Ignorable(r) {
			return -1
		}
		return r
	}, s)
}

// advertises reports whether a name could lead its reader somewhere: mail programs turn addresses and numbers into
// links. They read other forms of a character like the common one, so the name is normalised first.
func advertises(name string) bool {
	name = norm.NFKC.String(name)
	digits := 0
	for _, r := range name {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return digits > 3 || strings.ContainsAny(name, `@\`) || strings.Contains(name, "://") || holdsDomain(name)
}

// holdsDomain finds a dot with a character of a domain before it and two letters after it, as in "example.org". Marks
// count as letters: in many scripts, vowels are marks.
func holdsDomain(name string) bool {
	runes := []rune(name)
	for i := 1; i+2 < len(runes); i++ {
		if isDot(runes[i]) && inDomain(runes[i-1]) && isLetter(runes[i+1]) && isLetter(runes[i+2]) {
			return true
		}
	}
	return false
}

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) }

// inDomain reports whether a character may end the label of a domain. Some registries sell names with symbols.
func inDomain(r rune) bool { return isLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) }

// isDot reports whether browsers and mail programs read the character as the dot of a domain, as UTS #46 maps it.
// Normalisation has replaced the others.
func isDot(r rune) bool { return r == '.' || r == '\u3002' }
