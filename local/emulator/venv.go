package emulator

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed requirements.txt
var requirements []byte

// oldest is the first Python that ministack runs on.
const oldest = "3.10"

const checkVersion = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2]); sys.exit(sys.version_info < (3, 10))"

// environment makes the virtual environment once and returns its python. Programs that come at the same time wait for
// the first one; one that died half-way is made anew.
func environment(ctx context.Context, o Options) (string, error) {
	return Environment(ctx, o, requirements)
}

// Environment makes a virtual environment of pinned requirements under the build folder and returns its python. It is
// made once for each text of the requirements.
func Environment(ctx context.Context, o Options, requirements []byte) (string, error) {
	sum := sha256.Sum256(requirements)
	base, err := filepath.Abs(filepath.Join(o.BuildDir, "emulator"))
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(base, 0o755); err != nil {
		return "", err
	}
	venv := filepath.Join(base, "venv-"+hex.EncodeToString(sum[:6]))
	python := filepath.Join(venv, "bin", "python3")
	unlock, err := lock(venv + ".lock")
	if err != nil {
		return "", err
	}
	defer unlock()
	complete := filepath.Join(venv, ".complete")
	if _, err := os.Stat(complete); err == nil {
		return python, nil
	}
	if err := os.RemoveAll(venv); err != nil {
		return "", err
	}
	if err := create(ctx, o, venv, requirements); err != nil {
		return "", err
	}
	return python, os.WriteFile(complete, nil, 0o644)
}

func create(ctx context.Context, o Options, venv string, requirements []byte) error {
	system, err := systemPython(ctx)
	if err != nil {
		return err
	}
	if err := run(ctx, o, "make a virtual environment (on Debian: apt-get install python3-venv)", system, "-m", "venv", venv); err != nil {
		return err
	}
	list := filepath.Join(venv, "requirements.txt")
	if err := os.WriteFile(list, requirements, 0o644); err != nil {
		return err
	}
	return run(ctx, o, "install the pinned packages from PyPI", filepath.Join(venv, "bin", "python3"),
		"-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--requirement", list)
}

func systemPython(ctx context.Context) (string, error) {
	python, err := exec.LookPath("python3")
	if err != nil {
		return "", fmt.Errorf("python3 is missing: install Python %s or newer, or set AWS_ENDPOINT_URL to an emulator of your own", oldest)
	}
	out, err := exec.CommandContext(ctx, python, "-c", checkVersion).CombinedOutput()
	if err == nil {
		return python, nil
	}
	if found := strings.TrimSpace(string(out)); !strings.Contains(found, "\n") && found != "" {
		return "", fmt.Errorf("python3 is %s: the emulator needs Python %s or newer, or set AWS_ENDPOINT_URL to an emulator of your own", found, oldest)
	}
	return "", errors.New("python3 lacks the venv module: install it (on Debian: apt-get install python3-venv), or set AWS_ENDPOINT_URL to an emulator of your own")
}

// run runs a step of the preparation with the person's own environment: pip's proxy and certificates are set there.
func run(ctx context.Context, o Options, what, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	out, err := cmd.CombinedOutput()
	if o.Logs != nil {
		_, _ = o.Logs.Write(out)
	}
	if err != nil {
		return fmt.Errorf("cannot %s: %w\n%s", what, err, out)
	}
	return nil
}
