package signup

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// domainScripts reports whether every label of a domain in ASCII form uses a single script by UTS 39's single-script
// level: Korean, Japanese and Chinese count as one script each. It catches "pаypal" with a Cyrillic letter, but not a
// label that consists only of look-alikes from one other script.
func domainScripts(domain string) bool {
	for label := range strings.SplitSeq(domain, ".") {
		if !strings.HasPrefix(label, "xn--") {
			continue
		}
		label, err := idna.Lookup.ToUnicode(label)
		if err != nil || !oneWriting(label, false) {
			return false
		}
	}
	return true
}

// usernameScripts reports whether each part of a user name between dots and @ uses a single script. Latin letters may
// be mixed with Korean, Japanese and Chinese, as in UTS 39's highly restrictive level: such names are common and not
// confusable.
func usernameScripts(username string) bool {
	for part := range strings.FieldsFuncSeq(username, func(r rune) bool { return r == '.' || r == '@' }) {
		if !oneWriting(part, true) {
			return false
		}
	}
	return true
}

// The East Asian writing systems that use several scripts, by their ISO 15924 codes.
const (
	japanese = "Jpan"
	korean   = "Kore"
	bopomofo = "Hanb" // Chinese with phonetic signs
)

// oneWriting reports whether a single writing system covers every character of s. Characters that all scripts share,
// such as digits and the hyphen, fit all of them.
func oneWriting(s string, latinBesideHan bool) bool {
	if isASCII(s) {
		return true
	}
	var candidates []string
	first, last := true, ""
	for _, r := range s {
		script := scriptOf(r, last)
		if script == "" || script == last {
			continue
		}
		last = script
		systems := writings(script, latinBesideHan)
		if first {
			candidates, first = systems, false
			continue
		}
		candidates = slices.DeleteFunc(candidates, func(c string) bool { return !slices.Contains(systems, c) })
		if len(candidates) == 0 {
			return false
		}
	}
	return true
}

// writings lists the writing systems that use a script.
func writings(script string, latinBesideHan bool) []string {
	switch script {
	case "Han":
		return []string{script, japanese, korean, bopomofo}
	case "Hiragana", "Katakana":
		return []string{script, japanese}
	case kana:
		return []string{"Hiragana", "Katakana", japanese}
	case "Hangul":
		return []string{script, korean}
	case "Bopomofo":
		return []string{script, bopomofo}
	case "Latin":
		if latinBesideHan {
			return []string{script, japanese, korean, bopomofo}
		}
	}
	return []string{script}
}

// kana is the script of signs that both Japanese syllabaries use.
const kana = "Kana"

// scriptOf returns the script of a character, or "" if all scripts share it. It tries guess first, the script of the
// character before.
func scriptOf(r rune, guess string) string {
	switch {
	case r == 'ー' || r == '゠' || r == '\u3099' || r == '\u309A':
		// "common" by Unicode's main property, but UTS 39 uses the script extensions, and U+30FC looks like a dash
		return kana
	case r == '〆' || r == '〇':
		return "Han"
	case '\u0660' <= r && r <= '\u0669':
		return "Arabic"
	case r < 0x80 && unicode.IsLetter(r):
		return "Latin"
	case unicode.In(r, unicode.Common, unicode.Inherited):
		return ""
	}
	if table, ok := unicode.Scripts[guess]; ok && unicode.Is(table, r) {
		return guess
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return "Unknown"
}
