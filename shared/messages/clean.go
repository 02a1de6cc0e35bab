package messages

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// permitted reports whether Cognito accepts the character in a message: letters, marks, symbols, numbers, punctuation
// and ASCII white space.
func permitted(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= ' ' && r != 0x7F || r == '\n' || r == '\t'
	}
	return r != utf8.RuneError && unicode.In(r, unicode.L, unicode.M, unicode.S, unicode.N, unicode.P)
}

// permit drops characters that Cognito refuses, and replaces other kinds of space by plain ones.
func permit(s string) string {
	if allPermitted(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case permitted(r):
			return r
		case r == '\r' || !unicode.In(r, unicode.Z):
			return -1
		}
		return ' '
	}, s)
}

// allPermitted lets nearly every mail skip strings.Map, which calls a function for each character.
func allPermitted(s string) bool {
	for _, r := range s {
		if plain := r >= ' ' && r < 0x7F; !plain && !permitted(r) {
			return false
		}
	}
	return true
}

// oneLine drops characters that Cognito refuses, and turns every run of white space, line breaks included, into one
// space.
func oneLine(s string) string {
	return strings.Join(strings.Fields(permit(strings.ReplaceAll(s, "\r", " "))), " ")
}

// lines cleans a text line by line: it trims each line and merges consecutive empty lines.
func lines(s string) string {
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		line = oneLine(line)
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return strings.TrimSpace(strings.Join(out, "\n")) + "\n"
}
