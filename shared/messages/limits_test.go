package messages

import (
	"strings"
	"testing"
)

func TestFits(t *testing.T) {
	code := []insertion{{placeholder: "{####}", reserve: 8}} // two more than the placeholder
	cases := map[string]struct {
		message    string
		insertions []insertion
		want       bool
	}{
		"shortest":                {message: "abcdef", want: true},
		"too short":               {message: "abcde", want: false},
		"too short in characters": {message: "가나다라마", want: false},
		"shortest in characters":  {message: "가나다라마바", want: true},
		"longest":                 {message: strings.Repeat("a", 20), want: true},
		"too long":                {message: strings.Repeat("a", 21), want: false},
		"longest in characters":   {message: strings.Repeat("가", 20), want: true},
		"too long in characters":  {message: strings.Repeat("가", 21), want: false},
		"longest with its code":   {message: "{####}" + strings.Repeat("a", 12), insertions: code, want: true},
		"too long with its code":  {message: "{####}" + strings.Repeat("a", 13), insertions: code, want: false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := fits(c.message, c.insertions, 6, 20); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestHoldsOnce(t *testing.T) {
	code, name, link := insertion{placeholder: "{####}", reserve: 8}, insertion{placeholder: "{username}",
		reserve: 8}, insertion{placeholder: "{##Click##}"}
	cases := map[string]struct {
		message    string
		insertions []insertion
		all        []string
		want       bool
	}{
		"code": {
			message:    "your {####}",
			insertions: []insertion{code},
			all:        []string{"{####}", "", ""},
			want:       true,
		},
		"no code":              {message: "your code", insertions: []insertion{code}, want: false},
		"code twice":           {message: "{####} {####}", insertions: []insertion{code}, want: false},
		"name and code":        {message: "{username}: {####}", insertions: []insertion{code, name}, want: true},
		"name beside the code": {message: "{username}: {####}", insertions: []insertion{code}, want: false},
		"the event's other one": {
			message:    "a {b} {####}",
			insertions: []insertion{code},
			all:        []string{"{####}", "{b}"},
			want:       false,
		},
		"code in the link's place": {message: "{####}", insertions: []insertion{link}, want: false},
		"link": {
			message:    "<p>{##Click##}</p>",
			insertions: []insertion{link},
			all:        []string{"{####}", "", "{##Click##}"},
			want:       true,
		},
		"joined by their removal": {message: "{##{####}##}", insertions: []insertion{code}, want: false},
	}
	for title, c := range cases {
		t.Run(title, func(t *testing.T) {
			if got := holdsOnce(c.message, c.insertions, c.all); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
