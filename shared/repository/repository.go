// Package repository finds the checkout that a command or a test runs in. No Lambda function links it.
package repository

import (
	"errors"
	"os"
	"path/filepath"
)

// Root returns the checkout's root: the nearest folder, from the working directory upwards, that has go.mod and
// triggers/. It returns an error if there is none.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if has(dir, "go.mod") && has(dir, "triggers") {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("run this inside the repository: no folder above has go.mod and triggers/")
		}
		dir = parent
	}
}

func has(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}
