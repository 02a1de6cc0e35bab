package layout

import (
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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

// maxTerraformColumns is the length of a line of a Terraform file.
const maxTerraformColumns = 140

// oneWord is an attribute whose value is one long string without a blank, such as an ARN: nobody can break it.
var oneWord = regexp.MustCompile(`^\s*\w+\s*=\s*"[^\s"]+"\n$`)

func TestLinesOfGoFiles(t *testing.T) {
	t.Parallel()
	files := 0
	for path := range filesWith(t, root, ".go") {
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
	}
	if files < 100 {
		t.Errorf("%d Go files found: the walk begins at the wrong folder", files)
	}
}

// The page of the console is read by people, who have no build step to undo; lit is kept as published.
func TestLinesOfTheConsole(t *testing.T) {
	t.Parallel()
	files := 0
	for path := range filesWith(t, filepath.Join(root, "local", "console", "assets"), ".js", ".css", ".html") {
		if strings.Contains(filepath.ToSlash(path), "/lit/") {
			continue
		}
		files++
		number := 0
		for line := range strings.Lines(readFile(t, path)) {
			number++
			if columns := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); columns > maxColumns {
				t.Errorf("%s:%d: %d columns, want at most %d", path, number, columns, maxColumns)
			}
		}
	}
	if files < 10 {
		t.Errorf("%d files found: the walk begins at the wrong folder", files)
	}
}

func TestLinesOfTerraformFiles(t *testing.T) {
	t.Parallel()
	files := 0
	for path := range filesWith(t, filepath.Join(root, "terraform"), ".tf", ".hcl") {
		files++
		number := 0
		for line := range strings.Lines(readFile(t, path)) {
			number++
			columns := utf8.RuneCountInString(strings.TrimSuffix(line, "\n"))
			if columns > maxTerraformColumns && !oneWord.MatchString(line) {
				t.Errorf("%s:%d: %d columns, want at most %d", path, number, columns, maxTerraformColumns)
			}
		}
	}
	if files < 100 {
		t.Errorf("%d Terraform files found: the walk begins at the wrong folder", files)
	}
}

// pathInComment is a path that a comment of a Terraform file names, from the repository, terraform/ or its own folder.
var pathInComment = regexp.MustCompile(
	`(?:^|[\s("` + "`" + `])((?:api|docs|local|modules|shared|terraform|testevents|triggers)/[\w./-]*\w)`)

// Comments that name a file or a folder must name one that is there.
func TestPathsInCommentsOfTerraformFiles(t *testing.T) {
	t.Parallel()
	paths := 0
	for path := range filesWith(t, filepath.Join(root, "terraform"), ".tf", ".hcl") {
		for line := range strings.Lines(readFile(t, path)) {
			comment, found := strings.CutPrefix(strings.TrimSpace(line), "#")
			if !found || strings.Contains(filepath.ToSlash(path), "/tests/refused/") { // they hold messages
				continue
			}
			for _, match := range pathInComment.FindAllStringSubmatch(comment, -1) {
				paths++
				below := []string{root, filepath.Join(root, "terraform"), filepath.Dir(path)}
				if !slices.ContainsFunc(below, func(folder string) bool {
					_, err := os.Stat(filepath.Join(folder, match[1]))
					return err == nil
				}) {
					t.Errorf("%s names %s, which does not exist", path, match[1])
				}
			}
		}
	}
	if paths < 10 {
		t.Errorf("%d paths found in comments: the form of paths does not fit", paths)
	}
}

// filesWith yields the files below a folder with one of the extensions, without what is built or downloaded.
func filesWith(t *testing.T, folder string, extensions ...string) iter.Seq[string] {
	return func(yield func(string) bool) {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			switch name := filepath.Base(path); {
			case err != nil:
				return err
			case entry.IsDir() && (name == "build" || name == "node_modules" || name == ".git" || name == ".terraform"):
				return filepath.SkipDir
			case entry.IsDir() || !slices.Contains(extensions, filepath.Ext(path)):
				return nil
			case !yield(path):
				return filepath.SkipAll
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
