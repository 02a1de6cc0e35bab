package signup

import (
	"strings"
	"testing"
)

func TestUsernameRules(t *testing.T) {
	pattern, err := CompileUsernamePattern("[a-z]+|admin-[0-9]")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, username string
		rules          UsernameRules
		want           bool
	}{
		{name: "no rules", username: "ines.moreau", rules: UsernameRules{}, want: true},
		{
			name:     "UUID of an e-mail pool",
			username: "2f1c7f0e-9d1b-4f86-8f55-3d0f5f1f8a11",
			rules:    UsernameRules{Min: 1, Max: 128},
			want:     true,
		},
		{name: "Korean", username: "김민수", rules: UsernameRules{Min: 3, Max: 3}, want: true},
		{name: "too short, in characters", username: "김민", rules: UsernameRules{Min: 3}, want: false},
		{name: "too long, in characters", username: "김민수님", rules: UsernameRules{Max: 3}, want: false},
		{name: "empty", rules: UsernameRules{Min: 1}, want: false},
		{name: "line feed", username: "ines\nmoreau", rules: UsernameRules{}, want: false},
		{name: "NUL", username: "ines\x00", rules: UsernameRules{}, want: false},
		{name: "space", username: "ines moreau", rules: UsernameRules{}, want: false},
		{name: "no-break space", username: "ines\u00a0moreau", rules: UsernameRules{}, want: false},
		{name: "zero-width space", username: "ines\u200bmoreau", rules: UsernameRules{}, want: false},
		{name: "right-to-left override", username: "ines\u202emoreau", rules: UsernameRules{}, want: false},
		{name: "Hangul filler", username: "ines\u3164", rules: UsernameRules{}, want: false},
		{name: "half-width Hangul filler", username: "ines\uffa0", rules: UsernameRules{}, want: false},
		{name: "Hangul choseong filler", username: "in\u115fes", rules: UsernameRules{}, want: false},
		{name: "grapheme joiner", username: "ines\u034f", rules: UsernameRules{}, want: false},
		{name: "Khmer inherent vowel", username: "ines\u17b4", rules: UsernameRules{}, want: false},
		{name: "variation selector", username: "ines\ufe0f", rules: UsernameRules{}, want: false},
		{name: "variation selector of the supplement", username: "ines\U000e0100", rules: UsernameRules{}, want: false},
		{name: "Mongolian variation selector", username: "ines\u180b", rules: UsernameRules{}, want: false},
		{name: "Braille blank", username: "ines\u2800", rules: UsernameRules{}, want: false},
		{name: "full-width letter", username: "\uff41dmin", rules: UsernameRules{}, want: false},
		{name: "mathematical letter", username: "\U0001d41admin", rules: UsernameRules{}, want: false},
		{name: "circled letter", username: "\u24d0dmin", rules: UsernameRules{}, want: false},
		{name: "Kelvin sign", username: "\u212aim", rules: UsernameRules{}, want: false},
		{name: "ligature", username: "o\ufb03ce", rules: UsernameRules{}, want: false},
		{name: "superscript", username: "admin\u00b9", rules: UsernameRules{}, want: false},
		{name: "half-width kana", username: "\uff71\uff72", rules: UsernameRules{}, want: false},
		{name: "upper case", username: "ADMIN", rules: UsernameRules{}, want: true},
		{name: "composed letter", username: "\u00e9ve", rules: UsernameRules{}, want: true},
		{name: "Devanagari letter that normalisation takes apart", username: "\u0958", rules: UsernameRules{}, want: true},
		{name: "Hangul in parts", username: "\u1100\u1161", rules: UsernameRules{}, want: true},
		{name: "German and Vietnamese", username: "Straße-Nguyễn", rules: UsernameRules{}, want: true},
		{name: "combining accent", username: "e\u0301ve", rules: UsernameRules{}, want: true},
		{name: "pattern", username: "ines", rules: UsernameRules{Pattern: pattern}, want: true},
		{name: "pattern's other branch", username: "admin-7", rules: UsernameRules{Pattern: pattern}, want: true},
		{name: "pattern in the middle", username: "1ines1", rules: UsernameRules{Pattern: pattern}, want: false},
		{name: "pattern at the end", username: "1ines", rules: UsernameRules{Pattern: pattern}, want: false},
		{name: "pattern at the start", username: "ines1", rules: UsernameRules{Pattern: pattern}, want: false},
		{name: "pattern and a line feed at the end", username: "ines\n", rules: UsernameRules{Pattern: pattern}, want: false},
		{name: "e-mail where allowed", username: "ines@example.org", rules: UsernameRules{}, want: true},
		{name: "e-mail where refused", username: "ines@example.org", rules: UsernameRules{RefuseEmail: true}, want: false},
		{name: "no e-mail where those are refused", username: "ines", rules: UsernameRules{RefuseEmail: true}, want: true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := c.rules.allow(c.username); got != c.want {
				t.Errorf("allow(%q) = %v", c.username, got)
			}
		})
	}
}

func TestCompileUsernamePatternRefusesAWayOut(t *testing.T) {
	for _, pattern := range []string{"a)|(?:.*", "[", "(?<"} {
		if _, err := CompileUsernamePattern(pattern); err == nil {
			t.Errorf("%q compiles", pattern)
		}
	}
}

func TestAttributeNames(t *testing.T) {
	names, err := ParseAttributeNames([]string{"custom:role", "custom:internal_*"})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"custom:role": true, "custom:Role": true, "CUSTOM:ROLE": true, "custom:roles": false, "role": false,
		"custom:internal_id": true, "custom:INTERNAL_ID": true, "custom:internal": false, "email": false, "": false,
	} {
		if got := names.containsAny(map[string]string{name: ""}); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
	all, err := ParseAttributeNames([]string{"custom:*"})
	if err != nil || !all.containsAny(map[string]string{"email": "a", "custom:x": "b"}) ||
		all.containsAny(map[string]string{"email": "a"}) {
		t.Errorf("custom:* does not stand for all custom attributes (error %v)", err)
	}
	if AttributeNames(nil).containsAny(map[string]string{"custom:role": "admin"}) {
		t.Error("an empty list refuses")
	}
	for _, entry := range []string{"*", "custom:*role", "custom: role"} {
		if _, err := ParseAttributeNames([]string{entry}); err == nil || !strings.Contains(err.Error(), entry) {
			t.Errorf("%q: error %v, want one that names it", entry, err)
		}
	}
}
