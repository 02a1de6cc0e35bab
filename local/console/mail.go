package console

import (
	"errors"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cognito-triggers/local/userpool"
)

// message is a message of the inbox as the list has it: the body of a mail is in its frame, see mail.
type message struct {
	userpool.Message
	Links []string `json:"links,omitempty"` // of a mail; those of http and https alone
}

// messagesAnswer is a page of the inbox, newest first.
type messagesAnswer struct {
	Messages []message `json:"messages"`
	Before   int       `json:"before,omitempty"` // number with which the next page continues; 0 if there is none
	Total    int       `json:"total"`            // of messages that match
}

// messages lists the messages whose receiver, user or subject contains a text.
func (c *console) messages(w http.ResponseWriter, r *http.Request) {
	p := pageOf(r)
	words := strings.ToLower(r.URL.Query().Get("search"))
	out := messagesAnswer{Messages: []message{}}
	for _, m := range slices.Backward(c.pool.Inbox().Messages(0)) {
		if !strings.Contains(strings.ToLower(m.To+"\n"+m.UserName+"\n"+m.Subject), words) {
			continue
		}
		out.Total++
		switch {
		case p.before > 0 && m.Number >= p.before:
		case len(out.Messages) < p.limit:
			out.Messages = append(out.Messages, listed(m))
		case out.Before == 0:
			out.Before = out.Messages[p.limit-1].Number
		}
	}
	answer(w, out)
}

const maxLinks = 20

var link = regexp.MustCompile(`https?://[^\s"'<>]+`)

func listed(m userpool.Message) message {
	one := message{Message: m}
	if m.Kind == "SMS" {
		return one
	}
	for _, found := range link.FindAllString(m.Body+"\n"+m.HTML, -1) {
		if found = html.UnescapeString(found); !slices.Contains(one.Links, found) && len(one.Links) < maxLinks {
			one.Links = append(one.Links, found)
		}
	}
	one.Body, one.HTML = "", ""
	return one
}

// framePolicy is the policy of a page that somebody else wrote: scripts, forms and requests are off, and it may read
// nothing of the console's.
const framePolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"

func frame(h http.Header, policy string) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
}

// framed serves pages of the previews. Their overview shows each message in a frame of its own.
func framed(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		frame(w.Header(), "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-src 'self'; "+
			"base-uri 'none'; form-action 'none'; frame-ancestors 'self'")
		pages.ServeHTTP(w, r)
	})
}

// mail serves a message as the page of a frame.
func (c *console) mail(w http.ResponseWriter, r *http.Request) {
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || number < 1 {
		fail(w, http.StatusNotFound, errNoMessage)
		return
	}
	list := c.pool.Inbox().Messages(number - 1)
	if len(list) == 0 || list[0].Number != number {
		fail(w, http.StatusNotFound, errNoMessage)
		return
	}
	body := list[0].HTML
	if body == "" {
		body = list[0].Body
	}
	frame(w.Header(), framePolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(body)) // fails only if the client is gone
}

var errNoMessage = errors.New("the pool has no such message any more")
