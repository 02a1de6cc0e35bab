package login

import (
	"context"
	"errors"
	"net/http"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/internal/accounts"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

const notConfirmed = "Not confirmed"

// confirmUser serves the link in a message to a new user of the pool.
func (d domain) confirmUser(w http.ResponseWriter, r *http.Request) {
	if _, err := d.client(r.URL.Query().Get("client_id")); err != nil && r.Method == http.MethodGet {
		d.showConfirmed(w, r, err)
		return
	}
	d.confirmByLink(w, r)
}

// ConfirmUser serves the link in a message to a new user, whatever the pool. Its page is a classic one.
func (r *Room) ConfirmUser(w http.ResponseWriter, req *http.Request) {
	d := domain{Room: r}
	if _, pool, err := r.directory.Client(req.URL.Query().Get("client_id")); err == nil {
		d.pool = pool.ID
	}
	d.confirmByLink(w, req)
}

// confirmByLink confirms a sign-up as ConfirmSignUp does, without a secret hash or client metadata. It accepts only
// GET: link scanners send HEAD, which must not use up the code. Nobody is signed in: who opens the link may be another
// than who signed up.
func (d domain) confirmByLink(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, "confirmation links only accept GET", http.StatusMethodNotAllowed)
		return
	}
	query := r.URL.Query()
	d.showConfirmed(w, r, d.accounts.ConfirmByLink(context.WithoutCancel(r.Context()),
		query.Get("client_id"), query.Get("user_name"), query.Get("confirmation_code")))
}

// showConfirmed says what became of a confirmation. It shows the message of a failed post confirmation trigger: the
// trigger meant it to be read, and the user is confirmed by then.
func (d domain) showConfirmed(w http.ResponseWriter, r *http.Request, err error) {
	p, status := page{Title: notConfirmed}, http.StatusBadRequest
	var trigger *fire.Error
	code, known := fault.CodeOf(err)
	switch {
	case err == nil:
		p, status = page{Title: "Confirmed", Notes: []string{"Your registration is confirmed. You can sign in now."}},
			http.StatusOK
	case errors.Is(err, accounts.ErrConfirmed):
		p, status = page{Title: "Already confirmed",
			Notes: []string{"Your registration is already confirmed. You can sign in."}}, http.StatusOK
	case errors.As(err, &trigger):
		p = page{Title: "Confirmed, with an error", Problem: trigger.Message}
	case errors.Is(err, state.ErrAliasTaken):
		p.Problem = wire.ExceptionOf("ConfirmSignUp", err).Text
	case !known:
		p.Problem, status = "Something went wrong. Try again later.", http.StatusInternalServerError
	case code == fault.TooManyTries:
		p.Problem = "Too many attempts. Request a new link later."
	default:
		p.Problem = "This link is invalid or has expired. Request a new one and open the link in the latest message."
	}
	d.show(w, r, status, p)
}
