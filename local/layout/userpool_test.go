package layout

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var userpool = module + "local/userpool"

// floors are the layers of the user pool's packages, lowest first: a package may import only packages in lower layers.
var floors = [][]string{
	{"internal/fault", "internal/ring", "internal/deps", "srp", "totp", "webauthn"},
	{"calls"},
	{"state", "token"},
	{"fire", "state/disk"},
	{"internal/wire", "internal/limits", "internal/triggers", "internal/expiring"},
	{"internal/directory", "internal/oauth"},
	{"internal/secondfactor", "internal/loginpages"},
	{"internal/delivery", "internal/pages", "internal/passkeys", "internal/tokens"},
	{"internal/accounts", "internal/signin", "internal/control", "internal/devices", "internal/stream"},
	{"internal/federation/upstream"},
	{"internal/federation/openid", "internal/federation/samlsp"},
	{"internal/federation"},
	{"internal/login"},
	{"", "seed"},
}

// besides are packages in the pool's directory that are not part of it: its client and its test helpers.
var besides = []string{
	"clock", "internal/model", "poolclient", "state/statetest", "terraform", "webauthn/authenticator",
}

// inPool returns a package's name within the pool, "" for the pool's own package.
func inPool(path string) (name string, is bool) {
	if path == userpool {
		return "", true
	}
	return strings.CutPrefix(path, userpool+"/")
}

func floorOf(name string) int {
	return slices.IndexFunc(floors, func(floor []string) bool { return slices.Contains(floor, name) })
}

// Imports point one way, from the wiring down to the lowest layer.
func TestImportsOfTheUserPool(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, p := range packages(t) {
		name, is := inPool(p.ImportPath)
		if !is || slices.Contains(besides, name) {
			continue
		}
		seen++
		floor := floorOf(name)
		if floor < 0 {
			t.Errorf("%s has no layer: add it to floors", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			below, is := inPool(imported)
			if is && (floorOf(below) < 0 || floorOf(below) >= floor) {
				t.Errorf("%s imports %s, which is not in a lower layer", p.ImportPath, imported)
			}
		}
	}
	if seen < 15 {
		t.Errorf("only %d packages were found", seen)
	}
}

// The pool's own package only wires; the operations are in packages of a readable size.
func TestSizesOfTheUserPool(t *testing.T) {
	t.Parallel()
	const ownMost, roomMost = 1500, 3000
	for _, name := range slices.Concat(floors...) {
		files, err := filepath.Glob(filepath.Join(root, "local", "userpool", filepath.FromSlash(name), "*.go"))
		if err != nil || len(files) == 0 {
			t.Errorf("%q has no files, error %v", name, err)
		}
		lines, most := 0, roomMost
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				lines += strings.Count(readFile(t, file), "\n")
			}
		}
		if name == "" {
			most = ownMost
		}
		if lines > most {
			t.Errorf("local/userpool/%s has %d lines without tests, want at most %d", name, lines, most)
		}
	}
}
