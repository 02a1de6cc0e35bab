package repository

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write writes the files under a new root.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestFind(t *testing.T) {
	module := write(t, map[string]string{
		"go.mod": "module example.org/own // ours\n", "triggers/audit/deep/x": "", "tools/go.mod": "", "empty/x": "",
	})
	nested := write(t, map[string]string{ // a folder of a larger module
		"go.mod": "module example.org/large\n", "auth/poolctl.json": "{}", "auth/triggers/audit/x": "",
	})
	const own = "example.org/own"
	cases := map[string]struct{ dir, root, module string }{
		"the root itself":            {dir: module, root: module, module: own},
		"a folder below":             {dir: filepath.Join(module, "triggers", "audit", "deep"), root: module, module: own},
		"a module without triggers":  {dir: filepath.Join(module, "tools"), root: module, module: own},
		"an unrelated folder":        {dir: filepath.Join(module, "empty"), root: module, module: own},
		"poolctl.json inside module": {dir: filepath.Join(nested, "auth", "triggers"), root: filepath.Join(nested, "auth")},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Chdir(c.dir)
			if got, err := Find(); err != nil || got.Root != c.root || got.Module != c.module {
				t.Errorf("root %q, module %q, error %v; want %q, %q", got.Root, got.Module, err, c.root, c.module)
			}
		})
	}
}

func TestOutsideOfARepository(t *testing.T) {
	t.Chdir(t.TempDir())
	if got, err := Find(); err == nil || !strings.Contains(err.Error(), "run this inside a repository with triggers") {
		t.Errorf("root %q, error %v", got.Root, err)
	}
}

func TestOpen(t *testing.T) {
	cases := map[string]struct {
		file, triggers, settings string // "" for an error
		want                     string
	}{
		"no file": {file: "", triggers: "triggers", settings: "terraform/pool.auto.tfvars.json"},
		"other places": {
			file: `{"triggers":"auth/hooks","settings":"pool.json"}`, triggers: "auth/hooks", settings: "pool.json",
		},
		"the root":     {file: `{"triggers":"."}`, triggers: ".", settings: "terraform/pool.auto.tfvars.json"},
		"misspelt":     {file: `{"trigger":"hooks"}`, want: `poolctl.json: unknown field "trigger"`},
		"outside":      {file: `{"build":"../build"}`, want: `poolctl.json: build: "../build" is not inside the repository`},
		"absolute":     {file: `{"events":"/tmp/x"}`, want: `events: "/tmp/x" is not inside the repository`},
		"nowhere":      {file: `{"api":""}`, want: `api: "" is not inside the repository`},
		"seed outside": {file: `{"seed":"/tmp/x.json"}`, want: `seed: "/tmp/x.json" is not inside the repository`},
		"not a place":  {file: `{"api":3}`, want: "api: must be a string"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{}
			if c.file != "" {
				files[FileName] = c.file
			}
			root := write(t, files)
			got, err := Open(root)
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error %v, want %q", err, c.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.Relative(got.Triggers) != c.triggers || got.Relative(got.Settings) != c.settings {
				t.Errorf("triggers %s, settings %s", got.Triggers, got.Settings)
			}
		})
	}
}

func TestRelative(t *testing.T) {
	repo := Repository{Root: filepath.Join(string(filepath.Separator), "work", "own")}
	outside := filepath.Join(string(filepath.Separator), "work", "owner")
	cases := map[string]string{filepath.Join(repo.Root, "a", "b"): "a/b", repo.Root: ".", outside: outside}
	for path, want := range cases {
		if got := repo.Relative(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

func TestSeed(t *testing.T) {
	for file, want := range map[string]string{"{}": "", `{"seed":"people.json"}`: "people.json"} {
		root := write(t, map[string]string{FileName: file})
		if want != "" {
			want = filepath.Join(root, want)
		}
		if got, err := Open(root); err != nil || got.Seed != want {
			t.Errorf("%s: seed %q, error %v; want %q", file, got.Seed, err, want)
		}
	}
}

func TestPath(t *testing.T) {
	repo := Repository{Root: filepath.Join(string(filepath.Separator), "work", "own")}
	outside := filepath.Join(string(filepath.Separator), "elsewhere", "state")
	for given, want := range map[string]string{"state": filepath.Join(repo.Root, "state"), outside: outside} {
		if got := repo.Path(given); got != want {
			t.Errorf("%s is %s, want %s", given, got, want)
		}
	}
}
