package login

import (
	"net/http"
	"net/url"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/federation"
)

// invalidSAML is AWS's text for an answer that is not complete, or not of a sign-out.
const invalidSAML = "Invalid samlResponse or relayState from identity provider"

// samlAnswer takes the response of a SAML provider.
func (d domain) samlAnswer(w http.ResponseWriter, r *http.Request) {
	values := d.answerOf(w, r)
	if values == nil {
		return
	}
	response, state := values.Get("SAMLResponse"), values.Get("RelayState")
	if response == "" || state == "" {
		d.invalid(w, r, invalidSAML)
		return
	}
	if a, ok := d.unasked(state); ok {
		d.comeBack(w, r, a, federation.Answer{SAML: response})
		return
	}
	a, ok := d.returned(w, r, state, false)
	if !ok {
		d.invalid(w, r, "Invalid relayState from identity provider")
		return
	}
	d.comeBack(w, r, a, federation.Answer{SAML: response})
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
	values := d.answerOf(w, r)
	if values == nil {
		return
	}
	a, ok := d.returned(w, r, values.Get("RelayState"), true)
	if !ok {
		d.invalid(w, r, invalidSAML)
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
		d.invalid(w, r, invalidSAML)
		return
	}
	redirect(w, r, a.signedOut)
}
