// Package scaffold writes the directory of a new trigger: a handler that compiles, its manifest, README, tests and test
// events, all of which pass as they are. It edits no existing file.
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
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
	"text/template/parse"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events/sample"
	"cognito-triggers/shared/manifest"
)

//go:embed templates/*.tmpl templates/hooks/*.tmpl
var templates embed.FS

var validName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// New writes triggers/<name> and testevents/<name> under root and returns the files it made. It refuses a name that is
// taken or malformed, and a hook that is unknown or already served, and then writes nothing.
func New(root, name string, hook cognito.Hook) ([]string, error) {
	if err := check(root, name, hook); err != nil {
		return nil, err
	}
	files, err := render(factsOf(name, hook))
	if err != nil {
		return nil, err
	}
	var made []string
	for _, file := range files {
		path := filepath.Join(root, filepath.FromSlash(file.path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return made, err
		}
		if err := os.WriteFile(path, file.text, 0o644); err != nil {
			return made, err
		}
		made = append(made, file.path)
	}
	return made, nil
}

func check(root, name string, hook cognito.Hook) error {
	if name == "testdata" || !validName.MatchString(name) {
		return fmt.Errorf("NAME %q: use small letters, digits and single hyphens, for example audit-sign-in", name)
	}
	if !hook.Valid() {
		return fmt.Errorf("HOOK %q is none: use one of %s", hook, hookList())
	}
	for _, dir := range []string{"triggers", "testevents"} {
		path := filepath.Join(root, dir, name)
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("NAME %q: %s exists already", name, path)
		}
	}
	functions, err := manifest.Find(root)
	if err != nil {
		return err
	}
	for _, function := range functions {
		if function.Hook == hook {
			return fmt.Errorf("HOOK %s: triggers/%s serves it already, and a pool has one function per hook",
				hook, function.Name)
		}
	}
	return nil
}

type file struct {
	path string
	text []byte
}

func render(f facts) ([]file, error) {
	triggerFiles, err := renderTrigger(f)
	if err != nil {
		return nil, err
	}
	eventFiles, err := renderEvents(f)
	if err != nil {
		return nil, err
	}
	return append(triggerFiles, eventFiles...), nil
}

// renderTrigger fills the templates, which take what depends on the hook from the hook's own.
func renderTrigger(f facts) ([]file, error) {
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
		files = append(files, file{"triggers/" + f.Name + "/" + name, text})
	}
	return files, nil
}

// renderEvents makes an ordinary event of every source, and the cases of the hook's example.
func renderEvents(f facts) ([]file, error) {
	example := exampleOf(f.Hook)
	var files []file
	for _, source := range f.Sources {
		more, err := renderCase(f, goldenCase{source: source, want: cmp.Or(example.want, unchanged)})
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	for _, c := range example.cases {
		more, err := renderCase(f, c)
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	return files, nil
}

func renderCase(f facts, c goldenCase) ([]file, error) {
	event, err := sample.Event(c.source, eventVersion(c.source, f.EventVersion))
	if err != nil {
		return nil, err
	}
	text := string(event) + "\n"
	for old, replacement := range c.replace {
		if strings.Count(text, old) != 1 {
			return nil, fmt.Errorf("the event of case %s does not have %s once", c.name, old)
		}
		text = strings.Replace(text, old, replacement, 1)
	}
	stem := "testevents/" + f.Name + "/" + c.source
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

// indented lays JSON out as -update does.
func indented(text string) ([]byte, error) {
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// eventVersion keeps the machine clients' source, which exists in one version only, in a set of another version.
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
