package pooltest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// goBlocks returns the Go code in a page.
func goBlocks(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, part := range strings.Split(string(text), "```go\n")[1:] {
		block, _, _ := strings.Cut(part, "```")
		blocks = append(blocks, block)
	}
	return blocks
}

// The code in docs/testing.md is that of tests, which run, and an example has at most 20 lines.
func TestCodeInTheDocs(t *testing.T) {
	t.Parallel()
	var code strings.Builder
	for _, dir := range []string{".", filepath.Join("..", "..", "shared", "trigger", "triggertest")} {
		files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(text)
		}
	}
	blocks := goBlocks(t, filepath.Join("..", "..", "docs", "testing.md"))
	examples := 0
	for _, block := range blocks {
		if !strings.Contains(code.String(), block) {
			t.Errorf("docs/testing.md has code that no test has:\n%s", block)
		}
		if strings.HasPrefix(block, "func Example") {
			examples++
			if n := strings.Count(block, "\n"); n > 20 {
				t.Errorf("an example has %d lines, at most 20:\n%s", n, block)
			}
		}
	}
	if examples == 0 {
		t.Error("docs/testing.md has no example")
	}
}
