// Command publish makes a module of this repository under another path, or a repository of its Terraform modules;
// `make publish-as` and `make publish-terraform` run it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"time"

	"cognito-triggers/local/publish"
	"cognito-triggers/shared/repository"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "publish:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	root, err := repository.Root()
	if err != nil {
		return err
	}
	o := publish.Options{Root: root, Time: committed(ctx, root)}
	flag.StringVar(&o.Module, "module", "", "the new module path, for example "+publish.Example)
	flag.StringVar(&o.Version, "version", "", "the version, for example v0.1.0")
	flag.StringVar(&o.Out, "out", "build/publish", "folder for the copy and the module proxy")
	check := flag.Bool("check", true, "build, vet and test the copy before the archive is made")
	modules := flag.Bool("terraform", false, "write a repository of the Terraform modules, in the registry's layout")
	flag.Parse()
	if *modules {
		return terraform(ctx, o)
	}
	if *check {
		o.Check = buildAndTest
	}
	p, err := publish.As(ctx, o)
	if err != nil {
		return err
	}
	fmt.Printf(`%[1]s@%[2]s
  copy     %[3]s
  archive  %[4]s
Try it before you push the copy and the tag %[2]s:
  GOPROXY=file://%[5]s,$(go env GOPROXY) GONOSUMDB=%[1]s go get %[1]s@%[2]s
`, o.Module, o.Version, p.Dir, p.Zip, p.Proxy)
	return nil
}

func terraform(ctx context.Context, o publish.Options) error {
	dir, err := publish.Terraform(ctx, o)
	if err != nil {
		return err
	}
	fmt.Printf(`%[1]s
  has the commit and the tag %[2]s
Try it before you push both, as the source of a module:
  git::file://%[1]s?ref=%[2]s
`, dir, o.Version)
	return nil
}

// buildAndTest runs what needs Go alone, which takes two minutes: the copy differs from the repository by its names.
func buildAndTest(ctx context.Context, dir string) error {
	for _, words := range [][]string{{"go", "build", "./..."}, {"go", "vet", "./..."}, {"make", "test-fast"}} {
		cmd := exec.CommandContext(ctx, words[0], words[1:]...)
		cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w", strings.Join(words, " "), err)
		}
	}
	return nil
}

// committed returns the time of the newest commit, so that equal sources give equal files, or now without Git.
func committed(ctx context.Context, root string) time.Time {
	cmd := exec.CommandContext(ctx, "git", "log", "-1", "--format=%cI")
	cmd.Dir = root
	out, err := cmd.Output()
	if at, parsed := time.Parse(time.RFC3339, strings.TrimSpace(string(out))); err == nil && parsed == nil {
		return at
	}
	return time.Now()
}
