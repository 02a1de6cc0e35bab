package scenario

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
)

// browser shows the pages of the pool's domain and fills in their forms, as a person does. It follows redirects as far
// as the app's callback, which nobody needs to serve.
type browser struct {
	client http.Client
	app    string   // callback
	at     *url.URL // of the page, or the app's with what it got
	page   string
}

func newBrowser(app string) (*browser, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	b := &browser{app: app}
	b.client = http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if b.isApp(r.URL) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	return b, nil
}

func (b *browser) isApp(u *url.URL) bool {
	address, _, _ := strings.Cut(u.String(), "?")
	return address == b.app
}

// atApp returns what the app got at its callback.
func (b *browser) atApp() (url.Values, error) {
	if !b.isApp(b.at) {
		return nil, fmt.Errorf("the browser is at %s, want it at the app", b.at.Path)
	}
	return b.at.Query(), nil
}

func (b *browser) open(ctx context.Context, address string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	return b.do(r)
}

func (b *browser) do(r *http.Request) error {
	answer, err := b.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	b.at, b.page = answer.Request.URL, string(text)
	if to, err := answer.Location(); err == nil {
		b.at = to
	}
	return nil
}

var (
	forms  = regexp.MustCompile(`(?s)<form\b.*?</form>`)
	inputs = regexp.MustCompile(`(?s)<input\b[^>]*>`)
	links  = regexp.MustCompile(`(?s)<a\b[^>]*>`)
)

// attribute returns the value of an attribute of a tag.
func attribute(tag, name string) string {
	_, rest, found := strings.Cut(tag, " "+name+`="`)
	if !found {
		return ""
	}
	value, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(value)
}

// follow opens the page's first link to a path.
func (b *browser) follow(ctx context.Context, path string) error {
	for _, tag := range links.FindAllString(b.page, -1) {
		to, err := b.at.Parse(attribute(tag, "href"))
		if err == nil && to.Path == path {
			return b.open(ctx, to.String())
		}
	}
	return fmt.Errorf("the page at %s has no link to %s", b.at.Path, path)
}

// submit fills in the page's form that goes to a path, and sends it.
func (b *browser) submit(ctx context.Context, path string, fields map[string]string) error {
	for _, form := range forms.FindAllString(b.page, -1) {
		to, err := b.at.Parse(attribute(form, "action"))
		if err != nil || to.Path != path {
			continue
		}
		filled := url.Values{}
		for _, tag := range inputs.FindAllString(form, -1) {
			filled.Set(attribute(tag, "name"), attribute(tag, "value"))
		}
		for name, value := range fields {
			if !filled.Has(name) {
				return fmt.Errorf("the form at %s has no field %s", b.at.Path, name)
			}
			filled.Set(name, value)
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), strings.NewReader(filled.Encode()))
		if err != nil {
			return err
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return b.do(r)
	}
	return fmt.Errorf("the page at %s has no form for %s", b.at.Path, path)
}
