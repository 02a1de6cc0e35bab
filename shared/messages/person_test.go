package messages

import (
	"strings"
	"testing"
)

func TestPlainName(t *testing.T) {
	placeholders := []string{"{####}", "{username}", "CODE"}
	for name, c := range map[string]struct{ value, want string }{
		"plain":                   {value: "Ines", want: "Ines"},
		"Korean":                  {value: "김서연", want: "김서연"},
		"quote and markup":        {value: `O'Brien <b>"Bo"</b>`, want: `O'Brien <b>"Bo"</b>`},
		"initials":                {value: "J. R. R. Tolkien", want: "J. R. R. Tolkien"},
		"initials without space":  {value: "J.R. Smith", want: "J.R. Smith"},
		"combining marks":         {value: "Zoe\u0308", want: "Zoe\u0308"},
		"emoji":                   {value: "Ines 🌻", want: "Ines 🌻"},
		"line breaks":             {value: "Ines\r\nBcc: all", want: "Ines Bcc: all"},
		"tabs and wide spaces":    {value: "\tInes\u3000\u00A0Moreau ", want: "Ines Moreau"},
		"control characters":      {value: "In\x00e\x1bs\x7f", want: "Ines"},
		"zero width and bidi":     {value: "I\u200Bn\u202Ee\uFEFFs", want: "Ines"},
		"invalid UTF-8":           {value: "In\xffes", want: "Ines"},
		"code placeholder":        {value: "Ines {####}", want: "Ines"},
		"split placeholder":       {value: "{##{####}##}Ines", want: "Ines"},
		"user name placeholder":   {value: "{username} Ines", want: "Ines"},
		"link placeholder":        {value: "{##Click Here##} Ines", want: "Click Here Ines"},
		"hidden placeholder":      {value: "{\u200B####}Ines", want: "Ines"},
		"event's own placeholder": {value: "CODE Ines", want: "Ines"},
		"only punctuation":        {value: "-- ??", want: ""},
		"address":                 {value: "https://example.org", want: ""},
		"bare domain":             {value: "visit example.org", want: ""},
		"domain in Hangul":        {value: "가자 예시.한국", want: ""},
		"full-width dot":          {value: "example．org", want: ""},
		"ideographic dot":         {value: "example。org", want: ""},
		"half-width dot":          {value: "example｡org", want: ""},
		"one dot leader":          {value: "example\u2024org", want: ""},
		"small dot":               {value: "example\uFE52org", want: ""},
		"value that Cognito made": {value: " cognito:default_val ", want: ""},
		"e-mail address":          {value: "ines@example.org", want: ""},
		"phone number":            {value: "call 0800 123", want: ""},
		"year":                    {value: "Ines the 2nd", want: "Ines the 2nd"},
		"64 characters":           {value: strings.Repeat("가", 64), want: strings.Repeat("가", 64)},
		"65 characters":           {value: strings.Repeat("가", 65), want: ""},
		"2048 characters":         {value: strings.Repeat("a", 2048), want: ""},
		"empty":                   {value: "", want: ""},
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
		"none":       {attributes: nil, want: Fields{}},
		"name alone": {attributes: map[string]string{"name": "Ines Moreau"}, want: Fields{FullName: "Ines Moreau"}},
		"Latin parts": {
			attributes: map[string]string{"given_name": "Ines", "family_name": "Moreau"},
			want:       Fields{GivenName: "Ines", FamilyName: "Moreau", FullName: "Ines Moreau"},
		},
		"Korean parts": {
			attributes: map[string]string{"given_name": "서연", "family_name": "김"},
			want:       Fields{GivenName: "서연", FamilyName: "김", FullName: "김서연"},
		},
		"given name alone": {
			attributes: map[string]string{"given_name": "서연"},
			want:       Fields{GivenName: "서연", FullName: "서연"},
		},
		"domain when joined": {
			attributes: map[string]string{"given_name": "한국", "family_name": "피싱."},
			want:       Fields{GivenName: "한국", FamilyName: "피싱."},
		},
		"number when joined": {
			attributes: map[string]string{"given_name": "번010", "family_name": "전화123"},
			want:       Fields{GivenName: "번010", FamilyName: "전화123"},
		},
		"too long when joined": {attributes: map[string]string{"given_name": strings.Repeat("가", 64), "family_name": "김"},
			want: Fields{GivenName: strings.Repeat("가", 64), FamilyName: "김"}},
		"values that Cognito made": {
			attributes: map[string]string{"given_name": unsupplied, "family_name": "Moreau", "name": unsupplied},
			want:       Fields{FamilyName: "Moreau", FullName: "Moreau"},
		},
		"name over parts": {
			attributes: map[string]string{"name": "I. Moreau", "given_name": "Ines"},
			want:       Fields{GivenName: "Ines", FullName: "I. Moreau"},
		},
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
