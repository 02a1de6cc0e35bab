package inspect_test

import (
	"strings"
	"testing"

	"cognito-triggers/local/inspect"
)

func TestCode(t *testing.T) {
	t.Parallel()
	p := start(t)
	client, err := inspect.Open(p.url, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Code(t.Context(), inspect.Query{}); err == nil || err.Error() != "there is no message" {
		t.Errorf("empty inbox: error %v", err)
	}
	p.signUp(t, "ann@example.org", false)
	for _, user := range []string{"", "ann@example.org"} {
		if code, err := client.Code(t.Context(), inspect.Query{User: user}); err != nil || code != "123456" {
			t.Errorf("user %q: code %q, error %v", user, code, err)
		}
	}
	_, err = client.Code(t.Context(), inspect.Query{User: "bob@example.org"})
	if err == nil || err.Error() != "there is no message to bob@example.org" {
		t.Errorf("another user: error %v", err)
	}
}

func TestMember(t *testing.T) {
	t.Parallel()
	answer := []byte(`{"Session": "abc", "AuthenticationResult": {"IdToken": "e.y.J", "ExpiresIn": 3600}}`)
	for path, want := range map[string]string{
		"Session": "abc", "AuthenticationResult.IdToken": "e.y.J", "AuthenticationResult.ExpiresIn": "3600",
		"AuthenticationResult": `{"IdToken": "e.y.J", "ExpiresIn": 3600}`,
	} {
		if got, err := inspect.Member(answer, path); err != nil || got != want {
			t.Errorf("%s: %q, error %v; want %q", path, got, err, want)
		}
	}
	for path, want := range map[string]string{
		"AuthenticationResult.AccessToken": "in the place of AccessToken are: ExpiresIn, IdToken",
		"Session.x":                        "has no Session.x",
	} {
		if got, err := inspect.Member(answer, path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q, error %v; want %q", path, got, err, want)
		}
	}
}
