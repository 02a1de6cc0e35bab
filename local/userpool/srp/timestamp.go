package srp

import "time"

// TimestampLayout is the form of TIMESTAMP, in UTC.
const TimestampLayout = "Mon Jan 2 15:04:05 UTC 2006"

// FormatTimestamp writes a time as clients sign it.
func FormatTimestamp(t time.Time) string { return t.UTC().Format(TimestampLayout) }

// ParseTimestamp reads TIMESTAMP. A day with a leading zero and a wrong day of the week are read as well, though the
// signature will not fit then. The error is ErrTimestamp.
func ParseTimestamp(text string) (time.Time, error) {
	t, err := time.Parse(TimestampLayout, text)
	if err != nil {
		return time.Time{}, ErrTimestamp
	}
	return t, nil
}
