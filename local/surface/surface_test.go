package surface

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/local/gotool"
	"cognito-triggers/shared/manifest"
)

var update = flag.Bool("update", false, "write the listings in docs/api")

var docs = filepath.Join("..", "..", "docs")

// row matches a row of a table whose first column is a package.
var row = regexp.MustCompile("(?m)^\\| `([a-z/]+)` \\|")

// packages returns the packages that docs/api.md names as API.
func packages(t *testing.T) (paths []string) {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(docs, "api.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, match := range row.FindAllStringSubmatch(string(page), -1) {
		paths = append(paths, match[1])
	}
	return paths
}

// A change of a package's API must be seen, and be meant.
func TestExportedSurface(t *testing.T) {
	t.Parallel()
	module := strings.TrimSuffix(reflect.TypeFor[manifest.Function]().PkgPath(), "shared/manifest")
	paths := packages(t)
	if len(paths) < 5 {
		t.Fatalf("docs/api.md names the packages %q", paths)
	}
	imported := load(t, module, paths)
	listed, err := filepath.Glob(filepath.Join(docs, "api", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		file := filepath.Join(docs, "api", strings.ReplaceAll(path, "/", ".")+".txt")
		listed = slices.DeleteFunc(listed, func(name string) bool { return name == file })
		got := Of(imported(module+path), func(other string) bool {
			own, ok := strings.CutPrefix(other, module)
			return ok && !slices.Contains(paths, own)
		})
		if *update {
			text := strings.Join(got, "\n") + "\n"
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Error(err)
			}
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%s is in docs/api.md and has no listing: %v", path, err)
		}
		if changed := Difference(strings.Split(strings.TrimSpace(string(text)), "\n"), got); changed != "" {
			t.Errorf("%s exports something else than %s says:\n%sA line with - breaks programs that use it. If the change is "+
				"meant, run\n\tgo test ./local/surface -update\nand say in CHANGELOG.md what users have to do.",
				path, filepath.ToSlash(strings.TrimPrefix(file, filepath.Join("..", "..")+string(filepath.Separator))), changed)
		}
	}
	for _, file := range listed {
		t.Errorf("%s lists a package that docs/api.md does not name", file)
	}
}

// load returns what finds the compiled packages' types.
func load(t *testing.T, module string, paths []string) func(path string) *types.Package {
	t.Helper()
	args := []string{"-export", "-deps", "-json=ImportPath,Export"}
	for _, path := range paths {
		args = append(args, module+path)
	}
	out, err := gotool.Run(t.Context(), filepath.Join("..", ".."), "list", args...)
	if err != nil {
		t.Fatal(err)
	}
	exports := map[string]string{}
	for dec := json.NewDecoder(strings.NewReader(out)); ; {
		var p struct{ ImportPath, Export string }
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
	}
	imports := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})
	return func(path string) *types.Package {
		p, err := imports.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
}

const source = `package a

import "io"

const Limit = 5
const hidden = 1

var Default = Options{}

type Options struct {
	Name   string
	inner  int
	Reader io.Reader
}

func (o *Options) Set(name string) error { return nil }
func (o Options) get() string            { return o.Name }

type Pair[K comparable, V any] struct{ Key K }

func (p Pair[K, V]) Swap(values ...V) map[K]V { return nil }

type Store interface {
	Get(id string) (*Options, error)
}

type Kind string
type Same = Kind

func Open(name string, options ...func(*Options)) (Store, error) { return nil, nil }
func Of[T any](t T) Pair[string, T]                              { return Pair[string, T]{} }
func internal()                                                  {}
`

func TestOf(t *testing.T) {
	t.Parallel()
	want := `const Limit untyped int = 5
field Options.Name string
field Options.Reader io.Reader
field Pair.Key K
func Of[T any](t T) Pair[string, T]
func Open(name string, options ...func(*Options)) (Store, error)
method (*Options) Set(name string) error
method (Pair) Swap(values ...V) map[K]V
method Store.Get(id string) (*Options, error)
type Kind string
type Options struct
type Pair[K comparable, V any] struct
type Same = Kind
type Store interface
var Default Options`
	reader := check(t, "io", "package io\n\ntype Reader interface{ Read([]byte) (int, error) }\n", nil)
	got := Of(check(t, "a", source, reader), func(string) bool { return false })
	if changed := Difference(strings.Split(want, "\n"), got); changed != "" {
		t.Errorf("differences:\n%s", changed)
	}
}

// Types behind an alias, a field or a result count, unless they have a listing of their own.
func TestOfListsWhatItMentions(t *testing.T) {
	t.Parallel()
	inner := check(t, "example.org/inner", "package inner\n\ntype Record struct{ At int; Next *Record }\n\n"+
		"func (r Record) Text() string { return \"\" }\n\ntype Unused struct{}\n", nil)
	outer := "package b\n\nimport \"example.org/inner\"\n\ntype Fired = inner.Record\n\n" +
		"func All() map[string][]inner.Record { return nil }\n"
	plain := []string{"func All() map[string][]inner.Record", "type Fired = inner.Record"}
	for name, test := range map[string]struct {
		expand bool
		want   []string
	}{
		"listed elsewhere": {false, plain},
		"listed here": {true, append([]string{"field inner.Record.At int", "field inner.Record.Next *inner.Record",
			"method (inner.Record) Text() string", "type inner.Record struct"}, plain...)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Of(check(t, "b", outer, inner), func(string) bool { return test.expand })
			if changed := Difference(test.want, got); changed != "" {
				t.Errorf("differences:\n%s", changed)
			}
		})
	}
}

// only is an importer that has one package.
type only struct{ *types.Package }

func (o only) Import(path string) (*types.Package, error) {
	if o.Package == nil || path != o.Path() {
		return nil, fmt.Errorf("%s is not there", path)
	}
	return o.Package, nil
}

func check(t *testing.T, path, source string, imported *types.Package) *types.Package {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "x.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	config := types.Config{Importer: only{imported}}
	p, err := config.Check(path, files, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDifference(t *testing.T) {
	t.Parallel()
	if got, want := Difference([]string{"a", "b"}, []string{"b", "c"}), "- a\n+ c\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
