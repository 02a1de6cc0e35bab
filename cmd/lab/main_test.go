package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const asCommand = "LAB_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestArguments(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args           []string
		code           int
		stdout, stderr string
	}{
		"nothing":          {args: nil, code: 0, stdout: "usage: lab COMMAND"},
		"help":             {args: []string{"help"}, code: 0, stdout: "  bench-pool "},
		"-h":               {args: []string{"-h"}, code: 0, stdout: "  contract "},
		"unknown":          {args: []string{"run"}, code: 1, stderr: `lab: unknown command "run"`},
		"a command's help": {args: []string{"soak", "-h"}, code: 0, stderr: "-concurrency"},
		"an unknown flag": {
			args:   []string{"soak", "--people", "1"},
			code:   1,
			stderr: "flag provided but not defined: -people",
		},
		"no rounds":            {args: []string{"bench", "--rounds", "0"}, code: 1, stderr: "must be at least 1"},
		"no flows":             {args: []string{"bench-pool", "--flows", "0"}, code: 1, stderr: "must be at least 1"},
		"no requests":          {args: []string{"bench-api", "--requests", "0"}, code: 1, stderr: "must be at least 1"},
		"no edits":             {args: []string{"bench-loop", "--edits", "0"}, code: 1, stderr: "must be at least 1"},
		"no examples":          {args: []string{"contract", "--examples", "0"}, code: 1, stderr: "must be at least 1"},
		"bench elsewhere":      {args: []string{"bench"}, code: 1, stderr: "run this inside a repository"},
		"bench-pool elsewhere": {args: []string{"bench-pool"}, code: 1, stderr: "run this inside a repository"},
		"bench-loop elsewhere": {args: []string{"bench-loop"}, code: 1, stderr: "run this inside a repository"},
		"bench-api elsewhere":  {args: []string{"bench-api"}, code: 1, stderr: "run this inside a repository"},
		"soak elsewhere":       {args: []string{"soak"}, code: 1, stderr: "run this inside a repository"},
		"contract elsewhere":   {args: []string{"contract"}, code: 1, stderr: "run this inside a repository"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			var stdout, stderr bytes.Buffer
			cmd := exec.CommandContext(t.Context(), self, c.args...)
			cmd.Dir, cmd.Stdout, cmd.Stderr = t.TempDir(), &stdout, &stderr
			// or the race detector delays the exit by a second
			cmd.Env = append(os.Environ(), asCommand+"=1", "GORACE=atexit_sleep_ms=0")
			var exit *exec.ExitError
			if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if code := cmd.ProcessState.ExitCode(); code != c.code || !strings.Contains(stdout.String(), c.stdout) ||
				!strings.Contains(stderr.String(), c.stderr) {
				t.Errorf("exit status %d, want %d\nstandard output, want %q:\n%s\nstandard error, want %q:\n%s",
					code, c.code, c.stdout, &stdout, c.stderr, &stderr)
			}
		})
	}
}
