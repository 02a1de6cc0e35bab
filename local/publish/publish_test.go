package publish

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A repository of few files, each with a way to name the module.
var sources = map[string]string{
	"go.mod":           "module pool-kit\n\ngo 1.26\n",
	"LICENSE":          "The pool-kit authors\n",
	"Makefile":         "X := ^[^ ]+ .*pool-kit/local/(outside)\n",
	".ci/tools/go.mod": "module tools\n",
	"shared/a/a.txt":   "plain pool-kit/prod.tfstate",
	"shared/a/a.go": `// Package a is imported as "pool-kit/shared/a"; pool-kit is a word, too.
package a

import (
	_ "embed"

	"pool-kit/shared/b"
	under "pool-kit/testevents"
)

//go:embed a.txt
var text string

var _ = under.X + b.X

const name, table, path = "pool-kit", "my-pool-kit/shared/a", "pool-kit/shared/b"
`,
	"shared/b/b.go":          "package b\n\nconst X = \"\"\n",
	"testevents/events.go":   "package testevents\n\nconst X = \"\"\n",
	"testevents/bad/data.go": "not Go, but pool-kit/shared/b\n",
	"testevents/bytes":       "\xff pool-kit/shared/b",
	"local/main.go.tmpl":     "import \"pool-kit/shared/b\"{{.}}\n",
	"docs/your.md": "`go get " + Example + "@v0.1.0`, or " + Example + ".\n" +
		"git::https://" + Example + ".git//terraform/modules/triggers?ref=v0.1.0 v0.1.0\n" +
		Example + "-fork stays\n",
}

func repository(t *testing.T, changes map[string]string) string {
	t.Helper()
	root := t.TempDir()
	all := maps.Clone(sources)
	maps.Copy(all, changes)
	for name, text := range all {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestRenamesEveryPath(t *testing.T) {
	t.Parallel()
	root := repository(t, nil)
	at := time.Date(2026, 5, 1, 2, 3, 4, 5, time.FixedZone("", 3600))
	p, err := As(t.Context(), Options{Root: root, Out: filepath.Join(root, "build", "publish"),
		Module: "example.com/Acme/pool/v2", Version: "v2.1.0", Time: at})
	if err != nil {
		t.Fatal(err)
	}
	files := unzip(t, p.Zip, "example.com/Acme/pool/v2@v2.1.0/")
	for name, want := range map[string][]string{
		"go.mod":                 {"module example.com/Acme/pool/v2\n"},
		"LICENSE":                {"The pool-kit authors"},
		"Makefile":               {".*example.com/Acme/pool/v2/local/(outside)"},
		"shared/a/a.txt":         {"plain pool-kit/prod.tfstate"},
		"testevents/bad/data.go": {"but example.com/Acme/pool/v2/shared/b\n"},
		"testevents/bytes":       {"\xff pool-kit/shared/b"},
		"local/main.go.tmpl":     {"import \"example.com/Acme/pool/v2/shared/b\"{{.}}"},
		"shared/a/a.go": {
			"imported as \"example.com/Acme/pool/v2/shared/a\"; pool-kit is a word",
			"\t\"example.com/Acme/pool/v2/shared/b\"\n", "\tunder \"example.com/Acme/pool/v2/testevents\"\n",
			"= \"pool-kit\", \"my-pool-kit/shared/a\", \"example.com/Acme/pool/v2/shared/b\"\n",
		},
		"docs/your.md": {
			"`go get example.com/Acme/pool/v2@v2.1.0`, or example.com/Acme/pool/v2.\n",
			"git::https://example.com/Acme/pool.git//terraform/modules/triggers?ref=v2.1.0 v0.1.0\n",
			Example + "-fork stays\n",
		},
	} {
		for _, text := range want {
			if !strings.Contains(files[name], text) {
				t.Errorf("%s: got\n%s\nwant it to have\n%s", name, files[name], text)
			}
		}
	}
	if _, nested := files[".ci/tools/go.mod"]; nested || len(files) != len(sources)-1 {
		t.Errorf("files %q, want all but the nested module", slices.Sorted(maps.Keys(files)))
	}
	folder := filepath.Join(p.Proxy, "example.com", "!acme", "pool", "v2", "@v")
	for name, want := range map[string]string{
		"list":        "v2.1.0\n",
		"v2.1.0.info": `{"Version":"v2.1.0","Time":"2026-05-01T01:03:04Z"}`,
		"v2.1.0.mod":  "module example.com/Acme/pool/v2\n\ngo 1.26\n",
	} {
		if got, err := os.ReadFile(filepath.Join(folder, name)); err != nil || string(got) != want {
			t.Errorf("%s: %q, error %v; want %q", name, got, err, want)
		}
	}
}

func unzip(t *testing.T, path, prefix string) map[string]string {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	files := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[strings.TrimPrefix(f.Name, prefix)] = string(text)
	}
	return files
}

// A copy is published as the repository is, also under an older path that has a dot.
func TestACopyIsPublishedAgain(t *testing.T) {
	t.Parallel()
	o := Options{Root: repository(t, nil), Out: t.TempDir(), Module: "example.com/first", Version: "v0.1.0"}
	first, err := As(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	o.Root, o.Module, o.Version = first.Dir, "example.com/second", "v0.2.0"
	second, err := As(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range unzip(t, second.Zip, "example.com/second@v0.2.0/") {
		if strings.Contains(text, "example.com/first") {
			t.Errorf("%s still names the first path:\n%s", name, text)
		}
	}
	o.Version = "v0.1.9"
	if _, err := As(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(second.Proxy, "example.com", "second", "@v", "list")
	if got, err := os.ReadFile(list); err != nil || string(got) != "v0.1.9\nv0.2.0\n" {
		t.Errorf("list %q, error %v", got, err)
	}
}

// The documentation's own path is one to publish under, too, and its commands get the version.
func TestTheExamplesPath(t *testing.T) {
	t.Parallel()
	path, version := strings.TrimSuffix(Example, "/v2")+"/v2", "v2.0.1"
	p, err := As(t.Context(), Options{Root: repository(t, nil), Out: t.TempDir(), Module: path, Version: version})
	if err != nil {
		t.Fatal(err)
	}
	files := unzip(t, p.Zip, path+"@"+version+"/")
	page := files["docs/your.md"]
	if want := "`go get " + path + "@" + version + "`, or " + path + ".\n"; !strings.HasPrefix(page, want) {
		t.Errorf("the page begins\n%s\nwant\n%s", page, want)
	}
	if want := "import \"" + path + "/shared/b\""; !strings.HasPrefix(files["local/main.go.tmpl"], want) {
		t.Errorf("a template begins %s, want %s", files["local/main.go.tmpl"], want)
	}
	p, err = As(t.Context(), Options{Root: p.Dir, Out: t.TempDir(), Module: path, Version: "v2.0.2"})
	if err != nil {
		t.Fatal(err)
	}
	page = unzip(t, p.Zip, path+"@v2.0.2/")["docs/your.md"]
	if want := "`go get " + path + "@v2.0.2`, or " + path + ".\n"; !strings.HasPrefix(page, want) {
		t.Errorf("again, the page begins\n%s\nwant\n%s", page, want)
	}
}

func TestFilesThatGitIgnoresStayOut(t *testing.T) {
	t.Parallel()
	root := repository(t, map[string]string{".gitignore": "/build/\n*.tfstate\n", "a.tfstate": "secret", "new.md": "new",
		"gone.md": "gone"})
	for _, args := range [][]string{{"init", "-q"}, {"add", "gone.md"}} {
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Skipf("git %q: %v: %s", args, err, out)
		}
	}
	if err := os.Remove(filepath.Join(root, "gone.md")); err != nil {
		t.Fatal(err)
	}
	p, err := As(t.Context(), Options{Root: root, Out: filepath.Join(root, "out"), Module: "example.com/a",
		Version: "v0.1.0"})
	if err != nil {
		t.Fatal(err)
	}
	files := unzip(t, p.Zip, "example.com/a@v0.1.0/")
	for name, want := range map[string]bool{"new.md": true, "a.tfstate": false, "gone.md": false} {
		if _, got := files[name]; got != want {
			t.Errorf("%s is in the archive: %v, want %v", name, got, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	const path, version = "example.com/pool", "v0.1.0"
	for name, test := range map[string]struct {
		module, version string
		changes         map[string]string
		want            string
	}{
		"no module":       {"", version, nil, "MODULE is not set"},
		"no dot":          {"pool-kit", version, nil, "missing dot in first path element: give a path such as"},
		"URL":             {"https://example.com/pool", version, nil, "MODULE: malformed module path"},
		"v1 in the path":  {path + "/v1", "v1.0.0", nil, "MODULE: malformed module path"},
		"no version":      {path, "", nil, "VERSION is not set"},
		"no v":            {path, "0.1.0", nil, `VERSION "0.1.0" is not a version: write v, three numbers`},
		"short version":   {path, "v1", nil, `VERSION "v1" is not a version`},
		"build metadata":  {path, "v1.0.0+x", nil, "and no +"},
		"v2 without path": {path, "v2.0.0", nil, "the path ends in the major version: example.com/pool/v2"},
		"v1 with v2 path": {path + "/v2", "v1.0.0", nil, "its versions begin with v2"},
		"replace": {path, version, map[string]string{"go.mod": "module pool-kit\nreplace a.b/c => ../c\n"},
			"go.mod has a replace directive"},
		"a prefix in Go": {path, version, map[string]string{"local/x.go": "package x\n\nconst p = \"pool-kit/\" + y\n"},
			`local/x.go:3: const p = "pool-kit/" + y: renaming the module misses this path`},
		"a prefix in make": {path, version, map[string]string{"Makefile": "x:\n\tsed 's|^pool-kit/([^ ]*)||'\n"},
			"Makefile:2: sed"},
		"no licence": {path, version, map[string]string{"LICENSE": ""}, ""},
		"needed by nested": {path, version, map[string]string{
			".ci/tools/go.mod": "module t\nrequire pool-kit v1.0.0\n"}, ".ci/tools/go.mod requires pool-kit"},
		"a name that zips cannot have": {path, version, map[string]string{"testevents/a:b": "x"}, "testevents/a:b"},
		"two names that differ by case": {path, version, map[string]string{"testevents/BYTES": "x"},
			"case-insensitive file name collision"},
		"failing check": {path, version, map[string]string{"fail": ""}, "does not pass its checks: red"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check := func(_ context.Context, dir string) error {
				if _, err := os.Stat(filepath.Join(dir, "fail")); err == nil {
					return errors.New("red")
				}
				return nil
			}
			root := repository(t, test.changes)
			if name == "no licence" {
				if err := os.Remove(filepath.Join(root, "LICENSE")); err != nil {
					t.Fatal(err)
				}
				test.want = "LICENSE is missing"
			}
			p, err := As(t.Context(), Options{Root: root, Out: t.TempDir(), Module: test.module, Version: test.version,
				Check: check})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%+v, error %v; want one with %q", p, err, test.want)
			}
		})
	}
}
