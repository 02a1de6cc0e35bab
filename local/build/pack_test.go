package build

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// folder makes a folder of files, given as alternating names and contents.
func folder(t *testing.T, pairs ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(pairs); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, pairs[i]), []byte(pairs[i+1]), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// pack installs every binary in a folder with its zip, as a build of all functions does.
func pack(t *testing.T, binaries, out string) {
	t.Helper()
	var functions []Function
	for _, name := range names(t, binaries) {
		functions = append(functions, Function{Name: name})
	}
	if err := install(functions, binaries, out, true); err != nil {
		t.Fatal(err)
	}
	if err := removeOthers(functions, out); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, parts ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return all
}

func TestPack(t *testing.T) {
	code := strings.Repeat("code ", 1000)
	out := filepath.Join(t.TempDir(), "out")
	pack(t, folder(t, "audit", code, "sign-up", "other"), out)
	if got, want := names(t, out), []string{"audit", "audit.zip", "sign-up", "sign-up.zip"}; !slices.Equal(got, want) {
		t.Fatalf("out has %v, want %v", got, want)
	}
	info, err := os.Stat(filepath.Join(out, "audit", "bootstrap"))
	if err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("mode %v, error %v: want an executable one", info.Mode(), err)
	}
	if got := read(t, out, "audit", "bootstrap"); string(got) != code {
		t.Error("bootstrap is not the binary")
	}
	packed := read(t, out, "audit.zip")
	archive, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	if len(archive.File) != 1 {
		t.Fatalf("%d files in the archive, want bootstrap alone", len(archive.File))
	}
	file := archive.File[0]
	if file.Name != "bootstrap" || file.Mode() != 0o755 || !file.Modified.Equal(madeAt) || len(packed) >= len(code) {
		t.Errorf("entry %s, mode %v, time %v, %d bytes", file.Name, file.Mode(), file.Modified, len(packed))
	}
	reader, err := file.Open()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(reader); err != nil || string(got) != code {
		t.Errorf("the archive's bootstrap is not the binary (error %v)", err)
	}
}

// Equal binaries give equal archives, whatever their names, times and modes.
func TestPackIsReproducible(t *testing.T) {
	first, second := folder(t, "audit", "code"), folder(t, "audit", "code", "more", "x")
	if err := os.Chtimes(filepath.Join(second, "audit"), time.Time{}, time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(second, "audit"), 0o600); err != nil {
		t.Fatal(err)
	}
	a, b := t.TempDir(), t.TempDir()
	pack(t, first, a)
	pack(t, second, b)
	if !bytes.Equal(read(t, a, "audit.zip"), read(t, b, "audit.zip")) {
		t.Error("equal binaries give different archives")
	}
}

func TestPackReplacesWhatIsThere(t *testing.T) {
	out := t.TempDir()
	pack(t, folder(t, "audit", "first", "gone", "x"), out)
	running, err := os.Open(filepath.Join(out, "audit", "bootstrap"))
	if err != nil {
		t.Fatal(err)
	}
	defer running.Close()
	pack(t, folder(t, "audit", "second, longer"), out)
	if got, want := names(t, out), []string{"audit", "audit.zip"}; !slices.Equal(got, want) {
		t.Errorf("out has %v, want %v", got, want)
	}
	if got := read(t, out, "audit", "bootstrap"); string(got) != "second, longer" {
		t.Errorf("bootstrap is %q", got)
	}
	if got, err := io.ReadAll(running); err != nil || string(got) != "first" {
		t.Errorf("an open old binary reads %q (error %v): files must be replaced, not overwritten", got, err)
	}
	if got := names(t, filepath.Join(out, "audit")); !slices.Equal(got, []string{"bootstrap"}) {
		t.Errorf("left over: %v", got)
	}
}

// A zip that is there holds what bootstrap holds, so that nobody deploys an older one.
func TestWithoutZipsAnOlderOneGoes(t *testing.T) {
	out, functions := t.TempDir(), []Function{{Name: "audit"}}
	pack(t, folder(t, "audit", "code"), out)
	before, err := os.Stat(filepath.Join(out, "audit", "bootstrap"))
	if err != nil {
		t.Fatal(err)
	}
	if err := install(functions, folder(t, "audit", "code"), out, false); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(filepath.Join(out, "audit", "bootstrap"))
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("an equal binary was written again (error %v)", err)
	}
	if got, want := names(t, out), []string{"audit", "audit.zip"}; !slices.Equal(got, want) {
		t.Errorf("out has %v, want %v: the zip is of this binary", got, want)
	}
	if err := install(functions, folder(t, "audit", "newer"), out, false); err != nil {
		t.Fatal(err)
	}
	if got, want := names(t, out), []string{"audit"}; !slices.Equal(got, want) {
		t.Errorf("out has %v, want %v: the zip is of an older binary", got, want)
	}
	if got := read(t, out, "audit", "bootstrap"); string(got) != "newer" {
		t.Errorf("bootstrap is %q", got)
	}
}
