// Package scaffold writes the directory of a new trigger: a handler that compiles, its manifest, README, tests and test
// events, all of which pass as they are. It edits no existing file.
package scaffold

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events/sample"
	"cognito-triggers/shared/manifest"
)

//go:embed templates/*.tmpl
var templates embed.FS

var validName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// facts are what the templates need.
type facts struct {
	Name         string
	Hook         cognito.Hook
	HookName     string // the Go constant, for example PostAuthentication
	EventType    string // for example PostAuthenticationEvent
	Request      string
	Response     string
	Sources      []string
	EventVersion string
	CanRefuse    bool // an error of the trigger stops what the user does
	Page         string
}

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
			return fmt.Errorf("HOOK %s: triggers/%s serves it already, and a pool has one function per hook", hook, function.Name)
		}
	}
	return nil
}

type file struct {
	path string
	text []byte
}

func render(f facts) ([]file, error) {
	all, err := template.New("").ParseFS(templates, "templates/*.tmpl")
	if err != nil {
		return nil, err
	}
	var files []file
	for _, name := range []string{"main.go", "handler.go", "handler_test.go", "function.json", "README.md"} {
		var out bytes.Buffer
		if err := all.ExecuteTemplate(&out, name+".tmpl", f); err != nil {
			return nil, err
		}
		text := out.Bytes()
		if strings.HasSuffix(name, ".go") {
			if text, err = format.Source(text); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		files = append(files, file{"triggers/" + f.Name + "/" + name, text})
	}
	for _, source := range f.Sources {
		event, err := sample.Event(source, eventVersion(source, f.EventVersion))
		if err != nil {
			return nil, err
		}
		stem := "testevents/" + f.Name + "/" + source
		files = append(files, file{stem + ".json", append(event, '\n')}, file{stem + ".want.json", []byte("{ \"answer\": \"unchanged\" }\n")})
	}
	return files, nil
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
