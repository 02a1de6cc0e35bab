package main

import (
	"regexp"
	"strings"
	"testing"
)

func TestIsProviderName(t *testing.T) {
	// As the API reference of CreateIdentityProvider has it.
	pattern := regexp.MustCompile(`\A[^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]{1,30}\z`)
	cases := map[string]bool{
		"Google":                true,
		"ab":                    false,
		"abc":                   true,
		strings.Repeat("가", 32): true,
		strings.Repeat("가", 33): false,
		"_ab":                   false,
		"a_b":                   true,
		"ab_":                   false,
		"Acme_Okta":             false,
		"a b":                   false,
		" ab":                   false,
		"ab\u3000c":             false,
		"a\tb":                  false,
		"ab\t":                  true,
		"아크메":                   true,
		"x+y=z":                 true,
		"":                      false,
	}
	for name, want := range cases {
		t.Run(name, func(t *testing.T) {
			if got := isProviderName(name); got != want || got != pattern.MatchString(name) {
				t.Errorf("got %v, want %v; the pattern says %v", got, want, pattern.MatchString(name))
			}
		})
	}
}
