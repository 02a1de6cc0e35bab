package customsender

import (
	"strconv"
	"strings"
	"time"

	"cognito-triggers/shared/messages"
)

// SignIn returns what an event of AccountTakeOverNotification tells of the sign-in. Cognito puts it among the user's
// attributes, under names that its guide does not list.
func SignIn(e Event) messages.SignIn {
	value := e.Attributes
	return messages.SignIn{
		Time:     signInTime(value["LOGIN_TIME"]),
		Place:    strings.Trim(value["CITY"]+", "+value["COUNTRY"], ", "),
		Device:   value["DEVICE_NAME"],
		Address:  value["IP_ADDRESS"],
		Refused:  value["ACCOUNT_TAKE_OVER_ACTION"] == "BLOCK",
		WasMe:    value["ONE_CLICK_LINK_VALID"],
		WasNotMe: value["ONE_CLICK_LINK_INVALID"],
	}
}

// signInTime writes a time for people. Its form in the event is not documented: seconds and milliseconds since 1970 and
// RFC 3339 are understood, anything else stays as it is.
func signInTime(text string) string {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return messages.FormatTime(at)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil || n <= 0:
		return text
	case n > 1e11: // the year 5138 in seconds
		return messages.FormatTime(time.UnixMilli(n))
	}
	return messages.FormatTime(time.Unix(n, 0))
}

// Write writes the message of an event, whose code is empty if it has none.
func Write(composer *messages.Composer, e Event, kind messages.Kind, code string) (messages.Mail, error) {
	if kind == messages.AccountTakeOver {
		return composer.Write(kind, e.Attributes, e.Metadata, messages.Insertions{SignIn: SignIn(e)})
	}
	return composer.Fill(messages.Request{
		Kind: kind, Attributes: e.Attributes, Metadata: e.Metadata, UserName: e.UserName(),
	}, code)
}

// Writes reports whether there is a message for a source. Cognito may add sources.
func Writes(kind messages.Kind) bool {
	return kind.Valid() && (!kind.Own() || kind == messages.AccountTakeOver)
}
