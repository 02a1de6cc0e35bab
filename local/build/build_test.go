package build

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const hello = "package main\n\nfunc main() { println(\"hello\") }\n"

// module makes a module with files, given by path.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	if files["go.mod"] == "" {
		write(t, filepath.Join(root, "go.mod"), "module example.org/app\n\ngo 1.26\n")
	}
	for path, text := range files {
		write(t, filepath.Join(root, filepath.FromSlash(path)), text)
	}
	return root
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// options are those of a repository with triggers/ and api/.
func options(root string) Options {
	return Options{
		Root: root, Rooms: []string{filepath.Join(root, "triggers"), filepath.Join(root, "api")},
		Out: filepath.Join(root, "build", Host().Folder()), Target: Host(),
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	root := module(t, map[string]string{
		"triggers/audit/main.go": hello, "api/posts/main.go": hello, "triggers/notes/README.md": "no function",
	})
	o := options(root)
	built, err := Run(t.Context(), o)
	want := []Function{{Name: "audit", Package: "./triggers/audit"}, {Name: "posts", Package: "./api/posts"}}
	if err != nil || !slices.Equal(built, want) {
		t.Fatalf("built %v, error %v; want %v", built, err, want)
	}
	if got, want := names(t, o.Out), []string{"audit", "posts"}; !slices.Equal(got, want) {
		t.Errorf("out has %v, want %v: a local run needs no zip", got, want)
	}

	o.Zips, o.Only = true, []string{"audit", "audit"}
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if got, want := names(t, o.Out), []string{"audit", "audit.zip", "posts"}; !slices.Equal(got, want) {
		t.Errorf("out has %v after a build of one function, want %v", got, want)
	}

	if err := os.RemoveAll(filepath.Join(root, "api")); err != nil {
		t.Fatal(err)
	}
	o.Only = nil
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if got, want := names(t, o.Out), []string{"audit", "audit.zip"}; !slices.Equal(got, want) {
		t.Errorf("out has %v after a function was deleted, want %v", got, want)
	}
}

// A build that fails leaves what is there, and says what the compiler says.
func TestRunRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files map[string]string
		only  []string
		want  string
	}{
		"no function":   {files: map[string]string{"triggers/README.md": "x"}, want: "no function found"},
		"unknown name":  {files: map[string]string{"triggers/audit/main.go": hello}, only: []string{"x"}, want: `named "x"`},
		"one name":      {files: map[string]string{"triggers/a/main.go": hello, "api/a/main.go": hello}, want: "same name"},
		"no program":    {files: map[string]string{"triggers/a/main.go": "package a\n"}, want: "no main packages"},
		"go's own name": {files: map[string]string{"triggers/v2/main.go": hello}, want: "another name"},
		"error": {
			files: map[string]string{"triggers/a/main.go": "package main\n\nfunc main() { missing() }\n"},
			want:  "# example.org/app/triggers/a\ntriggers/a/main.go:3:15: undefined: missing",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := module(t, c.files)
			o := options(root)
			o.Only = c.only
			write(t, filepath.Join(o.Out, "old", "bootstrap"), "old")
			_, err := Run(t.Context(), o)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			var compile *CompileError
			if name == "error" && (!errors.As(err, &compile) || compile.Output != c.want) {
				t.Errorf("error %q, want the compiler's text alone: %q", err, c.want)
			}
			if got := names(t, o.Out); !slices.Equal(got, []string{"old"}) {
				t.Errorf("out has %v, want what was there", got)
			}
		})
	}
}

// The settings of a machine and of a user do not reach the binary.
func TestOwnSettingsChangeNothing(t *testing.T) {
	root := module(t, map[string]string{"triggers/audit/main.go": hello})
	plain, odd := filepath.Join(t.TempDir(), "plain"), filepath.Join(t.TempDir(), "odd")
	target, err := Lambda("amd64")
	if err != nil {
		t.Fatal(err)
	}
	audit := Function{Name: "audit", Package: "./triggers/audit"}
	if err := (Compiler{Dir: root, Target: target}).CompileTo(t.Context(), audit, plain); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(t.TempDir(), "go.env")
	write(t, settings, "GOEXPERIMENT=nosuchexperiment\nGOFIPS140=latest\n")
	for name, value := range map[string]string{
		"GOENV": settings, "GOFLAGS": "-tags=other -gcflags=all=-N", "GOAMD64": "v3", "GOARM64": "v9.0", "CGO_ENABLED": "1",
		"GOOS": "plan9", "GOARCH": "386", "SOURCE_DATE_EPOCH": "1", "GOGC": "50",
	} {
		t.Setenv(name, value)
	}
	if err := (Compiler{Dir: root, Target: target}).CompileTo(t.Context(), audit, odd); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(read(t, plain), read(t, odd)) {
		t.Error("a user's settings change the binary")
	}
}

// What a debugger needs is there only when it is asked for.
func TestDebug(t *testing.T) {
	t.Parallel()
	root, path := module(t, map[string]string{"triggers/audit/main.go": hello}), filepath.Join(t.TempDir(), "debugged")
	audit := Function{Name: "audit", Package: "./triggers/audit"}
	if err := (Compiler{Dir: root, Target: Host(), Debug: true}).CompileTo(t.Context(), audit, path); err != nil {
		t.Fatal(err)
	}
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	flags := ""
	for _, s := range info.Settings {
		if s.Key == "-gcflags" {
			flags = s.Value
		}
		if s.Key == "-ldflags" {
			t.Errorf("linked with %s: the symbols are gone", s.Value)
		}
	}
	if flags != "all=-N -l" {
		t.Errorf("compiled with %q, want code as it is written", flags)
	}
}

func TestCompileEndsWithItsContext(t *testing.T) {
	t.Parallel()
	root, out := module(t, map[string]string{"triggers/audit/main.go": hello}), t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	audit := Function{Name: "audit", Package: "./triggers/audit"}
	err := (Compiler{Dir: root, Target: Host()}).CompileTo(ctx, audit, filepath.Join(out, "bootstrap"))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
	if got := names(t, out); len(got) > 0 {
		t.Errorf("left over: %v", got)
	}
}

func TestTargets(t *testing.T) {
	t.Parallel()
	for arch, name := range map[string]string{"arm64": "arm64", "amd64": "x86_64"} {
		if target, err := Lambda(arch); err != nil || target.OS != "linux" || target.Folder() != arch ||
			target.Architecture() != name {
			t.Errorf("%s: %+v, folder %s, error %v", arch, target, target.Folder(), err)
		}
	}
	for _, arch := range []string{"", "x86_64", "386", "arm64 "} {
		if _, err := Lambda(arch); err == nil || !strings.Contains(err.Error(), "use arm64 or amd64") {
			t.Errorf("%q: error %v", arch, err)
		}
	}
	if got := (Target{OS: "darwin", Arch: "arm64"}).Folder(); got != "darwin-arm64" {
		t.Errorf("a Mac's folder is %s", got)
	}
}
