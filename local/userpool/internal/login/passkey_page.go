package login

import (
	"encoding/json"
	"slices"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/loginpages"
	"cognito-triggers/local/userpool/internal/oauth"
)

// addPasskeyPath is where a user who is signed in adds a passkey; managed login alone has it.
const addPasskeyPath = "/passkeys/add"

// askForPasskey asks for a passkey. The page's script fills in the answer.
func (v visit) askForPasskey(q question) {
	v.show(page{
		Title: "Sign in with a passkey", Notes: []string{"Your device will ask for your fingerprint, face or screen lock."},
		Destination: q.Name, Passkey: &loginpages.Passkey{Options: q.Parameters["CREDENTIAL_REQUEST_OPTIONS"]},
		Forms: []form{{Action: v.to("/challenge"), Submit: "Use a passkey", Scripted: true, Hidden: q.hidden(known{})}},
		Links: []link{{To: v.to("/login"), Text: "Try another way"}},
	})
}

// addPasskeyPage lets a user who is signed in add a passkey. Who is not signs in first.
func (v visit) addPasskeyPage() {
	if v.classic(v.b.Pool) {
		v.refuse(v.w, v.r, nil, &oauth.Error{Code: oauth.InvalidRequest})
		return
	}
	s, ok := v.sessionOf(v.r)
	if !ok {
		v.redirect(v.to("/login"))
		return
	}
	if s.Provider != "" { // whose users sign in there, and not with passkeys
		v.signInAgain(notOffered)
		return
	}
	v.showNewPasskey(s.Sub, "", nil)
}

// showNewPasskey shows the page that makes a passkey. With a ticket, the user can leave it out.
func (v visit) showNewPasskey(sub, ticket string, failure error) {
	b, err := v.bearerOf(sub)
	var options json.RawMessage
	if err == nil {
		options, err = v.passkeys.Begin(b)
	}
	if err != nil {
		v.show(page{Title: "Add a passkey", Problem: textOf(err), Forms: v.leave(ticket)})
		return
	}
	p := page{
		Title: "Add a passkey", Problem: problem(failure),
		Notes:   []string{"With a passkey you sign in with your fingerprint, face or screen lock instead of a password."},
		Passkey: &loginpages.Passkey{Create: true, Options: string(options)},
		Forms: append([]form{{Action: v.to(addPasskeyPath), Submit: "Add a passkey", Scripted: true,
			Hidden: []hidden{{Name: ticketInForm, Value: ticket}}}}, v.leave(ticket)...),
	}
	v.show(p)
}

// The fields of the form of a new passkey, besides CREDENTIAL.
const (
	ticketInForm = "ticket"
	leaveInForm  = "leave"
)

// leave returns the form that goes back to the app without a passkey.
func (v visit) leave(ticket string) []form {
	return []form{{Action: v.to(addPasskeyPath), Submit: "Not now", Quiet: true,
		Hidden: []hidden{{Name: ticketInForm, Value: ticket}, {Name: leaveInForm, Value: "1"}}}}
}

// bearerOf returns a user of the pool for the room of passkeys.
func (v visit) bearerOf(sub string) (directory.Bearer, error) {
	b := v.b
	var err error
	b.User, err = v.directory.User(v.b.Pool, sub)
	if err == nil && b.User.Disabled {
		err = fault.New(fault.UserDisabled)
	}
	return b, err
}

// addPasskey takes a new passkey and sends the browser back to the app.
func (v visit) addPasskey() {
	s, ok := v.sessionOf(v.r)
	if !ok || v.classic(v.b.Pool) {
		v.redirect(v.to("/login"))
		return
	}
	if v.posted(leaveInForm) == "" {
		b, err := v.bearerOf(s.Sub)
		if err == nil {
			err = v.passkeys.Finish(b, json.RawMessage(v.posted("CREDENTIAL")))
		}
		if err != nil {
			v.showNewPasskey(s.Sub, v.posted(ticketInForm), err)
			return
		}
	}
	// Who has signed in for this very request goes back at once. Others pass /oauth2/authorize, which heeds prompt and
	// max_age.
	t, fresh := v.tickets.Take(v.posted(ticketInForm))
	if !fresh || t.Pool != v.pool || t.Sub != s.Sub || t.Query != v.r.URL.RawQuery {
		v.redirect(v.to("/oauth2/authorize"))
		return
	}
	v.grant(v.w, v.r, v.b, v.q, s)
}

// enterNew is enter for somebody who has just signed up: managed login offers a passkey first.
func (v visit) enterNew(sub string, methods ...string) {
	if !v.choosesFactor() || !v.b.Pool.Settings.AllowsFirst(passkeyFactor) || v.passkeys.Domain(v.b.Pool) == "" ||
		slices.Contains(v.q.Prompt, oauth.PromptNone) {
		v.enter(sub, methods...)
		return
	}
	s, err := v.begin(sub, methods...)
	if err != nil {
		v.signInAgain(textOf(err))
		return
	}
	text := newSecret()
	v.tickets.Put(text, ticket{Pool: v.pool, Sub: s.Sub, Query: v.r.URL.RawQuery}, ticketLifetime)
	v.showNewPasskey(s.Sub, text, nil)
}
