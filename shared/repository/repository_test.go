package repository

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRoot(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"triggers/audit/deep", "tools", "empty"} {
		if err := os.MkdirAll(filepath.Join(root, filepath.FromSlash(dir)), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"go.mod", "tools/go.mod"} { // tools is a module of its own, without triggers
		if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(file)), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, dir := range map[string]string{
		"the root itself":  "",
		"a folder below":   "triggers/audit/deep",
		"a nested go.mod":  "tools",
		"an unrelated one": "empty",
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(filepath.Join(root, filepath.FromSlash(dir)))
			if got, err := Root(); err != nil || got != root {
				t.Errorf("root %q, error %v; want %q", got, err, root)
			}
		})
	}
}

func TestOutsideOfARepository(t *testing.T) {
	t.Chdir(t.TempDir())
	if got, err := Root(); err == nil || !strings.Contains(err.Error(), "run this inside the repository") {
		t.Errorf("root %q, error %v", got, err)
	}
}
