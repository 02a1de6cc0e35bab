package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Terraform writes the Terraform modules as a Git repository of the layout that the Terraform registry expects, named
// terraform-aws-<name>: the root module is at the top, with modules/ and examples/, and a tag is a version. Beside them
// are the manifests of the ready functions, without their code. A repository of earlier versions that is in Out gets a
// further commit. Options.Check is called with the files before they are committed. It returns the repository's folder.
//
// https://developer.hashicorp.com/terraform/registry/modules/publish
func Terraform(ctx context.Context, o Options) (string, error) {
	if err := o.validate(); err != nil {
		return "", err
	}
	out, err := filepath.Abs(o.Out)
	if err != nil {
		return "", err
	}
	gomod, err := readGoMod(o.Root)
	if err != nil {
		return "", err
	}
	names, err := files(ctx, o.Root, out)
	if err != nil {
		return "", err
	}
	r := newRenamer(gomod.Module.Mod.Path, o.Module, o.Version, names)
	l := layout{places: map[string]string{}, source: "https://" + r.url + "/blob/" + o.Version + "/"}
	for _, name := range names {
		if place, ok := placeOf(name); ok {
			l.places[name] = place
		}
	}
	dir := filepath.Join(out, "terraform-aws-"+path.Base(r.url))
	g := versions{dir: dir, at: o.Time}
	if err := g.open(ctx, o.Version); err != nil {
		return "", err
	}
	for name, place := range l.places {
		content, err := os.ReadFile(filepath.Join(o.Root, filepath.FromSlash(name)))
		if err != nil {
			return "", err
		}
		if content, err = r.file(name, content); err != nil {
			return "", err
		}
		if content, err = l.file(name, content); err != nil {
			return "", err
		}
		target := filepath.Join(dir, filepath.FromSlash(place))
		if err := errors.Join(os.MkdirAll(filepath.Dir(target), 0o755), os.WriteFile(target, content, 0o644)); err != nil {
			return "", err
		}
	}
	if o.Check != nil {
		if err := o.Check(ctx, dir); err != nil {
			return "", fmt.Errorf("%s does not pass its checks: %w", dir, err)
		}
	}
	return dir, g.commit(ctx, o.Version)
}

// placeOf returns where a file of the repository is in the layout, if it belongs there. Tests and tools stay behind,
// and so do the settings of the repository's own pool, which Terraform would load for whoever applies the root module.
func placeOf(name string) (place string, ok bool) {
	below, in := strings.CutPrefix(name, "terraform/")
	switch {
	case in:
		belongs := !strings.Contains("/"+below, "/tests/") && !strings.HasPrefix(below, "tools/") &&
			!strings.Contains(path.Base(below), ".tfvars") && !strings.HasPrefix(path.Base(below), ".")
		return below, belongs
	case name == "LICENSE", name == "CHANGELOG.md":
		return name, true
	}
	for _, pattern := range []string{"triggers/*/function.json", "triggers/*/rules.json", "api/*/function.json"} {
		if match, err := path.Match(pattern, name); err == nil && match {
			return name, true
		}
	}
	return "", false
}

// A layout is where files are: the modules' folder is the top now, and the functions' are below it.
type layout struct {
	places map[string]string // of files of the layout, by their names in the repository
	source string            // the address of the repository's files at the release
}

var (
	links = regexp.MustCompile(`\]\(([^)#:\s]+)(#[^)\s]*)?\)`)
	built = regexp.MustCompile(`(?m)^( *built +=) .*$`)
)

// file returns a file's content with paths and links that lead to the same as before.
func (l layout) file(name string, content []byte) ([]byte, error) {
	switch path.Ext(name) {
	case ".tf":
		return l.paths(name, content)
	case ".md":
		return links.ReplaceAllFunc(content, func(link []byte) []byte { return l.link(name, link) }), nil
	}
	return content, nil
}

// paths takes one folder off the paths that lead out of the modules' folder.
func (l layout) paths(name string, content []byte) ([]byte, error) {
	up := strings.Repeat("../", strings.Count(name, "/"))
	less := strings.TrimPrefix(up, "../")
	text := string(content)
	for _, folder := range []string{"triggers", "api", "build"} {
		text = strings.ReplaceAll(text, "/"+up+folder, "/"+less+folder)
	}
	if less != "" {
		text = strings.ReplaceAll(text, strings.TrimSuffix("/"+up, "/")+`"`, strings.TrimSuffix("/"+less, "/")+`"`)
	}
	if name != "terraform/code.tf" {
		return []byte(text), nil
	}
	if !built.MatchString(text) {
		return nil, fmt.Errorf("%s has no line with built, the folder of the zips, which a published module has not", name)
	}
	return []byte(built.ReplaceAllString(text, "$1 null # this repository has no zips")), nil
}

// link returns a link of a page to a file of the layout, or else to the repository.
func (l layout) link(name string, link []byte) []byte {
	parts := links.FindSubmatch(link)
	target, fragment := string(parts[1]), string(parts[2])
	to := path.Join(path.Dir(name), target)
	place, there := l.places[to]
	if folder, is := strings.CutPrefix(to, "terraform/"); is && !there {
		for _, other := range l.places { // of a folder
			if strings.HasPrefix(other, folder+"/") {
				place, there = folder, true
			}
		}
	}
	if !there {
		return []byte("](" + l.source + to + fragment + ")")
	}
	relative, err := filepath.Rel(path.Dir(l.places[name]), place)
	if err != nil { // both are relative
		return link
	}
	return []byte("](" + filepath.ToSlash(relative) + fragment + ")")
}

// versions is the Git repository of the modules, with a tag per version.
type versions struct {
	dir string
	at  time.Time // of the commit
}

// open makes the repository if it is not there, and empties its working tree. It fails if it has the version.
func (g versions) open(ctx context.Context, version string) error {
	if err := os.MkdirAll(g.dir, 0o755); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(g.dir, ".git")); errors.Is(err, fs.ErrNotExist) {
		if _, err := g.git(ctx, "init", "--quiet", "--initial-branch=main"); err != nil {
			return err
		}
	}
	tags, err := g.git(ctx, "tag", "--list", version)
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(tags)) > 0 {
		return fmt.Errorf("%s has the version %s already: give a new VERSION, since who uses that one must go on getting "+
			"the same; or delete the folder if nothing of it is pushed", g.dir, version)
	}
	entries, err := os.ReadDir(g.dir)
	if err != nil {
		return err
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return e.Name() == ".git" })
	for _, entry := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(g.dir, entry.Name())))
	}
	return err
}

func (g versions) commit(ctx context.Context, version string) error {
	for _, words := range [][]string{
		{"add", "--all", "--force"}, {"commit", "--quiet", "--allow-empty", "-m", version}, {"tag", version},
	} {
		if _, err := g.git(ctx, words...); err != nil {
			return err
		}
	}
	return nil
}

func (g versions) git(ctx context.Context, words ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", words...)
	at := g.at.Format(time.RFC3339)
	cmd.Dir, cmd.Env = g.dir, append(os.Environ(), "GIT_AUTHOR_DATE="+at, "GIT_COMMITTER_DATE="+at)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s: %w: %s", words[0], err, bytes.TrimSpace(stderr.Bytes()))
	}
	return out, nil
}
