package messages

import (
	"slices"
	"strings"
)

// maxLocale bounds what is read as a locale, in bytes. The longest tags in use have about 35.
const maxLocale = 64

// Match chooses the locale of the set that suits the first of the wishes that any suits; fallback where none does. A
// wish may be written as ko-KR, ko_KR or ko_KR.UTF-8; anything else is no wish.
//
// Matching is BCP 47's lookup: the wish itself, then the wish with ever fewer of its parts. Where that finds nothing,
// the only locale of the same language does. (golang.org/x/text/language would also know related languages, and add as
// much to a cold start as parsing the templates does.) See https://www.rfc-editor.org/rfc/rfc4647#section-3.4
func (s *Set) Match(fallback string, wishes ...string) string {
	for _, wish := range wishes {
		if locale, ok := s.match(wish); ok {
			return locale
		}
	}
	return fallback
}

func (s *Set) match(wish string) (string, bool) {
	wish = strings.TrimSpace(wish)
	if wish == "" || len(wish) > maxLocale {
		return "", false
	}
	if end := strings.IndexAny(wish, ".@,;"); end >= 0 {
		wish = wish[:end]
	}
	tag := strings.ReplaceAll(wish, "_", "-")
	if !wellFormed(tag) {
		return "", false
	}
	for _, candidate := range candidates(tag) {
		if i := slices.IndexFunc(s.locales, func(locale string) bool {
			return strings.EqualFold(locale, candidate)
		}); i >= 0 {
			return s.locales[i], true
		}
	}
	return s.onlyOf(language(tag))
}

// onlyOf returns the set's locale of a language if it has exactly one.
func (s *Set) onlyOf(wanted string) (string, bool) {
	found := ""
	for _, locale := range s.locales {
		if strings.EqualFold(language(locale), wanted) {
			if found != "" {
				return "", false
			}
			found = locale
		}
	}
	return found, found != ""
}

// candidates lists a tag and what is left of it as its parts are taken away from the end. A part of one letter goes
// with the part after it. For Chinese, the script that the region writes comes before the language alone.
func candidates(tag string) []string {
	var list []string
	for rest := tag; rest != ""; {
		if rest == language(tag) && strings.EqualFold(rest, "zh") {
			list = append(list, "zh-"+chineseScript(tag))
		}
		list = append(list, rest)
		rest = rest[:max(strings.LastIndexByte(rest, '-'), 0)]
		if n := len(rest); n > 2 && rest[n-2] == '-' {
			rest = rest[:n-2]
		}
	}
	return list
}

func chineseScript(tag string) string {
	for part := range strings.SplitSeq(strings.ToUpper(tag), "-") {
		switch part {
		case "HANT", "TW", "HK", "MO":
			return "Hant"
		}
	}
	return "Hans"
}

func language(tag string) string {
	language, _, _ := strings.Cut(tag, "-")
	return language
}

// wellFormed tells whether a text has the form of a language tag: parts of at most 8 letters and digits, of which the
// first is a language of 2 or 3 letters.
func wellFormed(tag string) bool {
	for part := range strings.SplitSeq(tag, "-") {
		if part == "" || len(part) > 8 || strings.Trim(part, letters) != "" {
			return false
		}
	}
	name := language(tag)
	return (len(name) == 2 || len(name) == 3) && !strings.ContainsAny(name, "0123456789")
}
