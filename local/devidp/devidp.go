// Package devidp is an identity provider for development: it speaks OpenID Connect, and its page lets whoever opens it
// choose who to be and which claims to send, so that nobody needs an account at a real provider to try federated
// sign-in. It has no passwords, so it must serve this machine alone.
package devidp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"cognito-triggers/local/loopback"
)

// Options configure a Provider.
type Options struct {
	URL          string // at which browsers and the pool reach it: the issuer of its ID tokens
	ClientID     string
	ClientSecret string
	RedirectPath string // of the addresses that answers may go to, all on this machine
	Now          func() time.Time
}

// Provider is the identity provider. It is safe for concurrent use.
type Provider struct {
	o    Options
	key  *ecdsa.PrivateKey
	page *template.Template

	mu     sync.Mutex
	codes  map[string]grant
	tokens map[string]grant
	people []person // most recent first
}

// person is somebody to be.
type person struct {
	Sub, Email, GivenName, FamilyName string
	Verified                          bool
	More                              string // further claims, as JSON
}

// grant is a sign-in that waits for its code, or for its access token, to be used.
type grant struct {
	claims          map[string]any
	nonce, redirect string
	until           time.Time
}

const (
	codeLifetime  = time.Minute
	tokenLifetime = time.Hour
	maxGrants     = 1000
	maxPeople     = 8
	maxForm       = 1 << 16
	keyID         = "dev"
)

//go:embed page.html
var pageHTML string

// New returns a Provider with a key of its own.
func New(o Options) (*Provider, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	page, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return nil, err
	}
	return &Provider{
		o: o, key: key, page: page, codes: map[string]grant{}, tokens: map[string]grant{},
		people: []person{
			{Sub: "ines", Email: "ines@example.org", GivenName: "Ines", FamilyName: "Kim", Verified: true},
			{Sub: "paul", Email: "paul@example.org", GivenName: "Paul", FamilyName: "Park"},
		},
	}, nil
}

// Handler serves the provider to this machine.
func (p *Provider) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.ask)
	mux.HandleFunc("POST /authorize", p.signIn)
	mux.HandleFunc("POST /token", p.token)
	mux.HandleFunc("GET /userinfo", p.userInfo)
	mux.HandleFunc("POST /userinfo", p.userInfo)
	return loopback.Named(mux)
}

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{
		"issuer": p.o.URL, "authorization_endpoint": p.o.URL + "/authorize", "token_endpoint": p.o.URL + "/token",
		"userinfo_endpoint": p.o.URL + "/userinfo", "jwks_uri": p.o.URL + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported":          []string{"ES256"},
		"scopes_supported":                               []string{"openid", "email", "profile"},
		"token_endpoint_auth_methods_supported":          []string{"client_secret_post"},
		"authorization_response_iss_parameter_supported": true,
	})
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: p.key.Public(), KeyID: keyID, Algorithm: string(jose.ES256), Use: "sig"},
	}})
}

// request checks the pool's request. Its error is for the person: nothing is sent to an address that is not the pool's.
func (p *Provider) request(q url.Values) (redirect *url.URL, problem string) {
	redirect, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get("client_id") != p.o.ClientID:
		return nil, "client_id is not the pool's"
	case err != nil || redirect.Scheme != "http" && redirect.Scheme != "https" || !loopback.IsName(redirect.Host) ||
		redirect.Path != p.o.RedirectPath:
		return nil, "redirect_uri is no address of a pool on this machine"
	case q.Get("response_type") != "code":
		return nil, "response_type is not code"
	}
	return redirect, ""
}

// view is what the page shows.
type view struct {
	Problem, Action string
	Chosen          person
	People          []choice
}

type choice struct {
	person
	To string
}

// ask shows the page.
func (p *Provider) ask(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if _, problem := p.request(q); problem != "" {
		p.show(w, http.StatusBadRequest, view{Problem: problem})
		return
	}
	p.again(w, r, "", person{})
}

// again shows the page with the person that the query chooses, or else the most recent, or what was typed.
func (p *Provider) again(w http.ResponseWriter, r *http.Request, problem string, typed person) {
	q := r.URL.Query()
	v := view{Problem: problem, Action: "/authorize?" + r.URL.RawQuery, Chosen: typed}
	chosen := q.Get("as")
	if chosen == "" {
		chosen = q.Get("login_hint")
	}
	p.mu.Lock()
	for i, one := range p.people {
		if typed.Sub == "" && (i == 0 || one.Sub == chosen || one.Email == chosen) {
			v.Chosen = one
		}
		q.Set("as", one.Sub)
		v.People = append(v.People, choice{one, "/authorize?" + q.Encode()})
	}
	p.mu.Unlock()
	status := http.StatusOK
	if problem != "" {
		status = http.StatusBadRequest
	}
	p.show(w, status, v)
}

func (p *Provider) show(w http.ResponseWriter, status int, v view) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = p.page.Execute(w, v) // fails only if the client is gone
}

// signIn sends the browser back to the pool as the person of the form.
func (p *Provider) signIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	redirect, problem := p.request(r.URL.Query())
	if problem == "" && (loopback.IsForeignPage(r) || r.ParseForm() != nil) {
		problem = "the form comes from another site"
	}
	if problem != "" {
		p.show(w, http.StatusBadRequest, view{Problem: problem})
		return
	}
	back := url.Values{"state": {r.URL.Query().Get("state")}, "iss": {p.o.URL}}
	if r.PostForm.Has("refuse") {
		back.Set("error", "access_denied")
		back.Set("error_description", "The person refused")
	} else {
		who := person{
			Sub: r.PostForm.Get("sub"), Email: r.PostForm.Get("email"), GivenName: r.PostForm.Get("given_name"),
			FamilyName: r.PostForm.Get("family_name"), Verified: r.PostForm.Has("email_verified"),
			More: r.PostForm.Get("more"),
		}
		claims, problem := who.claims()
		if problem != "" {
			p.again(w, r, problem, who)
			return
		}
		p.remember(who)
		back.Set("code", p.keep(p.codes, codeLifetime, grant{
			claims: claims, nonce: r.URL.Query().Get("nonce"), redirect: redirect.String(),
		}))
	}
	redirect.RawQuery = back.Encode()
	http.Redirect(w, r, redirect.String(), http.StatusFound)
}

// claims returns what the provider says of a person. Further claims win.
func (w person) claims() (all map[string]any, problem string) {
	all = map[string]any{}
	if w.Email != "" {
		all["email"], all["email_verified"] = w.Email, w.Verified
	}
	for name, value := range map[string]string{"given_name": w.GivenName, "family_name": w.FamilyName} {
		if value != "" {
			all[name] = value
		}
	}
	if w.More != "" {
		if err := json.Unmarshal([]byte(w.More), &all); err != nil {
			return nil, "Further claims are not a JSON object"
		}
	}
	if w.Sub == "" {
		return nil, "The identifier is missing"
	}
	all["sub"] = w.Sub
	return all, ""
}

// remember puts a person at the head of the list.
func (p *Provider) remember(who person) {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := []person{who}
	for _, one := range p.people {
		if one.Sub != who.Sub && len(list) < maxPeople {
			list = append(list, one)
		}
	}
	p.people = list
}

// keep keeps a grant under a new name.
func (p *Provider) keep(in map[string]grant, lifetime time.Duration, g grant) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.o.Now()
	for name, old := range in {
		if len(in) >= maxGrants || !now.Before(old.until) {
			delete(in, name)
		}
	}
	name := rand.Text()
	g.until = now.Add(lifetime)
	in[name] = g
	return name
}

func (p *Provider) find(in map[string]grant, name string, once bool) (grant, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	g, known := in[name]
	if once {
		delete(in, name)
	}
	return g, known && p.o.Now().Before(g.until)
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // fails only if the client is gone
}
