package scaffold

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
	"text/template"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"cognito-triggers/local/hint"
	"cognito-triggers/local/toolkit"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/repository"
)

// goVersion is the language version of a new module: the toolkit's own.
const goVersion = "1.26.0"

// Init describes a new repository.
type Init struct {
	Dir    string       // the folder, which is made if need be
	Module string       // the path of a new module; empty if the folder is in a module already
	Name   string       // of its first trigger; empty for the hook's name, with hyphens
	Hook   cognito.Hook // of that trigger
}

// Made says what NewRepository did.
type Made struct {
	Files []string // new files, relative to the folder
	Kept  []string // files that were there, and that a new repository has, too
	Next  []string // commands that make the repository complete, to be run in the folder
}

// NewRepository writes a small working repository: a trigger with test and golden events, the pool's settings,
// Terraform and a README. A go.mod, README.md or .gitignore that is there stays as it is. If any other file is there,
// it returns an error and writes nothing.
func NewRepository(o Init) (Made, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return Made{}, err
	}
	if o.Name == "" {
		o.Name = strings.ReplaceAll(string(o.Hook), "_", "-")
	}
	gomod, err := moduleOf(dir, o.Module)
	if err != nil {
		return Made{}, err
	}
	repo, err := repository.Open(dir)
	if err != nil {
		return Made{}, err
	}
	if err := check(repo, o.Name, o.Hook); err != nil {
		return Made{}, err
	}
	files, err := renderRepository(repo, o, gomod)
	if err != nil {
		return Made{}, err
	}
	made := Made{Next: next(gomod)}
	if files, made.Kept, err = without(dir, files); err != nil {
		return Made{}, err
	}
	made.Files, err = writeNew(dir, files)
	return made, err
}

// goMod is the go.mod that a new repository is part of.
type goMod struct {
	path   string // of the module
	exists bool
	text   []byte
}

// moduleOf returns the module of the folder: one that is there, perhaps further up, or a new one with the given path.
func moduleOf(dir, path string) (goMod, error) {
	for at := dir; ; at = filepath.Dir(at) {
		text, err := os.ReadFile(filepath.Join(at, "go.mod"))
		switch {
		case err == nil && path == "" || err == nil && at == dir:
			there := goMod{path: modfile.ModulePath(text), exists: true, text: text}
			if path != "" && path != there.path {
				return goMod{}, fmt.Errorf("--module is %s, but %s is of %s; leave --module out", path,
					filepath.Join(at, "go.mod"), there.path)
			}
			return there, nil
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return goMod{}, err
		case path != "":
			if err := module.CheckImportPath(path); err != nil {
				return goMod{}, fmt.Errorf("--module: %w", err)
			}
			return goMod{path: path}, nil
		case filepath.Dir(at) == at:
			return goMod{}, errors.New(
				"no go.mod is here: name the path of your module, for example --module example.org/you/triggers")
		}
	}
}

// without leaves out those of the files that may be there already, and refuses others that are.
func without(dir string, files []file) (rest []file, kept []string, err error) {
	for _, f := range files {
		switch _, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(f.path))); {
		case errors.Is(err, fs.ErrNotExist):
			rest = append(rest, f)
		case err != nil:
			return nil, nil, err
		case slices.Contains([]string{"README.md", ".gitignore"}, f.path):
			kept = append(kept, f.path)
		default:
			return nil, nil, fmt.Errorf("%s already exists in %s; nothing was written", f.path, dir)
		}
	}
	return rest, kept, nil
}

// repositoryFacts holds the data for the templates in templates/init.
type repositoryFacts struct {
	Toolkit, Version, Module, Go, Pool, Name string
}

func renderRepository(repo repository.Repository, o Init, gomod goMod) ([]file, error) {
	files, err := renderFacts(repositoryFacts{
		Toolkit: toolkit.Module(), Version: toolkit.Version(), Module: gomod.path, Go: goVersion,
		Pool: poolName(gomod.path), Name: o.Name,
	})
	if err != nil {
		return nil, err
	}
	if gomod.exists {
		files = slices.DeleteFunc(files, func(f file) bool { return f.path == "go.mod" })
	}
	triggerFiles, err := render(repo, factsOf(repo, o.Name, o.Hook))
	return append(files, triggerFiles...), err
}

// renderFacts returns the files besides the trigger's.
func renderFacts(f repositoryFacts) ([]file, error) {
	all, err := template.ParseFS(templates, "templates/init/*.tmpl")
	if err != nil {
		return nil, err
	}
	var files []file
	for _, p := range []struct{ template, path string }{
		{"poolctl.json", repository.FileName}, {"gitignore", ".gitignore"}, {"README.md", "README.md"},
		{"main.tf", "terraform/main.tf"}, {"pool.json", "terraform/pool.json"}, {"go.mod", "go.mod"},
	} {
		var out bytes.Buffer
		if err := all.ExecuteTemplate(&out, p.template+".tmpl", f); err != nil {
			return nil, err
		}
		files = append(files, file{p.path, append(bytes.TrimSpace(out.Bytes()), '\n')})
	}
	return files, nil
}

// next returns the commands after which the new code compiles.
func next(gomod goMod) []string {
	path, version := toolkit.Module(), toolkit.Version()
	if version == "" {
		version = "latest"
	}
	requires, tool := false, false
	if parsed, err := modfile.Parse("go.mod", gomod.text, nil); err == nil {
		for _, r := range parsed.Require {
			requires = requires || r.Mod.Path == path
		}
		for _, t := range parsed.Tool {
			tool = tool || t.Path == path+"/cmd/poolctl"
		}
	}
	var commands []string
	switch {
	case !gomod.exists && toolkit.Version() != "": // it names both
	case !tool: // which requires the module, too
		commands = append(commands, "go get -tool "+path+"/cmd/poolctl@"+version)
	case !requires:
		commands = append(commands, "go get "+path+"@"+version)
	}
	return append(commands, "go mod tidy") // for what the new code imports
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9-]+`)

// poolName returns a name for the pool and its functions after the module.
func poolName(path string) string {
	prefix, _, ok := module.SplitPathVersion(path)
	if !ok {
		prefix = path
	}
	name := strings.Trim(notInNames.ReplaceAllString(prefix[strings.LastIndex(prefix, "/")+1:], "-"), "-")
	if name == "" {
		return "triggers"
	}
	return name
}

// Commands returns what a user types most, one command to a line with what it does.
func (f repositoryFacts) Commands() (string, error) {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, line := range [][2]string{
		{"go test ./...", "the golden events against the handlers"},
		{hint.InFiles(f.Module, "run"), "a local user pool that fires the triggers"},
		{hint.InFiles(f.Module, "inbox"), "the mail and SMS that it sent, in another terminal"},
		{hint.InFiles(f.Module, "replay"), "the golden events against the compiled triggers"},
		{hint.InFiles(f.Module, "build"), "build/arm64/*.zip for AWS Lambda"},
		{hint.InFiles(f.Module, "new-trigger", "-h"), "how to add another trigger"},
	} {
		fmt.Fprintf(w, "%s\t# %s\n", line[0], line[1])
	}
	err := w.Flush()
	return strings.TrimSuffix(text.String(), "\n"), err
}

// Build is the command that makes the zips.
func (f repositoryFacts) Build() string { return hint.InFiles(f.Module, "build") }

// Source returns the address of one of the toolkit's Terraform modules, in the repository and at the release that the
// running program came from.
func (f repositoryFacts) Source(name string) string { return source(f.Toolkit, f.Version, name) }

func source(toolkit, version, name string) string {
	repo, _, ok := module.SplitPathVersion(toolkit)
	if !ok {
		repo = toolkit
	}
	ref := strings.TrimSuffix(version, "+incompatible")
	if revision, err := module.PseudoVersionRev(version); err == nil {
		ref = revision
	}
	if ref == "" {
		ref = "main"
	}
	return "git::https://" + repo + ".git//" + path.Join("terraform", "modules", name) + "?ref=" + ref
}
