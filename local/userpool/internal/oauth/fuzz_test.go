package oauth

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/local/userpool/state"
)

// Whatever a request says, the browser goes to one of the app client's callbacks or to the error page, and what the
// request asks is what the client may ask.
func FuzzAuthorize(f *testing.F) {
	for _, query := range []string{
		"response_type=code&redirect_uri=https%3A%2F%2Fapp.example.org%2Fcallback&scope=openid+email&state=a%0d%0ab",
		"response_type=token&redirect_uri=com.example.app%3A%2F%2Fcb&state=x%23code%3Dy&nonce=n",
		"response_type=code&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
		"redirect_uri=https://app.example.org@evil.example/callback", "redirect_uri=a&redirect_uri=b", "scope=email",
		"response_type=code&prompt=none+login&max_age=99999999999999999999", "response_type=code&resource=https://a#b",
		";", "%zz",
		"response_type=code&redirect_uri=https%3A%2F%2Fapp.example.org%2Fq%3Fx%3Dy%26code%3Dz&acr_values=a+b",
	} {
		f.Add(query)
	}
	callbacks := []string{"https://app.example.org/callback", "com.example.app://cb",
		"https://app.example.org/q?x=y&code=z"}
	client := state.Client{ID: "client", Settings: &state.ClientSettings{
		AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: []string{codeFlow, implicitFlow},
		AllowedOAuthScopes: []string{"openid", "email", "posts/read"}, CallbackURLs: callbacks,
		DefaultRedirectURI: callbacks[0],
	}}
	f.Fuzz(func(t *testing.T, raw string) {
		query, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		r, problem := Parse(client, query)
		if problem != nil && !problem.ToCallback {
			if r != nil {
				t.Fatalf("%v, with a request", problem)
			}
			return
		}
		if !slices.Contains(callbacks, r.RedirectURI) {
			t.Fatalf("the callback is %q", r.RedirectURI)
		}
		to, want := r.Callback(url.Values{"code": {"c"}}), r.RedirectURI
		if problem != nil {
			to = r.Refused(problem)
		}
		want, _, _ = strings.Cut(want, "?")
		if !strings.HasPrefix(to, want) || strings.ContainsAny(to, "\r\n \x00") {
			t.Fatalf("to %q", to)
		}
		values, err := url.ParseQuery(to[strings.IndexAny(to, "?#")+1:])
		if err != nil || values.Get("state") != query.Get("state") || len(values["code"]) > 1 {
			t.Fatalf("values %v, %v", values, err)
		}
		if problem != nil {
			return
		}
		for _, scope := range r.Scopes {
			if !slices.Contains(client.Settings.AllowedOAuthScopes, scope) {
				t.Fatalf("scope %q", scope)
			}
		}
		if method := query.Get("code_challenge_method"); r.Challenge != "" && (method != "S256" ||
			!isChallenge(r.Challenge)) ||
			r.Challenge == "" && method != "" {
			t.Fatalf("challenge %q, %q", r.Challenge, method)
		}
		if r.MaxAge < -1 || r.Has(PromptNone) && len(r.Prompt) > 1 || len(query["state"]) > 1 {
			t.Fatalf("%+v", r)
		}
	})
}
