package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"cognito-triggers/shared/api/apitest"
	"cognito-triggers/shared/posts"
	"cognito-triggers/shared/visible"
)

// The API's document describes the types that the handlers read and answer with.
func TestDocumentHasTheTypes(t *testing.T) {
	apitest.WantBody(t, "PostDraft", draft{})
	apitest.WantAnswer(t, "Post", posts.Post{})
	apitest.WantAnswer(t, "PostList", listed{})
}

// The document's patterns accept the same characters as the handlers.
func TestDocumentHasTheCharacters(t *testing.T) {
	text, err := os.ReadFile("../openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Components struct {
			Schemas struct {
				PostDraft struct {
					Properties struct{ Title, Contents struct{ Pattern string } }
				}
			}
		}
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	texts := document.Components.Schemas.PostDraft.Properties
	title, contents := compiled(t, texts.Title.Pattern), compiled(t, texts.Contents.Pattern)
	for r := rune(0); r <= 0xE1000; r++ {
		special := unicode.In(r, unicode.Z, unicode.Cc) || visible.Ignorable(r)
		if unicode.Is(unicode.Cs, r) || r > 0x3100 && !special && r%97 != 0 {
			continue // not a character, or one of many that are alike
		}
		alone, inside := string(r), "a"+string(r)+"b"
		for _, c := range []draft{{alone, "x"}, {"x", alone}, {inside, "x"}, {"x", inside}} {
			documented := title.MatchString(c.Title) && contents.MatchString(c.Contents)
			if accepted := c.check() == nil; accepted != documented {
				t.Fatalf("%+q: accepted %v, documented %v", c, accepted, documented)
			}
		}
	}
}

// compiled compiles a pattern of ECMA-262, whose \s has all of Unicode's spaces.
func compiled(t *testing.T, pattern string) *regexp.Regexp {
	t.Helper()
	pattern = regexp.MustCompile(`\\u([0-9a-f]{4})`).ReplaceAllString(pattern, `\x{$1}`)
	compiled, err := regexp.Compile(strings.ReplaceAll(pattern, `\s`, `\s\v\p{Z}`))
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}
