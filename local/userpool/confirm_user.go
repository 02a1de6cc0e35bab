package userpool

import (
	"context"
	"errors"
	htmltemplate "html/template"
	"net/http"
	"net/url"
	"unicode/utf8"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/state"
)

// confirmPath is where the links of messages lead. On AWS it is a page of the pool's domain.
const confirmPath = "/confirmUser"

// confirmLink is the link that confirms a user.
func confirmLink(base, client, username, code string) string {
	return base + confirmPath + "?" + url.Values{"client_id": {client}, "user_name": {username}, "confirmation_code": {code}}.Encode()
}

// page is what a browser shows after a link was opened.
type page struct{ Title, Text string }

var (
	pageConfirmed = page{"Confirmed", "Your registration is confirmed. You can sign in now."}
	pageAlready   = page{"Confirmed already", "Your registration was confirmed before. You can sign in."}
	pageInvalid   = page{"Not confirmed", "This link is invalid or has expired. Request a new one and open the link of the latest message."}
	pageTooMany   = page{"Not confirmed", "There were too many tries. Request a new link later."}
	pageFault     = page{"Not confirmed", "Something went wrong. Try again later."}
)

// There is nothing on the page that could load or run anything.
var pageTemplate = htmltemplate.Must(htmltemplate.New("page").Parse(`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{.Title}}</title></head>
<body><h1>{{.Title}}</h1><p>{{.Text}}</p></body>
</html>
`))

// confirmByLink confirms as ConfirmSignUp does, without a secret hash and without client metadata. Only GET does: HEAD is
// what programs send that look at links.
func (s *Server) confirmByLink(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, "a link to confirm is opened with GET", http.StatusMethodNotAllowed)
		return
	}
	c := &call{Server: s, ctx: context.WithoutCancel(r.Context()), name: "ConfirmSignUp", base: s.base(r)}
	show := pageConfirmed
	status := http.StatusOK
	if err := c.openLink(r.URL.Query()); err != nil {
		show, status = pageOf(err)
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = pageTemplate.Execute(w, show) // the client went away
}

var errConfirmedAlready = errors.New("confirmed already")

func (c *call) openLink(query url.Values) error {
	in := &confirmSignUpInput{ClientId: query.Get("client_id"), Username: query.Get("user_name"), ConfirmationCode: query.Get("confirmation_code")}
	if !fits(in.ClientId, 128) || !fits(in.Username, 128) || !fits(in.ConfirmationCode, 2048) {
		return codeMismatch()
	}
	client, pool, err := c.clientByID(in.ClientId)
	if err != nil {
		return err
	}
	u, missing := c.user(pool, in.Username)
	if missing == nil && u.Status == state.Confirmed {
		return errConfirmedAlready
	}
	return c.confirmWithCode(client, pool, u, missing, in)
}

func fits(text string, most int) bool { return text != "" && utf8.RuneCountInString(text) <= most }

// pageOf is what a person reads of an error. What post confirmation says is meant to be read; the user is confirmed by
// then.
func pageOf(err error) (page, int) {
	if errors.Is(err, errConfirmedAlready) {
		return pageAlready, http.StatusOK
	}
	var trigger *fire.Error
	if errors.As(err, &trigger) {
		return page{"Confirmed, with an error", trigger.Message}, http.StatusBadRequest
	}
	known := asAPIError(err)
	switch known.kind {
	case "AliasExistsException":
		return page{pageInvalid.Title, known.message}, http.StatusBadRequest
	case "LimitExceededException", "TooManyFailedAttemptsException", "TooManyRequestsException":
		return pageTooMany, http.StatusBadRequest
	case "InternalErrorException":
		return pageFault, http.StatusInternalServerError
	}
	return pageInvalid, http.StatusBadRequest
}
