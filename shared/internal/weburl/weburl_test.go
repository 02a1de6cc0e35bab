package weburl

import (
	"net/url"
	"testing"
)

func TestSecureOrLocal(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://app.example.org/":      true,
		"http://localhost:3000/":        true,
		"http://127.0.0.1/":             true,
		"http://app.example.org/":       false,
		"http://localhost.example.org/": false,
		"http://127.0.0.1.example.org/": false,
		"http://localhost@example.org/": false,
		"http://[::1]/":                 false,
		"ftp://localhost/":              false,
		"//localhost/":                  false,
		"":                              false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := SecureOrLocal(u); got != want {
			t.Errorf("%q: %t", address, got)
		}
	}
}
