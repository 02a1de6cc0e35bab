package userpool

import (
	"errors"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/state"
)

// byLink returns a pool that sends confirmation links and lets users choose their names.
func byLink(t *testing.T) *world {
	t.Helper()
	return start(t, setup{
		pool: func(in *cip.CreateUserPoolInput) {
			in.UsernameAttributes, in.AliasAttributes = nil, nil
			in.VerificationMessageTemplate = &types.VerificationMessageTemplateType{
				DefaultEmailOption: types.DefaultEmailOptionTypeConfirmWithLink,
			}
		},
		client: func(in *cip.CreateUserPoolClientInput) { in.PreventUserExistenceErrors = "ENABLED" },
	})
}

var href = regexp.MustCompile(`<a href="([^"]+)">`)

// link returns the link in the latest message.
func (w *world) link() string {
	w.t.Helper()
	found := href.FindStringSubmatch(w.message().Body)
	if found == nil {
		w.t.Fatalf("no link in %q", w.message().Body)
	}
	return html.UnescapeString(found[1])
}

// browse opens an address and returns the status, the headers and the page.
func (w *world) browse(method, address string) (int, http.Header, string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, address, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(body)
}

func (w *world) wantPage(address string, status int, title string) {
	w.t.Helper()
	code, header, body := w.browse(http.MethodGet, address)
	if code != status || !strings.Contains(body, "<h1>"+title+"</h1>") {
		w.t.Errorf("%d %s, want %d and %q", code, body, status, title)
	}
	if strings.Contains(strings.ToLower(body), "<script") ||
		!strings.HasPrefix(header.Get("Content-Security-Policy"), "default-src 'none';") ||
		header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Cache-Control") != "no-store" ||
		header.Get("Referrer-Policy") != "no-referrer" || header.Get("X-Frame-Options") != "DENY" ||
		header.Get("Content-Type") != "text/html; charset=utf-8" || header.Get("Access-Control-Allow-Origin") != "" {
		w.t.Errorf("headers %v of %s", header, body)
	}
}

func (w *world) wantStatus(name, want string) {
	w.t.Helper()
	u, err := w.server.Store().FindUser(*w.pool, name)
	if err != nil || u.Status != want || (u.Attributes["email_verified"] == "true") != (want == state.Confirmed) {
		w.t.Errorf("status %s, attributes %v, error %v; want %s", u.Status, u.Attributes, err, want)
	}
}

// The names contain characters that are special in URLs, HTML or both.
func TestLinksConfirm(t *testing.T) {
	for _, name := range []string{"ines", "a&b=c+d%26/é?#", `"><b>x</b>`, "김서연"} {
		t.Run(name, func(t *testing.T) {
			w := byLink(t)
			if _, err := w.signUp(name, "email", ines); err != nil {
				t.Fatal(err)
			}
			link := w.link()
			if !strings.HasPrefix(link, w.url+"/confirmUser?") {
				t.Errorf("link %s", link)
			}
			w.functions.take()
			if status, _, _ := w.browse(http.MethodHead, link); status != http.StatusMethodNotAllowed {
				t.Errorf("status %d for HEAD", status)
			}
			w.wantStatus(name, state.Unconfirmed)
			w.wantPage(link, http.StatusOK, "Confirmed")
			fired := w.wantFired("PostConfirmation_ConfirmSignUp")
			if _, there := fired[0].Request["clientMetadata"]; there || fired[0].ClientID != *w.clientID {
				t.Errorf("event %+v", fired[0])
			}
			w.wantStatus(name, state.Confirmed)
			w.wantPage(link, http.StatusOK, "Already confirmed")
			w.wantFired()
		})
	}
}

// As on AWS, the link does not contain the client's secret.
func TestLinkForClientWithSecret(t *testing.T) {
	w := start(t, setup{
		pool: func(in *cip.CreateUserPoolInput) {
			in.VerificationMessageTemplate = &types.VerificationMessageTemplateType{
				DefaultEmailOption: types.DefaultEmailOptionTypeConfirmWithLink,
			}
		},
		client: func(in *cip.CreateUserPoolClientInput) { in.GenerateSecret = true },
	})
	name := ines
	hash := map[string]string{}
	w.addSecret(hash, name)
	if _, err := w.SignUp(t.Context(), &cip.SignUpInput{ClientId: w.clientID, Username: &name,
		Password: aws.String(password), SecretHash: aws.String(hash["SECRET_HASH"])}); err != nil {
		t.Fatal(err)
	}
	w.wantPage(w.link(), http.StatusOK, "Confirmed")
	w.wantStatus(name, state.Confirmed)
}

// The text of a custom message trigger contains the link, too.
func TestLinkInCustomMessage(t *testing.T) {
	w := byLink(t)
	w.functions.on("CustomMessage_SignUp", func(e map[string]any) (any, error) {
		parameter := e["request"].(map[string]any)["linkParameter"].(string)
		link := strings.Replace(parameter, "Click Here", "Confirm", 1)
		return map[string]any{"emailMessage": "<p>Hello! " + link + "</p>"}, nil
	})
	if _, err := w.signUp("ines", "email", ines); err != nil {
		t.Fatal(err)
	}
	if body := w.message().Body; !strings.HasSuffix(body, `">Confirm</a></p>`) {
		t.Errorf("body %s", body)
	}
	w.wantPage(w.link(), http.StatusOK, "Confirmed")
}

func TestInvalidLinks(t *testing.T) {
	change := func(link, name, value string) string {
		u, err := url.Parse(link)
		if err != nil {
			return err.Error()
		}
		query := u.Query()
		query.Set(name, value)
		u.RawQuery = query.Encode()
		return u.String()
	}
	cases := map[string]func(*world, string) string{
		"a wrong code": func(_ *world, link string) string { return change(link, "confirmation_code", "000000") },
		"no code":      func(_ *world, link string) string { return change(link, "confirmation_code", "") },
		"a long code": func(_ *world, link string) string {
			return change(link, "confirmation_code", strings.Repeat("1", 3000))
		},
		"another client":  func(_ *world, link string) string { return change(link, "client_id", "nobodys") },
		"an unknown user": func(_ *world, link string) string { return change(link, "user_name", "nobody") },
		"a hostile name": func(_ *world, link string) string {
			return change(link, "user_name",
				"<script>alert(1)</script>")
		},
		"nothing at all":   func(w *world, _ string) string { return w.url + "/confirmUser" },
		"a day too late":   func(w *world, link string) string { w.clock.Advance(25 * time.Hour); return link },
		"not the last one": func(w *world, link string) string { w.resend(); return link },
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			w := byLink(t)
			if _, err := w.signUp("ines", "email", ines); err != nil {
				t.Fatal(err)
			}
			w.wantPage(spoil(w, w.link()), http.StatusBadRequest, "Not confirmed")
			w.wantStatus("ines", state.Unconfirmed)
		})
	}
}

func (w *world) resend() {
	w.t.Helper()
	if _, err := w.ResendConfirmationCode(w.t.Context(),
		&cip.ResendConfirmationCodeInput{ClientId: w.clientID, Username: aws.String("ines")}); err != nil {
		w.t.Fatal(err)
	}
}

// The page shows the trigger's message as text, and the user is confirmed anyway.
func TestLinkWithFailingTrigger(t *testing.T) {
	w := byLink(t)
	w.functions.on("PostConfirmation_ConfirmSignUp",
		func(map[string]any) (any, error) { return nil, errors.New("<script>alert(1)</script>") })
	if _, err := w.signUp("ines", "email", ines); err != nil {
		t.Fatal(err)
	}
	w.wantPage(w.link(), http.StatusBadRequest, "Confirmed, with an error")
	w.wantStatus("ines", state.Confirmed)
}

// Guesses by link count against the same limit as guesses through the API.
func TestLinkTriesAreCounted(t *testing.T) {
	w := byLink(t)
	if _, err := w.signUp("ines", "email", ines); err != nil {
		t.Fatal(err)
	}
	link := w.link()
	for range delivery.MaxTries {
		w.wantPage(strings.Replace(link, w.code(), "000000", 1), http.StatusBadRequest, "Not confirmed")
	}
	w.wantPage(link, http.StatusBadRequest, "Not confirmed")
	w.wantStatus("ines", state.Unconfirmed)
}
