package layout

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sources are the words that "How it is known" begins with.
var sources = []string{"measured", "documented", "model", "seen", "believed"}

var (
	asOf       = regexp.MustCompile(`As of \d{4}-\d\d-\d\d\.`)
	sourceWord = regexp.MustCompile(`^(\w+)[,;] .{10,}`)
)

// Every row of docs/aws-behaviour.md says how the behaviour is known and names existing tests.
func TestBehaviourHasSourcesAndTests(t *testing.T) {
	page := readFile(t, filepath.Join(root, "docs", "aws-behaviour.md"))
	if !asOf.MatchString(page) {
		t.Error("docs/aws-behaviour.md has no date: write `As of YYYY-MM-DD.`")
	}
	rows := behaviours(page)
	if len(rows) == 0 {
		t.Fatal("docs/aws-behaviour.md has no rows")
	}
	seen := map[string]bool{}
	for _, row := range rows {
		behaviour, known := row[0], row[1]
		if seen[behaviour] {
			t.Errorf("%q has two rows", behaviour)
		}
		seen[behaviour] = true
		found := sourceWord.FindStringSubmatch(known)
		if found == nil || !slices.Contains(sources, found[1]) {
			t.Errorf("%q: how it is known is %q, want one of %v, then a comma or semicolon and the source",
				behaviour, known, sources)
		}
		if wantTests(t, row[2]) == 0 {
			t.Errorf("%q names no test", behaviour)
		}
	}
}

const behaviourHeader = "| Behaviour | How it is known | Test |"

// behaviours returns the rows of the page's tables with that header: three cells each.
func behaviours(page string) [][3]string {
	var rows [][3]string
	inside := false
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		switch {
		case line == behaviourHeader:
			inside = true
		case !strings.HasPrefix(line, "|"):
			inside = false
		case inside && !strings.HasPrefix(line, "|---"):
			cells := strings.Split(strings.Trim(line, "|"), "|")
			var row [3]string
			if len(cells) == len(row) {
				for i, cell := range cells {
					row[i] = strings.TrimSpace(cell)
				}
			} else {
				row[0] = line // the test reports the missing cells
			}
			rows = append(rows, row)
		}
	}
	return rows
}
