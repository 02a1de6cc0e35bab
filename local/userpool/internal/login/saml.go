package login

import (
	"net/http"
	"net/url"

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
	a, ok := d.returned(w, r, state)
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
// false if the provider may not. No cookie can be asked for, so anybody can sign a browser in as themselves this way: it
// is off unless a provider's settings have IDPInit.
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
