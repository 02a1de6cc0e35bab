package userpool

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-triggers/local/userpool/state"
)

// opened stands in for package domains: a domain named d is at http://d and https://d.
type opened struct {
	mu      sync.Mutex
	handler map[string]http.Handler // by URL
	err     error
}

func (o *opened) Open(domain string, handler func(url string) http.Handler) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return o.err
	}
	if o.handler == nil {
		o.handler = map[string]http.Handler{}
	}
	for _, url := range []string{"http://" + domain, "https://" + domain} {
		o.handler[url] = handler(url)
	}
	return nil
}

func (o *opened) Shut(domain string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.handler, "http://"+domain)
	delete(o.handler, "https://"+domain)
}

func (o *opened) URLs(domain string) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.handler["http://"+domain] == nil {
		return nil
	}
	return []string{"http://" + domain, "https://" + domain}
}

func (o *opened) get(url, path string) *httptest.ResponseRecorder {
	o.mu.Lock()
	handler := o.handler[url]
	o.mu.Unlock()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, url+path, nil))
	return w
}

func (o *opened) open() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var urls []string
	for url := range o.handler {
		urls = append(urls, url)
	}
	slices.Sort(urls)
	return urls
}

const ownURL = "http://127.0.0.1:9229"

func startDomains(t *testing.T, pool, client object) (*direct, *opened) {
	t.Helper()
	at := &opened{}
	return startDirect(t, pool, client, func(o *Options) { o.BaseURL, o.Domains = ownURL, at }), at
}

// discovery returns the pool's OpenID configuration.
func (d *direct) discovery() (out object) {
	d.t.Helper()
	w := httptest.NewRecorder()
	d.server.ServeHTTP(w, httptest.NewRequest(http.MethodGet, ownURL+"/"+d.pool+"/.well-known/openid-configuration", nil))
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		d.t.Fatal(err)
	}
	return out
}

func customDomain(name string) object {
	return object{"Domain": name, "CustomDomainConfig": object{
		"CertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/x"}}
}

// A domain is served from its creation to its deletion, and the OpenID configuration names it; of two, the custom one.
func TestDomainsAreOpenedAndShut(t *testing.T) {
	t.Parallel()
	d, at := startDomains(t, nil, nil)
	names := func(want string) {
		t.Helper()
		if got := d.discovery()["authorization_endpoint"]; got != want {
			t.Errorf("the OpenID configuration names %v, want %s", got, want)
		}
	}
	names(ownURL + "/" + d.pool + "/authorize")
	d.do("CreateUserPoolDomain", object{"Domain": "people"})
	names("http://people/oauth2/authorize")
	d.do("CreateUserPoolDomain", customDomain("auth.example.org"))
	names("http://auth.example.org/oauth2/authorize")
	if got := fmt.Sprint(at.open()); got !=
		"[http://auth.example.org http://people https://auth.example.org https://people]" {
		t.Errorf("open: %s", got)
	}
	pool := d.do("DescribeUserPool", object{})["UserPool"].(map[string]any)
	if pool["Domain"] != "people" || pool["CustomDomain"] != "auth.example.org" {
		t.Errorf("domains of the pool: %v and %v", pool["Domain"], pool["CustomDomain"])
	}
	for name, custom := range map[string]int{"people": 0, "auth.example.org": 1} {
		of := d.do("DescribeUserPoolDomain", object{"Domain": name})["DomainDescription"].(map[string]any)
		config := of["CustomDomainConfig"].(map[string]any)
		if of["Status"] != "ACTIVE" || of["UserPoolId"] != d.pool || len(config) != custom {
			t.Errorf("%s: %v", name, of)
		}
	}
	d.fails("CreateUserPoolDomain", customDomain("login.example.org"), "InvalidParameterException", "already has a domain")
	d.do("DeleteUserPoolDomain", object{"Domain": "auth.example.org"})
	names("http://people/oauth2/authorize")
	d.fails("DeleteUserPool", object{}, "InvalidParameterException", "domain")
	d.do("DeleteUserPoolDomain", object{"Domain": "people"})
	names(ownURL + "/" + d.pool + "/authorize")
	if list := at.open(); list != nil {
		t.Errorf("still open: %v", list)
	}
	at.err = fmt.Errorf("no port is free")
	d.fails("CreateUserPoolDomain", object{"Domain": "people"}, "InvalidParameterException", "no port is free")
	if pool := d.do("DescribeUserPool", object{})["UserPool"].(map[string]any); pool["Domain"] != nil {
		t.Errorf("the pool has the domain %v, which could not be opened", pool["Domain"])
	}
}

// The domains of a kept pool are served again.
func TestKeptDomainsAreOpened(t *testing.T) {
	t.Parallel()
	store := state.NewMemory(time.Now)
	first := Open(Options{Store: store, BaseURL: ownURL, Domains: &opened{}})
	var pool struct{ UserPool struct{ Id string } }
	if err := first.Call(t.Context(), "CreateUserPool", object{"PoolName": "p"}, &pool); err != nil {
		t.Fatal(err)
	}
	if err := first.Call(t.Context(), "CreateUserPoolDomain",
		object{"UserPoolId": pool.UserPool.Id, "Domain": "people"}, nil); err != nil {
		t.Fatal(err)
	}
	at := &opened{}
	Open(Options{Store: store, BaseURL: ownURL, Domains: at})
	if got := fmt.Sprint(at.open()); got != "[http://people https://people]" {
		t.Errorf("open: %s", got)
	}
	var warnings []string
	Open(Options{Store: store, BaseURL: ownURL, Domains: &opened{err: fmt.Errorf("no port is free")},
		Warn: func(text string) { warnings = append(warnings, text) }})
	if fmt.Sprint(warnings) != "[domain people is not served: no port is free]" {
		t.Errorf("warnings: %q", warnings)
	}
}

func TestDomainNames(t *testing.T) {
	t.Parallel()
	d, _ := startDomains(t, nil, nil)
	const invalid = "The domain name contains an invalid character. Domain names can only contain lower-case letters, " +
		"numbers, and hyphens. Please enter a different name that follows this format: " +
		`^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$`
	for name, words := range map[string]string{
		"my-cognito": "Domain cannot contain reserved word: cognito", "jaws": "Domain cannot contain reserved word: aws",
		"amazonas": "Domain cannot contain reserved word: amazon", "-people": invalid, "people-": invalid,
		"People": invalid, "auth.example.org": invalid, "pe ople": invalid, "café": invalid, "people\n": invalid,
		strings.Repeat("a", 64): "less than or equal to 63", "": "",
	} {
		d.fails("CreateUserPoolDomain", object{"Domain": name}, "InvalidParameterException", words)
	}
	for _, name := range []string{"auth..example.org", ".example.org", "auth.example.org.", "auth_1.example.org"} {
		d.fails("CreateUserPoolDomain", customDomain(name), "InvalidParameterException", invalid)
	}
	for _, body := range []object{
		{"Domain": strings.Repeat("a", 63)}, {"Domain": "a"}, {"Domain": "0-1"}, customDomain("auth.aws-users.example.org"),
	} {
		d.do("CreateUserPoolDomain", body)
		d.do("DeleteUserPoolDomain", object{"Domain": body["Domain"]})
	}
}

// Of pools that ask for a domain at the same time, one gets it.
func TestADomainBelongsToOnePool(t *testing.T) {
	t.Parallel()
	d, _ := startDomains(t, nil, nil)
	pools := []string{d.pool}
	for range 7 {
		pools = append(pools, at(d.do("CreateUserPool", object{"PoolName": "p"}), "UserPool.Id").(string))
	}
	var got, refused int
	var mu sync.Mutex
	var group sync.WaitGroup
	for _, pool := range pools {
		group.Go(func() {
			answer := send(d.server, "CreateUserPoolDomain", []byte(`{"Domain":"people","UserPoolId":"`+pool+`"}`))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case answer.Code == http.StatusOK:
				got++
			case strings.Contains(answer.Body.String(), "Domain already associated with another user pool."):
				refused++
			default:
				t.Errorf("%d %s", answer.Code, answer.Body)
			}
		})
	}
	group.Wait()
	if got != 1 || refused != 7 {
		t.Errorf("%d pools have the domain, %d were refused", got, refused)
	}
}

// Managed login has no pages for an app client without a style; the classic pages need none.
func TestManagedLoginNeedsAStyle(t *testing.T) {
	t.Parallel()
	d, at := startDomains(t, nil, hostedClient())
	d.do("CreateUserPoolDomain", object{"Domain": "people", "ManagedLoginVersion": 2})
	query := "?response_type=code&scope=openid&redirect_uri=" + callback + "&client_id=" + d.client
	page := func(want int, words string) {
		t.Helper()
		for _, url := range []string{"http://people", "https://people"} {
			w := at.get(url, "/login"+query)
			if w.Code != want || !strings.Contains(w.Body.String(), words) {
				t.Errorf("%s: %d, want %d with %q:\n%s", url, w.Code, want, words, w.Body)
			}
		}
	}
	page(http.StatusForbidden, "Login pages unavailable. Please contact an administrator.")
	style := d.do("CreateManagedLoginBranding", object{"UseCognitoProvidedValues": true})
	page(http.StatusOK, "password")
	d.do("DeleteManagedLoginBranding", object{
		"ManagedLoginBrandingId": style["ManagedLoginBranding"].(map[string]any)["ManagedLoginBrandingId"]})
	page(http.StatusForbidden, "Login pages unavailable.")
	d.do("UpdateUserPoolDomain", object{"Domain": "people", "ManagedLoginVersion": 1})
	page(http.StatusOK, "password")

	lite, _ := startDomains(t, object{"UserPoolTier": "LITE"}, nil)
	lite.fails("CreateUserPoolDomain", object{"Domain": "people", "ManagedLoginVersion": 2},
		"FeatureUnavailableInTierException", "")
	lite.do("CreateUserPoolDomain", object{"Domain": "people"})
	lite.fails("UpdateUserPoolDomain", object{"Domain": "people", "ManagedLoginVersion": 2},
		"FeatureUnavailableInTierException", "")
}

// The pages, too, wait until the disk has what an answer depends on.
func TestAnswersOfDomainsWaitForTheDisk(t *testing.T) {
	t.Parallel()
	s := Open(Options{Store: unkept{keep(t, t.TempDir())}})
	w := httptest.NewRecorder()
	s.Domain("eu-west-1_Unknown01", DomainAddress{URL: "http://people"}).ServeHTTP(w,
		httptest.NewRequest(http.MethodGet, "http://people/error?error_description=refused", nil))
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "refused") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
}

// hostedClient returns the settings of an app client for the pages.
func hostedClient() object {
	return object{
		"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": []string{"code"},
		"AllowedOAuthScopes": []string{"openid"}, "CallbackURLs": []string{callback},
		"SupportedIdentityProviders": []string{"COGNITO"},
	}
}
