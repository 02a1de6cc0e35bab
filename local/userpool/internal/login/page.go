package login

import (
	"crypto/subtle"
	_ "embed"
	"html/template"
	"net/http"

	"cognito-triggers/local/userpool/internal/directory"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS []byte

// page is what a browser shows. Texts are in English until the page is written.
type page struct {
	Title, Problem string
	Notes          []string
	Picture        template.URL // a data: URL of our own making
	PictureText    string
	Forms          []form
	Links          []link

	Language, CSRF string // set when the page is written
}

type form struct {
	Action, Submit string
	Quiet          bool // a side path
	Hidden         []hidden
	Fields         []field
}

type hidden struct{ Name, Value string }

type field struct {
	Name, Label, Type, Value, Autocomplete, Mode string
	Focus                                        bool
}

type link struct{ Before, To, Text string }

func parsePage() (*template.Template, error) { return template.New("page").Parse(pageHTML) }

// csrfCookie holds the token that every form repeats.
const csrfCookie = "XSRF-TOKEN"

// show writes a page in the language of the request.
func (d domain) show(w http.ResponseWriter, r *http.Request, status int, p page) {
	p.Language = languageOf(r.URL.Query().Get("lang"), r.Header.Get("Accept-Language"))
	p.translate()
	p.CSRF = csrfOf(w, r)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	// form-action is left out: Chromium applies it to the redirect to the app's callback, too.
	h.Set("Content-Security-Policy",
		"default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer") // the address has the app's state
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Language", p.Language)
	w.WriteHeader(status)
	_ = d.page.Execute(w, p) // fails only if the client is gone
}

// translate puts the page's texts into its language.
func (p *page) translate() {
	say := func(texts ...*string) {
		for _, t := range texts {
			*t = text(p.Language, *t)
		}
	}
	say(&p.Title, &p.Problem)
	for i := range p.Notes {
		say(&p.Notes[i])
	}
	for i := range p.Forms {
		say(&p.Forms[i].Submit)
		for j := range p.Forms[i].Fields {
			say(&p.Forms[i].Fields[j].Label)
		}
	}
	for i := range p.Links {
		say(&p.Links[i].Before, &p.Links[i].Text)
	}
}

// csrfOf returns the browser's token and sets its cookie if it has none.
func csrfOf(w http.ResponseWriter, r *http.Request) string {
	if cookie, err := r.Cookie(csrfCookie); err == nil && len(cookie.Value) == secretLength {
		return cookie.Value
	}
	token := directory.RandomText(directory.Alphanumeric, secretLength)
	setCookie(w, r, csrfCookie, token, 0)
	return token
}

// fromOurForm reports whether a POST comes from a form that this browser got from the domain.
func fromOurForm(r *http.Request) bool {
	cookie, err := r.Cookie(csrfCookie)
	return err == nil && len(cookie.Value) == secretLength && sameText(cookie.Value, r.PostFormValue("_csrf"))
}

func sameText(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func (d domain) stylesheet(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(pageCSS) // fails only if the client is gone
}

// errorPage shows an error that the app must not get, because the request is not known to be the app's.
func (d domain) errorPage(w http.ResponseWriter, r *http.Request) {
	description := r.URL.Query().Get("error_description")
	if description == "" {
		description = "An error was encountered with the requested page."
	}
	d.show(w, r, http.StatusBadRequest, page{Title: "Something went wrong", Problem: description})
}
