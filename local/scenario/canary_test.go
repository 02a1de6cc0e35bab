package scenario_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cognito-triggers/local/scenario"
	"cognito-triggers/local/stack"
)

// talkative returns a copy of the repository with every function at its most verbose log level.
func talkative(t *testing.T) string {
	t.Helper()
	root := with(t, "", "")
	var settings map[string]any
	text, err := os.ReadFile(local.Repository.Settings)
	if err := errors.Join(err, json.Unmarshal(text, &settings)); err != nil {
		t.Fatal(err)
	}
	triggers, _ := settings["triggers"].(map[string]any)
	functions := map[string]any{}
	for _, f := range local.Functions {
		room := triggers
		if f.Hook == "" {
			room = functions
		}
		one, _ := room[f.Name].(map[string]any)
		if one == nil {
			one = map[string]any{}
		}
		environment, _ := one["environment"].(map[string]any)
		if environment == nil {
			environment = map[string]any{}
		}
		environment["LOG_LEVEL"] = "debug"
		one["environment"], room[f.Name] = environment, one
	}
	settings["api"] = map[string]any{"functions": functions}
	if text, err = json.Marshal(settings); err != nil {
		t.Fatal(err)
	}
	emulator := filepath.Join("build", "emulator") // reuse its installation
	if err := os.Symlink(filepath.Join(local.Root, emulator), filepath.Join(root, emulator)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, local.Repository.Relative(local.Repository.Settings))
	if err := errors.Join(os.Remove(path), os.WriteFile(path, text, 0o644)); err != nil {
		t.Fatal(err)
	}
	return root
}

// caller calls the HTTP API and records the secrets that it gets.
type caller struct {
	t       *testing.T
	url     string
	secrets []string
}

// call sends a body and returns the string members of the response; auth is the Authorization header.
func (c *caller) call(method, path, auth, body string, want int) map[string]string {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if auth != "" {
		request.Header.Set("Authorization", auth)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if response.StatusCode != want {
		c.t.Errorf("%s %s: %s, want %d", method, strings.SplitN(path, "?", 2)[0], response.Status, want)
	}
	var members map[string]any
	_ = json.Unmarshal(text, &members) // a response may have no body
	texts := map[string]string{}
	for name, value := range members {
		if value, ok := value.(string); ok {
			texts[name] = value
		}
	}
	for _, name := range []string{"AccessToken", "IdToken", "RefreshToken", "session"} {
		c.secrets = append(c.secrets, texts[name])
	}
	return texts
}

// A user whose data all contains one word goes through every route, with every mistake that a client can make. No log
// of the run contains the word, a code, a token, or any secret of the scenario's users.
func TestNoSecretInAnyLog(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", "") // its own emulator, to check that log, too
	var logs, printed bytes.Buffer
	s, err := stack.Start(t.Context(), stack.Options{Root: talkative(t), Logs: &logs})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	pool, err := s.Deploy(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	secrets, err := scenario.PlayTelling(t.Context(), worldOf(t, s, pool), &printed)
	if err != nil {
		t.Fatalf("%v\n%s", err, &printed)
	}
	c := &caller{t: t, url: s.APIEndpoint}
	word := "canary" + strings.ToLower(rand.Text()[:10])
	c.live(s, word)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, m := range s.Pool.Inbox().Messages(0) {
		secrets = append(secrets, m.Code)
	}
	secrets = append(append(secrets, c.secrets...), word)
	for _, want := range []string{`"routeKey":"POST /auth/sign-in"`, `"routeKey":"POST /post"`, `"Outcome":"answered"`} {
		if !strings.Contains(logs.String(), want) {
			t.Errorf("the log does not contain %s, so it is not this run's", want)
		}
	}
	for name, text := range map[string]string{"log": logs.String(), "output": printed.String()} {
		for _, secret := range secrets {
			if found := where(text, secret); found != "" {
				t.Errorf("the %s contains a secret: %s", name, found)
			}
		}
	}
}

// live goes through every route, with valid and invalid requests.
func (c *caller) live(s *stack.Stack, word string) {
	c.t.Helper()
	email, password, next := "first."+word+"@"+word+".example", "Pass-"+word+"-1", "Next-"+word+"-2"
	user := func(pairs ...string) string {
		body := map[string]string{"email": email}
		for i := 0; i < len(pairs); i += 2 {
			body[pairs[i]] = pairs[i+1]
		}
		text, _ := json.Marshal(body) // strings never fail
		return string(text)
	}
	code := func() string {
		for _, m := range s.Pool.Inbox().Messages(0) {
			if strings.EqualFold(m.To, email) && m.From == "" {
				c.secrets = append(c.secrets, m.Code)
			}
		}
		if len(c.secrets) == 0 {
			c.t.Fatal("no code was delivered")
		}
		return c.secrets[len(c.secrets)-1]
	}
	c.call("POST", "/auth/sign-up?password="+word, "", user("password", word), http.StatusBadRequest)
	c.call("POST", "/auth/sign-up", "", user("password", password, word, word), http.StatusBadRequest)
	c.call("POST", "/auth/sign-up", "", `{"email":"`+word, http.StatusBadRequest)
	c.call("POST", "/auth/sign-up", "", user("password", password, "name", "Name "+word, "locale", "en"),
		http.StatusCreated)
	c.call("POST", "/auth/sign-up", "", user("password", password), http.StatusConflict)
	c.call("POST", "/auth/sign-in", "", user("password", password), http.StatusForbidden)
	c.call("POST", "/auth/confirm", "", user("code", word), http.StatusBadRequest)
	c.call("POST", "/auth/resend", "", user(), http.StatusAccepted)
	c.call("POST", "/auth/confirm", "", user("code", code()), http.StatusOK)
	c.call("POST", "/auth/sign-in", "", user("password", password+"-wrong"), http.StatusUnauthorized)
	tokens := c.call("POST", "/auth/sign-in", "", user("password", password), http.StatusOK)
	bearer := "Bearer " + tokens["AccessToken"]
	for bad, status := range map[string]int{
		"Bearer " + word: http.StatusUnauthorized, word + "." + word + "." + word: http.StatusUnauthorized,
		"Bearer " + tokens["IdToken"]: http.StatusForbidden, // it has no scope
		"Basic " + word:               http.StatusUnauthorized, bearer + word: http.StatusUnauthorized,
	} {
		c.call("POST", "/post", bad, `{"title":"`+word+`","contents":"`+word+`"}`, status)
	}
	c.call("GET", "/auth/me", bearer, "", http.StatusOK)
	c.call("POST", "/post", bearer, `{"title":"`+word+`","contents":7}`, http.StatusBadRequest)
	post := c.call("POST", "/post", bearer, `{"title":"`+word+`","contents":"`+word+`"}`, http.StatusCreated)
	c.call("PUT", "/post/"+post["id"], bearer, `{"title":"More `+word+`","contents":"`+word+`"}`, http.StatusOK)
	c.call("GET", "/posts?cursor="+word, "", "", http.StatusBadRequest)
	c.call("GET", "/post/"+word, "", "", http.StatusNotFound)
	c.call("POST", "/auth/refresh", "", `{"refresh_token":"`+word+`"}`, http.StatusUnauthorized)
	c.call("POST", "/auth/refresh", "", `{"refresh_token":"`+tokens["RefreshToken"]+`"}`, http.StatusOK)
	c.call("POST", "/auth/forgot-password", "", user(), http.StatusAccepted)
	c.call("POST", "/auth/reset-password", "", user("code", code(), "new_password", next), http.StatusOK)
	tokens = c.call("POST", "/auth/sign-in", "", user("password", next), http.StatusOK)
	c.call("POST", "/auth/sign-out", "", `{"refresh_token":"`+tokens["RefreshToken"]+`"}`, http.StatusNoContent)
}

// where returns the surroundings of a secret in a text, without the secret, and "" if it does not occur. It looks for
// each segment of a token except the first, which all tokens of a pool share. A code must stand alone, so that part of
// an ID or a duration does not count.
func where(text, secret string) string {
	parts := []string{secret}
	if segments := strings.Split(secret, "."); len(segments) > 2 && len(secret) > 200 {
		parts = segments[1:]
	}
	for _, part := range parts {
		if part == "" {
			continue
		}
		pattern := "(?i)" + regexp.QuoteMeta(part)
		if len(part) == 6 {
			pattern = `(?:^|[^0-9A-Za-z.])` + part + `(?:[^0-9A-Za-z]|$)`
		}
		if at := regexp.MustCompile(pattern).FindStringIndex(text); at != nil {
			return text[max(0, at[0]-100):at[0]] + "[...]" + text[at[1]:min(len(text), at[1]+40)]
		}
	}
	return ""
}
