package login

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
)

// A header is read as whoever wrote it meant, or not at all.
func FuzzBasic(f *testing.F) {
	for _, header := range []string{"Basic YTpi", "basic YTpi", "Basic", "Basic %", "Basic YQ==", "Bearer YTpi",
		"Basic OjpiOg==",
		"Basic YSUzQTpiJTJC", "Basic YSV6ejpi", "Basic  YTpi ", ""} {
		f.Add(header, "id", "secret+with/plus")
	}
	f.Fuzz(func(t *testing.T, header, id, secret string) {
		if gotID, _, ok := basic(header); ok {
			scheme, _, _ := strings.Cut(header, " ")
			if !strings.EqualFold(scheme, "Basic") || strings.Contains(header, "\x00") && gotID == "" {
				t.Fatalf("%q was read", header)
			}
		}
		encoded := "Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(id)+":"+url.QueryEscape(secret)))
		if strings.Contains(id+secret, " ") { // a plus in the form's encoding, which stays a plus
			return
		}
		if gotID, gotSecret, ok := basic(encoded); !ok || gotID != id || gotSecret != secret {
			t.Fatalf("%q, %q came back as %q, %q, %v", id, secret, gotID, gotSecret, ok)
		}
	})
}
