package messages

import (
	"strings"
	"testing"
)

func TestPlainName(t *testing.T) {
	placeholders := []string{"{####}", "{username}", "CODE"}
	for name, c := range map[string]struct{ value, want string }{
		"plain":                   {"Ines", "Ines"},
		"Korean":                  {"김서연", "김서연"},
		"quote and markup":        {`O'Brien <b>"Bo"</b>`, `O'Brien <b>"Bo"</b>`},
		"initials":                {"J. R. R. Tolkien", "J. R. R. Tolkien"},
		"initials without space":  {"J.R. Smith", "J.R. Smith"},
		"combining marks":         {"Zoe\u0308", "Zoe\u0308"},
		"emoji":                   {"Ines 🌻", "Ines 🌻"},
		"line breaks":             {"Ines\r\nBcc: all", "Ines Bcc: all"},
		"tabs and wide spaces":    {"\tInes\u3000\u00A0Moreau ", "Ines Moreau"},
		"control characters":      {"In\x00e\x1bs\x7f", "Ines"},
		"zero width and bidi":     {"I\u200Bn\u202Ee\uFEFFs", "Ines"},
		"invalid UTF-8":           {"In\xffes", "Ines"},
		"code placeholder":        {"Ines {####}", "Ines"},
		"split placeholder":       {"{##{####}##}Ines", "Ines"},
		"user name placeholder":   {"{username} Ines", "Ines"},
		"link placeholder":        {"{##Click Here##} Ines", "Click Here Ines"},
		"hidden placeholder":      {"{\u200B####}Ines", "Ines"},
		"event's own placeholder": {"CODE Ines", "Ines"},
		"only punctuation":        {"-- ??", ""},
		"address":                 {"https://example.org", ""},
		"bare domain":             {"visit example.org", ""},
		"domain in Hangul":        {"가자 예시.한국", ""},
		"full-width dot":          {"example．org", ""},
		"ideographic dot":         {"example。org", ""},
		"half-width dot":          {"example｡org", ""},
		"one dot leader":          {"example\u2024org", ""},
		"small dot":               {"example\uFE52org", ""},
		"value that Cognito made": {" cognito:default_val ", ""},
		"e-mail address":          {"ines@example.org", ""},
		"phone number":            {"call 0800 123", ""},
		"year":                    {"Ines the 2nd", "Ines the 2nd"},
		"64 characters":           {strings.Repeat("가", 64), strings.Repeat("가", 64)},
		"65 characters":           {strings.Repeat("가", 65), ""},
		"2048 characters":         {strings.Repeat("a", 2048), ""},
		"empty":                   {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := plainName(c.value, placeholders); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestNames(t *testing.T) {
	for name, c := range map[string]struct {
		attributes map[string]string
		want       Fields
	}{
		"none":               {nil, Fields{}},
		"name alone":         {map[string]string{"name": "Ines Moreau"}, Fields{FullName: "Ines Moreau"}},
		"Latin parts":        {map[string]string{"given_name": "Ines", "family_name": "Moreau"}, Fields{GivenName: "Ines", FamilyName: "Moreau", FullName: "Ines Moreau"}},
		"Korean parts":       {map[string]string{"given_name": "서연", "family_name": "김"}, Fields{GivenName: "서연", FamilyName: "김", FullName: "김서연"}},
		"given name alone":   {map[string]string{"given_name": "서연"}, Fields{GivenName: "서연", FullName: "서연"}},
		"domain when joined": {map[string]string{"given_name": "한국", "family_name": "피싱."}, Fields{GivenName: "한국", FamilyName: "피싱."}},
		"number when joined": {map[string]string{"given_name": "번010", "family_name": "전화123"}, Fields{GivenName: "번010", FamilyName: "전화123"}},
		"too long when joined": {map[string]string{"given_name": strings.Repeat("가", 64), "family_name": "김"},
			Fields{GivenName: strings.Repeat("가", 64), FamilyName: "김"}},
		"values that Cognito made": {map[string]string{"given_name": unsupplied, "family_name": "Moreau", "name": unsupplied}, Fields{FamilyName: "Moreau", FullName: "Moreau"}},
		"name over parts":          {map[string]string{"name": "I. Moreau", "given_name": "Ines"}, Fields{GivenName: "Ines", FullName: "I. Moreau"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got Fields
			got.name(c.attributes, nil)
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}
