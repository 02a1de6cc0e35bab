package challenge

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"time"
)

// Offer is a challenge for the client.
type Offer struct {
	ID     string        // for the private parameters
	Secret string        // the code or token to send; "" if the last message stands
	Wait   time.Duration // until another message may be sent
}

// Ask decides what a user gets who asks for a message. While the last message of the method is younger than p.Resend,
// nothing is sent: the offer leads to the code or link that is there, so that a repeated request does not send twice. A
// link that works in one session alone stays with the session that asked first.
func (r Record) Ask(p Policy, m Method, key Key, now time.Time) (Record, Offer, error) {
	place := r.pending(m)
	if last := *place; last != nil && last.Method == m {
		if wait := time.Unix(last.SentAt, 0).Add(p.Resend).Sub(now); wait > 0 {
			id := last.ID
			if m == MagicLink && !p.LinkOnOtherDevices {
				id = rand.Text()
			}
			return r, Offer{ID: id, Wait: wait}, nil
		}
	}
	r.Sends = p.Sends.recent(r.Sends, now)
	if len(r.Sends) >= p.Sends.Most {
		return r, Offer{}, ErrTooMany
	}
	offer, lasts := Offer{ID: rand.Text(), Wait: p.Resend}, p.LinkLasts
	if offer.Secret = rand.Text(); m != MagicLink {
		offer.Secret, lasts = newCode(p.Digits), p.CodeLasts
	}
	*r.pending(m) = &Pending{
		Method: m, ID: offer.ID, Hash: key.hash(offer.ID, offer.Secret), SentAt: now.Unix(), Until: now.Add(lasts).Unix(),
	}
	r.Sends = append(r.Sends, now.Unix())
	r.keep(now.Add(max(lasts, p.Resend, p.Sends.Within)))
	return r, offer, nil
}

// Again returns the offer of a session whose last answer to the method was wrong: nothing is sent.
func (r Record) Again(p Policy, m Method, now time.Time) Offer {
	last := *r.pending(m)
	if last == nil {
		return Offer{ID: rand.Text()}
	}
	return Offer{ID: last.ID, Wait: max(0, time.Unix(last.SentAt, 0).Add(p.Resend).Sub(now))}
}

// newCode returns a code, all equally likely.
func newCode(digits int) string {
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	n, err := rand.Int(rand.Reader, limit)
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	return fmt.Sprintf("%0*d", digits, n)
}
