// Package hint words the commands that messages tell the user to type, in the way this program was called: as
// build/poolctl or poolctl, through `go tool` or `go run`, or by make.
package hint

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"cognito-triggers/local/toolkit"
)

// ByMake is the variable by which the Makefile says that it calls, so that hints name its targets.
const ByMake = "POOLCTL_CALLED_BY_MAKE"

const program = "poolctl"

// caller is what a hint depends on.
type caller struct {
	arg0    string // as the program was called
	byMake  bool
	module  string // the toolkit's
	version string // the toolkit's, "" in a checkout of it
	gomod   string // the text of the nearest go.mod, for the tools in it
}

func current() caller {
	return caller{
		arg0: os.Args[0], byMake: os.Getenv(ByMake) != "", module: toolkit.Module(), version: toolkit.Version(),
		gomod: nearest("go.mod"),
	}
}

// Poolctl returns poolctl with arguments, for example `go tool poolctl inbox`.
func Poolctl(args ...string) string { return current().poolctl(args) }

// InFiles returns poolctl with arguments for files of a module's repository, which everybody reads, however this
// program was called: the toolkit's checkout compiles it, and other modules have it as a tool.
func InFiles(module string, args ...string) string {
	name := "go tool " + program
	if module == toolkit.Module() {
		name = "build/" + program
	}
	return strings.Join(append([]string{name}, args...), " ")
}

// Run returns the command that starts a local pool, with flags such as --port=9231: `make run PORT=9231` or
// `go tool poolctl run --port=9231`.
func Run(flags ...string) string { return current().run(flags) }

// BuildLocal returns the command that compiles the functions for this machine.
func BuildLocal() string { return current().target("build-local", "build", "--local") }

// Target returns a make target if make called this program, and poolctl with arguments otherwise.
func Target(target string, args ...string) string { return current().target(target, args...) }

// Option returns the name of an option: NAME for make, --name otherwise.
func Option(name string) string { return current().option(name) }

func (c caller) option(name string) string {
	if c.byMake {
		return strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	}
	return "--" + name
}

func (c caller) target(target string, args ...string) string {
	if c.byMake {
		return "make " + target
	}
	return c.poolctl(args)
}

func (c caller) run(flags []string) string {
	if !c.byMake {
		return c.poolctl(append([]string{"run"}, flags...))
	}
	words := []string{"make run"}
	for _, flag := range flags {
		name, value, _ := strings.Cut(strings.TrimPrefix(flag, "--"), "=")
		name = c.option(name)
		switch value {
		case "", "true":
			value = "1"
		case "false":
			value = "0"
		}
		words = append(words, name+"="+value)
	}
	return strings.Join(words, " ")
}

// cached matches the paths of what go run and go tool compile: a temporary folder at first, later the build cache.
var cached = regexp.MustCompile(`/go-build[0-9]*/b[0-9]+/exe/[^/]+$|/[0-9a-f]{64}-d/[^/]+$`)

func (c caller) poolctl(args []string) string {
	path := c.module + "/cmd/" + program
	name := c.arg0
	switch base := strings.TrimSuffix(filepath.Base(c.arg0), ".exe"); {
	case base != program: // another program of the repository, or a test
		name = program
	case !cached.MatchString(filepath.ToSlash(c.arg0)):
	case c.version == "":
		name = "go run ./cmd/" + program
	case regexp.MustCompile(`(?m)^\s*(tool\s+)?` + regexp.QuoteMeta(path) + `\s*(//.*)?$`).MatchString(c.gomod):
		name = "go tool " + program
	default:
		name = "go run " + path + "@" + c.version
	}
	return strings.Join(append([]string{name}, args...), " ")
}

// nearest returns the text of a file in the working directory or the nearest folder above that has it, or "".
func nearest(name string) string {
	dir, err := os.Getwd()
	for err == nil {
		text, missing := os.ReadFile(filepath.Join(dir, name))
		if missing == nil {
			return string(text)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		dir = parent
	}
	return ""
}
