package posts

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
	"time"
)

var (
	// ErrNotFound reports that there is no post with the id.
	ErrNotFound = errors.New("posts: not found")
	// ErrNotOwner reports that the post belongs to somebody else.
	ErrNotOwner = errors.New("posts: owned by somebody else")
	// ErrVersion reports that the post's version is not one of those required.
	ErrVersion = errors.New("posts: another version")
	// ErrKeyReused reports that the idempotency key was used for another post.
	ErrKeyReused = errors.New("posts: idempotency key used for another post")
	// ErrBusy reports that a request with the same idempotency key is in progress and did not end in time.
	ErrBusy = errors.New("posts: idempotency key in use")
)

// KeyLife is how long an idempotency key is tied to its post.
const KeyLife = 24 * time.Hour

// Store keeps posts. Every write is conditional. All methods are safe for concurrent use, end with ctx, and may return
// other errors than those named here if the store cannot be reached. Reads are strongly consistent: they see every
// write that ended before they began.
//
// A store has no clock. All times come from the posts and changes, so that different clocks of processes cannot hide a
// post.
type Store interface {
	// Create stores a post made by New and returns it. An idempotency key belongs to an owner. The first call with a key
	// creates the post. Until KeyLife has passed, later calls store nothing and return the post as it was created, even if
	// it has been changed or deleted since, or ErrKeyReused if their title or contents differ. Of parallel calls, one
	// creates the post; ErrBusy means that the store could not find out which.
	Create(ctx context.Context, p Post, key string) (Post, error)

	// Get returns the post or ErrNotFound.
	Get(ctx context.Context, id ID) (Post, error)

	// Update replaces title and contents, raises the version by one and returns the post. Errors: ErrNotFound, or the
	// guard's.
	Update(ctx context.Context, id ID, c Change, g Guard) (Post, error)

	// Delete removes the post. Errors: ErrNotFound, or the guard's.
	Delete(ctx context.Context, id ID, g Guard) error

	// List returns the posts before a place, newest first; the zero ID starts with the newest. A page holds at most limit
	// posts and may hold fewer or none: only a zero Next means that no posts are left.
	List(ctx context.Context, before ID, limit int) (Page, error)

	// Secret returns 32 random bytes that belong to the table and never change. The first call makes them; of parallel
	// first calls, all get the same.
	Secret(ctx context.Context) ([]byte, error)
}

// Change is the new texts of an update.
type Change struct {
	Title, Contents string
	At              time.Time
}

// Apply returns p after the change. UpdatedAt never precedes CreatedAt, even if the clock is behind the creator's.
func (c Change) Apply(p Post) Post {
	p.Title, p.Contents = c.Title, c.Contents
	p.UpdatedAt = Later(p.CreatedAt, Timestamp(c.At))
	p.Version++
	return p
}

// Later returns the later of two times.
func Later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Guard is the condition of a write. The store checks it in the same step as the write.
type Guard struct {
	Owner    string // the required owner; "" allows any
	Versions []int  // the allowed versions; nil allows any
}

// Check returns ErrNotOwner, ErrVersion, or nil if the write is allowed.
func (g Guard) Check(p Post) error {
	switch {
	case g.Owner != "" && g.Owner != p.Owner:
		return ErrNotOwner
	case g.Versions != nil && !slices.Contains(g.Versions, p.Version):
		return ErrVersion
	}
	return nil
}

// Page is one page of the list.
type Page struct {
	Posts []Post
	Next  ID // where the next page starts; zero if no posts are left
}

// Claim is what a store keeps for an idempotency key.
type Claim struct {
	Payload string // digest of title and contents
	Post    ID
	Until   time.Time // when the key is free again
}

// ClaimOf is the claim of a post that is about to be created.
func ClaimOf(p Post) Claim {
	return Claim{Payload: payloadDigest(p), Post: p.ID, Until: p.CreatedAt.Add(KeyLife)}
}

// Standing reports whether the claim still counts when p is created. Seconds, because that is how exact DynamoDB's time
// to live is.
func (c Claim) Standing(p Post) bool { return c.Until.Unix() > p.CreatedAt.Unix() }

// Resolve answers a call that found the claim: the post that the first call made. It is p but for id and times, since
// the payloads are equal.
func (c Claim) Resolve(p Post) (Post, error) {
	if c.Payload != payloadDigest(p) {
		return Post{}, ErrKeyReused
	}
	return p.firstAs(c.Post), nil
}

// KeyDigest returns the stored form of an idempotency key.
func KeyDigest(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// payloadDigest counts the title's bytes first, so that no text can move from the title into the contents unseen.
func payloadDigest(p Post) string {
	text := binary.BigEndian.AppendUint64(nil, uint64(len(p.Title)))
	text = append(append(text, p.Title...), p.Contents...)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
