package devidp

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/userpool"
)

const callback = "https://app.example.org/callback"

// world is a pool with the provider registered, and a browser.
type world struct {
	t                *testing.T
	api              *cip.Client
	pool, client     string
	domain, provider string
	browser          *http.Client
	at               *url.URL
	page             string
}

func start(t *testing.T) *world {
	t.Helper()
	w := &world{t: t}
	pools := userpool.Open(userpool.Options{})
	t.Cleanup(pools.Close)
	server := httptest.NewServer(pools)
	t.Cleanup(server.Close)
	w.api = cip.New(cip.Options{Region: "eu-west-1", BaseEndpoint: &server.URL,
		Credentials: aws.AnonymousCredentials{}, RetryMaxAttempts: 1})
	pool, err := w.api.CreateUserPool(t.Context(), &cip.CreateUserPoolInput{PoolName: aws.String("p")})
	if err != nil {
		t.Fatal(err)
	}
	w.pool = *pool.UserPool.Id
	client, err := w.api.CreateUserPoolClient(t.Context(), &cip.CreateUserPoolClientInput{UserPoolId: &w.pool,
		ClientName: aws.String("c"), AllowedOAuthFlowsUserPoolClient: true, CallbackURLs: []string{callback},
		AllowedOAuthFlows: []types.OAuthFlowType{"code"}, AllowedOAuthScopes: []string{"openid"}})
	if err != nil {
		t.Fatal(err)
	}
	w.client = *client.UserPoolClient.ClientId
	domain := httptest.NewUnstartedServer(nil)
	w.domain = "http://" + domain.Listener.Addr().String()
	domain.Config.Handler = pools.Domain(w.pool, userpool.DomainAddress{URL: w.domain, Base: server.URL})
	domain.Start()
	t.Cleanup(domain.Close)
	own := httptest.NewUnstartedServer(nil)
	w.provider = "http://" + own.Listener.Addr().String()
	p, err := New(Options{URL: w.provider, ClientID: "pool", ClientSecret: "s-1", RedirectPath: "/oauth2/idpresponse",
		Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	own.Config.Handler = p.Handler()
	own.Start()
	t.Cleanup(own.Close)
	for range 2 { // the second time as in another run with the same pool
		if err := p.Register(t.Context(), w.api, w.pool, w.client); err != nil {
			t.Fatal(err)
		}
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	w.browser = &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host == "app.example.org" {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	return w
}

func (w *world) show(r *http.Response, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	w.at, w.page = r.Request.URL, string(body)
	if to, err := r.Location(); err == nil {
		w.at = to
	}
}

func (w *world) begin() {
	w.t.Helper()
	w.show(w.browser.Get(w.domain + "/oauth2/authorize?" + url.Values{"client_id": {w.client}, "response_type": {"code"},
		"redirect_uri": {callback}, "scope": {"openid"}, "identity_provider": {Name}, "prompt": {"login"}}.Encode()))
}

var action = regexp.MustCompile(`action="([^"]*)"`)

func (w *world) send(form url.Values) {
	w.t.Helper()
	to := action.FindStringSubmatch(w.page)
	if to == nil {
		w.t.Fatalf("no form at %s:\n%s", w.at, w.page)
	}
	w.show(w.browser.PostForm(w.provider+html.UnescapeString(to[1]), form))
}

func (w *world) user(name string) map[string]string {
	w.t.Helper()
	user, err := w.api.AdminGetUser(w.t.Context(), &cip.AdminGetUserInput{UserPoolId: &w.pool, Username: &name})
	if err != nil {
		w.t.Fatal(err)
	}
	all := map[string]string{}
	for _, a := range user.UserAttributes {
		all[*a.Name] = *a.Value
	}
	return all
}

// Somebody chooses who to be, corrects a mistake, comes back as somebody else, and refuses.
func TestPeople(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.begin()
	if !strings.Contains(w.page, `value="ines@example.org"`) {
		t.Fatalf("the page is\n%s", w.page)
	}
	mina := url.Values{"sub": {"mina"}, "email": {"mina@example.org"}, "email_verified": {"true"}, "more": {"{"}}
	w.send(mina)
	if !strings.Contains(w.page, "Further claims are not a JSON object") || !strings.Contains(w.page, `value="mina"`) {
		t.Fatalf("the page is\n%s", w.page)
	}
	mina.Set("more", `{"given_name": "<Mina>", "sub": "ines"}`)
	w.send(mina)
	if w.at.Query().Get("code") == "" {
		t.Fatalf("the browser is at %s\n%s", w.at, w.page)
	}
	if got := w.user("Dev_mina"); got["email_verified"] != "true" || got["given_name"] != "<Mina>" {
		t.Errorf("user %v", got)
	}
	w.begin()
	if !strings.Contains(w.page, `value="mina@example.org"`) || strings.Contains(w.page, "<Mina>") {
		t.Errorf("the page does not remember, or does not escape:\n%s", w.page)
	}
	w.send(url.Values{"refuse": {""}})
	if got := w.at.Query(); got.Get("error") != "invalid_request" ||
		got.Get("error_description") != "The person refused" {
		t.Errorf("the browser is at %s", w.at)
	}
}

// Answers go to pools of this machine alone, codes are used once, and the page takes no form of another site.
func TestRefusals(t *testing.T) {
	t.Parallel()
	w := start(t)
	good := url.Values{"client_id": {"pool"}, "response_type": {"code"}, "state": {"s"},
		"redirect_uri": {w.domain + "/oauth2/idpresponse"}}
	for name, change := range map[string]url.Values{
		"another host":   {"redirect_uri": {"https://evil.example/oauth2/idpresponse"}},
		"another path":   {"redirect_uri": {w.domain + "/elsewhere"}},
		"another scheme": {"redirect_uri": {"javascript://localhost/oauth2/idpresponse"}},
		"another client": {"client_id": {"x"}},
	} {
		q := url.Values{}
		for _, from := range []url.Values{good, change} {
			for key, values := range from {
				q[key] = values
			}
		}
		w.show(w.browser.PostForm(w.provider+"/authorize?"+q.Encode(), url.Values{"sub": {"ines"}}))
		if !strings.HasPrefix(w.at.String(), w.provider+"/authorize") || strings.Contains(w.page, "<form") {
			t.Errorf("%s: the browser is at %s\n%s", name, w.at, w.page)
		}
	}
	foreign, err := http.NewRequest(http.MethodPost, w.provider+"/authorize?"+good.Encode(), strings.NewReader("sub=ines"))
	if err != nil {
		t.Fatal(err)
	}
	foreign.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	foreign.Header.Set("Origin", "https://evil.example")
	w.show(w.browser.Do(foreign))
	if !strings.Contains(w.page, "the form comes from another site") {
		t.Errorf("a foreign form: %s\n%s", w.at, w.page)
	}
	stay := *w.browser
	stay.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	w.show(stay.PostForm(w.provider+"/authorize?"+good.Encode(), url.Values{"sub": {"ines"}}))
	code := w.at.Query().Get("code")
	exchange := func(secret, code string) int {
		r, err := http.PostForm(w.provider+"/token", url.Values{"grant_type": {"authorization_code"}, "client_id": {"pool"},
			"client_secret": {secret}, "code": {code}, "redirect_uri": good["redirect_uri"]})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		return r.StatusCode
	}
	if wrong, right, again := exchange("x", code), exchange("s-1", code), exchange("s-1", code); wrong != 401 ||
		right != 200 || again != 400 {
		t.Errorf("a wrong secret: %d, the code: %d, again: %d", wrong, right, again)
	}
}
