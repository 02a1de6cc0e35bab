package contract

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cognito-triggers/shared/manifest"
)

const root = "../.."

// document is the part of api/openapi.json that these tests need.
type document struct {
	Paths      map[string]map[string]operation
	Components struct {
		Responses map[string]response
		Schemas   map[string]any
	}
	text string
}

type operation struct {
	Security    []map[string][]string
	RequestBody json.RawMessage
	Responses   map[string]response
	Parameters  []struct{ Name, In string }
}

type response struct {
	Ref     string `json:"$ref"`
	Content map[string]struct {
		Schema struct {
			AllOf []struct {
				Properties map[string]struct {
					Enum  []string
					Const any
				}
			}
		}
	}
}

func readDocument(t *testing.T) document {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "api", "openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	d := document{text: string(text)}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	for _, path := range d.Paths {
		for _, o := range path {
			for status, r := range o.Responses {
				if name, found := strings.CutPrefix(r.Ref, "#/components/responses/"); found {
					o.Responses[status] = d.Components.Responses[name]
				}
			}
		}
	}
	return d
}

// operations returns the document's operations by route, spelled as in manifests.
func (d document) operations() map[string]operation {
	all := map[string]operation{}
	for path, methods := range d.Paths {
		for method, o := range methods {
			all[strings.ToUpper(method)+" "+path] = o
		}
	}
	return all
}

func TestDocumentHasTheRoutesOfTheManifests(t *testing.T) {
	functions, err := manifest.Find(root)
	if err != nil {
		t.Fatal(err)
	}
	left := readDocument(t).operations()
	for _, f := range functions {
		for _, r := range f.Routes {
			o, there := left[r.Route]
			if !there {
				t.Errorf("%s: %s is not in the document", f.Name, r.Route)
				continue
			}
			delete(left, r.Route)
			var want []map[string][]string
			if r.Guarded() {
				want = []map[string][]string{{"accessToken": {}}}
			}
			for i, scope := range r.Scopes { // one of them is enough
				want = append(want[:i], map[string][]string{"accessToken": {scope}})
			}
			if fmt.Sprint(o.Security) != fmt.Sprint(want) {
				t.Errorf("%s: security %v, the manifest has %v", r.Route, o.Security, want)
			}
			if _, documented := o.Responses["401"].Content["application/json"]; documented != r.Guarded() {
				t.Errorf("%s: the authorizer's 401 is documented: %v, guarded: %v", r.Route, documented, r.Guarded())
			}
			if _, documented := o.Responses["403"].Content["application/json"]; documented != (len(r.Scopes) > 0) {
				t.Errorf("%s: the authorizer's 403 is documented: %v, scopes: %v", r.Route, documented, r.Scopes)
			}
			var parameters []string
			for _, p := range o.Parameters {
				if p.In == "path" {
					parameters = append(parameters, "{"+p.Name+"}")
				}
			}
			if strings.Count(r.Route, "{") != len(parameters) || !strings.HasSuffix(r.Route, strings.Join(parameters, "")) {
				t.Errorf("%s: path parameters %v", r.Route, parameters)
			}
		}
	}
	if len(left) > 0 {
		t.Errorf("no manifest has %v", slices.Sorted(maps.Keys(left)))
	}
}

// Every route can return these.
func TestDocumentHasTheStatusesOfEveryRoute(t *testing.T) {
	for key, o := range readDocument(t).operations() {
		want := []string{"429", "431", "500", "503"}
		if o.RequestBody != nil {
			want = append(want, "400", "413", "415")
		}
		for _, status := range want {
			if len(o.Responses[status].Content) == 0 {
				t.Errorf("%s: %s is missing", key, status)
			}
		}
	}
}

// The document has exactly the runtime's codes, each with its status, and the functions' own codes listed here.
func TestDocumentHasTheCodes(t *testing.T) {
	want := codes(t)
	want["plan_limit"] = 403
	got := map[string]int{}
	for key, o := range readDocument(t).operations() {
		for status, r := range o.Responses {
			problem, isProblem := r.Content["application/problem+json"]
			if !isProblem {
				continue
			}
			number, _ := strconv.Atoi(status)
			properties := problem.Schema.AllOf[1].Properties
			if properties["status"].Const != float64(number) || len(properties["code"].Enum) == 0 {
				t.Errorf("%s: the problem of %s has the status %v and the codes %v", key, status, properties["status"].Const,
					properties["code"].Enum)
			}
			for _, code := range properties["code"].Enum {
				if before, seen := got[code]; seen && before != number {
					t.Errorf("%s: %s is a %d here and a %d elsewhere", key, code, number, before)
				}
				got[code] = number
			}
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("the document has the codes\n%v, shared/api has\n%v", got, want)
	}
}

// codes returns shared/api's constants, each with the status at the start of its comment.
func codes(t *testing.T) map[string]int {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, "shared", "api", "problem.go"), nil,
		parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]int{}
	ast.Inspect(file, func(node ast.Node) bool {
		spec, isValue := node.(*ast.ValueSpec)
		if !isValue || !strings.HasPrefix(spec.Names[0].Name, "Code") {
			return true
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		status := 0
		if _, err := fmt.Sscanf(spec.Comment.Text(), "%d", &status); err != nil {
			t.Fatalf("%s: its comment does not begin with its status", spec.Names[0])
		}
		all[code] = status
		return true
	})
	if len(all) == 0 {
		t.Fatal("shared/api has no codes")
	}
	return all
}

func TestDocumentUsesWhatItDefines(t *testing.T) {
	d := readDocument(t)
	for name := range d.Components.Schemas {
		if !strings.Contains(d.text, `"#/components/schemas/`+name+`"`) {
			t.Errorf("nothing refers to the schema %s", name)
		}
	}
	for name := range d.Components.Responses {
		if !strings.Contains(d.text, `"#/components/responses/`+name+`"`) {
			t.Errorf("nothing refers to the response %s", name)
		}
	}
}
