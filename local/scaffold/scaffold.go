// Package scaffold creates the directory of a new trigger, with a handler that compiles, its manifest, README, tests
// and golden events. The tests pass as generated. No existing file is changed.
package scaffold

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"go/format"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
	"text/template/parse"

	"cognito-triggers/local/hint"
	"cognito-triggers/local/poolspec"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events/sample"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/repository"
)

//go:embed templates/*.tmpl templates/hooks/*.tmpl templates/init/*.tmpl
var templates embed.FS

var validName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// New creates the folders of a trigger and of its events in the repository at root, triggers/<name> and
// testevents/<name> unless poolctl.json says otherwise, and returns the paths of the new files, relative to root. It
// returns an error, and writes nothing, if the name is malformed or taken, or if the hook is unknown or already has a
// trigger that the pool's settings do not switch off.
func New(root, name string, hook cognito.Hook) ([]string, error) {
	repo, err := repository.Open(root)
	if err != nil {
		return nil, err
	}
	if err := check(repo, name, hook); err != nil {
		return nil, err
	}
	files, err := render(repo, factsOf(repo, name, hook))
	if err != nil {
		return nil, err
	}
	return writeNew(repo.Root, files)
}

// writeNew writes files that must not exist below root and returns their paths.
func writeNew(root string, files []file) ([]string, error) {
	var made []string
	for _, file := range files {
		path := filepath.Join(root, filepath.FromSlash(file.path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return made, err
		}
		out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return made, err
		}
		_, err = out.Write(file.text)
		if err := errors.Join(err, out.Close()); err != nil {
			return made, err
		}
		made = append(made, file.path)
	}
	return made, nil
}

func check(repo repository.Repository, name string, hook cognito.Hook) error {
	if name == "testdata" || !validName.MatchString(name) {
		return fmt.Errorf("%s %q is not valid; use lower-case letters, digits and single hyphens, "+
			"for example audit-sign-in", hint.Option("name"), name)
	}
	if !hook.Valid() {
		return fmt.Errorf("%s %q is not a hook; use one of %s", hint.Option("hook"), hook, hookList())
	}
	for _, dir := range []string{repo.Triggers, repo.Events} {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("%s %q is taken: %s already exists", hint.Option("name"), name, path)
		}
	}
	functions, err := manifest.Find(repo.Root)
	if err != nil && !errors.Is(err, manifest.ErrNoTrigger) { // this one is its first
		return err
	}
	spec, err := poolspec.Read(repo.Root)
	if err != nil {
		spec = poolspec.Spec{} // without settings, every trigger is on
	}
	for _, function := range functions {
		if function.Hook == hook && spec.Enabled(function.Name) {
			return fmt.Errorf("%s %s is taken: %s serves it, and a user pool calls one function per hook; to write "+
				"another, switch it off first with \"enabled\": false in triggers of %s", hint.Option("hook"), hook,
				repo.Relative(function.Dir), repo.Relative(repo.Settings))
		}
	}
	return nil
}

type file struct {
	path string
	text []byte
}

// render returns the files with their paths relative to the repository's root.
func render(repo repository.Repository, f facts) ([]file, error) {
	triggerFiles, err := renderTrigger(repo.Relative(repo.Triggers), f)
	if err != nil {
		return nil, err
	}
	eventFiles, err := renderEvents(repo.Relative(repo.Events), f)
	if err != nil {
		return nil, err
	}
	return append(triggerFiles, eventFiles...), nil
}

// renderTrigger executes the common templates, which include the parts of the hook's own template.
func renderTrigger(room string, f facts) ([]file, error) {
	all, err := template.ParseFS(templates, "templates/*.tmpl")
	if err != nil {
		return nil, err
	}
	if all, err = all.ParseFS(templates, "templates/hooks/"+string(f.Hook)+".tmpl"); err != nil {
		return nil, err
	}
	f.Checked = !parse.IsEmptyTree(all.Lookup("config check").Root)
	var files []file
	for _, name := range []string{"main.go", "config.go", "handler.go", "handler_test.go", "function.json", "README.md"} {
		var out bytes.Buffer
		if err := all.ExecuteTemplate(&out, name+".tmpl", f); err != nil {
			return nil, err
		}
		text := append(bytes.TrimSpace(out.Bytes()), '\n')
		if strings.HasSuffix(name, ".go") {
			if text, err = format.Source(text); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		files = append(files, file{path.Join(room, f.Name, name), text})
	}
	return files, nil
}

// renderEvents returns an ordinary event of each source, and the cases of the hook's example.
func renderEvents(room string, f facts) ([]file, error) {
	example := exampleOf(f.Hook)
	var files []file
	for _, source := range f.Sources {
		more, err := renderCase(room, f, goldenCase{source: source, want: cmp.Or(example.want, unchanged)})
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	for _, c := range example.cases {
		more, err := renderCase(room, f, c)
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	return files, nil
}

func renderCase(room string, f facts, c goldenCase) ([]file, error) {
	event, err := sample.Event(c.source, eventVersion(c.source, f.EventVersion))
	if err != nil {
		return nil, err
	}
	text := string(event) + "\n"
	for old, replacement := range c.replace {
		if strings.Count(text, old) != 1 {
			return nil, fmt.Errorf("the event of case %s must have %s exactly once", c.name, old)
		}
		text = strings.Replace(text, old, replacement, 1)
	}
	stem := path.Join(room, f.Name, c.source)
	if c.name != "" {
		stem += "-" + c.name
	}
	want, err := indented(c.want)
	if err != nil {
		return nil, err
	}
	files := []file{{stem + ".json", []byte(text)}, {stem + ".want.json", want}}
	if c.value == "" {
		return files, nil
	}
	config, err := indented(fmt.Sprintf(`{"environment":{%q:%q}}`, f.Setting.Variable, c.value))
	if err != nil {
		return nil, err
	}
	return append(files, file{stem + ".config.json", config}), nil
}

// indented formats JSON as go test -update does.
func indented(text string) ([]byte, error) {
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// eventVersion returns the version of a source's event. The source for machine clients has one version only, whatever
// the version of the trigger.
func eventVersion(source, version string) string {
	if source == cognito.TokenGenerationClientCredentials {
		return ""
	}
	return version
}

func hookList() string {
	var names []string
	for _, hook := range cognito.Hooks() {
		names = append(names, string(hook))
	}
	return strings.Join(names, ", ")
}
