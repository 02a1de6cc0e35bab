package challenge

import (
	"context"
	"crypto/rand"
	"errors"
	"time"
)

// Versioned is a record as it is stored.
type Versioned struct {
	Record
	Version int64  `json:"version"` // 0: not stored yet
	Change  string `json:"change"`  // names the write
}

// Store keeps records. It is safe for concurrent use.
type Store interface {
	// Secret returns the store's secret, the same in every process.
	Secret(ctx context.Context) ([]byte, error)
	// Load returns a record as the last Save left it; a record that is not stored is the zero value.
	Load(ctx context.Context, name string) (Versioned, error)
	// Save stores a record if the stored one has the version before it. Otherwise it returns the stored one and
	// ErrConflict.
	Save(ctx context.Context, name string, v Versioned) (Versioned, error)
}

// ErrConflict is the error of Save for a record that another request has changed meanwhile.
var ErrConflict = errors.New("the record was changed meanwhile")

// errBusy is the error for a record that others change again and again.
var errBusy = errors.New("the record is changed too often")

// attempts bounds the writes for one decision. All limits together let fewer writes through.
const attempts = 64

// Desk applies the rules to the records of a store.
type Desk struct {
	Store Store
	Now   func() time.Time
}

// Ask is Record.Ask for a user, stored.
func (d Desk) Ask(ctx context.Context, u User, p Policy, m Method) (offer Offer, err error) {
	var refused error
	err = d.change(ctx, u, func(r Record, key Key) (Record, bool) {
		r, offer, refused = r.Ask(p, m, key, d.Now())
		return r, offer.Secret != ""
	})
	if err != nil {
		return Offer{}, err
	}
	return offer, refused
}

// Again is Record.Again for a user.
func (d Desk) Again(ctx context.Context, u User, p Policy, m Method) (offer Offer, err error) {
	err = d.change(ctx, u, func(r Record, _ Key) (Record, bool) {
		offer = r.Again(p, m, d.Now())
		return r, false
	})
	return offer, err
}

// Answer is Record.Answer for a user, stored.
func (d Desk) Answer(ctx context.Context, u User, wrong Rolling, c Claim) (verdict Verdict, err error) {
	err = d.change(ctx, u, func(r Record, key Key) (Record, bool) {
		r, verdict = r.Answer(wrong, c, key, d.Now())
		return r, verdict != Unevaluated
	})
	if err != nil {
		return Unevaluated, err
	}
	return verdict, nil
}

// change stores what decide makes of the user's record, if it wants that. If another request was faster, decide decides
// anew on what that one left.
func (d Desk) change(ctx context.Context, u User, decide func(Record, Key) (changed Record, write bool)) error {
	secret, err := d.Store.Secret(ctx)
	if err != nil {
		return err
	}
	key := KeyOf(secret, u)
	name := key.RecordName()
	now, err := d.Store.Load(ctx, name)
	if err != nil {
		return err
	}
	for range attempts {
		changed, write := decide(now.Record.clone(), key)
		if !write {
			return nil
		}
		mine := Versioned{Record: changed, Version: now.Version + 1, Change: rand.Text()}
		stored, err := d.Store.Save(ctx, name, mine)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, ErrConflict):
			return err
		case stored.Change == mine.Change:
			return nil // the client repeated a write whose answer was lost
		}
		now = stored
	}
	return errBusy
}
