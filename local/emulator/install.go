package emulator

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"cognito-triggers/local/lambdaruntime/process"
)

//go:embed requirements.txt
var requirements []byte

// installLimit bounds an installation, other programs' that are waited for
// included.
const installLimit = 10 * time.Minute

// marker is written last: an environment without it was not finished.
const marker = ".complete"

// Python returns the interpreter of an environment under the build folder that
// has the pinned requirements, made where it is not there. It is for other
// local tools that need Python packages.
func Python(ctx context.Context, o Options, requirements []byte) (string, error) {
	o, err := o.withDefaults()
	if err != nil {
		return "", err
	}
	interpreter := ""
	err = locked(ctx, o, func(ctx context.Context, dir string) (err error) {
		interpreter, err = install(ctx, dir, requirements, o.Logs)
		return err
	})
	return interpreter, err
}

// Ministack returns the interpreter of the environment that the emulator itself
// runs in, made where it is not there. It is for what runs ministack apart.
func Ministack(ctx context.Context, o Options) (string, error) { return Python(ctx, o, requirements) }

// install returns the interpreter of an environment that has the
// requirements, after making it where it is not there. The folder's name
// changes with the requirements and with the Python that it was made with. It
// must be called with the lock of the emulator's folder held.
func install(ctx context.Context, dir string, requirements []byte, logs io.Writer) (string, error) {
	py, err := findPython(ctx)
	if err != nil {
		return "", err
	}
	venv := venvFolder(dir, py, requirements)
	interpreter := filepath.Join(venv, "bin", "python")
	if _, err := os.Stat(filepath.Join(venv, marker)); err == nil {
		return interpreter, nil
	}
	if logs != nil {
		_, _ = fmt.Fprintf(logs, "emulator: installing packages for Python %s, this once\n", py.version)
	}
	if err := os.RemoveAll(venv); err != nil {
		return "", fmt.Errorf("emulator: clearing an unfinished installation: %w", err)
	}
	// -I ignores PYTHONPATH and the like; pip still reads its own variables and configuration files.
	if err := run(ctx, logs, py.path, "-I", "-m", "venv", "--without-pip", venv); err != nil {
		return "", fmt.Errorf("emulator: making a virtual environment: %w", err)
	}
	pip, err := pipFor(ctx, logs, py, interpreter)
	if err != nil {
		return "", fmt.Errorf("emulator: making a virtual environment: %w", err)
	}
	list := filepath.Join(venv, "requirements.txt")
	if err := os.WriteFile(list, requirements, 0o644); err != nil {
		return "", fmt.Errorf("emulator: %w", err)
	}
	err = run(ctx, logs, pip[0], append(pip[1:], "install", "--quiet", "--no-input", "--no-user",
		"--disable-pip-version-check", "--no-compile", "--only-binary=:all:", "--require-hashes", "-r", list)...)
	if err != nil {
		return "", fmt.Errorf("emulator: installing packages with pip: %w", err)
	}
	if err := os.WriteFile(filepath.Join(venv, marker), nil, 0o644); err != nil {
		return "", fmt.Errorf("emulator: %w", err)
	}
	return interpreter, nil
}

// pipFor returns the command that installs packages into an environment. It is the pip of the Python that made the
// environment if that pip is 22.3 or newer; otherwise the environment gets its own pip, which takes some seconds more.
func pipFor(ctx context.Context, logs io.Writer, py python, interpreter string) ([]string, error) {
	theirs := []string{py.path, "-I", "-m", "pip", "--python", interpreter}
	if run(ctx, nil, theirs[0], append(theirs[1:], "--version")...) == nil {
		return theirs, nil
	}
	own := []string{interpreter, "-I", "-m", "pip"}
	return own, run(ctx, logs, interpreter, "-I", "-m", "ensurepip")
}

// venvFolder returns the environment's folder, which differs for each Python and set of requirements.
func venvFolder(dir string, py python, requirements []byte) string {
	sum := sha256.New()
	_, _ = fmt.Fprintf(sum, "%s\n%s\n%s", py.path, py.version, requirements)
	return filepath.Join(dir, fmt.Sprintf("venv-%.6x", sum.Sum(nil)))
}

// run runs a program with the user's environment. Its error has the last
// lines that it printed.
func run(ctx context.Context, logs io.Writer, name string, args ...string) error {
	p, err := process.Start(exec.Command(name, args...), logs)
	if err != nil {
		return err
	}
	select {
	case <-p.Done():
	case <-ctx.Done():
		p.Kill()
		<-p.Done()
		return ctx.Err()
	}
	if !p.State().Success() {
		return errors.New(p.State().String() + lastLines(p.Tail()))
	}
	return nil
}

func lastLines(log []string) string {
	if len(log) == 0 {
		return ""
	}
	return "; it printed:\n\t" + strings.Join(log, "\n\t")
}
