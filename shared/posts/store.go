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
	// ErrNotFound says that there is no post with the id.
	ErrNotFound = errors.New("posts: not found")
	// ErrNotOwner says that the post is somebody else's.
	ErrNotOwner = errors.New("posts: owned by somebody else")
	// ErrVersion says that the post has none of the versions asked for.
	ErrVersion = errors.New("posts: another version")
	// ErrKeyReused says that the idempotency key has made another post.
	ErrKeyReused = errors.New("posts: idempotency key used for another post")
	// ErrBusy says that a request with the same idempotency key is being carried out, and that it did not end in time.
	ErrBusy = errors.New("posts: idempotency key in use")
)

// KeyLife is how long an idempotency key stands for the post that it made.
const KeyLife = 24 * time.Hour

// Store keeps posts. Every write is conditional. All methods are safe for concurrent use, end with ctx, and may return
// errors beside the ones named here when the store cannot be reached. What they return sees every write that ended
// before they began.
//
// A store has no clock: times come from the posts and changes that it is given, so that clocks which differ between
// processes cannot hide a post.
type Store interface {
	// Create stores a post made by New and returns it.
	//
	// With an idempotency key, which counts per owner, the first call makes the post. Every later one until KeyLife has
	// passed stores nothing and returns that post as it was created, whatever became of it since, or ErrKeyReused where
	// its title and contents were others. Of parallel calls one makes the post; ErrBusy says that the store could not find
	// out which.
	Create(ctx context.Context, p Post, key string) (Post, error)

	// Get returns a post or ErrNotFound.
	Get(ctx context.Context, id ID) (Post, error)

	// Update replaces title and contents, raises the version by one and returns the post, or ErrNotFound or the guard's
	// error.
	Update(ctx context.Context, id ID, c Change, g Guard) (Post, error)

	// Delete removes a post, or returns ErrNotFound or the guard's error.
	Delete(ctx context.Context, id ID, g Guard) error

	// List returns posts before a place, newest first; the zero ID asks for the newest. A page holds at most limit posts
	// and may hold fewer, or none: only a zero Next says that nothing is left.
	List(ctx context.Context, before ID, limit int) (Page, error)
}

// Change is what an update writes.
type Change struct {
	Title, Contents string
	At              time.Time
}

// Apply is p after the change. A clock that is behind the creator's does not make a post that was changed before it was
// made.
func (c Change) Apply(p Post) Post {
	p.Title, p.Contents = c.Title, c.Contents
	p.UpdatedAt = Later(p.CreatedAt, Timestamp(c.At))
	p.Version++
	return p
}

// Later is the later of two times.
func Later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Guard is what a post must be for a write to happen. It is judged in the same step as the write.
type Guard struct {
	Owner    string // the owner; empty for anybody's post
	Versions []int  // one of these; nil for any
}

// Check returns ErrNotOwner or ErrVersion, or nil where the write may happen.
func (g Guard) Check(p Post) error {
	switch {
	case g.Owner != "" && g.Owner != p.Owner:
		return ErrNotOwner
	case g.Versions != nil && !slices.Contains(g.Versions, p.Version):
		return ErrVersion
	}
	return nil
}

// Page is a part of the list.
type Page struct {
	Posts []Post
	Next  ID // the place to go on before; zero where nothing is left
}

// Claim is what a store keeps under an idempotency key.
type Claim struct {
	Payload string // digest of title and contents
	Post    ID
	Until   time.Time // when the key is free again
}

// ClaimOf is the claim of a post that is about to be created.
func ClaimOf(p Post) Claim {
	return Claim{Payload: payloadDigest(p), Post: p.ID, Until: p.CreatedAt.Add(KeyLife)}
}

// Standing tells whether the claim still counts when p is created. Seconds, because that is how exact DynamoDB's time
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

// KeyDigest is an idempotency key as it is stored.
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
