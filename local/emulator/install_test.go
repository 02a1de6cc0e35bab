package emulator

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// small is one package in the format of requirements.txt.
var small = regexp.MustCompile(`(?m)^six==.*\n(    --hash=.*\n)+`).Find(requirements)

// Three programs at once find an incomplete installation, and one of them redoes it.
func TestInstallationIsMadeOnce(t *testing.T) {
	t.Parallel()
	var out logs
	o := Options{BuildDir: t.TempDir(), Logs: &out}
	py, err := findPython(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	venv := venvFolder(filepath.Join(o.BuildDir, "emulator"), py, small)
	left := filepath.Join(venv, "lib", "half")
	if err := errors.Join(os.MkdirAll(filepath.Dir(left), 0o755), os.WriteFile(left, nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	install := func() {
		interpreter, err := Python(t.Context(), o, small)
		if err != nil {
			t.Error(err)
			return
		}
		if interpreter != filepath.Join(venv, "bin", "python") {
			t.Errorf("the interpreter is %s, want the one in %s", interpreter, venv)
		}
		if output, err := exec.Command(interpreter, "-c", "import six").CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, output)
		}
	}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(install)
	}
	wg.Wait()
	if n := strings.Count(out.String(), "installing"); n != 1 {
		t.Errorf("installed %d times, want once: %s", n, out.String())
	}
	markers, _ := filepath.Glob(filepath.Join(o.BuildDir, "emulator", "venv-*", marker))
	if len(markers) != 1 || filepath.Dir(markers[0]) != venv {
		t.Errorf("finished environments: %v, want %s alone", markers, venv)
	}
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("the incomplete installation is still there: %v", err)
	}
}

// A Python without pip, as Debian's is, gives the environment a pip of its own.
func TestInstallationWithoutPip(t *testing.T) {
	py, err := findPython(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bare := filepath.Join(t.TempDir(), "bare")
	if err := run(t.Context(), nil, py.path, "-I", "-m", "venv", "--without-pip", bare); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Join(bare, "bin"))
	interpreter, err := Python(t.Context(), Options{BuildDir: t.TempDir()}, small)
	if err != nil {
		t.Fatal(err)
	}
	if output, err := exec.Command(interpreter, "-m", "pip", "--version").CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, output)
	}
}

func TestInstallationRefusesOtherFiles(t *testing.T) {
	t.Parallel()
	wrong := regexp.MustCompile(`sha256:[0-9a-f]{64}`).ReplaceAll(small, []byte("sha256:"+strings.Repeat("0", 64)))
	_, err := Python(t.Context(), Options{BuildDir: t.TempDir()}, wrong)
	if err == nil || !strings.Contains(err.Error(), "DO NOT MATCH THE HASHES") {
		t.Errorf("error = %v, want pip's about the hash", err)
	}
}

func TestRequirementsNameNoMachine(t *testing.T) {
	t.Parallel()
	for n, line := range strings.Split(strings.TrimSpace(string(requirements)), "\n") {
		if !regexp.MustCompile(`^(#.*|[a-z0-9-]+==[0-9a-z.]+( ; .*)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?)$`).MatchString(
			line) ||
			strings.ContainsAny(line, "/@") {
			t.Errorf("requirements.txt:%d: %q is neither a pinned package nor its hash", n+1, line)
		}
	}
}

func TestRunTellsWhatWasPrinted(t *testing.T) {
	t.Parallel()
	err := run(t.Context(), nil, "/bin/sh", "-c", "echo no matching distribution >&2; exit 3")
	if err == nil || err.Error() != "exit status 3; it printed:\n\tno matching distribution" {
		t.Errorf("error = %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := run(ctx, nil, "/bin/sh", "-c", "read forever"); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want the context's", err)
	}
}

func TestLockWaitsForItsHolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	held, err := lock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := lock(ctx, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want the lock to be held", err)
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := lock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	_ = again.Close()
}

func TestFindPython(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	const (
		old      = "echo 3.9.18; echo /opt/old; echo venv"
		noVenv   = "echo 3.11.2; echo /usr/bin/python3"
		good     = "echo 3.12.1; echo /opt/good; echo venv"
		shim     = "echo command not found >&2; exit 127"
		notAPath = "exit 0"
	)
	for name, c := range map[string]struct {
		programs map[string]string
		want     string // the interpreter
		fails    string
	}{
		"python3": {programs: map[string]string{"python3": good}, want: "/opt/good"},
		"a newer one next to an old one": {
			programs: map[string]string{"python3": old, "python3.12": good},
			want:     "/opt/good",
		},
		"one with venv next to one without": {
			programs: map[string]string{"python3": noVenv, "python3.12": good},
			want:     "/opt/good",
		},
		"a shim without a Python": {programs: map[string]string{"python3": shim, "python3.10": good}, want: "/opt/good"},
		"none":                    {fails: "there is no python3 on the PATH: install one"},
		"only shims": {
			programs: map[string]string{"python3": shim, "python3.11": notAPath},
			fails:    "there is no python3",
		},
		"too old": {
			programs: map[string]string{"python3": old},
			fails:    "3.10 or newer, but python3 is Python 3.9.18: install one",
		},
		"no venv": {
			programs: map[string]string{"python3": noVenv},
			fails:    "python3 (Python 3.11.2) cannot make virtual environments: install its venv module",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for program, script := range c.programs {
				if err := os.WriteFile(filepath.Join(dir, program), []byte("#!"+shell+"\n"+script+"\n"), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("PATH", dir)
			got, err := findPython(t.Context())
			if got.path != c.want || (err == nil) != (c.fails == "") || (err != nil && !strings.Contains(err.Error(), c.fails)) {
				t.Errorf("findPython = %+v, %v; want %q %q", got, err, c.want, c.fails)
			}
		})
	}
}
