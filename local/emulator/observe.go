package emulator

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxObserved is the largest request whose message is read. SES takes larger ones; what is in them is not shown.
const maxObserved = 4 << 20

// Observe calls tell for each e-mail that SES and each text message that SNS accepts from now on, in any order and from
// several goroutines. Only one observer is told.
func (e *Emulator) Observe(tell func(Sent)) {
	if e != nil && e.server != nil {
		e.server.guard.tell.Store(&tell)
	}
}

// Unobserved lists the variables that name an emulator of the user's own for a service that Observe looks at.
func (e *Emulator) Unobserved() []string {
	if e == nil {
		return nil
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(e.named)) {
		switch name {
		case "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SES", "AWS_ENDPOINT_URL_SESV2", "AWS_ENDPOINT_URL_SNS":
			names = append(names, name)
		}
	}
	return names
}

// observe wraps ministack's proxy: it copies the requests that may send a message as they pass, and tells of those that
// are answered with success, before the sender has the answer.
func (g *guard) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !maySend(r) {
			next.ServeHTTP(w, r)
			return
		}
		if senders := g.senders.Load(); senders != nil {
			if err := senders.verify(r); err != nil {
				http.Error(w, err.Error(), http.StatusBadGateway)
				return
			}
		}
		tell := g.tell.Load()
		if tell == nil {
			next.ServeHTTP(w, r)
			return
		}
		body := &copied{from: r.Body}
		r.Body = body
		next.ServeHTTP(&accepted{ResponseWriter: w, then: func() {
			for _, sent := range sentBy(r, body) {
				sent.At = time.Now().UTC()
				sent.AccessKey, _ = credential(r)
				(*tell)(sent)
			}
		}}, r)
	})
}

// maySend reports whether a request has the form of one that sends a message: of SES's version 2, or of a service with
// the query protocol.
func maySend(r *http.Request) bool {
	form := strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
	return r.Method == http.MethodPost && (r.URL.Path == outboundEmails || form)
}

// credential returns the access key ID and the Region that a request is signed with, in Signature Version 4.
func credential(r *http.Request) (key, region string) {
	_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	key, scope, _ = strings.Cut(scope, "/")
	_, scope, _ = strings.Cut(scope, "/") // the date
	region, _, _ = strings.Cut(scope, "/")
	return key, region
}

// copied keeps what is read of a body, unless it is larger than maxObserved. The proxy reads it in another goroutine.
type copied struct {
	from io.ReadCloser

	mu   sync.Mutex
	kept bytes.Buffer
	more bool // the body is larger
}

// Read implements io.Reader.
func (c *copied) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept.Len()+n > maxObserved {
		c.more = true
	}
	if c.more {
		c.kept = bytes.Buffer{}
	} else {
		c.kept.Write(p[:n])
	}
	return n, err
}

// Close implements io.Closer.
func (c *copied) Close() error { return c.from.Close() }

// body returns what was read; not whole means that it is too large to keep.
func (c *copied) body() (text []byte, whole bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Clone(c.kept.Bytes()), !c.more
}

// accepted calls then before an answer with status 200.
type accepted struct {
	http.ResponseWriter
	then func()
}

// WriteHeader implements http.ResponseWriter.
func (a *accepted) WriteHeader(code int) {
	if code == http.StatusOK {
		a.then()
	}
	a.ResponseWriter.WriteHeader(code)
}

// Unwrap is for http.ResponseController.
func (a *accepted) Unwrap() http.ResponseWriter { return a.ResponseWriter }
