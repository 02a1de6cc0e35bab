// Package challenge has the rules of a sign-in without a password, by a one-time code or a link: what comes next, when
// something is sent, and which answers are evaluated. The rules take data and return decisions. What they must remember
// is one Record per user in a Store, which changes as a whole or not at all, so that parallel requests, of one sign-in
// or of many, share their limits.
//
// Users who do not exist get records, too: nothing that a client sees or can measure may differ for them.
package challenge

import (
	"errors"
	"slices"
	"time"
)

// Method is a way to sign in. It is also the challenge's metadata, which comes back in the session, and what clients
// read in the public parameter "challenge".
type Method string

// The methods.
const (
	EmailCode Method = "EMAIL_CODE"
	SMSCode   Method = "SMS_CODE"
	MagicLink Method = "MAGIC_LINK"

	// Choose is the first round where the client has to say which method it wants, or that it has a link. It proves
	// nothing.
	Choose Method = "CHOOSE"
	// HaveLink is what a client chooses to answer with a link from a message that it has. Its challenge is MagicLink.
	HaveLink Method = "HAVE_LINK"
)

// Methods are the methods that can be switched on.
func Methods() []Method { return []Method{EmailCode, SMSCode, MagicLink} }

// Proves reports whether a right answer to a challenge of the method proves who the user is.
func (m Method) Proves() bool { return slices.Contains(Methods(), m) }

// Rolling limits how often something may happen in any stretch of time.
type Rolling struct {
	Most   int
	Within time.Duration
}

// Policy says when something is sent and how long it is good for.
type Policy struct {
	Digits               int           // of a code: 6 or 8
	CodeLasts, LinkLasts time.Duration // at most MaxCodeLasts and MaxLinkLasts
	Resend               time.Duration // the least time between two messages of a method
	Sends                Rolling       // messages per user
	LinkOnOtherDevices   bool          // whether a link also works in another session than the one that asked for it
	Pages                Pages         // where links may lead
}

// Limits of a policy.
const (
	MaxCodeLasts = 10 * time.Minute
	MaxLinkLasts = time.Hour
)

// Record is what is remembered of a user. Times are in seconds since 1970.
type Record struct {
	Sends []int64  `json:"sends,omitempty"` // when messages were sent
	Wrong []int64  `json:"wrong,omitempty"` // when wrong answers were evaluated
	Code  *Pending `json:"code,omitempty"`
	Link  *Pending `json:"link,omitempty"`
	Until int64    `json:"expires_at"` // after which nothing in the record matters
}

// Pending is the last code or link of a user.
type Pending struct {
	Method Method `json:"method"`
	ID     string `json:"id"`             // ties the challenge in a session to it
	Hash   string `json:"hash,omitempty"` // of the code or token; "" once it was used
	SentAt int64  `json:"sent_at"`
	Until  int64  `json:"until"`
}

// ErrTooMany is the decision to send nothing because the user had too many messages.
var ErrTooMany = errors.New("too many messages")

// pending returns the record's place for a method's code or link.
func (r *Record) pending(m Method) **Pending {
	if m == MagicLink {
		return &r.Link
	}
	return &r.Code
}

// recent returns the times that still count, the oldest first.
func (l Rolling) recent(times []int64, now time.Time) []int64 {
	oldest := now.Add(-l.Within).Unix()
	return slices.DeleteFunc(slices.Clone(times), func(at int64) bool { return at <= oldest })
}

// full reports whether nothing more may happen now.
func (l Rolling) full(times []int64, now time.Time) bool { return len(l.recent(times, now)) >= l.Most }

// keep makes the record last until at least the time.
func (r *Record) keep(until time.Time) { r.Until = max(r.Until, until.Unix()) }
