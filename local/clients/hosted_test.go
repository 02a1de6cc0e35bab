package clients

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/browser"
	"cognito-triggers/local/httpapi/apitest"
	"cognito-triggers/local/userpool"
)

// pageShots is the variable with a folder for the screenshots of TestHostedPages. With it, every page is looked at in
// both widths, languages and colour schemes; without it, in one of each.
const pageShots = "PAGES"

type object = map[string]any

// hosted is a server with pools whose domains are open, an app, and a browser.
type hosted struct {
	t       *testing.T
	server  *userpool.Server
	api     string
	app     string // address of the app
	browser *browser.Browser
	page    *browser.Page
	axe, qr string // scripts that check pages and read QR codes
	folder  string
	looked  []string // names of the pages that were looked at
}

func newHosted(t *testing.T) *hosted {
	t.Helper()
	w, path := forPages(t, "axe-core")
	h := &hosted{t: t, folder: os.Getenv(pageShots)}
	for file, script := range map[string]*string{"axe-core/axe.min.js": &h.axe, "jsqr/dist/jsQR.js": &h.qr} {
		text, err := os.ReadFile(filepath.Join(w.nodeModules, filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		*script = string(text)
	}
	h.server = userpool.Open(userpool.Options{RelyingParty: "localhost"})
	h.api = h.serve(h.server)
	app := template.Must(template.New("app").Parse(`<!DOCTYPE html><html lang="en"><title>App</title><h1>App</h1>`))
	h.app = h.serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _ = app.Execute(w, nil) }))
	var err error
	if h.browser, err = browser.Start(path, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.browser.Close() })
	if h.page, err = h.browser.Open(t.Context(), "about:blank"); err != nil {
		t.Fatal(err)
	}
	h.do(h.page.AddAuthenticator)
	return h
}

// serve serves at a name of this machine at which browsers have passkeys.
func (h *hosted) serve(handler http.Handler) string {
	server := httptest.NewServer(handler)
	h.t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
}

// call calls an operation of the API.
func (h *hosted) call(operation string, in object) (out object) {
	h.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.api, bytes.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+operation)
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&out); err != nil || answer.StatusCode != http.StatusOK {
		h.t.Fatalf("%s: %v, error %v", operation, out, err)
	}
	return out
}

// place is a pool, its domain and an app client there.
type place struct {
	*hosted
	pool, client, domain, language string
}

// pool makes a pool with a domain and an app client.
func (h *hosted) pool(version int, settings, client object) *place {
	h.t.Helper()
	all := object{"PoolName": "people", "AutoVerifiedAttributes": []string{"email"}}
	for name, value := range settings {
		all[name] = value
	}
	p := &place{hosted: h}
	p.pool = h.call("CreateUserPool", all)["UserPool"].(object)["Id"].(string)
	name := strings.ToLower(strings.ReplaceAll(p.pool, "_", "-"))
	h.call("CreateUserPoolDomain", object{"UserPoolId": p.pool, "ManagedLoginVersion": version, "Domain": name})
	p.addClient(client)
	var handler http.Handler
	p.domain = h.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	handler = h.server.Domain(p.pool, userpool.DomainAddress{Domain: name, URL: p.domain, Base: h.api})
	return p
}

// addClient makes an app client, which the place has from now on.
func (p *place) addClient(client object) {
	p.t.Helper()
	all := object{"UserPoolId": p.pool, "ClientName": "Acme Books",
		"ExplicitAuthFlows":               []string{"ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"},
		"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": []string{"code", "implicit"},
		"AllowedOAuthScopes": []string{"openid", "email"}, "CallbackURLs": []string{p.app + "/callback"},
		"LogoutURLs": []string{p.app + "/bye"}, "SupportedIdentityProviders": []string{"COGNITO"}}
	for name, value := range client {
		all[name] = value
	}
	p.client = p.call("CreateUserPoolClient", all)["UserPoolClient"].(object)["ClientId"].(string)
	p.call("CreateManagedLoginBranding", object{"UserPoolId": p.pool, "ClientId": p.client,
		"UseCognitoProvidedValues": true})
}

func (h *hosted) do(act func(ctx context.Context) error) {
	h.t.Helper()
	person{h.t, h.page}.do(act)
}

const verifier = "a-verifier-that-is-long-enough-for-proof-key-for-code-exchange"

// authorizes opens /oauth2/authorize as the app does, and waits for the page with this title.
func (p *place) authorizes(title string, more ...string) {
	p.t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	query := url.Values{"client_id": {p.client}, "response_type": {"code"}, "redirect_uri": {p.app + "/callback"},
		"scope": {"openid email"}, "state": {"s-1"}, "code_challenge_method": {"S256"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}}
	if p.language != "" {
		query.Set("lang", p.language)
	}
	for i := 0; i < len(more); i += 2 {
		query.Set(more[i], more[i+1])
	}
	p.opens("/oauth2/authorize?"+query.Encode(), title)
}

func (p *place) opens(path, title string) {
	p.t.Helper()
	p.do(func(ctx context.Context) error { return p.page.Go(ctx, p.domain+path) })
	p.sees(title)
}

// sees waits for the page with this title.
func (p *place) sees(title string) {
	p.t.Helper()
	p.do(func(ctx context.Context) error {
		return p.page.Wait(ctx, "document.readyState === 'complete' && document.querySelector('h1')?.innerText === "+
			strconv.Quote(title))
	})
}

// fills fills in fields, given in pairs, and presses the form's button.
func (p *place) fills(fields ...string) {
	p.t.Helper()
	for i := 0; i < len(fields); i += 2 {
		selector := `[name="` + fields[i] + `"]`
		person{p.t, p.page}.fills(selector, fields[i+1])
	}
	p.presses("form button")
}

func (p *place) presses(selector string) {
	p.t.Helper()
	p.do(func(ctx context.Context) error {
		_, err := p.page.Eval(ctx, "document.querySelector('h1').innerText = ''") // what comes is another page
		if err != nil {
			return err
		}
		return p.page.Click(ctx, selector)
	})
}

// looks checks the page with axe, in both widths and both colour schemes if screenshots are wanted.
func (p *place) looks(name string) {
	p.t.Helper()
	p.looked = append(p.looked, name)
	widths, schemes := []string{"phone"}, []string{"light"}
	if len(p.looked)%2 == 0 {
		widths, schemes = []string{"desktop"}, []string{"dark"}
	}
	if p.folder != "" {
		widths, schemes = []string{"phone", "desktop"}, []string{"light", "dark"}
	}
	for _, width := range widths {
		for _, scheme := range schemes {
			p.do(func(ctx context.Context) error { return p.look(ctx, name, width, scheme) })
		}
	}
}

// post takes the ID token out of the callback's address and posts with it, with a changed one and without, as the page
// of an app does. It returns the statuses.
const post = `(async (url) => {
	const token = new URLSearchParams(location.hash.slice(1)).get("id_token");
	const status = async (headers) => (await fetch(url, { method: "POST", body: "{}", headers })).status;
	return [await status({ Authorization: "Bearer " + token }), await status({ Authorization: "Bearer " + token + "x" }),
		await status({})].join(" ");
})`

// posts calls an API with the ID token of the callback that the browser shows.
func (p *place) posts() {
	p.t.Helper()
	url := apitest.Posts(p.t, p.api+"/"+p.pool, p.client, time.Now)
	p.do(func(ctx context.Context) error {
		statuses, err := p.page.Eval(ctx, post+"("+strconv.Quote(url)+")")
		if err == nil && statuses != "201 401 401" {
			err = fmt.Errorf("POST /post with the ID token, a changed one and none: %s, want 201 401 401", statuses)
		}
		return err
	})
}

// violations runs axe with the rules of WCAG 2.2 AA and its best practices, and returns what it finds.
const violations = `(async () => {
	const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
	const found = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
	const say = (v) => v.id + ": " + v.nodes.map((n) => n.html + " " + n.failureSummary).join("; ");
	return found.violations.map(say).join("\n");
})()`

func (p *place) look(ctx context.Context, name, width, scheme string) error {
	across, down := 390, 844
	if width == "desktop" {
		across, down = 1280, 800
	}
	if err := p.page.Resize(ctx, across, down); err != nil {
		return err
	}
	if err := p.page.PrefersColorScheme(ctx, scheme); err != nil {
		return err
	}
	if _, err := p.page.Eval(ctx, "typeof axe === 'undefined' && ("+"() => {"+p.axe+"\n})()"); err != nil {
		return err
	}
	found, err := p.page.Eval(ctx, violations)
	if err != nil {
		return err
	}
	if found != "" {
		p.t.Errorf("%s at %s width, %s, %q:\n%s", name, width, scheme, p.language, found)
	}
	wide, err := p.page.Eval(ctx, "document.documentElement.scrollWidth > innerWidth")
	if err == nil && wide == "true" {
		p.t.Errorf("%s at %s width is wider than the window", name, width)
	}
	if err != nil || p.folder == "" {
		return err
	}
	file := fmt.Sprintf("%s-%s-%s-%s.png", name, p.language, width, scheme)
	return p.page.Screenshot(ctx, filepath.Join(p.folder, file))
}

// scans returns what the page's QR code says.
func (p *place) scans() (text string) {
	p.t.Helper()
	p.do(func(ctx context.Context) error {
		if _, err := p.page.Eval(ctx, p.qr); err != nil {
			return err
		}
		var err error
		text, err = p.page.Eval(ctx, `(async () => {
			const image = document.querySelector("figure img"), canvas = document.createElement("canvas");
			await image.decode();
			canvas.width = canvas.height = 600;
			const to = canvas.getContext("2d");
			to.fillStyle = "white";
			to.fillRect(0, 0, 600, 600);
			to.imageSmoothingEnabled = false;
			to.drawImage(image, 20, 20, 560, 560);
			return jsQR(to.getImageData(0, 0, 600, 600).data, 600, 600)?.data;
		})()`)
		return err
	})
	return text
}

// text returns the text of an element.
func (p *place) text(selector string) (text string) {
	p.t.Helper()
	p.do(func(ctx context.Context) (err error) {
		text, err = p.page.Eval(ctx, "document.querySelector(`"+selector+"`).innerText.trim()")
		return err
	})
	return text
}

// returned waits until the browser is back at the app and returns what it brought along, in the query or the fragment.
func (p *place) returned() url.Values {
	p.t.Helper()
	p.sees("App")
	var at string
	p.do(func(ctx context.Context) (err error) {
		at, err = p.page.Eval(ctx, "location.href")
		return err
	})
	u, err := url.Parse(at)
	if err != nil {
		p.t.Fatal(err)
	}
	values := u.Query()
	if len(values) == 0 {
		values, err = url.ParseQuery(u.Fragment)
	}
	if err != nil || values.Get("state") != "s-1" || values.Get("error") != "" {
		p.t.Fatalf("the browser is at %s", at)
	}
	return values
}

// exchanges exchanges the code that the app got for tokens.
func (p *place) exchanges() {
	p.t.Helper()
	r, err := http.PostForm(p.domain+"/oauth2/token", url.Values{"grant_type": {"authorization_code"},
		"client_id": {p.client}, "redirect_uri": {p.app + "/callback"}, "code": {p.returned().Get("code")},
		"code_verifier": {verifier}})
	if err != nil {
		p.t.Fatal(err)
	}
	defer r.Body.Close()
	var out object
	if err := json.NewDecoder(r.Body).Decode(&out); err != nil || out["id_token"] == nil || out["access_token"] == nil {
		p.t.Fatalf("%d %v, error %v", r.StatusCode, out, err)
	}
}

// signsOut ends the session, and sees that none is left.
func (p *place) signsOut() {
	p.t.Helper()
	p.opens("/logout?"+url.Values{"client_id": {p.client}, "logout_uri": {p.app + "/bye"}}.Encode(), "App")
}

// code returns the code in the latest message to somebody.
func (p *place) code() string {
	p.t.Helper()
	all := p.server.Inbox().Messages(0)
	if len(all) == 0 {
		p.t.Fatal("no message was delivered")
	}
	return all[len(all)-1].Code
}

const (
	pagePassword  = "Correct-horse-7"
	otherPassword = "Correct-horse-8"
)

// words returns a text of the pages in the place's language.
func (p *place) words(english, korean string) string {
	if p.language == "ko" {
		return korean
	}
	return english
}
