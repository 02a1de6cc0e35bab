package layout

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// How the pages of docs name tests and files: in backquotes.
var (
	inCode   = regexp.MustCompile("`([^`]+)`")
	testName = regexp.MustCompile(`^([a-z0-9/-]+)\.((?:Test|Fuzz)\w+)$`)
	tfRun    = regexp.MustCompile(`^(terraform/[a-z0-9/-]+)\.([a-z0-9_]+)$`)
)

// wantTests checks that the tests and files that a cell names exist, and returns the number of tests.
func wantTests(t *testing.T, cell string) int {
	t.Helper()
	tests := 0
	for _, name := range inCode.FindAllStringSubmatch(cell, -1) {
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
	return tests
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
