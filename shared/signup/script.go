package signup

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// domainScripts tells whether every label of a domain in ASCII form is written in one script, in the sense of UTS 39's
// single-script level: Korean, Japanese and Chinese writing count as one script each. It catches "pаypal" with a
// Cyrillic letter; a label wholly of look-alikes from one foreign script passes.
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

// usernameScripts tells whether each part of a user name between dots and @ is written in one script. Latin letters may
// stand beside Korean, Japanese and Chinese, as UTS 39's highly restrictive level has it: such names are common and
// look like nothing else.
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

// oneWriting tells whether some writing system covers every character of s. Characters that all scripts share, such as
// digits and the hyphen, fit every one.
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

// kana stands for signs that both Japanese syllabaries use.
const kana = "Kana"

// scriptOf names the script of a character, "" where it belongs to all. The guess, the script of the character before,
// is tried first.
func scriptOf(r rune, guess string) string {
	switch {
	case r == 'ー' || r == '゠' || r == '\u3099' || r == '\u309A':
		return kana // shared by Unicode's main property; UTS 39 goes by the script extensions, and U+30FC looks like a dash
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
