package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strconv"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/posts"
)

const (
	defaultLimit = 20
	maxLimit     = 100

	// pageBytes bounds the texts of a page. Lambda answers with at most 6 MB, and JSON may take six bytes for one.
	pageBytes = 512 << 10
)

// listed is a page as it is sent.
type listed struct {
	Posts  []posts.Post `json:"posts"`
	Cursor string       `json:"cursor,omitempty"` // absent where nothing is left
}

func (h handler) list(ctx context.Context, r *api.Request) (api.Response, error) {
	limit, err := readLimit(r)
	if err != nil {
		return api.Response{}, err
	}
	before, err := readCursor(r)
	if err != nil {
		return api.Response{}, err
	}
	page, err := h.store.List(ctx, before, limit)
	if err != nil {
		return api.Response{}, problem(err)
	}
	page = fitting(page)
	out := listed{Posts: append([]posts.Post{}, page.Posts...)} // [] and not null
	if !page.Next.IsZero() {
		out.Cursor = cursor(page.Next)
	}
	return api.JSON(200, out), nil
}

func readLimit(r *api.Request) (int, error) {
	text, sent := r.QueryStringParameters["limit"]
	if !sent {
		return defaultLimit, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > maxLimit || strconv.Itoa(limit) != text {
		return 0, wrong("limit", "must be a whole number from 1 to 100")
	}
	return limit, nil
}

// fitting cuts a page where its texts are too long for one answer.
func fitting(page posts.Page) posts.Page {
	size := 0
	for i, p := range page.Posts {
		size += len(p.Title) + len(p.Contents)
		if i > 0 && size > pageBytes {
			return posts.Page{Posts: page.Posts[:i], Next: page.Posts[i-1].ID}
		}
	}
	return page
}

// A cursor is a form's number, the id before which the next page begins, and a checksum. It is no secret and needs no
// signature, since every place in the list is everybody's to read; the checksum catches what was cut off or made up,
// which would otherwise list from somewhere.
const (
	cursorForm   = 1
	checksumSize = 4
)

func cursor(next posts.ID) string {
	text := append([]byte{cursorForm}, next[:]...)
	return base64.RawURLEncoding.EncodeToString(append(text, checksum(text)...))
}

func checksum(text []byte) []byte {
	sum := sha256.Sum256(append([]byte("cursor of the list of posts\n"), text...))
	return sum[:checksumSize]
}

// readCursor reads the place to begin before, the zero ID where the parameter is absent.
func readCursor(r *api.Request) (posts.ID, error) {
	var id posts.ID
	text, sent := r.QueryStringParameters["cursor"]
	if !sent {
		return id, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil && len(raw) == 1+len(id)+checksumSize {
		copy(id[:], raw[1:])
	}
	// Written again, it must be the very text: that checks form and checksum, too.
	if _, err := posts.ParseID(id.String()); err != nil || id.IsZero() || cursor(id) != text {
		return posts.ID{}, wrong("cursor",
			"is none: send the cursor of the page before as it came, or leave it out to begin anew")
	}
	return id, nil
}
