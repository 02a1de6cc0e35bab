package codesealer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cognito-triggers/local/toolkit"
)

// The program is compiled in the user's module. In one without the toolkit, that beside poolctl serves.
func TestCompile(t *testing.T) {
	t.Parallel()
	toolkits := "module " + toolkit.Module() + "\n\ngo 1.26\n"
	const foreign = "module example.org/shop\n\ngo 1.26\n"
	for name, c := range map[string]struct {
		module, source string
		beside         bool
		path           string // below the folder of the test
		err            string
	}{
		"the toolkit":           {module: toolkits, source: "package main\n\nfunc main() {}\n", path: "build/codesealer"},
		"a mistake in it":       {module: toolkits, source: "package main\n\nvar x int = \"\"\n", err: "main.go:3:"},
		"a mistake, and beside": {module: toolkits, source: "package main\n", beside: true, err: "it does not compile: "},
		"no toolkit":            {module: foreign, err: "run `go get -tool " + toolkit.Module() + "/cmd/poolctl`"},
		"no toolkit, beside":    {module: foreign, beside: true, path: "bin/codesealer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write := func(path, text string) {
				t.Helper()
				path = filepath.Join(dir, filepath.FromSlash(path))
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			write("go.mod", c.module)
			if c.source != "" {
				write("cmd/codesealer/main.go", c.source)
			}
			if c.beside {
				write("bin/codesealer", "a program")
			}
			got, err := compile(t.Context(), dir, filepath.Join(dir, "build"), filepath.Join(dir, "bin"))
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("%q, error %v, want %q", got, err, c.err)
				}
				return
			}
			if below, _ := filepath.Rel(dir, got); err != nil || filepath.ToSlash(below) != c.path {
				t.Fatalf("%q, error %v, want %s", got, err, c.path)
			}
			if _, err := os.Stat(got); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestBuilt(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if got, err := Built(folder); err == nil || !strings.Contains(err.Error(), "run `make build-local`") {
		t.Errorf("%q, error %v", got, err)
	}
	want := filepath.Join(folder, name)
	if err := os.WriteFile(want, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	if got, err := Built(folder); got != want || err != nil {
		t.Errorf("%q, error %v", got, err)
	}
}
