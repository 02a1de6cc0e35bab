// Package publish makes a module of this repository under any module path: it copies the repository, renames the path
// in the copy, and writes the files of a Go module proxy, which Go reads with GOPROXY=file://. The product's own path,
// which has no dot, cannot be fetched; whoever publishes it chooses a path under which they can push.
package publish

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// Example is the module path that the documentation has in its commands. A copy has its own path in its place.
const Example = "github.com/you/cognito-triggers"

// Options say what to publish, and as what.
type Options struct {
	Root    string    // the repository: a folder with go.mod
	Out     string    // gets the copy and the proxy; an existing copy of this version is replaced
	Module  string    // the new module path, such as github.com/you/cognito-triggers
	Version string    // a version of Go's kind, such as v0.1.0
	Time    time.Time // the version's time
	// Check is called with the copy before the archive is made, for example to build and test it. It may be nil.
	Check func(ctx context.Context, dir string) error
}

// Published is where the results are, as absolute paths.
type Published struct {
	Dir   string // the renamed copy: what to push
	Proxy string // the root of a module proxy: GOPROXY=file://<Proxy>
	Zip   string // the module's archive, in the proxy
}

// As copies, renames and checks the repository, and adds the version to the proxy in Out.
func As(ctx context.Context, o Options) (Published, error) {
	if err := o.validate(); err != nil {
		return Published{}, err
	}
	out, err := filepath.Abs(o.Out)
	if err != nil {
		return Published{}, err
	}
	gomod, err := readGoMod(o.Root)
	if err != nil {
		return Published{}, err
	}
	names, err := files(ctx, o.Root, out)
	if err != nil {
		return Published{}, err
	}
	p := Published{
		Dir:   filepath.Join(out, filepath.FromSlash(o.Module)+"@"+o.Version),
		Proxy: filepath.Join(out, "proxy"),
	}
	if err := os.RemoveAll(p.Dir); err != nil {
		return Published{}, err
	}
	r := newRenamer(gomod.Module.Mod.Path, o.Module, o.Version, names)
	if err := copyAll(o.Root, p.Dir, names, r); err != nil {
		return Published{}, err
	}
	if o.Check != nil {
		if err := o.Check(ctx, p.Dir); err != nil {
			return Published{}, fmt.Errorf("%s does not pass its checks: %w", p.Dir, err)
		}
	}
	p.Zip, err = addToProxy(p.Proxy, p.Dir, module.Version{Path: o.Module, Version: o.Version}, o.Time, names)
	return p, err
}

func (o Options) validate() error {
	if o.Module == "" {
		return errors.New("MODULE is not set: give the new module path, for example MODULE=" + Example)
	}
	if err := module.CheckPath(o.Module); err != nil {
		return fmt.Errorf("MODULE: %w: give a path such as %s", err, Example)
	}
	switch {
	case o.Version == "":
		return errors.New("VERSION is not set: give the version, for example VERSION=v0.1.0")
	case !semver.IsValid(o.Version) || semver.Canonical(o.Version) != o.Version:
		return fmt.Errorf("VERSION %q is not a version: write v, three numbers, and no +, for example v0.1.0", o.Version)
	}
	if err := module.Check(o.Module, o.Version); err != nil {
		_, major, _ := module.SplitPathVersion(o.Module)
		if major == "" {
			want := o.Module + "/" + semver.Major(o.Version)
			return fmt.Errorf("MODULE %s cannot have VERSION %s: from v2 on, the path ends in the major version: %s",
				o.Module, o.Version, want)
		}
		return fmt.Errorf("MODULE %s cannot have VERSION %s: its versions begin with %s", o.Module, o.Version,
			strings.TrimLeft(major, "/."))
	}
	return nil
}

func readGoMod(root string) (*modfile.File, error) {
	path := filepath.Join(root, "go.mod")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	gomod, err := modfile.Parse(path, text, nil)
	switch {
	case err != nil:
		return nil, err
	case gomod.Module == nil:
		return nil, fmt.Errorf("%s names no module", path)
	case len(gomod.Replace) > 0:
		return nil, fmt.Errorf("%s has a replace directive, which Go ignores in a dependency: remove it", path)
	}
	return gomod, nil
}
