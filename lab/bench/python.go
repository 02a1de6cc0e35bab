package bench

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"cognito-triggers/local/emulator"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
)

// The handlers in Python are small versions of the triggers that decide the measured events alike. Each imports what
// its trigger links and writes the same metrics line.
//
//go:embed python/*.py
var handlers embed.FS

//go:embed requirements.txt
var requirements []byte

// python is an interpreter with awslambdaric installed, and the handlers' folder.
type python struct {
	interpreter string
	dir         string
}

// newPython installs awslambdaric, unless that was done before, in an environment under build/, and writes the handlers
// to the scratch folder.
func newPython(ctx context.Context, root, scratch string, log io.Writer) (*python, error) {
	interpreter, err := emulator.Python(ctx, emulator.Options{BuildDir: filepath.Join(root, "build"), Logs: log},
		requirements)
	if err != nil {
		return nil, err
	}
	p := &python{interpreter: interpreter, dir: filepath.Join(scratch, "python")}
	if err := os.CopyFS(scratch, handlers); err != nil {
		return nil, err
	}
	return p, nil
}

// program returns the handler for a trigger and its case; false if there is none, or no Python (nil).
func (p *python) program(trigger string, c golden.Case, settings map[string]string) (program, bool) {
	module := strings.ReplaceAll(trigger, "-", "_")
	if _, err := fs.Stat(handlers, "python/"+module+".py"); p == nil || err != nil {
		return program{}, false
	}
	return program{
		name:     trigger + " in Python",
		command:  []string{p.interpreter, "-m", "awslambdaric", module + ".handler"},
		dir:      p.dir,
		settings: settings,
		event:    c.Event,
		check:    func(o golden.Outcome) error { return answersLike(c, o) },
	}, true
}

// loaded lists the files that a handler's process reads at start: interpreter, modules, their bytecode and libraries.
// The handler must have run once, so that the bytecode exists.
func (p *python) loaded(ctx context.Context, handler program) ([]string, error) {
	module, _, _ := strings.Cut(handler.command[len(handler.command)-1], ".")
	cmd := exec.CommandContext(ctx, p.interpreter, "loaded.py", module)
	cmd.Dir, cmd.Env = p.dir, handler.environment("127.0.0.1:9")
	output, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: list its files: %w", handler.name, err)
	}
	return strings.Split(strings.TrimSpace(string(output)), "\n"), nil
}

// answersLike returns an error unless an answer sets the members that the case wants; their texts may differ.
func answersLike(c golden.Case, got golden.Outcome) error {
	if got.Error != "" {
		return fmt.Errorf("it failed: %s", got.Error)
	}
	if c.Want.Answer == "unchanged" {
		return golden.Differs("the answer is not the event", c.Event, got.Answer)
	}
	response, err := events.Response(got.Answer)
	if err != nil {
		return err
	}
	var want, has map[string]any
	if err := errors.Join(json.Unmarshal(c.Want.Response, &want), json.Unmarshal(response, &has)); err != nil {
		return err
	}
	for name, value := range want {
		if (value == nil) != (has[name] == nil) {
			return fmt.Errorf("response.%s is %v, but %v for the trigger", name, has[name], value)
		}
	}
	return nil
}
