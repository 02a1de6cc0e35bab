package wholehttp

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
)

// body records whether it was read to the end and closed.
type body struct {
	io.Reader
	closed bool
}

func (b *body) Close() error { b.closed = true; return nil }

func TestResponsesAreWhole(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		body string
		cut  error // error at the end of the body
		sent error // instead of a response
		want error
	}{
		"read":          {body: "answer"},
		"without bytes": {body: ""},
		"cut off":       {body: "ans", cut: broken, want: broken},
		"never sent":    {sent: broken, want: broken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for kind, send := range map[string]func(sender) sender{
				"transport": func(s sender) sender { return Transport(s).RoundTrip },
				"client":    func(s sender) sender { return Client(s).Do },
			} {
				text := &body{Reader: strings.NewReader(c.body)}
				if c.cut != nil {
					text.Reader = io.MultiReader(text.Reader, iotest.ErrReader(c.cut))
				}
				response, err := send(func(*http.Request) (*http.Response, error) {
					if c.sent != nil {
						return nil, c.sent
					}
					return &http.Response{Body: text}, nil
				})(nil)
				if !errors.Is(err, c.want) {
					t.Fatalf("%s: error %v, want %v", kind, err, c.want)
				}
				if c.sent == nil && !text.closed {
					t.Errorf("%s: the server's body is left open", kind)
				}
				if err != nil {
					continue
				}
				text.Reader = iotest.ErrReader(broken) // everything must have been read before
				if got, err := io.ReadAll(response.Body); err != nil || string(got) != c.body {
					t.Errorf("%s: body %q, error %v; want %q", kind, got, err, c.body)
				}
			}
		})
	}
}
