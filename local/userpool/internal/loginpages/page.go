// Package loginpages writes the pages of a user pool's domain: it has their markup, their style, their texts in English
// and Korean, and what protects their forms. It knows nothing of users; package login decides what a page says.
package loginpages

import (
	_ "embed"
	"html/template"
	"net/http"
	"time"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS []byte

//go:embed passkey.js
var passkeyJS []byte

// Page is what a browser shows. Texts are in English; Write translates those that it knows.
type Page struct {
	App         string // name of the app that sent the browser; empty if it is not known
	Title       string
	Problem     string   // what went wrong, above the form
	Wrong       []string // names of the fields that the problem is about
	Notes       []string
	Destination string // where a code went; shown as it is
	Key         *Key
	Passkey     *Passkey
	Buttons     []Link // ways to sign in elsewhere
	Forms       []Form
	Links       []Link

	// Set by Write.
	Language, ProblemLanguage, CSRF string
	Since                           int64
}

// Key is the secret of an authenticator app, as a picture and as text.
type Key struct {
	Picture template.URL // a data: URL of our own making
	Text    string
}

// Passkey is a question for the browser's passkeys. The page's script asks it and sends the first form with the answer
// in the field CREDENTIAL.
type Passkey struct {
	Create  bool   // a new passkey; otherwise a sign-in with one
	Options string // of navigator.credentials, as JSON
}

// Form is a form of a page.
type Form struct {
	Action, Submit string
	Name           string // takes the place of %s in Submit
	Quiet          bool   // a side path
	Scripted       bool   // sent by the page's script
	Hidden         []Hidden
	Fields         []Field
}

// Hidden is a hidden field.
type Hidden struct{ Name, Value string }

// Field is a field that a person fills in.
type Field struct {
	Name, Label, Type, Value, Autocomplete, Mode string
	Hint                                         Hint
	Focus, Optional                              bool
}

// Hint says what the pool demands of a password.
type Hint struct {
	Least int      // characters; 0: there is no hint
	With  []string // sets of characters of which each is needed
}

// Link leads to another page.
type Link struct {
	Before, To, Text string
	Name             string // takes the place of %s in Text
}

// Writer writes pages. It is safe for concurrent use.
type Writer struct {
	now      func() time.Time
	template *template.Template
}

// New returns a Writer. The time is what its forms expire by.
func New(now func() time.Time) (*Writer, error) {
	parsed, err := template.New("page").Parse(pageHTML)
	return &Writer{now, parsed}, err
}

// Write writes a page in a language.
func (p *Writer) Write(w http.ResponseWriter, r *http.Request, status int, language string, page Page) {
	page.Language = language
	page.translate()
	page.focusOnProblem()
	referrer := "no-referrer" // the address has the app's state
	if len(page.Forms) > 0 {
		// With no-referrer, browsers would call the origin of our own forms "null".
		referrer = "same-origin"
		page.CSRF, page.Since = tokenOf(w, r), p.now().Unix()
	}
	policy := "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
	if page.Passkey != nil {
		policy += "; script-src 'self'"
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	// form-action is left out: Chromium applies it to the redirect to the app's callback, too.
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", referrer)
	h.Set("Cross-Origin-Opener-Policy", "same-origin-allow-popups")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Language", language)
	w.WriteHeader(status)
	_ = p.template.Execute(w, page) // fails only if the client is gone
}

// focusOnProblem puts the focus into the first field that the problem is about.
func (p *Page) focusOnProblem() {
	found := false
	for i := range p.Forms {
		for j := range p.Forms[i].Fields {
			f := &p.Forms[i].Fields[j]
			if len(p.Wrong) > 0 {
				f.Focus = !found && p.IsWrong(*f)
			}
			found = found || f.Focus
		}
	}
}

// Describes returns the names of the elements that describe a field, for aria-describedby.
func (p Page) Describes(f Field) (ids string) {
	if f.Hint.Least > 0 {
		ids = "hint-" + f.Name
	}
	if p.IsWrong(f) {
		ids += " problem"
	}
	return ids
}

// IsWrong reports whether the problem is about a field.
func (p Page) IsWrong(f Field) bool {
	for _, name := range p.Wrong {
		if p.Problem != "" && name == f.Name {
			return true
		}
	}
	return false
}

// Initial returns the first letter of the app's name.
func (p Page) Initial() string {
	for _, letter := range p.App {
		return string(letter)
	}
	return ""
}

// Assets is the folder of what the pages load.
const Assets = "/assets/"

// ServeAsset serves what the pages load.
func ServeAsset(w http.ResponseWriter, r *http.Request) {
	kind, data := "", []byte(nil)
	switch r.URL.Path {
	case Assets + "page.css":
		kind, data = "text/css", pageCSS
	case Assets + "passkey.js":
		kind, data = "text/javascript", passkeyJS
	default:
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(data) // fails only if the client is gone
}
