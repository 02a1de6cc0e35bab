// Package posts holds the resource that the API guards: posts, their ids, and the rules of their stores, which are in
// the packages dynamo and memory.
//
// An id is a ULID: the millisecond of its creation and 80 random bits. It needs no coordination, sorts by time, and
// contains the month under which the post is stored, so that an id alone finds the post and listing the newest posts
// needs neither an index nor a scan.
package posts

import (
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/oklog/ulid/v2"
)

// ID is the id of a post and, in lists, the place before it.
type ID = ulid.ULID

// Post is a post as stores have it. The API gives its Public form.
type Post struct {
	ID        ID        `json:"id"`
	Owner     string    `json:"owner"` // sub of the user; see Public
	Title     string    `json:"title"`
	Contents  string    `json:"contents"`
	CreatedAt time.Time `json:"created_at"` // the id's own time
	UpdatedAt time.Time `json:"updated_at"`
	Version   int       `json:"version"` // 1, and one more with every change
}

// New returns a post that is created now.
func New(owner, title, contents string, now time.Time) (Post, error) {
	id, err := ulid.New(ulid.Timestamp(now), rand.Reader)
	if err != nil {
		return Post{}, fmt.Errorf("make a post's id: %w", err)
	}
	return Post{Owner: owner, Title: title, Contents: contents}.firstAs(id), nil
}

// firstAs returns p as it was first created under the id.
func (p Post) firstAs(id ID) Post {
	p.ID, p.Version = id, 1
	p.CreatedAt = timeOf(id)
	p.UpdatedAt = p.CreatedAt
	return p
}

// ErrNotID reports that a text is not a post id.
var ErrNotID = errors.New("posts: not an id")

// ParseID reads an id in upper or lower case. It refuses an id whose year has five digits, since that sorts wrongly.
func ParseID(text string) (ID, error) {
	id, err := ulid.ParseStrict(text)
	if err != nil || timeOf(id).Year() > 9999 {
		return ID{}, ErrNotID
	}
	return id, nil
}

func timeOf(id ID) time.Time { return id.Timestamp().UTC() }

// Timestamp returns t as posts store it: in UTC and whole milliseconds.
func Timestamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

const monthForm = "2006-01"

// Month returns the month of an id's time in UTC, for example "2026-11".
func Month(id ID) string { return timeOf(id).Format(monthForm) }

// MonthStart returns the lowest id of a month: every id before it belongs to an earlier month.
func MonthStart(month string) (ID, error) {
	start, err := time.Parse(monthForm, month)
	if err != nil {
		return ID{}, fmt.Errorf("%q is no month", month)
	}
	var id ID
	return id, id.SetTime(ulid.Timestamp(start))
}
