package login

import (
	"encoding/json"
	"strings"
	"testing"
)

// What a page repeats comes back from a browser: whatever it says, the page can be made of it.
func FuzzKnown(f *testing.F) {
	for _, text := range []string{"", "{}", "null", `{"Key":"ABC234"}`, `{"Key":"<b>"}`,
		`{"Attributes":["userAttributes.custom:"]}`,
		`{"Attributes":["userAttributes.부서",""],"Factors":["PASSWORD"],"To":"i***@e***"}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		k := parseKnown(text)
		if len(k.Key) > maxKey || strings.ContainsAny(k.Key, `<>"'& `) {
			t.Errorf("%q has the key %q", text, k.Key)
		}
		for _, attribute := range k.Attributes {
			attributeField(strings.TrimPrefix(attribute, requiredPrefix))
		}
		again, err := json.Marshal(k)
		if err != nil {
			t.Fatal(err)
		}
		parseKnown(string(again))
	})
}
