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

// needNode is set where a missing Node.js must fail the tests: where its scripts must not go unseen.
const needNode = "CLIENTS_NEED_NODE"

// oldestNode is the oldest major version that the clients for Node.js run on.
const oldestNode = 20

// condition answers [node] in scripts.
func (w *workshop) condition(name string) (bool, error) {
	if name != "node" {
		return false, fmt.Errorf("unknown condition %q", name)
	}
	return w.nodeModules != "", nil
}

// nodeIsThere fails where Node.js or npm is missing or too old, and says so.
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

// nodeFiles decide what npm installs.
var nodeFiles = []string{"package.json", "package-lock.json", ".npmrc"}

// installNode returns a folder below build with the packages of the lock file in dir, after installing them where they
// are not there. Its name changes with the files, and it appears whole or not at all, so that tests that run at the
// same time do not disturb one another.
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
		return "", err // it exists where another program was quicker, with the same packages
	}
	return modules, nil
}

// npmCI installs what the lock file names, by its hashes, and runs no script of a package.
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
