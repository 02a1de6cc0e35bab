package messages

import (
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// SignIn is what a message tells of a sign-in. Whoever signs in chooses a part of it, for example the name of the
// device, so a value that could lead the reader somewhere is left out, as it is from names.
type SignIn struct {
	Time, Place, Device, Address string // Address is an IP address
	Refused                      bool   // Cognito refused the sign-in
	WasMe, WasNotMe              string // https URLs at which the user says whose sign-in it was
}

// FormatTime returns a moment as SignIn.Time has it, in UTC and to the minute.
func FormatTime(at time.Time) string { return at.UTC().Format("2006-01-02 15:04 UTC") }

func (f *Fields) signIn(s SignIn) {
	f.Time, f.Place, f.Device = detail(s.Time), detail(s.Place), detail(s.Device)
	if address, err := netip.ParseAddr(s.Address); err == nil {
		f.Address = address.WithZone("").String()
	}
	if s.Refused {
		f.Refused = "yes"
	}
	f.WasMe, f.WasNotMe = plainLink(s.WasMe), plainLink(s.WasNotMe)
}

const (
	maxDetail       = 64 // characters
	maxDetailDigits = 14 // a time has that many
)

// detail cleans one value of a sign-in, or returns "".
func detail(value string) string {
	if len(value) > maxDetail*utf8.UTFMax {
		return ""
	}
	value = oneLine(unbrace.Replace(withoutIgnorable(oneLine(value))))
	normal, digits, run := norm.NFKC.String(value), 0, 0
	for _, r := range normal {
		switch {
		case !unicode.IsDigit(r):
			run = 0
			continue
		case run >= 4: // longer than a year: a phone number
			return ""
		}
		digits, run = digits+1, run+1
	}
	if utf8.RuneCountInString(value) > maxDetail || digits > maxDetailDigits || strings.ContainsAny(normal, `@\+`) ||
		strings.Contains(normal, "://") || holdsDomain(normal) {
		return ""
	}
	return value
}

// plainLink returns the address if it is https and needs no encoding in a link, or "".
func plainLink(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(address) > 2048 ||
		strings.Trim(address, letters+"-._~:/?=%&#") != "" {
		return ""
	}
	return address
}
