package clients

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// needNode is the variable that turns a missing Node.js from a skip into a failure.
const needNode = "CLIENTS_NEED_NODE"

// oldestNode is the oldest major version of Node.js that the clients support.
const oldestNode = 20

// condition evaluates [node] in scripts.
func (w *workshop) condition(name string) (bool, error) {
	if name != "node" {
		return false, fmt.Errorf("unknown condition %q", name)
	}
	return w.nodeModules != "", nil
}

// nodeIsThere returns an error if Node.js or npm is missing or too old.
func nodeIsThere(ctx context.Context) error {
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is not on the PATH: install Node.js %d or newer with npm", program, oldestNode)
		}
	}
	out, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil {
		return fmt.Errorf("node --version: %w", err)
	}
	version := strings.TrimSpace(string(out)) // v20.1.2
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if n, err := strconv.Atoi(major); err != nil || n < oldestNode {
		return fmt.Errorf("node is %s: install Node.js %d or newer", version, oldestNode)
	}
	return nil
}

// nodeFiles determine what npm installs.
var nodeFiles = []string{"package.json", "package-lock.json", ".npmrc"}

// installNode installs the packages of the lock file in dir below build, unless they are already there, and returns
// their folder. Its name depends on the files, and it is created atomically, so that parallel tests do not interfere.
func installNode(ctx context.Context, build, dir string) (string, error) {
	sum := sha256.New()
	files := map[string][]byte{}
	for _, name := range nodeFiles {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return "", err
		}
		files[name] = text
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
	}
	home := filepath.Join(build, "clients")
	installed := filepath.Join(home, fmt.Sprintf("node-%.6x", sum.Sum(nil)))
	modules := filepath.Join(installed, "node_modules")
	if _, err := os.Stat(modules); err == nil {
		return modules, nil
	}
	if err := os.MkdirAll(home, 0o755); err != nil {
		return "", err
	}
	work, err := os.MkdirTemp(home, "installing-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	if err := npmCI(ctx, work, files); err != nil {
		return "", err
	}
	if err := os.Rename(work, installed); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err // it exists if another process was faster, with the same packages
	}
	return modules, nil
}

// npmCI installs the packages of the lock file, checks their hashes and runs none of their scripts.
func npmCI(ctx context.Context, dir string, files map[string][]byte) error {
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	cmd := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	return nil
}
