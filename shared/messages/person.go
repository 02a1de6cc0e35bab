package messages

import (
	"strings"
	"unicode"
	"unicode/utf8"
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
	value = oneLine(unbrace.Replace(oneLine(value)))
	if value == unsupplied || utf8.RuneCountInString(value) > maxName || !strings.ContainsFunc(value, unicode.IsLetter) ||
		advertises(value) {
		return ""
	}
	return value
}

// advertises reports whether a name could lead its reader somewhere: mail programs turn addresses and numbers into
// links.
func advertises(name string) bool {
	digits := 0
	for _, r := range name {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return digits > 3 || strings.ContainsAny(name, `@\`) || strings.Contains(name, "://") || holdsDomain(name)
}

// holdsDomain finds a dot with a letter or digit before it and two letters after it, as in "example.org".
func holdsDomain(name string) bool {
	runes := []rune(name)
	for i := 1; i+2 < len(runes); i++ {
		if isDot(runes[i]) && (unicode.IsLetter(runes[i-1]) || unicode.IsDigit(runes[i-1])) && unicode.IsLetter(runes[i+1]) &&
			unicode.IsLetter(runes[i+2]) {
			return true
		}
	}
	return false
}

// isDot reports whether browsers and mail programs read the character as the dot of a domain, as UTS #46 maps it.
func isDot(r rune) bool {
	switch r {
	case '.', '\u2024', '\u3002', '\uFE52', '\uFF0E', '\uFF61':
		return true
	}
	return false
}
