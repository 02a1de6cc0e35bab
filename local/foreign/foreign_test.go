package foreign

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/gotool"
	_ "cognito-triggers/local/outside"
	"cognito-triggers/local/publish"
)

// first is the version in the page, which becomes that of the published copy.
const first = "v0.1.0"

// Bounds of the section on a machine with two cores that does nothing else; only `make foreign` holds them.
const (
	coldBound = 3 * time.Minute
	warmBound = time.Minute
)

// TestYourRepository runs the page's first section for a user whose caches are empty, then all of the page with what
// that left, and the further pages in the same repository.
func TestYourRepository(t *testing.T) {
	if os.Getenv("FOREIGN") == "" {
		t.Skip("it compiles everything anew and holds bounds on time, so it must run alone: make foreign")
	}
	p := publishHere(t)
	dir := folder(t)
	m := machine{modules: filepath.Join(dir, "modules"), compiled: filepath.Join(dir, "compiled")}
	work := ""
	for _, run := range []struct {
		name, only string
		bound      time.Duration
	}{{"cold", section, coldBound}, {"warm", "", warmBound}} {
		work = t.TempDir()
		if took := runPage(t, p, m, work, pagePath, run.only).report(t, run.name); took > run.bound {
			t.Errorf("%s: the section %s took %v, want at most %v", run.name, section, took, run.bound)
		}
	}
	shop := filepath.Join(work, "shop")
	canCompile(t, p, m, shop, "codesealer")
	shareEmulator(t, shop)
	for _, page := range furtherPages(t, p.Dir) {
		t.Run(path.Base(page), func(t *testing.T) {
			if _, err := exec.LookPath("python3"); err != nil {
				t.Skip("the emulator needs Python 3")
			}
			runPage(t, p, m, shop, page, "").report(t, page)
		})
	}
}

// canCompile checks that the go command finds everything for a program that poolctl compiles in the repository; to
// compile it takes a minute and more.
func canCompile(t *testing.T, p published, m machine, repository, program string) {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", publish.Example+"/cmd/"+program)
	list.Dir, list.Env = repository, m.environ(p, t.TempDir())
	if out, err := list.CombinedOutput(); err != nil {
		t.Errorf("%s cannot be compiled in a repository that has poolctl as a tool: %v\n%s", program, err, out)
	}
}

// shareEmulator lets a repository use the emulator that is installed in this repository's build folder.
func shareEmulator(t *testing.T, repository string) {
	t.Helper()
	installed, err := filepath.Abs(filepath.Join("..", "..", "build", "emulator"))
	if err == nil {
		err = os.MkdirAll(installed, 0o755)
	}
	if err == nil {
		err = os.Symlink(installed, filepath.Join(repository, "build", "emulator"))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// folder returns a folder for caches, which is removed with its read-only folders after the test.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "foreign-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { removeAll(t, dir) })
	return dir
}

// published is a published copy, which is a Git repository with a tag for its version, too.
type published struct {
	publish.Published
	version string
}

// publishHere publishes the repository. The version depends on the content: Go keeps an index of each version of a
// module and takes for granted that it never changes.
func publishHere(t *testing.T) published {
	t.Helper()
	o := publish.Options{Root: filepath.Join("..", ".."), Out: t.TempDir(), Module: publish.Example, Version: first}
	p, err := publish.As(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := os.ReadFile(p.Zip)
	if err != nil {
		t.Fatal(err)
	}
	o.Out = t.TempDir() // the proxy serves that version alone
	o.Version = fmt.Sprintf("%s-h%x", first, sha256.Sum256(archive))[:len(first)+14]
	if p, err = publish.As(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"init", "-q"}, {"add", "."},
		{"-c", "user.name=you", "-c", "user.email=you@example.org", "commit", "-qm", o.Version}, {"tag", o.Version},
	} {
		git := exec.CommandContext(t.Context(), "git", args...)
		git.Dir = p.Dir
		if out, err := git.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v\n%s", args, err, out)
		}
	}
	return published{p, o.Version}
}

// A machine is a user's, with Go's own settings.
type machine struct {
	modules  string // GOMODCACHE
	compiled string // GOCACHE
}

func (m machine) environ(p published, home string) []string {
	env := slices.DeleteFunc(os.Environ(), func(setting string) bool {
		name, _, _ := strings.Cut(setting, "=")
		pinned := slices.ContainsFunc(gotool.Settings(), func(s string) bool { return strings.HasPrefix(s, name+"=") })
		return pinned || strings.HasPrefix(name, "AWS_") || strings.HasPrefix(name, "MAKE") || name == "GOGC" ||
			name == "FUNCTIONS_ARE_BUILT"
	})
	usual := os.Getenv("GOPROXY")
	if usual == "" {
		usual = "https://proxy.golang.org,direct"
	}
	env = append(env, "GOPROXY=file://"+filepath.ToSlash(p.Proxy)+","+usual,
		"GONOSUMDB="+publish.Example, "GOMODCACHE="+m.modules, "GOCACHE="+m.compiled, "GOWORK=off", "HOME="+home)
	// Git fetches the published copy from here, and Terraform its providers from where this machine has them.
	env = append(env, "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=url.file://"+filepath.ToSlash(p.Dir)+".insteadOf",
		"GIT_CONFIG_VALUE_0=https://"+publish.Example+".git", "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1")
	return env
}

// providers writes Terraform's settings, with this machine's folder of providers if it has one.
func providers(t *testing.T, home string) string {
	t.Helper()
	dir := os.Getenv("TF_PLUGIN_DIR")
	if dir == "" {
		out, err := exec.CommandContext(t.Context(), filepath.Join("..", "..", ".ci", "terraform"), "plugin-dir").Output()
		if err != nil {
			t.Fatal(err)
		}
		dir = strings.TrimSpace(string(out))
	}
	text := ""
	if dir != "" {
		text = fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(dir))
	}
	path := filepath.Join(home, "terraformrc")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// removeAll removes a folder whose files and folders may be read-only, as those of a module cache are.
func removeAll(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			err = os.Chmod(path, 0o755)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err := errors.Join(err, os.RemoveAll(dir)); err != nil {
		t.Error(err)
	}
}

// A step is one command as it ran.
type step struct {
	command
	took, cpu time.Duration
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

type steps []step

// runPage runs the commands of a page, or of one section unless only is empty, in one shell in the folder work.
func runPage(t *testing.T, p published, m machine, work, page, only string) steps {
	t.Helper()
	home := t.TempDir()
	times := filepath.Join(home, "times")
	commands := slices.DeleteFunc(readPage(t, p.Dir, page), func(c command) bool {
		if only != "" && c.section != only {
			return true
		}
		if c.needs == "" {
			return false
		}
		_, err := exec.LookPath(c.needs)
		if err != nil {
			t.Logf("left out, since %s is not installed: %s", c.needs, c.text)
		}
		return err != nil
	})
	ctx, cancel := context.WithTimeout(t.Context(), 9*time.Minute)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-c", script(commands))
	shell.Dir = work
	shell.Env = append(m.environ(p, home), "TIMES="+times, "TF_CLI_CONFIG_FILE="+providers(t, home))
	shell.Cancel = func() error { return shell.Process.Signal(os.Interrupt) }
	shell.WaitDelay = 10 * time.Second
	out, err := shell.CombinedOutput()
	all := measured(t, commands, times)
	if err != nil {
		all.report(t, "until it failed")
		t.Fatalf("%s: %v\n%s", page, err, out)
	}
	t.Logf("%s", out)
	for _, c := range commands {
		if c.wanted && !strings.Contains(string(out), c.text) {
			t.Errorf("%s says that %q is printed, and it was not", page, c.text)
		}
	}
	return all
}

// script runs commands as a user types them, in one shell, and writes to the file $TIMES how many seconds each took: on
// the clock, and of the processors for the user and the system. Commands in the background end with the shell.
func script(commands []command) string {
	lines := []string{
		"set -eu -o pipefail", `exec 3>"$TIMES" 4>&2`,
		`trap 'status=$?; jobs -p | xargs -r kill 2>/dev/null; wait; exit $status' EXIT`,
	}
	for i, c := range commands {
		if c.wanted {
			continue
		}
		if c.file != "" {
			lines = append(lines, fmt.Sprintf("mkdir -p %q; cat >%q <<'END-OF-FILE'\n%sEND-OF-FILE",
				filepath.ToSlash(filepath.Dir(c.file)), c.file, c.text))
			continue
		}
		// A port of one's own, since other pools may run on this machine.
		run := strings.Replace(c.text, "go tool poolctl run ", "go tool poolctl run --port=0 ", 1)
		lines = append(lines, fmt.Sprintf("printf '%%s\\n' %s", quote("$ "+c.text)),
			fmt.Sprintf("TIMEFORMAT='%d %%R %%U %%S'", i), "{ time {", run, "} 2>&4; } 2>&3")
	}
	return strings.Join(lines, "\n") + "\n"
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func measured(t *testing.T, commands []command, times string) (all steps) {
	t.Helper()
	text, err := os.ReadFile(times)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var at int
		var clock, user, system float64
		if _, err := fmt.Sscan(line, &at, &clock, &user, &system); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		all = append(all, step{command: commands[at], took: seconds(clock), cpu: seconds(user + system)})
	}
	return all
}

// report prints each command with its time and returns the time of the section about the first ten minutes, or of the
// page if it has no such section.
func (all steps) report(t *testing.T, name string) (total time.Duration) {
	t.Helper()
	var table strings.Builder
	var cpu time.Duration
	what, of := section, func(s step) bool { return s.section == section }
	if !slices.ContainsFunc(all, of) {
		what, of = "the page", func(step) bool { return true }
	}
	for _, s := range all {
		if of(s) {
			total, cpu = total+s.took, cpu+s.cpu
		}
		fmt.Fprintf(&table, "%7.1f s %7.1f s CPU  %-12s  %s\n", s.took.Seconds(), s.cpu.Seconds(), s.section,
			strings.ReplaceAll(s.text, "\n", " "))
	}
	t.Logf("%s: %s took %.1f s, and %.1f s of the processors\n%s", name, what, total.Seconds(), cpu.Seconds(), &table)
	return total
}
