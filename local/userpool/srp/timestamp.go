package srp

import "time"

// TimestampLayout is the layout of TIMESTAMP, in UTC.
const TimestampLayout = "Mon Jan 2 15:04:05 UTC 2006"

// FormatTimestamp formats a time as clients sign it.
func FormatTimestamp(t time.Time) string { return t.UTC().Format(TimestampLayout) }

// ParseTimestamp parses TIMESTAMP. It returns ErrTimestamp if the form is wrong. It accepts a day with a leading zero
// and a wrong day of the week, but then the signature does not match.
func ParseTimestamp(text string) (time.Time, error) {
	t, err := time.Parse(TimestampLayout, text)
	if err != nil {
		return time.Time{}, ErrTimestamp
	}
	return t, nil
}
