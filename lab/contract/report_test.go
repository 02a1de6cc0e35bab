package contract

import (
	"strings"
	"testing"
)

func TestCounts(t *testing.T) {
	all, err := read(strings.NewReader(`{"Initialize":{"seed":1}}
{"ScenarioFinished":{"recorder":{"label":"POST /post","cases":{"a":{}},"interactions":{"a":{"response":{"status_code":201}},"b":{"response":{"status_code":400}},"c":{"response":null}}}}}
{"ScenarioFinished":{"recorder":{"label":"GET /posts"}}}
{"ScenarioFinished":{"recorder":{"label":"POST /post","interactions":{"d":{"response":{"status_code":201}}}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := all.write(&out); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "  POST /post  201: 2, 400: 1\n"; got != want || all.total() != 3 {
		t.Errorf("%d requests\n%s, want 3\n%s", all.total(), got, want)
	}
	if _, err := read(strings.NewReader("{")); err == nil {
		t.Error("a truncated line is not an error")
	}
}
