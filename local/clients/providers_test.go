package clients

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"html"
	"io"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/userpool"
	"cognito-triggers/shared/repository"
)

// federation is a pool whose users sign in at identity providers that others wrote.
type federation struct {
	t         *testing.T
	server    *httptest.Server
	domain    *httptest.Server
	providers string // URL of both
	pool      string
	client    string

	mu        sync.Mutex
	fired     []string
	preSignUp func() error
}

const appCallback = "https://app.example.org/callback"

// Invoke implements fire.Invoker: every trigger lets everything pass, but pre sign-up.
func (f *federation) Invoke(_ context.Context, _ string, raw []byte) ([]byte, error) {
	var event struct{ TriggerSource string }
	if err := json.Unmarshal(raw, &event); err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.fired = append(f.fired, event.TriggerSource)
	does := f.preSignUp
	f.mu.Unlock()
	if event.TriggerSource == "PreSignUp_ExternalProvider" && does != nil {
		if err := does(); err != nil {
			return nil, &lambdaruntime.FunctionError{Type: "errorString", Message: err.Error()}
		}
	}
	return raw, nil
}

func (f *federation) take() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	fired := strings.Join(f.fired, " ")
	f.fired = nil
	return fired
}

type members = map[string]any

// call makes a request to the pool's API.
func (f *federation) call(operation string, in members) (members, error) {
	if f.pool != "" {
		in["UserPoolId"] = f.pool
	}
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodPost, f.server.URL, strings.NewReader(string(body)))
	if err != nil {
		return nil, err
	}
	request.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+operation)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var out members
	err = json.NewDecoder(answer.Body).Decode(&out)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %v", operation, out)
	}
	return out, err
}

func (f *federation) do(operation string, in members) members {
	f.t.Helper()
	out, err := f.call(operation, in)
	if err != nil {
		f.t.Fatal(err)
	}
	return out
}

// startFederation starts the pool, its domain and, in one process of Node.js, both providers.
func startFederation(t *testing.T, modules string) *federation {
	t.Helper()
	f := &federation{t: t}
	pool := userpool.Open(userpool.Options{Invoker: f})
	t.Cleanup(pool.Close)
	f.server = httptest.NewServer(pool)
	t.Cleanup(f.server.Close)
	functions := members{}
	for _, hook := range []string{"PreSignUp", "PostConfirmation", "PreAuthentication", "PostAuthentication",
		"PreTokenGeneration"} {
		functions[hook] = "arn:aws:lambda:eu-west-1:000000000000:function:every"
	}
	id := f.do("CreateUserPool", members{"PoolName": "p", "LambdaConfig": functions})["UserPool"].(members)["Id"]
	f.domain = httptest.NewUnstartedServer(nil)
	at := userpool.DomainAddress{URL: "http://" + f.domain.Listener.Addr().String(), Base: f.server.URL}
	f.domain.Config.Handler = pool.Domain(id.(string), at)
	f.domain.Start()
	t.Cleanup(f.domain.Close)
	f.pool = id.(string)
	f.startProviders(modules)
	f.do("CreateIdentityProvider", members{"ProviderName": "Node", "ProviderType": "OIDC", "ProviderDetails": members{
		"client_id": "pool", "client_secret": "secret-of-the-pool-at-this-provider", "oidc_issuer": f.providers,
		"authorize_scopes": "openid email profile", "attributes_request_method": "POST"},
		"AttributeMapping": members{"email": "email", "email_verified": "email_verified", "given_name": "given_name"}})
	const claim = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
	f.do("CreateIdentityProvider", members{"ProviderName": "Samlp", "ProviderType": "SAML",
		"ProviderDetails":  members{"MetadataURL": f.providers + "/saml/metadata", "RequestSigningAlgorithm": "rsa-sha256"},
		"AttributeMapping": members{"email": claim + "emailaddress", "given_name": claim + "givenname"}})
	f.client = f.do("CreateUserPoolClient", members{"ClientName": "app", "AllowedOAuthFlowsUserPoolClient": true,
		"AllowedOAuthFlows": []string{"code"}, "AllowedOAuthScopes": []string{"openid"},
		"CallbackURLs": []string{appCallback}, "SupportedIdentityProviders": []string{"COGNITO", "Node", "Samlp"}},
	)["UserPoolClient"].(members)["ClientId"].(string)
	return f
}

func (f *federation) startProviders(modules string) {
	f.t.Helper()
	dir := f.t.TempDir()
	script, err := os.ReadFile(filepath.Join("testdata", "federation", "providers.mjs"))
	key, cert := certificate(f.t)
	err = errors.Join(err, os.Symlink(modules, filepath.Join(dir, "node_modules")))
	for name, text := range map[string][]byte{"providers.mjs": script, "key.pem": key, "cert.pem": cert} {
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	if err != nil {
		f.t.Fatal(err)
	}
	cmd := exec.CommandContext(f.t.Context(), "node", "providers.mjs")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "REDIRECT_URI="+f.domain.URL+"/oauth2/idpresponse",
		"ACS="+f.domain.URL+"/saml2/idpresponse", "KEY=key.pem", "CERT=cert.pem")
	cmd.Stderr = f.t.Output()
	input, err := cmd.StdinPipe()
	output, problem := cmd.StdoutPipe()
	if err := errors.Join(err, problem, cmd.Start()); err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = input.Close(); _ = cmd.Wait() })
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "http://") {
			f.providers = lines.Text()
			return
		}
	}
	f.t.Fatal("the providers did not start")
}

// certificate returns the key and the certificate of the SAML provider.
func certificate(t *testing.T) (key, cert []byte) {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "idp"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(private)}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// is sets who somebody is at the providers.
func (f *federation) is(name string, claims members) {
	f.t.Helper()
	body, err := json.Marshal(claims)
	if err != nil {
		f.t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPut, f.providers+"/people/"+name, strings.NewReader(string(body)))
	if err != nil {
		f.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		f.t.Fatal(err)
	}
	answer.Body.Close()
}

// wanderer is somebody with a browser.
type wanderer struct {
	*federation
	name    string
	browser *http.Client
}

func (f *federation) person(name string) *wanderer {
	f.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		f.t.Fatal(err)
	}
	return &wanderer{f, name, &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), appCallback) {
			return http.ErrUseLastResponse
		}
		return nil
	}}}
}

var (
	formAction  = regexp.MustCompile(`action="([^"]*)"`)
	hiddenInput = regexp.MustCompile(`<input[^>]*type="hidden"[^>]*>`)
	nameOf      = regexp.MustCompile(`name="([^"]*)"`)
	valueOf     = regexp.MustCompile(`value="([^"]*)"`)
)

// maxPages is how many forms a sign-in may have.
const maxPages = 8

// signIn signs the person in at a provider, through all of its pages, and returns where the app gets the answer.
func (p *wanderer) signIn(provider string) url.Values {
	p.t.Helper()
	query := url.Values{"client_id": {p.client}, "response_type": {"code"}, "redirect_uri": {appCallback},
		"scope": {"openid"}, "state": {"s-1"}, "identity_provider": {provider}, "prompt": {"login"}}
	answer, err := p.browser.Get(p.domain.URL + "/oauth2/authorize?" + query.Encode())
	for range maxPages {
		if err != nil {
			p.t.Fatal(err)
		}
		page, problem := io.ReadAll(answer.Body)
		answer.Body.Close()
		if problem != nil {
			p.t.Fatal(problem)
		}
		if to, err := answer.Location(); err == nil {
			return to.Query()
		}
		action := formAction.FindStringSubmatch(string(page))
		if action == nil {
			p.t.Fatalf("no form at %s, status %d:\n%s", answer.Request.URL, answer.StatusCode, page)
		}
		form := url.Values{"login": {p.name}, "password": {"any"}}
		for _, input := range hiddenInput.FindAllString(string(page), -1) {
			form.Set(nameOf.FindStringSubmatch(input)[1], html.UnescapeString(valueOf.FindStringSubmatch(input)[1]))
		}
		to, problem := answer.Request.URL.Parse(html.UnescapeString(action[1]))
		if problem != nil {
			p.t.Fatal(problem)
		}
		answer, err = p.browser.PostForm(to.String(), form)
	}
	p.t.Fatal("the sign-in does not end")
	return nil
}

// claims exchanges the code and returns the claims of the ID token.
func (p *wanderer) claims(answer url.Values) members {
	p.t.Helper()
	response, err := http.PostForm(p.domain.URL+"/oauth2/token", url.Values{"grant_type": {"authorization_code"},
		"client_id": {p.client}, "redirect_uri": {appCallback}, "code": {answer.Get("code")}})
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	var tokens struct {
		IDToken string `json:"id_token"`
	}
	if err := json.NewDecoder(response.Body).Decode(&tokens); err != nil || tokens.IDToken == "" {
		p.t.Fatalf("no tokens for %v: status %d, %v", answer, response.StatusCode, err)
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(tokens.IDToken, ".")[1])
	var claims members
	if err == nil {
		err = json.Unmarshal(raw, &claims)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return claims
}

// nodeModules installs the packages, without the rest of the workshop.
func nodeModules(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), installTime)
	defer cancel()
	root, err := repository.Root()
	if err != nil {
		t.Fatal(err)
	}
	if err := nodeIsThere(ctx); err != nil {
		if os.Getenv(needNode) != "" {
			t.Fatalf("%s is set, and %v", needNode, err)
		}
		t.Skip(err)
	}
	modules, err := installNode(ctx, filepath.Join(root, "build"), ".")
	if err != nil {
		t.Fatal(err)
	}
	return modules
}

// People sign in at providers that we did not write: for the first time, again with changed attributes, as a local
// user whom pre sign-up links them to, and in vain where pre sign-up refuses.
func TestProvidersThatOthersWrote(t *testing.T) {
	f := startFederation(t, nodeModules(t))
	const first = "PreSignUp_ExternalProvider PostConfirmation_ConfirmSignUp TokenGeneration_HostedAuth"
	const later = "PreAuthentication_Authentication PostAuthentication_Authentication TokenGeneration_HostedAuth"
	for _, provider := range []string{"Node", "Samlp"} {
		t.Run(provider, func(t *testing.T) {
			f.t = t
			ines := f.person("ines-" + provider)
			f.is(ines.name, members{"email": "ines@corp.example", "email_verified": true, "given_name": "Ines"})
			claims := ines.claims(ines.signIn(provider))
			if claims["cognito:username"] != provider+"_"+ines.name || claims["email"] != "ines@corp.example" ||
				claims["given_name"] != "Ines" {
				t.Errorf("claims %v", claims)
			}
			if got := f.take(); got != first {
				t.Errorf("the first sign-in fired %s", got)
			}
			f.is(ines.name, members{"email": "ines@new.example", "email_verified": true, "given_name": "Ines Maria"})
			claims = ines.claims(ines.signIn(provider))
			if claims["email"] != "ines@new.example" || claims["given_name"] != "Ines Maria" {
				t.Errorf("claims after a change: %v", claims)
			}
			if got := f.take(); got != later {
				t.Errorf("the second sign-in fired %s", got)
			}
			f.linked(provider)
			f.refused(provider)
		})
	}
}

// linked signs in somebody whom pre sign-up links to a local user: in vain the first time, as on AWS.
func (f *federation) linked(provider string) {
	lena, local := f.person("lena-"+provider), "local-"+provider
	f.is(lena.name, members{"email": "lena@corp.example", "email_verified": true, "given_name": "Lena"})
	f.do("AdminCreateUser", members{"Username": local, "MessageAction": "SUPPRESS"})
	f.does(func() error {
		_, err := f.call("AdminLinkProviderForUser", members{
			"DestinationUser": members{"ProviderName": "Cognito", "ProviderAttributeValue": local},
			"SourceUser": members{"ProviderName": provider, "ProviderAttributeName": "Cognito_Subject",
				"ProviderAttributeValue": lena.name}})
		return err
	})
	answer := lena.signIn(provider)
	if want := "Already found an entry for username " + provider + "_" + lena.name; answer.Get("code") != "" ||
		!strings.HasSuffix(answer.Get("error_description"), want) {
		f.t.Errorf("the sign-in that links: %v, want %s", answer, want)
	}
	if claims := lena.claims(lena.signIn(provider)); claims["cognito:username"] != local ||
		claims["email"] != "lena@corp.example" {
		f.t.Errorf("claims of the linked user: %v", claims)
	}
}

// refused signs in somebody whom pre sign-up refuses.
func (f *federation) refused(provider string) {
	f.does(func() error { return errors.New("not from here") })
	defer f.does(nil)
	mallory := f.person("mallory-" + provider)
	f.is(mallory.name, members{"email": "mallory@evil.example"})
	want := url.Values{"error": {"invalid_request"}, "state": {"s-1"},
		"error_description": {"PreSignUp failed with error not from here. "}}
	if provider == "Samlp" {
		want = url.Values{"error": {"server_error"}, "state": {"s-1"},
			"error_description": {"Invalid SAML response received: PreSignUp failed with error not from here."}}
	}
	if got := mallory.signIn(provider); got.Encode() != want.Encode() {
		f.t.Errorf("the refused sign-in: %v, want %v", got, want)
	}
	f.take()
}

// does sets what pre sign-up does from now on.
func (f *federation) does(preSignUp func() error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.preSignUp = preSignUp
}
