package login

import (
	"net/http"
	"net/url"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/federation"
)

// samlAnswer takes the response of a SAML provider.
func (d domain) samlAnswer(w http.ResponseWriter, r *http.Request) {
	values := d.answerOf(r)
	if r.Method == http.MethodPost {
		if values = d.postedAnswer(w, r); values == nil {
			return
		}
	}
	response, state := values.Get("SAMLResponse"), values.Get("RelayState")
	if response == "" || state == "" {
		d.samlProblem(w, r, "Invalid samlResponse or relayState from identity provider")
		return
	}
	if a, ok := d.unasked(state); ok {
		d.comeBack(w, r, a, federation.Answer{SAML: response})
		return
	}
	a, ok := d.returned(w, r, state, false)
	if !ok {
		d.samlProblem(w, r, "Invalid relayState from identity provider")
		return
	}
	d.comeBack(w, r, a, federation.Answer{SAML: response})
}

func (d domain) samlProblem(w http.ResponseWriter, r *http.Request, text string) {
	d.show(w, r, http.StatusBadRequest, page{Title: "Something went wrong", Problem: text})
}

// unasked returns the app's request of a sign-in that the provider itself began: RelayState is its query then. ok is
// false if the provider may not. No cookie can be asked for, so anybody can sign a browser in as themselves this way:
// it is off unless a provider's settings have IDPInit.
func (d domain) unasked(state string) (a away, ok bool) {
	query, err := url.ParseQuery(state)
	if err != nil || query.Get("identity_provider") == "" {
		return a, false
	}
	b, err := d.client(query.Get("client_id"))
	if err != nil {
		return a, false
	}
	begun, ok := d.federation.Unasked(b, d.URL, query.Get("identity_provider"))
	return away{pool: d.pool, client: b.Client.ID, query: state, begun: begun}, ok
}

// signOut ends the browser's session and sends it to logout_uri: by way of the SAML provider, if the pool signs people
// out there.
func (d domain) signOut(w http.ResponseWriter, r *http.Request, b directory.Bearer, to string) {
	s, _ := d.sessionOf(r)
	d.endSession(w, r)
	handle := newSecret()
	begun, err := d.federation.SignOut(r.Context(), b.Pool, s.Provider, s.SAML,
		federation.Back{Domain: d.URL, State: handle})
	if err != nil || begun.To == "" { // a provider that cannot be reached keeps nobody signed in here
		redirect(w, r, to)
		return
	}
	d.send(w, r, handle, away{client: b.Client.ID, begun: begun, signedOut: to})
}

// samlSignedOut takes the answer of a SAML provider to a sign-out.
func (d domain) samlSignedOut(w http.ResponseWriter, r *http.Request) {
	values := d.answerOf(r)
	if r.Method == http.MethodPost {
		if values = d.postedAnswer(w, r); values == nil {
			return
		}
	}
	const problem = "Invalid samlResponse or relayState from identity provider"
	a, ok := d.returned(w, r, values.Get("RelayState"), true)
	if !ok {
		d.samlProblem(w, r, problem)
		return
	}
	if r.URL.Query().Has(landedParameter) { // what was posted before
		r = &http.Request{Method: http.MethodPost, URL: &url.URL{}, Form: values, PostForm: values}
	}
	b, err := d.client(a.client)
	if err == nil {
		err = d.federation.SignedOut(r.Context(), b.Pool, a.begun, r)
	}
	if err != nil {
		d.samlProblem(w, r, problem)
		return
	}
	redirect(w, r, a.signedOut)
}
