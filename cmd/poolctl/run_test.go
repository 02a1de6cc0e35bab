package main

import (
	"strings"
	"testing"
)

func TestHints(t *testing.T) {
	a := addresses{Endpoint: "http://127.0.0.1:1", Region: "eu-west-1", UserPoolID: "eu-west-1_A", ClientID: "c"}
	if text := hints(a, "local.json"); strings.Contains(text, "HTTP API") || strings.Contains(text, "@HTTP@") {
		t.Errorf("hints of an API that is not there:\n%s", text)
	}
	a.APIEndpoint = "http://127.0.0.1:2"
	if text := hints(a, "local.json"); !strings.Contains(text, "curl http://127.0.0.1:2/auth/sign-up") {
		t.Errorf("the HTTP API is not in\n%s", text)
	}
}
