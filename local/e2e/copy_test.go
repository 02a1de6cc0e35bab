package e2e

import (
	"crypto/sha256"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"testing"
)

// copyRepository copies the sources without build results.
func copyRepository(t *testing.T) string {
	t.Helper()
	to := t.TempDir()
	walkSources(t, local.Root, func(path string, info fs.FileInfo) {
		text, err := os.ReadFile(filepath.Join(local.Root, path))
		if err != nil {
			t.Fatal(err)
		}
		target := filepath.Join(to, path)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, text, info.Mode().Perm()); err != nil {
			t.Fatal(err)
		}
	})
	return to
}

// walkSources visits every file under root except build/ and version control.
func walkSources(t *testing.T, root string, visit func(path string, info fs.FileInfo)) {
	t.Helper()
	err := filepath.WalkDir(root, func(full string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		path, err := filepath.Rel(root, full)
		if err != nil {
			return err
		}
		switch {
		case entry.IsDir() && (path == "build" || path == ".git"):
			return filepath.SkipDir
		case path == ".git": // a worktree's .git file: a copy would commit to the original
			return nil
		case !entry.Type().IsRegular():
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		visit(path, info)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fingerprints returns the content of every source file.
func fingerprints(t *testing.T, root string) map[string][sha256.Size]byte {
	t.Helper()
	sums := map[string][sha256.Size]byte{}
	walkSources(t, root, func(path string, _ fs.FileInfo) {
		sums[path] = sha256.Sum256([]byte(readFile(t, filepath.Join(root, path))))
	})
	return sums
}

// changed lists the files of before that were modified or deleted.
func changed(before, after map[string][sha256.Size]byte) []string {
	var paths []string
	for path := range maps.Keys(before) {
		if after[path] != before[path] {
			paths = append(paths, path)
		}
	}
	return paths
}
