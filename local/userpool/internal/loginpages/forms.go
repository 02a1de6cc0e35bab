package loginpages

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"strconv"
	"time"

	"cognito-triggers/local/userpool/internal/directory"
)

// csrfCookie holds the token that every form repeats, under AWS's name. Browsers share it between the ports of a host,
// so that a neighbour can plant one; Check asks the browser as well where a form comes from.
const csrfCookie = "XSRF-TOKEN"

// The hidden fields that every form has.
const (
	csrfField  = "_csrf"
	sinceField = "_since"
)

// Own reports whether a field of a form is one of the package's.
func Own(field string) bool { return field == csrfField || field == sinceField }

// formLifetime is how long a page may stay open before its form is sent.
const formLifetime = 5 * time.Minute

// The errors of Check.
var (
	ErrForeign = errors.New("the form is not from a page that this browser got")
	ErrLate    = errors.New("the form's page was open for too long")
)

// Check returns an error unless a POST comes from a page that this browser got from the domain, not long ago.
func (p *Writer) Check(r *http.Request) error {
	cookie, err := r.Cookie(csrfCookie)
	var origins http.CrossOriginProtection
	switch {
	case err != nil || len(cookie.Value) != SecretLength || origins.Check(r) != nil:
		return ErrForeign
	case subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(r.PostFormValue(csrfField))) != 1:
		return ErrForeign
	}
	since := r.PostFormValue(sinceField)
	if seconds, err := strconv.ParseInt(since, 10, 64); since != "" &&
		(err != nil || p.now().Sub(time.Unix(seconds, 0)) > formLifetime) {
		return ErrLate
	}
	return nil
}

// tokenOf returns the browser's token and sets its cookie if it has none.
func tokenOf(w http.ResponseWriter, r *http.Request) string {
	if cookie, err := r.Cookie(csrfCookie); err == nil && len(cookie.Value) == SecretLength {
		return cookie.Value
	}
	token := NewSecret()
	SetCookie(w, r, csrfCookie, token, 0)
	return token
}

// SecretLength is the length of NewSecret's texts.
const SecretLength = 43

// NewSecret returns a text that nobody can guess, for cookies, tickets and the tokens of forms: letters and digits.
func NewSecret() string { return directory.RandomText(directory.Alphanumeric, SecretLength) }

// SetCookie sets a cookie of the domain for so many seconds: 0 until the browser ends, less to delete it. Secure is
// left out without TLS, where Go's and Node's cookie jars would not send it.
func SetCookie(w http.ResponseWriter, r *http.Request, name, value string, age int) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: r.TLS != nil,
		SameSite: http.SameSiteLaxMode,
	})
}
