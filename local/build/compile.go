// Package build compiles the functions of a repository and packs them for AWS Lambda. It is the only place that does:
// `make build`, `poolctl build`, a local run and the tests use it, so that the same sources give the same bytes,
// whatever a machine's own Go settings are.
package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Settings returns the variables that pin what a machine's own Go settings could change about a build, as NAME=value.
// (An empty GOEXPERIMENT would let the go env file win; regabiargs is on by default, so naming it changes nothing.)
func Settings() []string {
	return []string{
		"CGO_ENABLED=0",
		"GOFLAGS=-mod=readonly -tags=lambda.norpc -trimpath -buildvcs=false",
		"GOEXPERIMENT=regabiargs",
		"GOFIPS140=off",
		"GOAMD64=v1",
		"GOARM64=v8.0",
	}
}

// LinkerFlags leave the symbols and the build ID out of a function.
const LinkerFlags = "-s -w -buildid="

// patience is how long an interrupted go command may take to remove its work folder before it is killed.
const patience = 5 * time.Second

// Compiler compiles packages of one module.
type Compiler struct {
	Dir    string // the folder to run go in: the module's root
	Target Target
	Debug  bool // keep symbols and leave out optimisations, for a debugger
}

// CompileError is what the go command printed about a build that failed.
type CompileError struct{ Output string }

func (e *CompileError) Error() string { return e.Output }

// Compile compiles the functions in one go command and writes each binary to <out>/<name>. An error in the sources is a
// *CompileError with the compiler's text, unchanged. Then nothing is written. If ctx ends, its error is returned.
func (c Compiler) Compile(ctx context.Context, functions []Function, out string) error {
	if len(functions) == 0 {
		return errors.New("build: no function to compile")
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(out, ".compile-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if err := c.run(ctx, functions, work); err != nil {
		return err
	}
	for _, f := range functions {
		binary := filepath.Join(work, f.Name)
		if _, err := os.Stat(binary); err != nil {
			return fmt.Errorf("build: go named the binary of %s otherwise; give the folder another name: %w", f.Package, err)
		}
	}
	for _, f := range functions {
		if err := os.Rename(filepath.Join(work, f.Name), filepath.Join(out, f.Name)); err != nil {
			return err
		}
	}
	return nil
}

// CompileTo compiles one function and replaces the file at path atomically. See Compile for its errors.
func (c Compiler) CompileTo(ctx context.Context, f Function, path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(dir, ".compile-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if err := c.Compile(ctx, []Function{f}, work); err != nil {
		return err
	}
	return os.Rename(filepath.Join(work, f.Name), path)
}

func (c Compiler) run(ctx context.Context, functions []Function, out string) error {
	out, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	args := []string{"build", "-ldflags=" + LinkerFlags}
	if c.Debug {
		args = []string{"build", "-gcflags=all=-N -l"}
	}
	args = append(args, "-o", out+string(filepath.Separator))
	for _, f := range functions {
		args = append(args, f.Package)
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	var output strings.Builder
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.Dir, &output, &output
	cmd.Env = append(os.Environ(), Settings()...)
	cmd.Env = append(cmd.Env, "GOOS="+c.Target.OS, "GOARCH="+c.Target.Arch)
	if os.Getenv("GOGC") == "" {
		cmd.Env = append(cmd.Env, "GOGC=400") // with fewer garbage collections the compiler is a quarter faster
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) } // go then removes its work folder
	cmd.WaitDelay = patience
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return errors.New("build: the go command is not installed, or not in PATH; functions are compiled with it")
	case errors.As(err, &exit) && output.Len() > 0:
		return &CompileError{Output: strings.TrimSuffix(output.String(), "\n")}
	case err != nil:
		return fmt.Errorf("build: go build: %w", err)
	}
	return nil
}
