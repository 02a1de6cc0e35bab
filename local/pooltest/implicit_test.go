package pooltest_test

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"cognito-triggers/local/httpapi/apitest"
	"cognito-triggers/local/pooltest"
)

var (
	loginForm   = regexp.MustCompile(`(?s)<form[^>]* action="([^"]*)".*?</form>`)
	hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
)

// As the documents do it that many follow: somebody signs in on the pages, the app takes the ID token out of the
// callback's address and calls an API with it, which refuses whoever has none.
func TestImplicitGrantCallsTheAPI(t *testing.T) {
	t.Parallel()
	p := pooltest.Start(t, pooltest.WithDomain())
	user := pooltest.User{Name: "ines", Password: "Sunny-100-days",
		Attributes: map[string]string{"email": "ines@example.org"}}
	if err := p.SignUp(user); err != nil {
		t.Fatal(err)
	}
	if err := p.Confirm("ines"); err != nil {
		t.Fatal(err)
	}
	browser := p.Domain().Client
	browser.Jar, _ = cookiejar.New(nil) // never fails
	at := p.Domain().URL
	get := func(r *http.Response, err error) (string, *url.URL) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		page, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		to, _ := r.Location() // nil without a redirect
		return string(page), to
	}
	_, to := get(browser.Get(at + "/oauth2/authorize?" + url.Values{
		"client_id": {p.ClientID}, "response_type": {"token"}, "redirect_uri": {pooltest.Callback},
		"scope": {"openid email"}, "state": {"s-1"},
	}.Encode()))
	page, _ := get(browser.Get(to.String()))
	form := loginForm.FindStringSubmatch(page)
	if form == nil {
		t.Fatalf("no form:\n%s", page)
	}
	fields := url.Values{"username": {"ines"}, "password": {user.Password}}
	for _, field := range hiddenInput.FindAllStringSubmatch(form[0], -1) {
		fields.Set(html.UnescapeString(field[1]), html.UnescapeString(field[2]))
	}
	_, to = get(browser.PostForm(at+html.UnescapeString(form[1]), fields))
	if to == nil || !strings.HasPrefix(to.String(), pooltest.Callback+"#") {
		t.Fatalf("the browser was sent to %v", to)
	}
	got, err := url.ParseQuery(to.Fragment)
	if err != nil || got.Get("state") != "s-1" {
		t.Fatalf("the callback has %v, error %v", got, err)
	}
	posts := apitest.Posts(t, p.Endpoint+"/"+p.ID, p.ClientID, p.Clock.Now)
	for name, c := range map[string]struct {
		token string
		want  int
	}{
		"the ID token":  {token: got.Get("id_token"), want: http.StatusCreated},
		"none":          {want: http.StatusUnauthorized},
		"a changed one": {token: got.Get("id_token") + "x", want: http.StatusUnauthorized},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, posts, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		if c.token != "" {
			r.Header.Set("Authorization", "Bearer "+c.token)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != c.want {
			t.Errorf("%s: %s, want %d", name, answer.Status, c.want)
		}
	}
}
