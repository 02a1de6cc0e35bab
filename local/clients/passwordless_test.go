package clients

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/browser"
	"cognito-triggers/local/stack"
	"cognito-triggers/local/stack/stacktest"
)

// shots is the variable with a folder in which the test leaves what the page showed.
const shots = "SCREENSHOTS"

// site is the recipe's page, served with the client's library, in a browser, with a pool that signs in by it.
type site struct {
	*stack.Stack
	url     string
	browser *browser.Browser
	pool    string
	mu      sync.Mutex
	took    []string // methods and paths of all requests to the page's server
}

func newSite(t *testing.T, device string) *site {
	t.Helper()
	w, path := forPages(t, "amazon-cognito-identity-js")
	s := &site{}
	files := http.FileServer(http.Dir(filepath.Join(w.root, "docs", "recipes", "passwordless")))
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.took = append(s.took, r.Method+" "+r.URL.String())
		s.mu.Unlock()
		switch r.URL.Path {
		case "/config.js":
			text, err := json.Marshal(map[string]string{"userPoolId": s.pool, "endpoint": s.Endpoint,
				"clientId": s.client(t)})
			if err != nil {
				t.Error(err)
			}
			rw.Header().Set("Content-Type", "text/javascript")
			_, _ = io.WriteString(rw, "window.signIn = "+string(text))
		case "/amazon-cognito-identity.min.js":
			http.ServeFile(rw, r, filepath.Join(w.nodeModules, "amazon-cognito-identity-js", "dist",
				"amazon-cognito-identity.min.js"))
		default:
			files.ServeHTTP(rw, r)
		}
	}))
	t.Cleanup(server.Close)
	s.url = strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/"
	root := stacktest.Linked(t, w.root, stacktest.Passwordless(map[string]string{
		"MAGIC_LINK": "true", "LINK_PAGES": s.url, "LINK_DEVICE": device, "ANSWER_AFTER_MS": "0",
	}))
	s.start(t, path, stack.Options{Root: root})
	return s
}

// forPages returns the workshop and the path of a browser, for pages with a library that npm installs.
func forPages(t *testing.T, library string) (w *workshop, browserPath string) {
	t.Helper()
	w = newWorkshop(t)
	if w.nodeModules == "" {
		t.Skip("SKIP: the page needs " + library + ", which npm installs")
	}
	browserPath, err := browser.Find(t.Context(), w.root)
	switch {
	case err != nil && os.Getenv("CI") != "":
		t.Fatal(err)
	case err != nil:
		t.Skip("SKIP: ", err)
	}
	return w, browserPath
}

// start starts the stack with its pool, and the browser.
func (s *site) start(t *testing.T, browserPath string, o stack.Options) {
	t.Helper()
	var err error
	if s.Stack, err = stack.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	pool, err := s.Deploy(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.pool = pool.ID
	trust := "--ignore-certificate-errors-spki-list=" + s.Domains.Authority().Pin() // of domains' https addresses
	if s.browser, err = browser.Start(browserPath, t.TempDir(), trust); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.browser.Close()
		if t.Failed() {
			t.Logf("the browser printed:\n%s", strings.Join(s.browser.Tail(), "\n"))
		}
	})
}

// client returns the ID of the app client named app, which signs in by the API; without one, of the first.
func (s *site) client(t *testing.T) string {
	t.Helper()
	out, err := s.Cognito.ListUserPoolClients(t.Context(), &cip.ListUserPoolClientsInput{UserPoolId: &s.pool})
	if err != nil || len(out.UserPoolClients) == 0 {
		t.Error(out, err)
		return ""
	}
	for _, client := range out.UserPoolClients {
		if *client.ClientName == "app" {
			return *client.ClientId
		}
	}
	return *out.UserPoolClients[0].ClientId
}

// user makes a user with a verified address.
func (s *site) user(t *testing.T, email string) {
	t.Helper()
	attribute := func(name, value string) types.AttributeType { return types.AttributeType{Name: &name, Value: &value} }
	_, create := s.Cognito.AdminCreateUser(t.Context(), &cip.AdminCreateUserInput{
		UserPoolId: &s.pool, Username: &email, MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{attribute("email", email), attribute("email_verified", "true")},
	})
	_, confirm := s.Cognito.AdminSetUserPassword(t.Context(), &cip.AdminSetUserPasswordInput{
		UserPoolId: &s.pool, Username: &email, Password: aws.String("Correct-horse-7"), Permanent: true,
	})
	if err := errors.Join(create, confirm); err != nil {
		t.Fatal(err)
	}
}

// inbox returns the first part of the last mail to an address that matches.
func (s *site) inbox(t *testing.T, email string, part *regexp.Regexp) string {
	t.Helper()
	sent, err := s.Emulator.SentEmails(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := ""
	for _, m := range sent {
		if strings.Join(m.To, " ") == email {
			found = part.FindString(m.Text)
		}
	}
	if found == "" {
		t.Fatalf("no mail to %s with %s", email, part)
	}
	return found
}

// person acts on a page, and fails the test if it cannot.
type person struct {
	t    *testing.T
	page *browser.Page
}

func (s *site) open(t *testing.T, address string) person {
	t.Helper()
	page, err := s.browser.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	p := person{t, page}
	p.sees("section:not([hidden])")
	return p
}

// asksForLink makes a user who asks for a sign-in link, and returns the page that waits and the link in the mail.
func (s *site) asksForLink(t *testing.T, email string) (person, string) {
	t.Helper()
	s.user(t, email)
	p := s.open(t, s.url)
	p.types("#email", email)
	p.clicks("#by-link")
	p.sees("#waiting:not([hidden])")
	return p, s.inbox(t, email, withToken)
}

func (p person) do(act func(ctx context.Context) error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 30*time.Second)
	defer cancel()
	if err := act(ctx); err != nil {
		problem, _ := p.page.Eval(p.t.Context(), `document.body.innerText`)
		p.t.Fatalf("%v; the page shows:\n%s", err, problem)
	}
}

func (p person) sees(selector string) {
	p.t.Helper()
	p.do(func(ctx context.Context) error {
		return p.page.Wait(ctx, "document.querySelector(`"+selector+"`)")
	})
}

func (p person) reads(text string) {
	p.t.Helper()
	p.do(func(ctx context.Context) error {
		return p.page.Wait(ctx, "document.body.innerText.includes(`"+text+"`)")
	})
}

func (p person) clicks(selector string) {
	p.t.Helper()
	p.do(func(ctx context.Context) error { return p.page.Click(ctx, selector) })
}

func (p person) types(selector, text string) {
	p.t.Helper()
	p.do(func(ctx context.Context) error { return p.page.Type(ctx, selector, text) })
}

func (p person) shoots(name string) {
	p.t.Helper()
	if folder := os.Getenv(shots); folder != "" {
		p.do(func(ctx context.Context) error { return p.page.Screenshot(ctx, filepath.Join(folder, name+".png")) })
	}
}

const (
	signedIn = "You are signed in as "
	gone     = "This does not work any more"
)

var (
	eightDigits = regexp.MustCompile(`\b\d{8}\b`)
	withToken   = regexp.MustCompile(`http://localhost:\S+#\S+`)
)

// scanner does what scanners of mail do with a link: HEAD, GET, run the page, submit its forms, click by script.
func (s *site) scanner(t *testing.T, link string) {
	t.Helper()
	for _, method := range []string{http.MethodHead, http.MethodGet, http.MethodPost} {
		request, err := http.NewRequestWithContext(t.Context(), method, link, bytes.NewReader(nil))
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
	robot := s.open(t, link)
	robot.sees("#opened:not([hidden])")
	robot.do(func(ctx context.Context) error {
		_, err := robot.page.Eval(ctx, `(async () => {
			for (const form of document.forms) { form.submit(); form.requestSubmit(); }
			for (const el of document.querySelectorAll('button, a, input, section')) {
				el.click();
				for (const type of ['click', 'mousedown', 'mouseup', 'pointerup', 'submit', 'keydown', 'focus'])
					el.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, view: window }));
			}
			await new Promise((done) => setTimeout(done, 300));
		})()`)
		return err
	})
	text, err := robot.page.Eval(t.Context(), "document.body.innerText")
	if err != nil || strings.Contains(text, signedIn) {
		t.Errorf("a scanner signed in: %s %v", text, err)
	}
}

// verified counts the answers that the pool has passed on.
func (s *site) verified(t *testing.T) int {
	t.Helper()
	response, err := http.Get(s.Endpoint + "/local/events?source=VerifyAuthChallengeResponse_Authentication")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var list struct{ Events []json.RawMessage }
	if err := json.NewDecoder(response.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	return len(list.Events)
}

// The recipe's page signs in by a code and by a link, and a scanner that opens the link signs nobody in.
func TestPasswordlessPage(t *testing.T) {
	s := newSite(t, "any")
	t.Run("code", func(t *testing.T) {
		const email = "noor@example.org"
		s.user(t, email)
		p := s.open(t, s.url)
		p.shoots("start")
		p.types("#email", email)
		p.clicks("#by-code")
		p.sees("#typing:not([hidden])")
		code := s.inbox(t, email, eightDigits)
		p.types("#code", "00000000")
		p.clicks("#check")
		p.reads("This is not the code")
		p.shoots("wrong-code")
		p.types("#code", code[:4]+" "+code[4:])
		p.clicks("#check")
		p.reads(signedIn + email)
		p.shoots("signed-in")
	})
	t.Run("link", func(t *testing.T) {
		const email = "mira@example.org"
		p, link := s.asksForLink(t, email)
		p.shoots("waiting")
		before := s.verified(t)
		s.scanner(t, link)
		if after := s.verified(t); after != before {
			t.Errorf("a scanner's visit sent %d answers", after-before)
		}
		opened := s.open(t, link)
		opened.sees("#opened:not([hidden])")
		opened.shoots("opened")
		if address, err := opened.page.Eval(t.Context(), "location.href"); err != nil || address != s.url {
			t.Errorf("the address still shows the token: %s %v", address, err)
		}
		opened.clicks("#use-link")
		opened.reads(signedIn + email)
		again := s.open(t, link)
		again.clicks("#use-link")
		again.reads(gone)
		again.shoots("used-link")
	})
	t.Run("link on another device", func(t *testing.T) {
		const email = "sora@example.org"
		p, link := s.asksForLink(t, email)
		p.do(func(ctx context.Context) error {
			_, err := p.page.Eval(ctx, "localStorage.clear()") // as on a device that knows nothing
			return err
		})
		opened := s.open(t, link)
		opened.clicks("#use-link")
		opened.reads(signedIn + email)
	})
	t.Run("nobody", func(t *testing.T) {
		p := s.open(t, s.url)
		p.types("#email", "nobody@example.org")
		p.clicks("#by-link")
		p.reads("If there is an account for nobody@example.org, we have sent it a link.")
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, took := range s.took {
		if strings.Contains(took, "token") || strings.Contains(took, "user=") {
			t.Errorf("the page's server got the token: %s", took)
		}
	}
}
