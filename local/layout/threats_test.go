package layout

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// defended are the numbers of the threats that this repository must withstand.
var defended = []int{
	1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 23, 24, 29, 30, 31, 35, 36, 37, 40, 41, 42, 43, 44,
}

var (
	threatRow = regexp.MustCompile(`(?m)^\| (\d+) \|([^|]+)\|([^|]+)\|([^|]+)\|$`)
	inCode    = regexp.MustCompile("`([^`]+)`")
	testName  = regexp.MustCompile(`^([a-z0-9/-]+)\.((?:Test|Fuzz)\w+)$`)
	tfRun     = regexp.MustCompile(`^(terraform/[a-z0-9/-]+)\.([a-z0-9_]+)$`)
)

// Every threat in docs/threats.md names existing files and tests.
func TestThreatsHaveTests(t *testing.T) {
	var numbers []int
	for _, row := range threatRow.FindAllStringSubmatch(readFile(t, filepath.Join(root, "docs", "threats.md")), -1) {
		number, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, number)
		t.Run(row[1], func(t *testing.T) {
			defences, tests := 0, 0
			for _, name := range inCode.FindAllStringSubmatch(row[3], -1) {
				if strings.Contains(name[1], "/") {
					defences++
					wantFile(t, name[1])
				}
			}
			for _, name := range inCode.FindAllStringSubmatch(row[4], -1) {
				if found := testName.FindStringSubmatch(name[1]); found != nil {
					tests++
					wantTest(t, filepath.Join(found[1], "*_test.go"), "\nfunc "+found[2]+"(")
				} else if found := tfRun.FindStringSubmatch(name[1]); found != nil {
					tests++
					wantTest(t, filepath.Join(found[1], "tests", "*.tftest.hcl"), "\nrun \""+found[2]+"\" {\n")
				} else {
					wantFile(t, name[1])
				}
			}
			if defences == 0 || tests == 0 {
				t.Errorf("%d files and %d tests are named, want at least one of each", defences, tests)
			}
		})
	}
	if !slices.Equal(numbers, defended) {
		t.Errorf("docs/threats.md has the rows %v, want %v", numbers, defended)
	}
}

func wantFile(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(root, path)); err != nil {
		t.Error(err)
	}
}

// wantTest checks that a file contains the beginning of a test.
func wantTest(t *testing.T, pattern, text string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, pattern))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.Contains(readFile(t, file), text) {
			return
		}
	}
	t.Errorf("no file %s has %q", pattern, text)
}
