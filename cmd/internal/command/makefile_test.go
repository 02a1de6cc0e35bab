package command

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cognito-triggers/shared/repository"
)

// runMake runs make in the repository and returns its output.
func runMake(t *testing.T, args ...string) string {
	t.Helper()
	root, err := repository.Root()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "make", args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=", "MAKEOVERRIDES=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("make %q: %v\n%s", args, err, out)
	}
	return string(out)
}

var target = regexp.MustCompile(`(?m)^\.PHONY: ([a-z-]+)$`)

func TestHelpListsEveryTarget(t *testing.T) {
	t.Parallel()
	root, err := repository.Root()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	targets := target.FindAllSubmatch(text, -1)
	if len(targets) < 20 {
		t.Fatalf("found %d targets, want at least 20", len(targets))
	}
	help := runMake(t, "help")
	for _, match := range targets {
		if !regexp.MustCompile(`(?m)^  ` + string(match[1]) + ` +\S`).MatchString(help) {
			t.Errorf("make help does not list %s", match[1])
		}
	}
	headings := []string{"\nUse\n", "\nDevelop\n", "\nTerraform\n", "\nMeasure\n"}
	for i, heading := range headings {
		if at := strings.Index(help, heading); at < 0 || i > 0 && at < strings.Index(help, headings[i-1]) {
			t.Errorf("the heading %q is missing or out of order in\n%s", strings.TrimSpace(heading), help)
		}
	}
}

func TestNewTriggerGetsItsNamesAsTyped(t *testing.T) {
	t.Parallel()
	trace := filepath.Join(t.TempDir(), "ran")
	printer := filepath.Join(t.TempDir(), "poolctl")
	if err := os.WriteFile(printer, []byte("#!/bin/sh\nprintf '<%s>' \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ name, hook string }{
		"plain":           {name: "audit", hook: "post_authentication"},
		"backquotes":      {name: "`touch " + trace + "`", hook: "`touch " + trace + "`"},
		"make's function": {name: "$(shell touch " + trace + ")", hook: "$(shell touch " + trace + ")"},
		"shell's own":     {name: "$(touch " + trace + ")", hook: "$HOME"},
		"quotes":          {name: `a"; touch ` + trace + `; "`, hook: "it's"},
		"nothing":         {},
	} {
		t.Run(name, func(t *testing.T) {
			out := runMake(t, "-o", printer, "new-trigger", "POOLCTL="+printer, "NAME="+c.name, "HOOK="+c.hook)
			if want := fmt.Sprintf("<new-trigger><--name><%s><--hook><%s>", c.name, c.hook); out != want {
				t.Errorf("poolctl got %s, want %s", out, want)
			}
			if _, err := os.Stat(trace); err == nil {
				t.Error("a shell evaluated the name")
			}
		})
	}
}
