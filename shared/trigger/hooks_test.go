package trigger_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
)

// program passes the handler of one hook to Start, New and Wrap with another hook.
const program = `package main

import (
	"context"
	"io"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func handle(context.Context, *events.%[2]sEvent) error { return nil }

func setup(*settings.Env) (trigger.Handler[events.%[2]sRequest, events.%[2]sResponse], error) { return handle, nil }

func main() { %[3]s }

var _ = io.Discard
`

// TestAnotherHooksHandlerDoesNotCompile type-checks a program for every pair of hooks.
func TestAnotherHooksHandlerDoesNotCompile(t *testing.T) {
	t.Parallel()
	check := checker(t)
	var names []string
	for _, hook := range cognito.Hooks() {
		names = append(names, goName(hook))
	}
	for _, call := range []string{"trigger.Start(events.%s, setup)", "_ = trigger.New(events.%s, handle, io.Discard)"} {
		for _, hook := range names {
			for _, handler := range names {
				err := check(fmt.Sprintf(program, hook, handler, fmt.Sprintf(call, hook)))
				switch {
				case hook == handler && err != nil:
					t.Errorf("%s does not take its own handler: %v", fmt.Sprintf(call, hook), err)
				case hook != handler && err == nil:
					t.Errorf("%s takes the handler of %s", fmt.Sprintf(call, hook), handler)
				case hook != handler && !strings.Contains(err.Error(), "type "):
					t.Errorf("%s with the handler of %s fails for another reason: %v", fmt.Sprintf(call, hook), handler, err)
				}
			}
		}
	}
}

// goName returns the hook's name in package events.
func goName(hook cognito.Hook) string {
	var name strings.Builder
	for part := range strings.SplitSeq(string(hook), "_") {
		if part == "sms" {
			part = "SMS"
		}
		name.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return name.String()
}

// checker type-checks programs against the compiled packages.
func checker(t *testing.T) func(source string) error {
	t.Helper()
	list := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export", "cognito-triggers/shared/trigger")
	list.Env = append(os.Environ(), "CGO_ENABLED=0") // as functions are built, or net/http would be compiled again
	list.Stderr = t.Output()
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	exports := map[string]string{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var listed struct{ ImportPath, Export string }
		if err := dec.Decode(&listed); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[listed.ImportPath] = listed.Export
	}
	files := token.NewFileSet()
	imports := importer.ForCompiler(files, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})
	return func(source string) error {
		file, err := parser.ParseFile(files, "main.go", source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		_, err = (&types.Config{Importer: imports}).Check("main", files, []*ast.File{file}, nil)
		return err
	}
}
