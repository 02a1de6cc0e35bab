package login

import (
	"encoding/base64"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/oauth"
)

// maxForm bounds the body of a POST, in bytes.
const maxForm = 1 << 18

// formOf returns the parameters of a POST by an app. AWS takes them in the query, too. A parameter that comes twice is
// refused: others on the way might read the other one.
func formOf(w http.ResponseWriter, r *http.Request) (url.Values, *oauth.Error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, &oauth.Error{Code: oauth.InvalidRequest}
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return nil, &oauth.Error{Code: oauth.InvalidRequest}
	}
	for _, values := range r.Form {
		if len(values) > 1 {
			return nil, &oauth.Error{Code: oauth.InvalidRequest}
		}
	}
	return r.Form, nil
}

// authenticated returns the app client that makes a request, by its secret if it has one. What fails looks the same for
// an unknown client and for a wrong secret.
func (d domain) authenticated(r *http.Request, form url.Values) (b directory.Bearer, secret string, p *oauth.Error) {
	id, secret := form.Get("client_id"), form.Get("client_secret")
	if header := r.Header.Get("Authorization"); header != "" {
		name, password, ok := basic(header)
		switch {
		case !ok || id != "" && id != name:
			return b, "", &oauth.Error{Code: oauth.InvalidClient}
		case secret != "": // RFC 6749, section 2.3: one way to authenticate per request
			return b, "", &oauth.Error{Code: oauth.InvalidRequest}
		}
		id, secret = name, password
	}
	if id == "" {
		return b, "", &oauth.Error{Code: oauth.InvalidRequest}
	}
	b, err := d.client(id)
	if err != nil || directory.CheckClientSecret(b.Client, secret) != nil {
		return directory.Bearer{}, "", &oauth.Error{Code: oauth.InvalidClient}
	}
	return b, secret, nil
}

// basic returns the client ID and the secret of an Authorization header with the scheme Basic. RFC 6749, section 2.3.1,
// has both form-encoded before they are joined, and AWS's guide has them as they are. Both work: neither has spaces, so
// that a plus is a plus.
func basic(header string) (id, secret string, ok bool) {
	scheme, encoded, _ := strings.Cut(header, " ")
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	name, password, joined := strings.Cut(string(raw), ":")
	if err != nil || !strings.EqualFold(scheme, "Basic") || !joined {
		return "", "", false
	}
	if id, err = url.PathUnescape(name); err != nil {
		return "", "", false
	}
	secret, err = url.PathUnescape(password)
	return id, secret, err == nil
}
