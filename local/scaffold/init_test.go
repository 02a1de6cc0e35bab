package scaffold

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/toolkit"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/repository"
)

func TestNewRepository(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "app")
	made, err := NewRepository(Init{Dir: dir, Module: "example.org/you/app", Hook: cognito.PreSignUp})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range made.Files {
		if strings.HasSuffix(file, ".tf") {
			continue // it has }} of its own
		}
		checkFile(t, filepath.Join(dir, filepath.FromSlash(file)))
	}
	repo, err := repository.Open(dir)
	if err != nil || repo.Module != "example.org/you/app" {
		t.Errorf("repository %+v, error %v", repo, err)
	}
	var places map[string]string
	if err := json.Unmarshal(text(t, dir, repository.FileName), &places); err != nil || len(places) != 5 {
		t.Errorf("poolctl.json names %v (error %v), want every place", places, err)
	}
	functions, err := manifest.Find(dir)
	if err != nil || len(functions) != 1 || functions[0].Name != "pre-sign-up" {
		t.Errorf("functions %+v, error %v", functions, err)
	}
	spec, err := poolspec.Read(dir)
	if err != nil || spec.Name != "app" || len(spec.AppClients) != 1 {
		t.Errorf("settings %+v, error %v", spec, err)
	}
	if lines := strings.Count(string(text(t, dir, "README.md")), "\n"); lines > 40 {
		t.Errorf("README.md has %d lines, want one screen", lines)
	}
	if ignored := string(text(t, dir, ".gitignore")); !strings.Contains(ignored, "/build/\n") {
		t.Errorf(".gitignore:\n%s", ignored)
	}
	want := []string{"go get -tool " + toolkit.Module() + "/cmd/poolctl@latest", "go mod tidy"}
	if !slices.Equal(made.Next, want) || len(made.Kept) > 0 {
		t.Errorf("next %q, kept %q; want %q", made.Next, made.Kept, want)
	}
	// A second trigger, whose hook is free.
	if _, err := New(dir, "audit", cognito.PostAuthentication); err != nil {
		t.Error(err)
	}
}

// Nothing of what is written depends on the product's own packages of triggers and events.
func TestNewRepositoryImportsTheLibraryAlone(t *testing.T) {
	t.Parallel()
	for _, hook := range cognito.Hooks() {
		dir := t.TempDir()
		made, err := NewRepository(Init{Dir: dir, Module: "example.org/you/app", Name: "audit", Hook: hook})
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range made.Files {
			if filepath.Ext(file) != ".go" {
				continue
			}
			for line := range strings.Lines(string(text(t, dir, file))) {
				path := strings.Trim(strings.TrimSpace(line), `"`)
				below, own := strings.CutPrefix(path, toolkit.Module()+"/")
				if own && (!strings.HasPrefix(below, "shared/") || strings.Contains(below, "internal")) {
					t.Errorf("%s: %s imports %s", hook, file, path)
				}
			}
		}
	}
}

func TestNewRepositoryInAModule(t *testing.T) {
	t.Parallel()
	tool := "tool " + toolkit.Module() + "/cmd/poolctl\n"
	for name, c := range map[string]struct {
		files      map[string]string
		sub        string // the folder to write to
		module     string
		want       string // part of the error
		next, kept []string
	}{
		"its own go.mod": {
			files: map[string]string{"go.mod": "module example.org/shop\n\ngo 1.26\n", "README.md": "Shop\n"},
			next:  []string{"go get -tool " + toolkit.Module() + "/cmd/poolctl@latest", "go mod tidy"},
			kept:  []string{"README.md"},
		},
		"with the tool": {
			files: map[string]string{
				"go.mod":     "module example.org/shop\n\ngo 1.26\n\n" + tool + "\nrequire " + toolkit.Module() + " v0.1.0\n",
				".gitignore": "*.log\n",
			},
			next: []string{"go mod tidy"}, kept: []string{".gitignore"},
		},
		"below one": {
			files: map[string]string{"go.mod": "module example.org/shop\n\ngo 1.26\n"}, sub: "login",
			next: []string{"go get -tool " + toolkit.Module() + "/cmd/poolctl@latest", "go mod tidy"},
		},
		"another path": {
			files: map[string]string{"go.mod": "module example.org/shop\n"}, module: "x.org/y", want: "--module is x.org/y",
		},
		"no module":      {want: "--module example.org/you/triggers"},
		"no module path": {module: "../shop", want: "--module: "},
		"settings there": {
			files:  map[string]string{"terraform/main.tf": "# mine\n"},
			module: "example.org/shop", want: "terraform/main.tf already exists",
		},
		"a repository": {
			files: map[string]string{"poolctl.json": "{}\n"}, module: "example.org/shop", want: "poolctl.json already exists",
		},
		"hook taken": {
			files: map[string]string{
				"triggers/mine/function.json": `{"hook":"pre_sign_up","timeout_seconds":5,"memory_mb":128,` +
					`"environment":{},"grants":[]}`,
			},
			module: "example.org/shop", want: "triggers/mine serves it",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			for path, text := range c.files {
				write(t, filepath.Join(root, path), text)
			}
			made, err := NewRepository(Init{Dir: filepath.Join(root, c.sub), Module: c.module, Hook: cognito.PreSignUp})
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error %v, want %q", err, c.want)
				}
				if got := count(t, root); got != len(c.files) {
					t.Errorf("%d files, want the %d from before", got, len(c.files))
				}
				return
			}
			if err != nil || !slices.Equal(made.Next, c.next) || !slices.Equal(made.Kept, c.kept) {
				t.Errorf("next %q, kept %q, error %v; want %q and %q", made.Next, made.Kept, err, c.next, c.kept)
			}
			for path, want := range c.files {
				if got := string(text(t, root, path)); got != want {
					t.Errorf("%s was %q and is %q", path, want, got)
				}
			}
			if slices.Contains(made.Files, "go.mod") {
				t.Error("a second go.mod was made")
			}
		})
	}
}

func TestSource(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ toolkit, version, want string }{
		"a release": {
			toolkit: "github.com/you/cognito-triggers", version: "v0.1.0",
			want: "git::https://github.com/you/cognito-triggers.git//terraform/modules/triggers?ref=v0.1.0",
		},
		"a later major version": {
			toolkit: "github.com/you/cognito-triggers/v2", version: "v2.3.0",
			want: "git::https://github.com/you/cognito-triggers.git//terraform/modules/triggers?ref=v2.3.0",
		},
		"a commit": {
			toolkit: "example.org/tools", version: "v0.0.0-20261130143255-2e36317aa784",
			want: "git::https://example.org/tools.git//terraform/modules/triggers?ref=2e36317aa784",
		},
		"a checkout": {
			toolkit: "example.org/tools",
			want:    "git::https://example.org/tools.git//terraform/modules/triggers?ref=main",
		},
	} {
		if got := source(c.toolkit, c.version, "triggers"); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// A released poolctl requires its own release, as a tool.
func TestNewModuleRequiresTheRelease(t *testing.T) {
	t.Parallel()
	const path = "github.com/you/cognito-triggers"
	files, err := renderFacts(repositoryFacts{Toolkit: path, Version: "v0.1.0", Module: "example.org/app", Go: goVersion})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.path != "go.mod" {
			continue
		}
		parsed, err := modfile.Parse("go.mod", f.text, nil)
		if err != nil || parsed.Module.Mod.Path != "example.org/app" || len(parsed.Tool) != 1 ||
			parsed.Tool[0].Path != path+"/cmd/poolctl" || len(parsed.Require) != 1 ||
			parsed.Require[0].Mod.String() != path+"@v0.1.0" {
			t.Errorf("error %v, go.mod:\n%s", err, f.text)
		}
		return
	}
	t.Error("there is no go.mod")
}

func TestPoolName(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"example.org/you/app": "app", "github.com/you/login/v2": "login", "shop": "shop", "example.org/a.b_c": "a-b-c",
	} {
		if got := poolName(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// A new module asks for the Go version that the toolkit itself needs.
func TestGoVersion(t *testing.T) {
	t.Parallel()
	parsed, err := modfile.ParseLax("go.mod", text(t, "..", "..", "go.mod"), nil)
	if err != nil || parsed.Go == nil || parsed.Go.Version != goVersion {
		t.Errorf("go.mod %+v, error %v; want go %s", parsed.Go, err, goVersion)
	}
}

func text(t *testing.T, parts ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// count returns the number of files below a folder.
func count(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
