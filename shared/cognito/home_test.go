package cognito

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sources parses the module's Go files, without tests.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	root := filepath.Join("..", "..")
	files, all := token.NewFileSet(), map[string]*ast.File{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && (strings.HasPrefix(name, ".") ||
			slices.Contains([]string{"build", "node_modules"}, name)):
			return fs.SkipDir
		case entry.IsDir(), !strings.HasSuffix(name, ".go"), strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		relative, _ := filepath.Rel(root, path)
		all[filepath.ToSlash(relative)] = file
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 100 {
		t.Fatalf("only %d files were found", len(all))
	}
	return all
}

// lambdaMembers returns the names of LambdaConfig's members.
func lambdaMembers() []string {
	names := []string{KeyMember}
	for _, hook := range Hooks() {
		names = append(names, hook.Contract().Member)
		if plain := hook.Contract().PlainMember; plain != "" {
			names = append(names, plain)
		}
	}
	return names
}

// TestOneHome checks that only this package names the members of LambdaConfig, as a string or as a field of the SDK's
// type.
func TestOneHome(t *testing.T) {
	t.Parallel()
	members := lambdaMembers()
	places := map[string][]string{}
	for path, file := range sources(t) {
		for _, name := range mentions(file, members) {
			places[name] = append(places[name], path)
		}
	}
	for _, name := range members {
		if got := places[name]; !slices.Equal(got, []string{"shared/cognito/hooks.go"}) {
			t.Errorf("%s is in %q, want it in shared/cognito/hooks.go alone: read hook.Contract().Member", name, got)
		}
	}
}

// mentions returns the members that a file names, each once.
func mentions(file *ast.File, members []string) []string {
	found := map[string]bool{}
	note := func(name string) {
		if slices.Contains(members, name) {
			found[name] = true
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
				note(text)
			}
		case *ast.CompositeLit:
			if strings.HasPrefix(endOf(n.Type), "LambdaConfig") {
				for _, element := range n.Elts {
					if pair, ok := element.(*ast.KeyValueExpr); ok {
						note(endOf(pair.Key))
					}
				}
			}
		case *ast.SelectorExpr:
			if strings.HasPrefix(endOf(n.X), "LambdaConfig") {
				note(n.Sel.Name)
			}
		case *ast.StructType:
			for _, field := range n.Fields.List {
				for _, name := range field.Names {
					note(name.Name)
				}
			}
		}
		return true
	})
	return slices.Sorted(maps.Keys(found))
}

// endOf returns the last name of an expression such as types.LambdaConfigType.
func endOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func TestMentions(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		code string
		want []string
	}{
		"text":          {code: `var x = "PreSignUp"`, want: []string{"PreSignUp"}},
		"raw text":      {code: "var x = `KMSKeyID`", want: []string{"KMSKeyID"}},
		"longer text":   {code: `var x = "PreSignUp_SignUp"`},
		"constant":      {code: `var x = cognito.PreSignUp`},
		"SDK's literal": {code: `var x = types.LambdaConfigType{PreSignUp: arn}`, want: []string{"PreSignUp"}},
		"SDK's field":   {code: `func f() { in.LambdaConfig.CustomMessage = nil }`, want: []string{"CustomMessage"}},
		"a new struct":  {code: `type x struct{ UserMigration string }`, want: []string{"UserMigration"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\n"+c.code, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if got := mentions(file, lambdaMembers()); !slices.Equal(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

// TestNobodyReadsTheTextOfAProblem checks that programs compare the codes of problems and not their texts, which may be
// reworded.
func TestNobodyReadsTheTextOfAProblem(t *testing.T) {
	t.Parallel()
	for path, file := range sources(t) {
		imports := slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool {
			return strings.HasSuffix(spec.Path.Value, `/cognito/answer"`) ||
				strings.HasSuffix(spec.Path.Value, `/userpool/fire"`)
		})
		if !imports && !strings.HasPrefix(path, "shared/cognito/answer/") &&
			!strings.HasPrefix(path, "local/userpool/fire/") {
			continue
		}
		if comparesProblems(file) {
			t.Errorf("%s compares the text of a problem: go by its code", path)
		}
	}
}

// comparesProblems reports whether a file compares, or searches, what a problem's methods or a record's problems say.
func comparesProblems(file *ast.File) bool {
	found := false
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if n.Op == token.EQL || n.Op == token.NEQ {
				found = found || saysProblem(n.X) || saysProblem(n.Y)
			}
		case *ast.SwitchStmt:
			found = found || n.Tag != nil && saysProblem(n.Tag)
		case *ast.CallExpr:
			called, ok := n.Fun.(*ast.SelectorExpr)
			if !ok {
				break
			}
			searches := slices.Contains([]string{"strings", "bytes", "slices", "regexp"}, endOf(called.X)) &&
				!slices.Contains([]string{"Join", "Repeat", "TrimRight", "TrimSpace"}, called.Sel.Name)
			if searches || strings.HasPrefix(called.Sel.Name, "Match") || strings.HasPrefix(called.Sel.Name, "Find") {
				found = found || slices.ContainsFunc(n.Args, saysProblem)
			}
		}
		return true
	})
	return found
}

// saysProblem reports whether an expression holds the text of a problem.
func saysProblem(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if called, ok := n.Fun.(*ast.SelectorExpr); ok {
				text := len(n.Args) == 0 && (called.Sel.Name == "String" || called.Sel.Name == "Rule")
				found = found || text || called.Sel.Name == "Join" && endOf(called.X) == "answer"
			}
		case *ast.IndexExpr:
			found = found || endOf(n.X) == "Problems"
		}
		return true
	})
	return found
}

func TestComparesProblems(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		code string
		want bool
	}{
		"search":         {code: `var x = strings.Contains(p.String(), "SES")`, want: true},
		"search a rule":  {code: `var x = strings.HasPrefix(p.Rule(), "is")`, want: true},
		"equal":          {code: `var x = p.Rule() == "is missing"`, want: true},
		"switch":         {code: `func f() { switch p.String() { case "a": } }`, want: true},
		"pattern":        {code: `var x = pattern.MatchString(p.String())`, want: true},
		"joined":         {code: `var x = strings.Contains(answer.Join(all), "SES")`, want: true},
		"of a record":    {code: `var x = strings.Contains(r.Problems[0], "SES")`, want: true},
		"code":           {code: `var x = p.Code == answer.NeedsSES`},
		"place":          {code: `var x = strings.TrimPrefix(p.Place, "response.")`},
		"shown":          {code: `var x = fmt.Sprint(p.String(), p.Rule())`},
		"no problem yet": {code: `var x = strings.TrimSpace(string(got))`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\n"+c.code, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if got := comparesProblems(file); got != c.want {
				t.Errorf("compares: %v, want %v", got, c.want)
			}
		})
	}
}
