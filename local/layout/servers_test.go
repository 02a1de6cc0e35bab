package layout

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// Every server has the time limits of loopback.Server; a literal http.Server has none.
func TestServersHaveLimits(t *testing.T) {
	t.Parallel()
	const home = "local/loopback/loopback.go"
	found := 0
	for _, room := range []string{"api", "cmd", "lab", "local", "shared", "triggers"} {
		err := filepath.WalkDir(filepath.Join(root, room), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" {
				return err
			}
			if strings.HasSuffix(filepath.ToSlash(path), home) {
				found += len(servers(t, path))
				return nil
			}
			for _, position := range servers(t, path) {
				t.Errorf("%s: this server has no time limits; make it with loopback.Server", position)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found != 1 {
		t.Errorf("%s has %d servers, want one", home, found)
	}
}

// servers returns the positions where a file makes a server of net/http, or serves without one.
func servers(t *testing.T, path string) []token.Position {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []token.Position
	ast.Inspect(file, func(node ast.Node) bool {
		var made ast.Expr
		switch n := node.(type) {
		case *ast.CompositeLit:
			made = n.Type
		case *ast.CallExpr:
			made = n.Fun
			if name, ok := n.Fun.(*ast.Ident); ok && name.Name == "new" && len(n.Args) == 1 {
				made = n.Args[0]
			}
		}
		if selector, ok := made.(*ast.SelectorExpr); ok {
			from, isName := selector.X.(*ast.Ident)
			switch selector.Sel.Name {
			case "Server", "Serve", "ServeTLS", "ListenAndServe", "ListenAndServeTLS":
				if isName && from.Name == "http" {
					all = append(all, files.Position(node.Pos()))
				}
			}
		}
		return true
	})
	return all
}
