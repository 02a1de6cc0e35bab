package publish

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// generated are folders that builds make. Git ignores them, but an unpacked archive has no Git to ask.
var generated = []string{"build", ".git", ".terraform", "__pycache__", "node_modules"}

// files returns the repository's files, slash-separated and in order: in a Git repository those that Git does not
// ignore, with their present content, otherwise all but generated ones. Files below out are left out.
func files(ctx context.Context, root, out string) ([]string, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	var names []string
	if _, err := os.Stat(filepath.Join(root, ".git")); err == nil {
		names, err = gitFiles(ctx, root)
		if err != nil {
			return nil, err
		}
	} else if names, err = walk(root); err != nil {
		return nil, err
	}
	if inside, err := filepath.Rel(root, out); err == nil && filepath.IsLocal(inside) {
		prefix := filepath.ToSlash(inside) + "/"
		names = slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, prefix) })
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

func gitFiles(ctx context.Context, root string) ([]string, error) {
	cmd := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	var stderr bytes.Buffer
	cmd.Dir, cmd.Stderr = root, &stderr
	listed, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w: %s", err, bytes.TrimSpace(stderr.Bytes()))
	}
	var names []string
	for name := range strings.SplitSeq(strings.TrimRight(string(listed), "\x00"), "\x00") {
		_, err := os.Lstat(filepath.Join(root, filepath.FromSlash(name)))
		if err == nil { // a deleted file is listed until the deletion is committed
			names = append(names, name)
		}
	}
	return names, nil
}

func walk(root string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && slices.Contains(generated, entry.Name()):
			return filepath.SkipDir
		case entry.IsDir():
			return nil
		}
		name, err := filepath.Rel(root, path)
		names = append(names, filepath.ToSlash(name))
		return err
	})
	return names, err
}

// copyAll copies the files and renames the module path in them. It fails if a file names the old path in a way that
// renaming would miss.
func copyAll(root, dir string, names []string, r renamer) error {
	for _, name := range names {
		source, target := filepath.Join(root, filepath.FromSlash(name)), filepath.Join(dir, filepath.FromSlash(name))
		info, err := os.Lstat(source)
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s is not a regular file, and a module's archive holds no others", name)
		}
		content, err := os.ReadFile(source)
		if err != nil {
			return err
		}
		if content, err = r.file(name, content); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, content, info.Mode().Perm()); err != nil {
			return err
		}
	}
	return nil
}
