package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// defended are the threats that the triggers of this repository have to withstand, by their numbers.
var defended = []int{1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16, 17, 18, 19, 20, 23, 35, 36, 40, 42, 43}

var (
	threatRow = regexp.MustCompile(`(?m)^\| (\d+) \|([^|]+)\|([^|]+)\|([^|]+)\|$`)
	inCode    = regexp.MustCompile("`([^`]+)`")
	testName  = regexp.MustCompile(`^([a-z0-9/-]+)\.((?:Test|Fuzz)\w+)$`)
)

// Every threat of docs/threats.md names files and tests that are there.
func TestThreatsHaveTests(t *testing.T) {
	var numbers []int
	for _, row := range threatRow.FindAllStringSubmatch(readFile(t, filepath.Join(local.Root, "docs", "threats.md")), -1) {
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
					wantTest(t, found[1], found[2])
				} else {
					wantFile(t, name[1])
				}
			}
			if defences == 0 || tests == 0 {
				t.Errorf("%d files of a defence and %d tests are named, want one of each at least", defences, tests)
			}
		})
	}
	if !slices.Equal(numbers, defended) {
		t.Errorf("docs/threats.md has the rows %v, want %v", numbers, defended)
	}
}

func wantFile(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(local.Root, path)); err != nil {
		t.Error(err)
	}
}

func wantTest(t *testing.T, dir, name string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(local.Root, dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.Contains(readFile(t, file), "\nfunc "+name+"(") {
			return
		}
	}
	t.Errorf("%s has no test %s", dir, name)
}
