package gotool

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var exported = regexp.MustCompile(`(?m)^export ([A-Z0-9_]+) := (.*)$`)

// If one setting differs, a fresh clone compiles for a minute longer.
func TestSettingsAreTheMakefiles(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, found := range exported.FindAllStringSubmatch(string(text), -1) {
		want = append(want, found[1]+"="+found[2])
	}
	if got := Settings(); !slices.Equal(got, want) {
		t.Errorf("settings\n%q\nwant the Makefile's\n%q", got, want)
	}
}

func TestRun(t *testing.T) {
	t.Setenv("GOFLAGS", "-tags=other") // the caller's settings are ignored
	t.Setenv("CGO_ENABLED", "1")
	got, err := Run(t.Context(), ".", "env", "GOFLAGS", "CGO_ENABLED")
	if want := "-mod=readonly -tags=lambda.norpc -trimpath -buildvcs=false\n0\n"; err != nil || got != want {
		t.Errorf("got %q, error %v; want %q", got, err, want)
	}
	_, err = Run(t.Context(), ".", "vet", "./nowhere")
	if err == nil || !strings.Contains(err.Error(), "go vet ./nowhere: exit status 1") ||
		!strings.Contains(err.Error(), "directory not found") {
		t.Errorf("error %v, want one that has the command and what it printed", err)
	}
}
