package codesealer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"cognito-triggers/local/build"
	"cognito-triggers/local/toolkit"
)

// name is that of the program's folder in cmd/, and of its binary.
const name = "codesealer"

// Compile compiles the program into a build folder and returns its path. root is a module that has the toolkit as a
// dependency, or is the toolkit. The first time, it takes a minute and more; later it takes seconds.
func Compile(ctx context.Context, root, folder string) (string, error) {
	path := filepath.Join(folder, name)
	compiler := build.Compiler{Dir: root, Target: build.Host()}
	err := compiler.CompileTo(ctx, build.Function{Name: name, Package: toolkit.Module() + "/cmd/" + name}, path)
	var output *build.CompileError
	if errors.As(err, &output) {
		return "", fmt.Errorf("it does not compile: %w", err)
	}
	return path, err
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
