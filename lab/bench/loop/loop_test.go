package loop

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/shared/repository"
)

// A short run; its speed does not matter.
func TestRun(t *testing.T) {
	root, err := repository.Root()
	if err != nil {
		t.Fatal(err)
	}
	if err := stacktest.Build(t.Context(), root); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(edited)))
	if err != nil {
		t.Fatal(err)
	}
	var rounds []int
	report, err := Run(t.Context(), Options{
		Root: root, Poolctl: filepath.Join(root, "build", "poolctl"), Edits: 1, Starts: 1, Log: io.Discard,
		Progress: func(done, total int) { rounds = append(rounds, done, total) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.edits) != 1 || len(report.builds) != 1 || len(report.starts) != 1 || !slices.Equal(rounds, []int{1, 1}) {
		t.Errorf("measured %+v, progress %v", report, rounds)
	}
	if after, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(edited))); err != nil ||
		string(after) != string(before) {
		t.Errorf("the repository's own %s was edited (error %v)", edited, err)
	}
	left, _ := filepath.Glob(filepath.Join(root, "build", "bench", ".loop-*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	const second = time.Second
	for name, c := range map[string]struct {
		report      Report
		edit, start bool // whether it fails
	}{
		"nothing measured": {edit: true, start: true},
		"at the limits": {
			report: Report{
				builds: []time.Duration{second}, edits: []time.Duration{1600 * time.Millisecond},
				starts: []time.Duration{2 * second},
			},
		},
		"beyond them": {
			report: Report{
				builds: []time.Duration{second}, edits: []time.Duration{1601 * time.Millisecond},
				starts: []time.Duration{2*second + 1},
			},
			edit: true, start: true,
		},
		"one slow round of three": {
			report: Report{
				builds: []time.Duration{second, 2 * second, second}, edits: []time.Duration{second, 2 * second, 9 * second},
				starts: []time.Duration{second, second, 9 * second},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.report.editFails() != c.edit || c.report.startFails() != c.start || c.report.Failed() != (c.edit || c.start) {
				t.Errorf("edit fails: %v, want %v; start fails: %v, want %v", c.report.editFails(), c.edit, c.report.startFails(),
					c.start)
			}
			var text strings.Builder
			if c.report.Print(&text); strings.Contains(text.String(), "FAIL") != c.report.Failed() {
				t.Errorf("printed\n%s", &text)
			}
		})
	}
}
