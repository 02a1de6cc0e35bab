package userpool

import (
	"context"
	"errors"
	htmltemplate "html/template"
	"net/http"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/internal/accounts"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// page is what the browser shows after a user opens a confirmation link.
type page struct{ Title, Text string }

var (
	pageConfirmed = page{"Confirmed", "Your registration is confirmed. You can sign in now."}
	pageAlready   = page{"Already confirmed", "Your registration is already confirmed. You can sign in."}
	pageInvalid   = page{"Not confirmed", "This link is invalid or has expired. " +
		"Request a new one and open the link in the latest message."}
	pageTooMany = page{"Not confirmed", "Too many attempts. Request a new link later."}
	pageFault   = page{"Not confirmed", "Something went wrong. Try again later."}
)

// The page loads nothing and runs no scripts.
var pageTemplate = htmltemplate.Must(htmltemplate.New("page").Parse(`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
	`<title>{{.Title}}</title></head>
<body><h1>{{.Title}}</h1><p>{{.Text}}</p></body>
</html>
`))

// confirmByLink confirms a sign-up as ConfirmSignUp does, without a secret hash or client metadata. It accepts only
// GET: link scanners send HEAD, which must not use up the code.
func (s *Server) confirmByLink(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, "confirmation links only accept GET", http.StatusMethodNotAllowed)
		return
	}
	show, status, query := pageConfirmed, http.StatusOK, r.URL.Query()
	err := s.rooms.accounts.ConfirmByLink(context.WithoutCancel(r.Context()),
		query.Get("client_id"), query.Get("user_name"), query.Get("confirmation_code"))
	if err != nil {
		show, status = pageOf(err)
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy",
		"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = pageTemplate.Execute(w, show) // fails only if the client is gone
}

// pageOf translates an error for the user. It shows the message of a failed post confirmation trigger: the trigger
// meant it to be read, and the user is confirmed by then.
func pageOf(err error) (page, int) {
	if errors.Is(err, accounts.ErrConfirmed) {
		return pageAlready, http.StatusOK
	}
	var trigger *fire.Error
	if errors.As(err, &trigger) {
		return page{"Confirmed, with an error", trigger.Message}, http.StatusBadRequest
	}
	if errors.Is(err, state.ErrAliasTaken) {
		return page{pageInvalid.Title, wire.ExceptionOf("ConfirmSignUp", err).Text}, http.StatusBadRequest
	}
	switch code, known := fault.CodeOf(err); {
	case !known:
		return pageFault, http.StatusInternalServerError
	case code == fault.TooManyTries:
		return pageTooMany, http.StatusBadRequest
	}
	return pageInvalid, http.StatusBadRequest
}
