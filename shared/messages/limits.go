package messages

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Cognito's limits in characters, counted after it has inserted the code.
const (
	MaxSubject = 140
	MaxHTML    = 20_000
	MaxSMS     = 140

	minMessage = 6 // of an SMS and of a mail; a subject needs 1
)

// The room in characters that is kept for what Cognito inserts, whose length is unknown when a message is written. A
// placeholder longer than its reserve counts with its own length.
const (
	ReserveCode     = 8   // codes have 6 digits; two more in case some kind of code is longer
	ReservePassword = 32  // temporary passwords; an administrator who sets a longer one may find an SMS refused
	ReserveUsername = 128 // the longest user name, for events without the user's own
)

// insertion is a placeholder with the room that it needs.
type insertion struct {
	placeholder string
	reserve     int
}

// length is the length in characters that Cognito may count for a message. Cognito also checks the text with its
// placeholders, before the insertion, so the longer of the two counts.
func length(message string, insertions []insertion) int {
	n := utf8.RuneCountInString(message)
	for _, in := range insertions {
		n += max(0, in.reserve-utf8.RuneCountInString(in.placeholder))
	}
	return n
}

// fits reports whether a message has from shortest to longest characters. Counting characters is one of the slowest
// steps of a mail, so the number of bytes decides if it can.
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

// standard are the placeholders that Cognito is known to use; a link's text is between the last two.
var standard = []string{"{####}", "{username}", "{##", "##}"}

// holdsOnce reports whether the message holds each placeholder exactly once, and no other placeholder of the event and
// no standard one.
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

// without returns the parts of the message around the first occurrence of each placeholder, in any order.
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
