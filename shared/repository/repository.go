// Package repository describes the repository that a command or a test runs in: its module and where its functions,
// golden events, pool settings and compiled binaries are. The file poolctl.json at its root changes these places. No
// Lambda function links this package.
package repository

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"

	"cognito-triggers/shared/strictjson"
)

// FileName is the name of the optional file at a repository's root. Its members are the slash-separated paths below,
// relative to the root; one that is left out has its default.
const FileName = "poolctl.json"

// LocalFile is the name of a file beside the pool's settings, with settings of local runs alone: what only a demo or a
// developer needs, such as password flows, does not belong into what is deployed. A variable there replaces the whole
// variable, as in a -var-file of Terraform.
const LocalFile = "local.tfvars.json"

// Repository is a repository. All paths are absolute; what they name need not exist.
type Repository struct {
	Root     string // the folder of poolctl.json, or of go.mod
	Module   string // the module's path in go.mod; "" without one
	Triggers string // a folder per trigger: "triggers"
	API      string // a folder per function of the HTTP API: "api"
	Events   string // golden events, a folder per function: "testevents"
	Settings string // the file with the pool's settings: "terraform/pool.auto.tfvars.json"
	Local    string // the file LocalFile beside Settings
	Build    string // what is compiled, downloaded and logged: "build"
	Seed     string // users and groups that local runs make: "", which is none
}

// places is the content of poolctl.json.
type places struct {
	Triggers string `json:"triggers"`
	API      string `json:"api"`
	Events   string `json:"events"`
	Settings string `json:"settings"`
	Build    string `json:"build"`
	Seed     string `json:"seed"`
}

// Find returns the repository of the working directory: the nearest folder, from there upwards, that has poolctl.json,
// or go.mod and triggers/. It returns an error if there is none.
func Find() (Repository, error) {
	root, err := Root()
	if err != nil {
		return Repository{}, err
	}
	return Open(root)
}

// Root returns the root of the repository that Find returns.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if has(dir, FileName) || has(dir, "go.mod") && has(dir, "triggers") {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("run this inside a repository with triggers: no folder above has " + FileName +
				", or go.mod and triggers/")
		}
		dir = parent
	}
}

func has(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}

// Open describes the repository at root. It returns an error if poolctl.json is malformed, has an unknown member or
// names a place outside the root.
func Open(root string) (Repository, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return Repository{}, err
	}
	p, err := read(filepath.Join(root, FileName))
	if err != nil {
		return Repository{}, err
	}
	r := Repository{Root: root}
	for _, place := range []struct {
		member, path string
		into         *string
	}{
		{"triggers", p.Triggers, &r.Triggers}, {"api", p.API, &r.API}, {"events", p.Events, &r.Events},
		{"settings", p.Settings, &r.Settings}, {"build", p.Build, &r.Build},
		{"seed", cmp.Or(p.Seed, "."), &r.Seed},
	} {
		if !filepath.IsLocal(filepath.FromSlash(place.path)) {
			return Repository{}, fmt.Errorf("%s: %s: %q is not inside the repository; use a path relative to its root",
				filepath.Join(root, FileName), place.member, place.path)
		}
		*place.into = filepath.Join(root, filepath.FromSlash(place.path))
	}
	r.Local = filepath.Join(filepath.Dir(r.Settings), LocalFile)
	if p.Seed == "" {
		r.Seed = ""
	}
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Repository{}, err
	}
	r.Module = modfile.ModulePath(text)
	return r, nil
}

func read(path string) (places, error) {
	p := places{
		Triggers: "triggers", API: "api", Events: "testevents", Settings: "terraform/pool.auto.tfvars.json", Build: "build",
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	if err := strictjson.Unmarshal(text, &p); err != nil {
		return p, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// Path returns a path that a user gave, relative to the root unless it is absolute, as an absolute one.
func (r Repository) Path(given string) string {
	if filepath.IsAbs(given) {
		return given
	}
	return filepath.Join(r.Root, given)
}

// Relative returns a path in the repository relative to its root, with slashes, for messages; others are unchanged.
func (r Repository) Relative(path string) string {
	short, err := filepath.Rel(r.Root, path)
	if err != nil || short == ".." || strings.HasPrefix(short, ".."+string(filepath.Separator)) {
		return path
	}
	return filepath.ToSlash(short)
}
