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
	poolctl(t, root, "", "logs", "--endpoint", server.URL).wants(t, 0, "REQUEST", "")
	poolctl(t, root, "", "logs", "pre-sign-up", "--json", "--endpoint", server.URL).wants(t, 0, "", "")
	poolctl(t, root, "", "logs", "--endpoint", server.URL, "a", "b").wants(t, 1, "", `unexpected argument "b"`)
	poolctl(t, root, "", "events", "--save", "1").wants(t, 1, "", "--save needs the case to write")
	poolctl(t, root, "", "events", "audit/A").wants(t, 1, "", "a case with --save")
	got = poolctl(t, local.Root, "", "events", "--save", "1", "testevents/pre-sign-up/none", "--endpoint", server.URL)
	got.wants(t, 1, "", "the pool has no event 1")
	poolctl(t, root, "", "inbox", "--endpoint", gone.URL, "--follow").wants(t, 1, "", "start one with `poolctl run`")
	got = poolctl(t, root, "", "inbox", "--code", "--user", "ines", "--endpoint", server.URL)
	got.wants(t, 1, "", "there is no message to ines")
	poolctl(t, root, "", "inbox", "--code", "--json").wants(t, 1, "", "leave out --json")
	poolctl(t, root, "", "call", "-h").wants(t, 0, "", "call [flags] OPERATION [JSON]")
	poolctl(t, root, "", "inbox", "ines").wants(t, 1, "", `unexpected argument "ines"`)
	poolctl(t, root, "", "inbox").wants(t, 1, "", "run this inside a repository")
}
