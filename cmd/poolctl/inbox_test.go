package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"cognito-triggers/local/userpool"
)

func TestInboxAndEvents(t *testing.T) {
	server := httptest.NewServer(userpool.Open(userpool.Options{}))
	defer server.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	root := t.TempDir()
	poolctl(t, root, "", "inbox", "--endpoint", server.URL).wants(t, 0, "SUBJECT", "")
	got := poolctl(t, root, "", "events", "--endpoint", server.URL, "--user", "ines", "--source", "PreSignUp_SignUp")
	got.wants(t, 0, "OUTCOME", "")
	poolctl(t, root, "", "events", "--endpoint", server.URL, "--json").wants(t, 0, "", "")
	poolctl(t, root, "", "inbox", "--endpoint", gone.URL, "--follow").wants(t, 1, "", "make run")
	poolctl(t, root, "", "inbox", "ines").wants(t, 1, "", `unexpected argument "ines"`)
	poolctl(t, root, "", "inbox").wants(t, 1, "", "run this inside a repository")
}
