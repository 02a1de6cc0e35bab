package userpool

import (
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module = "cognito-triggers/"
	rootOf = "../.." // the repository, from here
	here   = "local/userpool"
)

// floors are the packages of the user pool, from the ground up: a package imports those of lower floors alone.
var floors = [][]string{
	{"internal/fault", "internal/ring", "internal/deps", "srp", "totp"},
	{"state", "token"},
	{"fire"},
	{"internal/wire", "internal/limits", "internal/triggers"},
	{"internal/directory"},
	{"internal/delivery"},
	{"internal/accounts", "internal/signin", "internal/control"},
	{"", "seed"},
}

// besides are packages of the pool's that are not part of it: its clients, and what tests it.
var besides = []string{"poolclient", "state/statetest", "terraform"}

// source is the files of one package that are not tests.
type source struct {
	imports []string // of this module, without its name
	lines   int
}

// sources reads the packages below a directory of the repository, by their directory.
func sources(t *testing.T, dir string) map[string]*source {
	t.Helper()
	all := map[string]*source{}
	err := fs.WalkDir(os.DirFS(filepath.Join(rootOf, dir)), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{"testdata", "node_modules"}, entry.Name()):
			return fs.SkipDir
		case entry.IsDir(), !strings.HasSuffix(name, ".go"), strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file := filepath.Join(rootOf, dir, name)
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		at := path.Join(dir, path.Dir(name))
		if all[at] == nil {
			all[at] = &source{}
		}
		all[at].lines += bytes.Count(text, []byte("\n"))
		parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if own, is := strings.CutPrefix(imported, module); is && !slices.Contains(all[at].imports, own) {
				all[at].imports = append(all[at].imports, own)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func floorOf(name string) int {
	return slices.IndexFunc(floors, func(floor []string) bool { return slices.Contains(floor, name) })
}

// The rooms' imports point one way, from the wiring down to the ground.
func TestImportsOfTheRooms(t *testing.T) {
	t.Parallel()
	all := sources(t, here)
	if len(all) < 15 {
		t.Fatalf("only %d packages were found", len(all))
	}
	for at, from := range all {
		name := strings.TrimPrefix(strings.TrimPrefix(at, here), "/")
		if slices.Contains(besides, name) {
			continue
		}
		floor := floorOf(name)
		if floor < 0 {
			t.Errorf("%s has no floor: say in floors what it stands on", at)
			continue
		}
		for _, imported := range from.imports {
			below, is := strings.CutPrefix(imported, here+"/")
			if is && (floorOf(below) < 0 || floorOf(below) >= floor) || imported == here {
				t.Errorf("%s imports %s, which is not below it", at, imported)
			}
		}
	}
}

// The package itself opens and wires; what operations do is in rooms of a size that can be read.
func TestSizesOfTheRooms(t *testing.T) {
	t.Parallel()
	const ownMost, roomMost = 1500, 3000
	for at, from := range sources(t, here) {
		most := roomMost
		if at == here {
			most = ownMost
		}
		if from.lines > most {
			t.Errorf("%s has %d lines besides tests, want at most %d", at, from.lines, most)
		}
	}
}

// arrows are what the packages of each top directory may import, besides their own.
var arrows = map[string][]string{
	"triggers":   {"shared"},
	"api":        {"shared"},
	"processors": {"shared"},
	"shared":     {"testevents"},
	"testevents": {"shared"},
	"local":      {"shared", "testevents"},
	"lab":        {"local", "shared", "testevents"},
	"cmd":        {"lab", "local", "shared", "testevents"},
}

// Functions are run, not imported; and what they share knows nothing of this machine.
func TestImportsOfTheRepository(t *testing.T) {
	t.Parallel()
	seen := 0
	for top, allowed := range arrows {
		if _, err := os.Stat(filepath.Join(rootOf, top)); err != nil {
			continue
		}
		for at, from := range sources(t, top) {
			seen++
			for _, imported := range from.imports {
				to, _, _ := strings.Cut(imported, "/")
				if to != top && !slices.Contains(allowed, to) {
					t.Errorf("%s imports %s: packages in %s import %v", at, imported, top, allowed)
				}
			}
		}
	}
	if seen < 60 {
		t.Fatalf("only %d packages were found", seen)
	}
}
