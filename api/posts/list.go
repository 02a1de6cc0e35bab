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

	// pageBytes limits the texts of a page. Lambda's answer is at most 6 MB, and JSON may take six bytes per byte.
	pageBytes = 512 << 10
)

// listed is a page as it is sent.
type listed struct {
	Posts  []posts.Post `json:"posts"`
	Cursor string       `json:"cursor,omitempty"` // absent on the last page
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
	secret, err := h.store.Secret(ctx)
	if err != nil {
		return api.Response{}, err
	}
	page = fitting(page)
	out := listed{Posts: []posts.Post{}} // [] and not null
	for _, p := range page.Posts {
		out.Posts = append(out.Posts, p.Public(secret))
	}
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

// fitting cuts a page whose texts are too long for one answer.
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

// A cursor is a format number, the id before which the next page begins, and a checksum. It needs no signature, since
// everybody may read every place of the list. The checksum catches truncated and invented cursors, which would
// otherwise start the list anywhere.
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

// readCursor returns the place before which the page begins, or the zero ID if the parameter is absent.
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
	// Encoding it again must give the same text; this checks format and checksum.
	if _, err := posts.ParseID(id.String()); err != nil || id.IsZero() || cursor(id) != text {
		return posts.ID{}, wrong("cursor",
			"is not a valid cursor: send the cursor of the previous page unchanged, or leave it out to start again")
	}
	return id, nil
}
