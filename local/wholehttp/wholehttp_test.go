package wholehttp

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"reflect"
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
				})(&http.Request{})
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

// net/http looks for surplus bytes of a body before it sends the rest only if it knows the body's type.
func TestRequestsAreWhole(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		body *body
		want error
	}{
		"read":   {body: &body{Reader: strings.NewReader("question")}},
		"broken": {body: &body{Reader: iotest.ErrReader(broken)}, want: broken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given := &http.Request{Body: c.body, ContentLength: 8}
			calls := 0
			_, err := sender(func(r *http.Request) (*http.Response, error) {
				calls++
				if !c.body.closed || r == given {
					t.Error("the caller's body is left open, or the caller's request was changed")
				}
				c.body.Reader = iotest.ErrReader(broken)
				again, err := r.GetBody()
				if err != nil {
					return nil, err
				}
				for i, sent := range []io.ReadCloser{r.Body, again} {
					if reflect.TypeOf(sent) != reflect.TypeOf(io.NopCloser(bytes.NewReader(nil))) {
						t.Errorf("body %d is a %T", i, sent)
					}
					if text, err := io.ReadAll(sent); err != nil || string(text) != "question" {
						t.Errorf("body %d: %q, error %v", i, text, err)
					}
				}
				return &http.Response{Body: http.NoBody}, nil
			}).Do(given)
			if !errors.Is(err, c.want) || (calls == 1) != (c.want == nil) {
				t.Errorf("%d calls, error %v", calls, err)
			}
		})
	}
}
