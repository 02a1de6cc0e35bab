package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"cognito-triggers/local/build"
	"cognito-triggers/local/stack/stacktest"
)

// Builds in different folders, at different commits and with different Go settings give the same archives.
func TestZipsAreReproducible(t *testing.T) {
	plain, odd := copyRepository(t), filepath.Join(t.TempDir(), "a folder", "of another name")
	if err := os.MkdirAll(filepath.Dir(odd), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(odd, os.DirFS(plain)); err != nil {
		t.Fatal(err)
	}
	commit(t, odd)
	hostile := filepath.Join(t.TempDir(), "go.env")
	text := "GOFLAGS=-tags=other " +
		"-ldflags=-X=main.a=b\nGOEXPERIMENT=nosuchexperiment\nGOFIPS140=latest\nGOAMD64=v3\nGOARM64=v9.0\nCGO_ENABLED=1\n"
	if err := os.WriteFile(hostile, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	target, err := build.Lambda(runtime.GOARCH)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out")
	if _, err := build.Run(t.Context(), build.Options{ // here, with this machine's settings
		Root: local.Root, Rooms: []string{local.Repository.Triggers, local.Repository.API}, Out: out, Target: target,
		Zips: true,
	}); err != nil {
		t.Fatal(err)
	}
	first := zips(t, out)
	second := buildZips(t, odd, "GOENV="+hostile, "GOFLAGS=-tags=other -gcflags=all=-N -buildvcs=true", "GOAMD64=v2",
		"GOARM64=v8.1",
		"CGO_ENABLED=1", "SOURCE_DATE_EPOCH=1", "TZ=Asia/Seoul", "LANG=ko_KR.UTF-8")
	if len(first) != len(local.Functions) {
		t.Errorf("%d archives, want one for each of %d functions", len(first), len(local.Functions))
	}
	for name, archive := range first {
		if !bytes.Equal(archive, second[name]) {
			t.Errorf("%s has other bytes in another folder with other settings (%d and %d bytes)", name, len(archive),
				len(second[name]))
		}
	}
}

// buildZips runs `make build` and returns the archives.
func buildZips(t *testing.T, root string, environment ...string) map[string][]byte {
	t.Helper()
	if err := stacktest.Make(t.Context(), root, environment, "build", "ARCH="+runtime.GOARCH); err != nil {
		t.Fatal(err)
	}
	return zips(t, filepath.Join(root, "build", runtime.GOARCH))
}

// zips returns the archives in a folder.
func zips(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.zip"))
	if err != nil {
		t.Fatal(err)
	}
	archives := map[string][]byte{}
	for _, file := range files {
		archives[filepath.Base(file)] = []byte(readFile(t, file))
	}
	return archives
}

// commit makes the folder a Git working copy, whose revision Go would record in binaries without -buildvcs=false.
func commit(t *testing.T, dir string) {
	t.Helper()
	for _, args := range [][]string{
		{"init", "--quiet"}, {"add", "--all"},
		{"-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false", "commit", "--quiet",
			"--message", "another commit"},
	} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
			"GIT_DIR="+filepath.Join(dir, ".git"))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}
