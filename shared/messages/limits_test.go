package messages

import (
	"strings"
	"testing"
)

func TestFits(t *testing.T) {
	code := []insertion{{"{####}", 8}} // two more than the placeholder
	cases := map[string]struct {
		message    string
		insertions []insertion
		want       bool
	}{
		"shortest":                {"abcdef", nil, true},
		"too short":               {"abcde", nil, false},
		"too short in characters": {"가나다라마", nil, false},
		"shortest in characters":  {"가나다라마바", nil, true},
		"longest":                 {strings.Repeat("a", 20), nil, true},
		"too long":                {strings.Repeat("a", 21), nil, false},
		"longest in characters":   {strings.Repeat("가", 20), nil, true},
		"too long in characters":  {strings.Repeat("가", 21), nil, false},
		"longest with its code":   {"{####}" + strings.Repeat("a", 12), code, true},
		"too long with its code":  {"{####}" + strings.Repeat("a", 13), code, false},
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
	code, name, link := insertion{"{####}", 8}, insertion{"{username}", 8}, insertion{"{##Click##}", 0}
	cases := map[string]struct {
		message    string
		insertions []insertion
		all        []string
		want       bool
	}{
		"code":                     {"your {####}", []insertion{code}, []string{"{####}", "", ""}, true},
		"no code":                  {"your code", []insertion{code}, nil, false},
		"code twice":               {"{####} {####}", []insertion{code}, nil, false},
		"name and code":            {"{username}: {####}", []insertion{code, name}, nil, true},
		"name beside the code":     {"{username}: {####}", []insertion{code}, nil, false},
		"the event's other one":    {"a {b} {####}", []insertion{code}, []string{"{####}", "{b}"}, false},
		"code in the link's place": {"{####}", []insertion{link}, nil, false},
		"link":                     {"<p>{##Click##}</p>", []insertion{link}, []string{"{####}", "", "{##Click##}"}, true},
		"joined by their removal":  {"{##{####}##}", []insertion{code}, nil, false},
	}
	for title, c := range cases {
		t.Run(title, func(t *testing.T) {
			if got := holdsOnce(c.message, c.insertions, c.all); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
