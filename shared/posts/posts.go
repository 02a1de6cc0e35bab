// Package posts holds what the API's guarded resource is: a post, its id and the rules of the stores that keep it,
// which are in dynamo and memory.
//
// An id is a ULID: the millisecond of the making and 80 bits by chance. It is made without asking or counting anywhere,
// sorts by time, and tells the month under which the post is kept, so that an id alone finds the post and a list of the
// newest needs neither an index nor a scan.
package posts

import (
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/oklog/ulid/v2"
)

// ID names a post, and, in lists, the place before it.
type ID = ulid.ULID

// Post is a post as the API gives it.
type Post struct {
	ID        ID        `json:"id"`
	Owner     string    `json:"owner"` // sub of the user
	Title     string    `json:"title"`
	Contents  string    `json:"contents"`
	CreatedAt time.Time `json:"created_at"` // the id's own time
	UpdatedAt time.Time `json:"updated_at"`
	Version   int       `json:"version"` // 1, and one more with every change
}

// New makes a post, as created now.
func New(owner, title, contents string, now time.Time) (Post, error) {
	id, err := ulid.New(ulid.Timestamp(now), rand.Reader)
	if err != nil {
		return Post{}, fmt.Errorf("make a post's id: %w", err)
	}
	return Post{Owner: owner, Title: title, Contents: contents}.firstAs(id), nil
}

// firstAs is p as it was when it was created under the id.
func (p Post) firstAs(id ID) Post {
	p.ID, p.Version = id, 1
	p.CreatedAt = timeOf(id)
	p.UpdatedAt = p.CreatedAt
	return p
}

// ErrNotID says that a text is no id of a post.
var ErrNotID = errors.New("posts: not an id")

// ParseID reads an id in either case, and refuses one that sorts wrongly because its year has five digits.
func ParseID(text string) (ID, error) {
	id, err := ulid.ParseStrict(text)
	if err != nil || timeOf(id).Year() > 9999 {
		return ID{}, ErrNotID
	}
	return id, nil
}

func timeOf(id ID) time.Time { return id.Timestamp().UTC() }

// Timestamp is t as posts keep it: UTC, whole milliseconds.
func Timestamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

const monthForm = "2006-01"

// Month is the month of an id's time in UTC, for example "2026-11".
func Month(id ID) string { return timeOf(id).Format(monthForm) }

// MonthStart is the lowest id that a month can have: whatever is before it belongs to an earlier month.
func MonthStart(month string) (ID, error) {
	start, err := time.Parse(monthForm, month)
	if err != nil {
		return ID{}, fmt.Errorf("%q is no month", month)
	}
	var id ID
	return id, id.SetTime(ulid.Timestamp(start))
}
