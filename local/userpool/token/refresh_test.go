package token

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
)

func TestRefreshTokens(t *testing.T) {
	one, other := NewRefresh(), NewRefresh()
	parts := strings.Split(one, ".")
	if one == other || len(parts) != 5 {
		t.Fatalf("got %q, %q", one, other)
	}
	header, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil || string(header) != refreshHeader {
		t.Errorf("header %s, %v", header, err)
	}
	if slices.Contains(parts[1:], "") {
		t.Errorf("a part is empty: %q", one)
	}
}
