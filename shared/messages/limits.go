package messages

import (
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
	for _, in := range insertions {
		message = strings.Replace(message, in.placeholder, "\x00", 1)
	}
	for _, list := range [][]string{all, standard} {
		for _, placeholder := range list {
			if placeholder != "" && strings.Contains(message, placeholder) {
				return false
			}
		}
	}
	return true
}
