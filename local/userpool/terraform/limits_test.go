package terraform

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cognito-triggers/local/userpool/internal/model"
)

var update = flag.Bool("update", false, "write limits.json of the user-pool module from the API's model")

// limit is an entry of terraform/modules/user-pool/limits.json.
type limit struct {
	Type    string `json:"type"` // string, or number: also the length of a list
	Min     int64  `json:"min"`
	Max     int64  `json:"max"`
	Pattern string `json:"pattern,omitempty"`
	Words   string `json:"words"` // what a message says to use; written by hand
}

const (
	longest = 131072     // of a text in the model that names no other limit
	largest = 2147483647 // of a number
)

// What the user-pool module refuses at plan is what the API's model refuses, no more and no less, and its words name
// the numbers.
func TestLimits(t *testing.T) {
	t.Parallel()
	module := filepath.Join("..", "..", "..", "terraform", "modules", "user-pool")
	path := filepath.Join(module, "limits.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	limits := map[string]limit{}
	if err := json.Unmarshal(text, &limits); err != nil {
		t.Fatal(err)
	}
	operations, err := model.Operations()
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range limits {
		want, err := modelled(operations, name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want.Words = got.Words
		if *update {
			limits[name] = want
			continue
		}
		if got != want {
			t.Errorf("%s is %+v, and %+v in the model: run with -update", name, got, want)
		}
		for _, number := range []int64{want.Min, want.Max} {
			if number > 1 && number != longest && number != largest &&
				!regexp.MustCompile(`\b`+strconv.FormatInt(number, 10)+`\b`).MatchString(want.Words) {
				t.Errorf("%s: the words %q do not name %d", name, want.Words, number)
			}
		}
		if _, err := regexp.Compile("^(?:" + got.Pattern + ")$"); err != nil {
			t.Errorf("%s: Terraform cannot read the pattern: %v", name, err)
		}
	}
	if *update {
		if err := os.WriteFile(path, encode(t, limits), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	wantAsked(t, filepath.Join(module, "limits.tf"), limits)
}

// modelled returns the limit that the model has of an operation's member: "[]" leads to a list's entries, "{k}" and
// "{v}" to a map's keys and values.
func modelled(operations map[string]model.Operation, name string) (limit, error) {
	operation, path, _ := strings.Cut(name, ".")
	shape := operations[operation].Input
	for part := range strings.SplitSeq(path, ".") {
		member := strings.NewReplacer("[]", "", "{k}", "", "{v}", "").Replace(part)
		if shape == nil || shape.Members[member] == nil {
			return limit{}, fmt.Errorf("the model has no member %s", part)
		}
		shape = shape.Members[member]
		switch {
		case strings.HasSuffix(part, "{k}"):
			shape = shape.Key
		case strings.HasSuffix(part, "[]"), strings.HasSuffix(part, "{v}"):
			shape = shape.Of
		}
	}
	out := limit{Type: "number", Max: largest}
	if shape.Type == "string" {
		out = limit{Type: "string", Max: longest, Pattern: "(?s).*"}
	}
	if shape.Min != nil && shape.Type != "list" { // Terraform leaves an empty list out
		out.Min = *shape.Min
	}
	if shape.Max != nil {
		out.Max = *shape.Max
	}
	if shape.Pattern != "" {
		out.Pattern = shape.Pattern
	}
	return out, nil
}

// encode returns the limits as the file has them: sorted, one on a line.
func encode(t *testing.T, limits map[string]limit) []byte {
	t.Helper()
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		var line strings.Builder
		e := json.NewEncoder(&line)
		e.SetEscapeHTML(false)
		if err := e.Encode(limits[name]); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("  %q: %s", name, strings.TrimSpace(line.String())))
	}
	return []byte("{\n" + strings.Join(lines, ",\n") + "\n}\n")
}

// wantAsked checks that limits.tf and limits.json know the same limits.
func wantAsked(t *testing.T, path string, limits map[string]limit) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]bool{"SetUICustomization.CSS": true} // in extras.tf
	const notify = "SetRiskConfiguration.AccountTakeoverRiskConfiguration.NotifyConfiguration."
	for _, mail := range []string{"BlockEmail", "MfaEmail", "NoActionEmail"} { // put together there
		for _, part := range []string{"Subject", "HtmlBody", "TextBody"} {
			asked[notify+mail+"."+part] = true
		}
	}
	for _, m := range regexp.MustCompile(`"((?:Create|Set)\w+\.[\w.\[\]{}]+)"`).FindAllStringSubmatch(string(text), -1) {
		asked[m[1]] = true
	}
	for name := range asked {
		if _, known := limits[name]; !known {
			t.Errorf("limits.json lacks %s", name)
		}
	}
	for name := range limits {
		if !asked[name] {
			t.Errorf("limits.tf does not check %s", name)
		}
	}
}
