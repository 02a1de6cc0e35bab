package watch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"cognito-triggers/local/build"
	"cognito-triggers/local/wholefile"
)

// inputs are the files of a function that its binary depends on, apart from released modules, which go.mod pins.
type inputs struct {
	// Dirs are the folders of packages, each with the extensions of the files that count, so that a new file is seen.
	Dirs  map[string][]string `json:"dirs"`
	Files []string            `json:"files"` // embedded files, go.mod, go.sum
}

// compiled are the extensions of the files that the go command compiles, without cgo.
var compiled = []string{".go", ".s", ".S", ".h", ".syso"}

// listed is what the go command says about a package.
type listed struct {
	Dir, ImportPath string
	Standard        bool
	EmbedFiles      []string
	Module          *struct {
		Main    bool
		Version string
		Replace *struct{ Version string }
	}
}

// own reports whether the package's files can change: it belongs to the main module or to one replaced by a folder.
func (p listed) own() bool {
	switch {
	case p.Standard || p.Module == nil:
		return false
	case p.Module.Replace != nil:
		return p.Module.Replace.Version == ""
	}
	return p.Module.Main || p.Module.Version == ""
}

// inputsOf asks the go command which files a package depends on. Packages that are missing or broken do not make it
// fail: whoever mends them edits one of the files.
func inputsOf(ctx context.Context, root, module, pkg string) (inputs, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-e", "-deps", "-json=Dir,ImportPath,Standard,EmbedFiles,Module", pkg)
	cmd.Dir, cmd.Env = root, append(os.Environ(), build.Settings()...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return inputs{}, fmt.Errorf("go list %s: %w\n%s", pkg, err, &stderr)
	}
	in := inputs{
		Dirs:  map[string][]string{filepath.Join(root, filepath.FromSlash(pkg)): compiled},
		Files: []string{filepath.Join(root, "go.mod"), filepath.Join(root, "go.sum")},
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			slices.Sort(in.Files)
			return in, nil
		} else if err != nil {
			return inputs{}, fmt.Errorf("go list %s: %w", pkg, err)
		}
		if below, missing := strings.CutPrefix(p.ImportPath, module+"/"); missing && p.Dir == "" {
			p.Dir = filepath.Join(root, filepath.FromSlash(below)) // a package that is not written yet
		} else if !p.own() {
			continue
		}
		in.add(p)
	}
}

func (in *inputs) add(p listed) {
	if in.Dirs[p.Dir] == nil {
		in.Dirs[p.Dir] = compiled
	}
	for _, name := range p.EmbedFiles {
		path := filepath.Join(p.Dir, filepath.FromSlash(name))
		in.Files = append(in.Files, path)
		dir, extension := filepath.Dir(path), filepath.Ext(path)
		if !slices.Contains(in.Dirs[dir], extension) {
			in.Dirs[dir] = append(slices.Clip(in.Dirs[dir]), extension)
		}
	}
}

// paths returns the files that count, in order. Those of a folder that does not exist are none.
func (in inputs) paths(list func(dir string) []string) []string {
	all := map[string]bool{}
	in.each(list, func(path string) { all[path] = true })
	return slices.Sorted(maps.Keys(all))
}

// with returns the inputs and one more file.
func (in inputs) with(path string) inputs {
	in.Files = append(slices.Clip(in.Files), path)
	return in
}

// each calls visit with the files that count, in any order; a file may come twice.
func (in inputs) each(list func(dir string) []string, visit func(path string)) {
	for _, path := range in.Files {
		visit(path)
	}
	for dir, extensions := range in.Dirs {
		for _, name := range list(dir) {
			if slices.Contains(extensions, filepath.Ext(name)) && !strings.HasSuffix(name, "_test.go") {
				visit(dir + string(filepath.Separator) + name)
			}
		}
	}
}

// record remembers the inputs of a compiled function from run to run, so that a start with nothing to build asks the go
// command nothing. They hold as long as the files have the shape that they had.
type record struct {
	Inputs inputs `json:"inputs"`
	Shape  string `json:"shape"` // see content
}

func readRecord(path string) (record, bool) {
	var r record
	text, err := os.ReadFile(path)
	return r, err == nil && json.Unmarshal(text, &r) == nil && len(r.Inputs.Dirs) > 0
}

// write replaces the file atomically: two runs may do so at once.
func (r record) write(path string) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return wholefile.WriteBytes(path, 0o600, text)
}
