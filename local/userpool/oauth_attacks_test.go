package userpool

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Addresses that look like the app's callback, or lead elsewhere in some parser's eyes.
func foreignCallbacks() map[string]string {
	return map[string]string{
		"user information": "https://app.example.org@evil.example/callback",
		"a backslash":      `https://app.example.org\@evil.example/callback`,
		"two backslashes":  `\\evil.example\callback`, "an encoded slash": "https://app.example.org%2f@evil.example/callback",
		"in the fragment": "https://evil.example/#" + callback, "in the query": "https://evil.example/?" + callback,
		"with a fragment": callback + "#x", "with an empty fragment": callback + "#", "with a query": callback + "?x=y",
		"with an empty query": callback + "?", "up the path": callback + "/../../evil",
		"up the path, encoded": callback + "/%2e%2e/evil", "with parameters": callback + ";x=y",
		"with a slash": callback + "/", "with a double slash": "https://app.example.org//callback",
		"with its port": "https://app.example.org:443/callback", "in capitals": strings.ToUpper(callback),
		"host in capitals": "https://APP.example.org/callback", "with a trailing dot": "https://app.example.org./callback",
		"a longer host":                "https://app.example.org.evil.example/callback",
		"a letter of another alphabet": "https://\u0430pp.example.org/callback",
		"without scheme":               "//app.example.org/callback",
		"another host without scheme":  "//evil.example/callback",
		"a path":                       "/callback", "with http": "http://app.example.org/callback",
		"script": "javascript:alert(1)//" + callback,
		"data":   "data:text/html,x", "a space before": " " + callback, "a space after": callback + " ",
		"a line after": callback + "\n", "a line in it": "https://app.example.org/\r\nSet-Cookie: x=y",
		"a NUL": callback + "\x00", "a tab": "https://app.example\t.org/callback", "twice": callback + " " + callback,
		"an app's scheme": "com.example.app:/callback", "encoded once more": url.QueryEscape(callback),
		"a wildcard": "https://*.example.org/callback",
	}
}

func TestOpenRedirects(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.signInAs("ines") // with whose session a request would lead to the callback at once
	for name, to := range foreignCallbacks() {
		t.Run(name, func(t *testing.T) {
			query := url.Values{"client_id": {b.direct.client}, "response_type": {"code"}, "redirect_uri": {to},
				"scope": {"openid"}}
			for _, try := range []struct{ method, path, body string }{
				{http.MethodGet, "/oauth2/authorize?" + query.Encode(), ""},
				{http.MethodGet, "/oauth2/authorize?prompt=none&" + query.Encode(), ""},
				{http.MethodGet, "/login?" + query.Encode(), ""},
				{http.MethodPost, "/login?" + query.Encode(), "username=ines"},
				{http.MethodGet, "/logout?" + query.Encode(), ""},
				{http.MethodGet, "/logout?" + url.Values{"client_id": {b.direct.client}, "logout_uri": {to}}.Encode(), ""},
			} {
				a := b.send(try.method, try.path, try.body, "Cookie", b.cookieHeader(), "Content-Type", formType)
				location := a.header.Get("Location")
				if a.status != http.StatusFound || !strings.HasPrefix(location, "/error?") ||
					strings.Contains(location, "evil") || a.header.Get("Set-Cookie") != "" {
					t.Errorf("%s %s: %d, to %q", try.method, try.path, a.status, location)
				}
			}
		})
	}
}

// Of many exchanges of one code at once, one gets tokens.
func TestConcurrentExchangesOfOneCode(t *testing.T) {
	t.Parallel()
	const exchanges = 500
	b := startBrowser(t, nil, nil)
	b.user("ines")
	body := b.exchangeForm(b.code("ines", nil), nil).Encode()
	codes := make([]int, exchanges)
	var start, all sync.WaitGroup
	start.Add(1)
	for i := range exchanges {
		all.Go(func() {
			r := httptest.NewRequest(http.MethodPost, "/oauth2/token", strings.NewReader(body))
			r.Header.Set("Content-Type", formType)
			w := httptest.NewRecorder()
			start.Wait()
			b.domain.Config.Handler.ServeHTTP(w, r)
			if codes[i] = w.Code; w.Code != http.StatusOK && w.Body.String() != `{"error":"invalid_grant"}`+"\n" {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	start.Done()
	all.Wait()
	won := 0
	for _, code := range codes {
		if code == http.StatusOK {
			won++
		}
	}
	if won != 1 {
		t.Errorf("%d of %d exchanges got tokens", won, exchanges)
	}
}

// A stolen code serves nobody else: neither another app client, nor another callback, nor an app without the verifier,
// nor the domain of another pool. Whatever is tried, the code is spent.
func TestStolenCodes(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	other, _ := b.another(nil)
	elsewhere := startBrowser(t, nil, nil)
	for name, c := range map[string]struct {
		form url.Values
		at   *browser
		code string
	}{
		"by another app client": {url.Values{"client_id": {other}, "code_verifier": {verifier}}, b, "invalid_grant"},
		"for another callback": {url.Values{"redirect_uri": {callback + "/"}, "code_verifier": {verifier}}, b,
			"unauthorized_client"},
		"without the verifier":  {nil, b, "invalid_grant"},
		"with another verifier": {url.Values{"code_verifier": {strings.Repeat("x", 43)}}, b, "invalid_grant"},
		"at the domain of another": {url.Values{"client_id": {elsewhere.direct.client}, "code_verifier": {verifier}},
			elsewhere, "invalid_grant"},
		"with a client of elsewhere": {url.Values{"client_id": {elsewhere.direct.client}, "code_verifier": {verifier}}, b,
			"invalid_client"},
	} {
		t.Run(name, func(t *testing.T) {
			code := b.code("ines", pkce())
			if a := c.at.post("/oauth2/token", b.exchangeForm(code, c.form)); a.out["error"] != c.code {
				t.Errorf("%d %s", a.status, a.body)
			}
			a := b.post("/oauth2/token", b.exchangeForm(code, url.Values{"code_verifier": {verifier}}))
			if reached := c.at == b && c.code != "invalid_client"; reached != (a.out["error"] == "invalid_grant") {
				t.Errorf("the app itself, afterwards: %d %s", a.status, a.body)
			}
		})
	}
}

// PKCE cannot be taken out of a request, or be made weaker.
func TestDowngradesOfPKCE(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.signInAs("ines")
	for name, query := range map[string]url.Values{
		"no method":             {"code_challenge": {pkceChallenge}},
		"plain":                 {"code_challenge": {pkceChallenge}, "code_challenge_method": {"plain"}},
		"s256":                  {"code_challenge": {pkceChallenge}, "code_challenge_method": {"s256"}},
		"no challenge":          {"code_challenge_method": {"S256"}},
		"an empty challenge":    {"code_challenge": {""}, "code_challenge_method": {"S256"}},
		"a short challenge":     {"code_challenge": {pkceChallenge[:42]}, "code_challenge_method": {"S256"}},
		"a padded challenge":    {"code_challenge": {pkceChallenge + "="}, "code_challenge_method": {"S256"}},
		"another alphabet":      {"code_challenge": {pkceChallenge[:42] + "+"}, "code_challenge_method": {"S256"}},
		"two challenges":        {"code_challenge": {pkceChallenge, ""}, "code_challenge_method": {"S256"}},
		"two methods":           {"code_challenge": {pkceChallenge}, "code_challenge_method": {"S256", "plain"}},
		"an empty one comes on": {"code_challenge": {"", pkceChallenge}, "code_challenge_method": {"S256"}},
	} {
		t.Run(name, func(t *testing.T) {
			b.authorize(query)
			if b.at.Query().Get("error") != "invalid_request" || b.at.Query().Get("code") != "" {
				t.Errorf("the browser is at %s", b.at)
			}
		})
	}
	// A code of a request without PKCE is not taken from an app that has a verifier: somebody stripped the request.
	if a := b.post("/oauth2/token", b.exchangeForm(b.code("ines", nil),
		url.Values{"code_verifier": {verifier}})); a.out["error"] != "invalid_grant" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// What the app sent comes back as it was, and as nothing else: state adds neither a header nor a parameter.
func TestStateComesBackAsSent(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.signInAs("ines")
	for name, state := range map[string]string{
		"a header": "x\r\nSet-Cookie: a=b", "a parameter": "x&code=evil&error=none", "a fragment": "x#code=evil",
		"a question mark": "x?y", "encoded": "x%26code%3Devil", "a plus": "a+b c", "text": "ключ키🔑",
		"markup": `"><script>`,
		"a NUL":  "a\x00b", "long": strings.Repeat("s", 4000), "JSON": `{"a":"b"}`, "invalid text": "a\xffb",
	} {
		for _, kind := range []string{"code", "token"} {
			t.Run(name+" "+kind, func(t *testing.T) {
				query := url.Values{"client_id": {b.direct.client}, "response_type": {kind}, "redirect_uri": {callback},
					"scope": {"openid"}, "state": {state}}
				a := b.send(http.MethodGet, "/oauth2/authorize?"+query.Encode(), "", "Cookie", b.cookieHeader())
				location := a.header.Get("Location")
				if a.status != http.StatusFound || !strings.HasPrefix(location, callback) || a.header.Get("Set-Cookie") != "" ||
					strings.ContainsAny(location, "\r\n\x00<\"") {
					t.Fatalf("%d %v", a.status, a.header)
				}
				got, members := a.to.Query(), 2
				if kind == "token" {
					got, members = fragmentOf(t, location), 5
				}
				if got.Get("state") != state || len(got["state"]) != 1 || len(got) != members || got.Get("code") == "evil" {
					t.Errorf("%v", got)
				}
			})
		}
	}
}

func fragmentOf(t *testing.T, location string) url.Values {
	t.Helper()
	before, fragment, _ := strings.Cut(location, "#")
	if before != callback {
		t.Errorf("tokens are in the query: %s", before)
	}
	values, err := url.ParseQuery(fragment)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// Two requests in two tabs of one browser: each gets its own state and nonce.
func TestTabsAreNotMixedUp(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.authorize(url.Values{"state": {"first"}, "nonce": {"n-first"}})
	page := b.page
	b.authorize(url.Values{"state": {"second"}, "nonce": {"n-second"}})
	second := b.page
	for _, tab := range []struct{ page, name string }{{page, "first"}, {second, "second"}} {
		b.page = tab.page
		b.submit(map[string]string{"username": "ines", "password": password})
		b.atTheApp()
		if got := b.at.Query().Get("state"); got != tab.name {
			t.Errorf("the tab %s got the state %s", tab.name, got)
		}
		out := b.granted(b.at.Query().Get("code"), nil)
		if nonce := claimsOf(t, out["id_token"])["nonce"]; nonce != "n-"+tab.name {
			t.Errorf("the tab %s got the nonce %v", tab.name, nonce)
		}
	}
}

// A parameter that comes twice is refused: a proxy, the app and the pool might each read another one.
func TestParametersTwice(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.signInAs("ines")
	other, _ := b.another(nil)
	for name, c := range map[string]struct {
		values []string
		path   string
	}{
		"client_id":     {[]string{b.direct.client, other}, "/error"},
		"redirect_uri":  {[]string{callback, "https://evil.example/"}, "/error"},
		"response_type": {[]string{"code", "token"}, "/callback"},
		"scope":         {[]string{"openid", "openid email"}, "/callback"},
		"state":         {[]string{"a", "b"}, "/callback"},
		"nonce":         {[]string{"a", "b"}, "/callback"},
		"prompt":        {[]string{"none", "login"}, "/callback"},
	} {
		t.Run(name, func(t *testing.T) {
			b.authorize(url.Values{name: c.values})
			if b.at.Path != c.path || b.at.Query().Get("error") != "invalid_request" {
				t.Errorf("the browser is at %s", b.at)
			}
		})
	}
	for _, query := range []string{"client_id=" + b.direct.client + ";logout_uri=x", "client_id=%zz"} {
		if a := b.send(http.MethodGet, "/oauth2/authorize?"+query, ""); a.to == nil || a.to.Path != "/error" {
			t.Errorf("a query that cannot be read: %d %v", a.status, a.header)
		}
	}
}

// A refresh token serves its own app client alone, and a wrong client does not harm it.
func TestRefreshTokensOfOtherClients(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	id, secret := b.another(object{"GenerateSecret": true})
	refresh := url.Values{"grant_type": {"refresh_token"}, "client_id": {b.direct.client},
		"refresh_token": {b.granted(b.code("ines", nil), nil)["refresh_token"].(string)}}
	theirs := url.Values{"grant_type": {"refresh_token"}, "refresh_token": refresh["refresh_token"]}
	if a := b.post("/oauth2/token", theirs, "Authorization", basicAuth(id, secret)); a.out["error"] != "invalid_grant" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := b.post("/oauth2/revoke", url.Values{"token": refresh["refresh_token"]}, "Authorization", basicAuth(id,
		secret)); a.status != 400 {
		t.Errorf("another client revokes it: %d %s", a.status, a.body)
	}
	if a := b.post("/oauth2/token", refresh); a.status != http.StatusOK || a.out["refresh_token"] != nil {
		t.Errorf("the client itself: %d %s", a.status, a.body)
	}
}

// What a wrong secret brings does not say whether there is such a client, or how much of the secret was right.
func TestGuessedSecrets(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	id, secret := b.another(object{"GenerateSecret": true})
	want := ""
	for name, header := range map[string]string{
		"none": basicAuth(id, ""), "another": basicAuth(id, "x"), "most of it": basicAuth(id, secret[:len(secret)-1]),
		"more than it": basicAuth(id, secret+"x"), "an unknown client": basicAuth("nobody", secret), "garbage": "Basic %%%",
		"no colon": "Basic " + "eA==", "another scheme": "Digest x",
	} {
		a := b.post("/oauth2/token", url.Values{"grant_type": {"authorization_code"}, "code": {"x"},
			"redirect_uri": {callback}},
			"Authorization", header)
		answer, _ := json.Marshal(a.out)
		if want == "" {
			want = string(answer)
		}
		if a.status != http.StatusBadRequest || string(answer) != want || a.out["error"] != "invalid_client" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

// The Host header of a request decides nothing: neither where a browser goes nor who issues a token.
func TestHostHeaderOfDomains(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	code := b.code("ines", nil)
	for _, path := range []string{"/oauth2/authorize", "/login", "/logout", "/error", "/signup", "/forgotPassword"} {
		query := url.Values{"client_id": {b.direct.client}, "response_type": {"code"}, "redirect_uri": {callback}}
		a := b.send(http.MethodGet, path+"?"+query.Encode(), "", "Host", "evil.example", "X-Forwarded-Host", "evil.example")
		if strings.Contains(a.body, "evil.example") || strings.Contains(text(t, a.header), "evil.example") {
			t.Errorf("%s: %v %s", path, a.header, a.body)
		}
	}
	a := b.post("/oauth2/token", b.exchangeForm(code, nil), "Host", "evil.example", "X-Forwarded-Host", "evil.example")
	if iss := claimsOf(t, a.out["id_token"])["iss"]; iss != "http://127.0.0.1:9229/"+b.pool {
		t.Errorf("iss %v", iss)
	}
}

// Tokens are kept by no cache and shown in no address but the fragment of an implicit grant.
func TestTokensAreNotLeftBehind(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	a := b.post("/oauth2/token", b.exchangeForm(b.code("ines", nil), nil))
	info := b.send(http.MethodGet, "/oauth2/userInfo", "", "Authorization", "Bearer "+a.out["access_token"].(string))
	for name, a := range map[string]answered{"token": a, "userInfo": info} {
		if a.status != http.StatusOK || a.header.Get("Cache-Control") != "no-store" ||
			a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %d %v", name, a.status, a.header)
		}
	}
	query := url.Values{"client_id": {b.direct.client}, "response_type": {"token"}, "redirect_uri": {callback},
		"scope": {"openid"}}
	implicit := b.send(http.MethodGet, "/oauth2/authorize?"+query.Encode(), "", "Cookie", b.cookieHeader())
	location := implicit.header.Get("Location")
	if len(fragmentOf(t, location)) < 4 || implicit.header.Get("Cache-Control") != "no-store" ||
		implicit.header.Get("Referrer-Policy") != "no-referrer" || strings.Contains(implicit.body, "ey") {
		t.Errorf("%d %v %q", implicit.status, implicit.header, implicit.body)
	}
	for _, form := range []url.Values{{"response_type": {"code"}, "response_mode": {"fragment"}},
		{"response_type": {"token"},
			"response_mode": {"query"}}} {
		b.authorize(form)
		if strings.Contains(b.at.RawQuery, "access_token") {
			t.Errorf("the browser is at %s", b.at)
		}
	}
}

// No body and no header makes the token endpoint fail, or hand out tokens.
func FuzzTokenEndpoint(f *testing.F) {
	for _, body := range []string{"", "grant_type=authorization_code&client_id=CLIENT&code=x&redirect_uri=y",
		"grant_type=refresh_token&client_id=CLIENT&refresh_token=x", "grant_type=client_credentials&client_id=CLIENT",
		"grant_type=" + exchangeGrant + "&client_id=CLIENT&subject_token=a.b.c" +
			"&subject_token_type=" + tokenType + "access_token",
		"client_id=CLIENT&client_id=CLIENT", "%zz", "a=b;c=d", "{}", "\x00"} {
		f.Add("", formType, "", body)
		f.Add("grant_type=refresh_token", formType+"; charset=utf-8", "Basic YTpi", body)
		f.Add("", "application/json", "Basic %", body)
	}
	d := startDirect(f, nil, object{"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": []string{"code"},
		"AllowedOAuthScopes": []string{"openid"}, "CallbackURLs": []string{callback},
		"ExplicitAuthFlows": []string{"ALLOW_TOKEN_EXCHANGE_IMPERSONATION"}})
	handler := d.server.Domain(d.pool, DomainAddress{URL: "http://127.0.0.1:1", Base: "http://127.0.0.1:2"})
	f.Fuzz(func(t *testing.T, query, kind, authorization, body string) {
		r := httptest.NewRequest(http.MethodPost, "/oauth2/token", strings.NewReader(strings.ReplaceAll(body, "CLIENT",
			d.client)))
		r.URL.RawQuery = query
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Authorization", authorization)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		var out struct {
			Error string `json:"error"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &out); w.Code != http.StatusBadRequest || err != nil || out.Error == "" {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	})
}
