package layout

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// maxColumns is the length of a line of Go code; a tab counts as one column.
const maxColumns = 120

// pathColumns is what the module's own path takes in a line, under whatever path it is published.
const pathColumns = 17

// importLine is the import of one package: nobody can break or shorten its path.
var importLine = regexp.MustCompile(`^\t([a-z0-9]+ )?"[a-z0-9.]+\.[a-z]+/[^" ]+"\n$`)

func TestLinesOfGoFiles(t *testing.T) {
	t.Parallel()
	files := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch name := filepath.Base(path); {
		case err != nil:
			return err
		case entry.IsDir() && (name == "build" || name == "node_modules" || name == ".git" || name == ".terraform"):
			return filepath.SkipDir
		case entry.IsDir() || filepath.Ext(path) != ".go":
			return nil
		}
		files++
		number := 0
		for line := range strings.Lines(readFile(t, path)) {
			number++
			columns := utf8.RuneCountInString(strings.TrimSuffix(line, "\n"))
			columns -= strings.Count(line, module) * (len(module) - pathColumns)
			if columns > maxColumns && !importLine.MatchString(line) {
				t.Errorf("%s:%d: %d columns, want at most %d", path, number, columns, maxColumns)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 100 {
		t.Errorf("%d Go files found: the walk begins at the wrong folder", files)
	}
}
