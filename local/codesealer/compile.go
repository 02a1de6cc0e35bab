package codesealer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	"cognito-triggers/local/build"
	"cognito-triggers/local/toolkit"
)

// name is that of the program's folder in cmd/, and of its binary.
const name = "codesealer"

// Compile compiles the program into a build folder and returns its path. The first time, it takes a minute and more,
// later a few seconds. If the module at root neither is the toolkit nor depends on it, the program beside this one
// serves.
func Compile(ctx context.Context, root, folder string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	return compile(ctx, root, folder, filepath.Dir(self))
}

func compile(ctx context.Context, root, folder, beside string) (string, error) {
	path := filepath.Join(folder, name)
	pkg := toolkit.Module() + "/cmd/" + name
	compiler := build.Compiler{Dir: root, Target: build.Host()}
	err := compiler.CompileTo(ctx, build.Function{Name: name, Package: pkg}, path)
	var output *build.CompileError
	switch {
	case err == nil:
		return path, nil
	case !errors.As(err, &output):
		return "", err
	case hasToolkit(ctx, root):
		return "", fmt.Errorf("it does not compile: %w", err)
	}
	path = filepath.Join(beside, name)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("the module does not depend on %s: run `go get -tool %[1]s/cmd/poolctl`, or "+
			"`go install %s@%s`, which puts the program beside poolctl: %w",
			toolkit.Module(), pkg, cmp.Or(toolkit.Version(), "latest"), err)
	}
	return path, nil
}

// hasToolkit reports whether the module at root is the toolkit or depends on it.
func hasToolkit(ctx context.Context, root string) bool {
	list := exec.CommandContext(ctx, "go", "list", "-m", toolkit.Module())
	list.Dir, list.Env = root, append(os.Environ(), build.Settings()...)
	return list.Run() == nil
}

// Built returns the path of the program in a build folder, where `make build-local` compiles it.
func Built(folder string) (string, error) {
	path := filepath.Join(folder, name)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("run `make build-local`, which compiles it: %w", err)
	} else if err != nil {
		return "", err
	}
	return path, nil
}
