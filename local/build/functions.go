package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Function is a function's package.
type Function struct {
	Name    string // of its folder, and of its binary
	Package string // as the go command takes it in the module's root, for example ./triggers/pre-sign-up
}

// Find returns the functions in folders of the module at root: every folder <room>/<name> with a main.go. A room that
// does not exist holds none. Two functions of one name are an error.
func Find(root string, rooms ...string) ([]Function, error) {
	var found []Function
	for _, room := range rooms {
		mains, err := filepath.Glob(filepath.Join(escaped(room), "*", "main.go"))
		if err != nil {
			return nil, err
		}
		for _, main := range mains {
			dir := filepath.Dir(main)
			below, err := filepath.Rel(root, dir)
			if err != nil || !filepath.IsLocal(below) {
				return nil, fmt.Errorf("build: %s is outside of the module at %s", dir, root)
			}
			f := Function{Name: filepath.Base(dir), Package: "./" + filepath.ToSlash(below)}
			if strings.HasPrefix(f.Name, ".") {
				continue
			}
			if i := slices.IndexFunc(found, func(other Function) bool { return other.Name == f.Name }); i >= 0 {
				return nil, fmt.Errorf("build: %s and %s have the same name, and so would their binaries; rename one",
					found[i].Package, f.Package)
			}
			found = append(found, f)
		}
	}
	return found, nil
}

// escaped makes a path a pattern that matches itself.
func escaped(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// Options describe a build.
type Options struct {
	Root   string   // the module's root, an absolute path
	Rooms  []string // the folders whose subfolders are functions, absolute paths
	Out    string   // the folder for <name>/bootstrap and <name>.zip
	Target Target
	Zips   bool
	Only   []string // the functions to build, by name; empty means all, and then other functions' files leave Out
}

// Run compiles functions into Out and returns them. A build that fails leaves Out as it was.
func Run(ctx context.Context, o Options) ([]Function, error) {
	all, err := Find(o.Root, o.Rooms...)
	if err != nil {
		return nil, err
	}
	functions, err := chosen(all, o)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return nil, err
	}
	work, err := os.MkdirTemp(o.Out, ".build-") // its own folder, so that parallel builds do not interfere
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	if err := (Compiler{Dir: o.Root, Target: o.Target}).Compile(ctx, functions, work); err != nil {
		return nil, err
	}
	if err := install(functions, work, o.Out, o.Zips); err != nil {
		return nil, err
	}
	if len(o.Only) > 0 {
		return functions, nil
	}
	return functions, removeOthers(functions, o.Out)
}

func chosen(all []Function, o Options) ([]Function, error) {
	if len(all) == 0 {
		return nil, fmt.Errorf("build: no function found: no folder in %s has a main.go", strings.Join(o.Rooms, " or "))
	}
	if len(o.Only) == 0 {
		return all, nil
	}
	var functions []Function
	for _, name := range o.Only {
		i := slices.IndexFunc(all, func(f Function) bool { return f.Name == name })
		if i < 0 {
			var names []string
			for _, f := range all {
				names = append(names, f.Name)
			}
			return nil, fmt.Errorf("build: no function named %q; choose one of %s", name, strings.Join(names, ", "))
		}
		if !slices.Contains(functions, all[i]) {
			functions = append(functions, all[i])
		}
	}
	return functions, nil
}
