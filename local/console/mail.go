package console

import (
	"errors"
	"net/http"
	"strconv"
)

// mail serves a message as the page of a frame. It is a page of nobody: scripts, forms and requests are off, and it may
// read nothing of the console's.
func (c *console) mail(w http.ResponseWriter, r *http.Request) {
	number, err := strconv.Atoi(r.PathValue("number"))
	list := c.pool.Inbox().Messages(number - 1)
	if err != nil || number < 1 || len(list) == 0 || list[0].Number != number {
		fail(w, http.StatusNotFound, errors.New("the pool has no such message any more"))
		return
	}
	body := list[0].HTML
	if body == "" {
		body = list[0].Body
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy",
		"sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(body)) // fails only if the client is gone
}
