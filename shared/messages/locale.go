package messages

import (
	"slices"
	"strings"
)

// maxLocale is the limit of a locale in bytes. The longest tags in use have about 35.
const maxLocale = 64

// Match returns the locale of the set for the first wish that has one, or fallback. A wish may be written as ko-KR,
// ko_KR or ko_KR.UTF-8; anything else is ignored.
//
// Matching is BCP 47's lookup: the wish itself, then the wish with fewer and fewer of its parts. If that finds nothing,
// the only locale of the same language matches. (golang.org/x/text/language also knows related languages, but adds as
// much to a cold start as parsing the templates.) See https://www.rfc-editor.org/rfc/rfc4647#section-3.4
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

// candidates lists a tag with fewer and fewer of its parts. A part of one letter is dropped with the part after it. For
// Chinese, the script of the region comes before the language alone.
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

// wellFormed reports whether a text looks like a language tag: parts of at most 8 letters and digits, the first one a
// language of 2 or 3 letters.
func wellFormed(tag string) bool {
	for part := range strings.SplitSeq(tag, "-") {
		if part == "" || len(part) > 8 || strings.Trim(part, letters) != "" {
			return false
		}
	}
	name := language(tag)
	return (len(name) == 2 || len(name) == 3) && !strings.ContainsAny(name, "0123456789")
}
