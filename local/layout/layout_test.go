package layout

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
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

// functions returns the functions found in the repository, so that a new one is tested at once.
func functions(t *testing.T) []manifest.Function {
	t.Helper()
	found, err := manifest.Find(root) // reads and validates every manifest
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestReadmesOfFunctions(t *testing.T) {
	for _, function := range functions(t) {
		t.Run(function.Name, func(t *testing.T) {
			readme := readFile(t, filepath.Join(function.Dir, "README.md"))
			sections := sectionsOf(readme)
			var titles []string
			for _, s := range sections {
				titles = append(titles, s.title)
			}
			if want := []string{"Behaviour", "Configuration", "Example", "Failure"}; !slices.Equal(titles, want) {
				t.Fatalf("README.md has the sections %v, want %v", titles, want)
			}
			for _, s := range sections {
				if len(strings.TrimSpace(s.text)) < 40 {
					t.Errorf("the section %s is empty", s.title)
				}
			}
			for _, source := range function.Hook.Sources() {
				if !strings.Contains(sections[0].text, source) {
					t.Errorf("Behaviour does not describe %s", source)
				}
			}
			for _, route := range function.Routes {
				if !strings.Contains(sections[0].text, route.Route) {
					t.Errorf("Behaviour does not describe %s", route.Route)
				}
			}
			checkSettings(t, sections[1].text, function)
		})
	}
}

type section struct{ title, text string }

func sectionsOf(markdown string) []section {
	var all []section
	code := false
	for line := range strings.Lines(markdown) {
		if strings.HasPrefix(line, "```") {
			code = !code
		}
		if title, ok := strings.CutPrefix(line, "## "); ok && !code {
			all = append(all, section{title: strings.TrimSpace(title)})
		} else if len(all) > 0 {
			all[len(all)-1].text += line
		}
	}
	return all
}

// setting matches a table's row for a variable.
var setting = regexp.MustCompile("(?m)^\\| `([A-Z][A-Z0-9_]*)` \\|")

// checkSettings checks that the section's table has exactly the manifest's variables. It may also have those that every
// function has.
func checkSettings(t *testing.T, configuration string, function manifest.Function) {
	t.Helper()
	var rows []string
	for _, match := range setting.FindAllStringSubmatch(configuration, -1) {
		rows = append(rows, match[1])
	}
	for name := range function.Environment {
		if !slices.Contains(rows, name) {
			t.Errorf("%s is in function.json, but not in Configuration's table", name)
		}
	}
	for _, name := range rows {
		_, known := function.Environment[name]
		if shared := name == "LOG_LEVEL" || strings.HasPrefix(name, "AWS_"); !known && !shared {
			t.Errorf("%s is in Configuration's table, but not in function.json", name)
		}
	}
}

// TestFilesOfFunctions checks that all functions have the same files, so that whoever knows one knows them all.
func TestFilesOfFunctions(t *testing.T) {
	for _, function := range functions(t) {
		t.Run(function.Name, func(t *testing.T) {
			entries, err := os.ReadDir(function.Dir)
			if err != nil {
				t.Fatal(err)
			}
			var handlers, tests []string
			for _, entry := range entries {
				switch name := entry.Name(); {
				case strings.HasSuffix(name, "_test.go"):
					tests = append(tests, name)
				case strings.HasSuffix(name, ".go") && name != "main.go" && name != "config.go":
					handlers = append(handlers, name)
				}
			}
			wanted := []string{"main.go", manifest.FileName, "README.md"}
			if len(function.Environment) > 0 {
				wanted = append(wanted, "config.go")
			}
			for _, name := range wanted {
				if !slices.ContainsFunc(entries, func(entry os.DirEntry) bool { return entry.Name() == name }) {
					t.Errorf("%s is missing", name)
				}
			}
			if len(handlers) == 0 || len(tests) == 0 {
				t.Errorf("the files with a handler are %v and those with tests %v, want at least one of each", handlers, tests)
			}
		})
	}
}

// main.go only wires things together.
func TestMainsAreWiring(t *testing.T) {
	const most = 40
	for _, function := range functions(t) {
		t.Run(function.Name, func(t *testing.T) {
			path := filepath.Join(function.Dir, "main.go")
			text := readFile(t, path)
			if lines := strings.Count(text, "\n"); lines > most {
				t.Errorf("main.go has %d lines, want at most %d", lines, most)
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, text, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(node ast.Node) bool {
				if decides(node) {
					t.Errorf("main.go contains logic at %s: move it to handler.go or config.go", files.Position(node.Pos()))
				}
				return true
			})
		})
	}
}

// decides reports whether a statement is a branch or a loop other than `if err != nil { return … }`.
func decides(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
		return true
	case *ast.IfStmt:
		condition, ok := n.Cond.(*ast.BinaryExpr)
		if !ok || condition.Op != token.NEQ || n.Else != nil || len(n.Body.List) != 1 {
			return true
		}
		left, isName := condition.X.(*ast.Ident)
		right, isNil := condition.Y.(*ast.Ident)
		_, returns := n.Body.List[0].(*ast.ReturnStmt)
		return !isName || left.Name != "err" || !isNil || right.Name != "nil" || !returns
	}
	return false
}

// module is the module's path with a slash, which differs in a copy that was published under another path.
var module = strings.TrimSuffix(reflect.TypeFor[manifest.Function]().PkgPath(), "shared/manifest")

// mayImport lists the top-level directories that a directory's packages may import from; nothing imports triggers or
// api. Tests may also import shared and testevents.
var mayImport = map[string][]string{
	"triggers":   {"shared"},
	"api":        {"shared"},
	"shared":     {"shared"},
	"testevents": {},
	"local":      {"local", "shared", "testevents"},
	"lab":        {"lab", "local", "shared", "testevents"},
	"cmd":        {"cmd", "lab", "local", "shared", "testevents"},
}

const lambdaClient = "github.com/aws/aws-sdk-go-v2/service/lambda"

func TestImportsPointOneWay(t *testing.T) {
	seen := map[string]int{}
	for _, p := range packages(t) {
		room := roomOf(p.ImportPath)
		allowed, known := mayImport[room]
		inTests := slices.Concat(allowed, []string{room, "shared", "testevents"})
		if !known {
			t.Errorf("%s is in a directory without a rule", p.ImportPath)
			continue
		}
		seen[room]++
		for _, imported := range p.Imports {
			if strings.HasPrefix(imported, module) && !slices.Contains(allowed, roomOf(imported)) {
				t.Errorf("%s imports %s", p.ImportPath, imported)
			}
		}
		for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
			if strings.HasPrefix(imported, module) && !slices.Contains(inTests, roomOf(imported)) {
				t.Errorf("a test of %s imports %s", p.ImportPath, imported)
			}
		}
		if (room == "triggers" || room == "api" || room == "shared") && slices.Contains(p.Deps, lambdaClient) {
			t.Errorf("%s links %s, which only packages that invoke functions may", p.ImportPath, lambdaClient)
		}
		if room == "triggers" || room == "api" {
			for _, linked := range p.Deps {
				if linked == "testing" || strings.HasPrefix(linked, module) && roomOf(linked) != "shared" {
					t.Errorf("the function %s links %s", p.ImportPath, linked)
				}
			}
		}
	}
	for _, room := range []string{"triggers", "api", "shared", "testevents", "local", "lab", "cmd"} {
		if seen[room] == 0 {
			t.Errorf("no package of %s/ was checked, only %v", room, slices.Sorted(maps.Keys(seen)))
		}
	}
}

type goPackage struct {
	ImportPath                               string
	Imports, TestImports, XTestImports, Deps []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := gotool.Run(t.Context(), root, "list", "-json=ImportPath,Imports,TestImports,XTestImports,Deps", "./...")
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(strings.NewReader(out))
	var all []goPackage
	for {
		var p goPackage
		if err := dec.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func roomOf(path string) string {
	room, _, _ := strings.Cut(strings.TrimPrefix(path, module), "/")
	return room
}
