package layout

import (
	"os"
	"path/filepath"
	"testing"
)

// root is the repository, relative to this package.
var root = filepath.Join("..", "..")

// readFile reads a file of the repository.
func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
