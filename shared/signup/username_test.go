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
		{"no rules", "ines.moreau", UsernameRules{}, true},
		{"UUID of an e-mail pool", "2f1c7f0e-9d1b-4f86-8f55-3d0f5f1f8a11", UsernameRules{Min: 1, Max: 128}, true},
		{"Korean", "김민수", UsernameRules{Min: 3, Max: 3}, true},
		{"too short, in characters", "김민", UsernameRules{Min: 3}, false},
		{"too long, in characters", "김민수님", UsernameRules{Max: 3}, false},
		{"empty", "", UsernameRules{Min: 1}, false},
		{"line feed", "ines\nmoreau", UsernameRules{}, false},
		{"NUL", "ines\x00", UsernameRules{}, false},
		{"space", "ines moreau", UsernameRules{}, false},
		{"no-break space", "ines\u00a0moreau", UsernameRules{}, false},
		{"zero-width space", "ines\u200bmoreau", UsernameRules{}, false},
		{"right-to-left override", "ines\u202emoreau", UsernameRules{}, false},
		{"Hangul filler", "ines\u3164", UsernameRules{}, false},
		{"half-width Hangul filler", "ines\uffa0", UsernameRules{}, false},
		{"Hangul choseong filler", "in\u115fes", UsernameRules{}, false},
		{"grapheme joiner", "ines\u034f", UsernameRules{}, false},
		{"Khmer inherent vowel", "ines\u17b4", UsernameRules{}, false},
		{"variation selector", "ines\ufe0f", UsernameRules{}, false},
		{"variation selector of the supplement", "ines\U000e0100", UsernameRules{}, false},
		{"Mongolian variation selector", "ines\u180b", UsernameRules{}, false},
		{"Braille blank", "ines\u2800", UsernameRules{}, false},
		{"combining accent", "e\u0301ve", UsernameRules{}, true},
		{"pattern", "ines", UsernameRules{Pattern: pattern}, true},
		{"pattern's other branch", "admin-7", UsernameRules{Pattern: pattern}, true},
		{"pattern in the middle", "1ines1", UsernameRules{Pattern: pattern}, false},
		{"pattern at the end", "1ines", UsernameRules{Pattern: pattern}, false},
		{"pattern at the start", "ines1", UsernameRules{Pattern: pattern}, false},
		{"pattern and a line feed at the end", "ines\n", UsernameRules{Pattern: pattern}, false},
		{"e-mail where allowed", "ines@example.org", UsernameRules{}, true},
		{"e-mail where refused", "ines@example.org", UsernameRules{RefuseEmail: true}, false},
		{"no e-mail where those are refused", "ines", UsernameRules{RefuseEmail: true}, true},
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
	if err != nil || !all.containsAny(map[string]string{"email": "a", "custom:x": "b"}) || all.containsAny(map[string]string{"email": "a"}) {
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
