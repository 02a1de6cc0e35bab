package messages

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Cognito's limits, in characters counted after it inserted the code.
const (
	MaxSubject = 140
	MaxHTML    = 20_000
	MaxSMS     = 140

	minMessage = 6 // of an SMS and of a mail; a subject needs 1
)

// The room that is kept for what Cognito inserts, in characters, since its length is not known when a message is
// written. A placeholder longer than its reserve counts with its own length.
const (
	ReserveCode     = 8   // codes have 6 digits; two more, should some kind of code be longer
	ReservePassword = 32  // temporary passwords; an administrator who sets a longer one may find an SMS refused
	ReserveUsername = 128 // the longest user name; only where the event does not tell the user's
)

// insertion is a placeholder and the room that it needs.
type insertion struct {
	placeholder string
	reserve     int
}

// length is what Cognito may count for a message, in characters. Before the insertion it checks the text with its
// placeholders, so that the longer of the two counts.
func length(message string, insertions []insertion) int {
	n := utf8.RuneCountInString(message)
	for _, in := range insertions {
		n += max(0, in.reserve-utf8.RuneCountInString(in.placeholder))
	}
	return n
}

// fits tells whether a message has from shortest to longest characters. Counting them takes longer than most else that
// is done to a mail, so the number of bytes decides where it can.
func fits(message string, insertions []insertion, shortest, longest int) bool {
	if len(message) < shortest*utf8.UTFMax && utf8.RuneCountInString(message) < shortest {
		return false
	}
	room := 0
	for _, in := range insertions {
		room += in.reserve
	}
	return len(message)+room <= longest || length(message, insertions) <= longest
}

// standard are the placeholders as Cognito has written them so far; a link's text stands between the two last.
var standard = []string{"{####}", "{username}", "{##", "##}"}

// holdsOnce tells whether each placeholder stands in the message exactly once and no other one does, neither of those
// that the event names nor a standard one.
func holdsOnce(message string, insertions []insertion, all []string) bool {
	for _, in := range insertions {
		if strings.Count(message, in.placeholder) != 1 {
			return false
		}
	}
	rest := without(message, insertions)
	holds := func(placeholder string) bool {
		inPart := func(part string) bool { return strings.Contains(part, placeholder) }
		return placeholder != "" && slices.ContainsFunc(rest, inPart)
	}
	return !slices.ContainsFunc(all, holds) && !slices.ContainsFunc(standard, holds)
}

// without gives the parts of the message, in any order, that are left around the first of each placeholder.
func without(message string, insertions []insertion) []string {
	parts := append(make([]string, 0, 3), message)
	for _, in := range insertions {
		for i, part := range parts {
			if before, after, found := strings.Cut(part, in.placeholder); found {
				parts[i] = before
				parts = append(parts, after)
				break
			}
		}
	}
	return parts
}
