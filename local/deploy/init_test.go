package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"cognito-triggers/local/scaffold"
	"cognito-triggers/shared/cognito"
)

// released matches the source of one of this repository's modules at a release.
var released = regexp.MustCompile(`git::https://[^"]*\.git//terraform/([^"?]+)\?ref=[^"]+`)

// What poolctl init writes is a valid, formatted root module for the modules of this checkout.
func TestInitIsValid(t *testing.T) {
	o := options(t)
	dir := t.TempDir()
	made := scaffold.Init{Dir: dir, Module: "example.org/you/app", Hook: cognito.PreSignUp}
	if _, err := scaffold.NewRepository(made); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "toolkit"), os.DirFS(filepath.Join(o.Root, "terraform"))); err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(dir, "terraform")
	terraform := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "terraform", args...)
		cmd.Dir, cmd.Env = root, quiet(os.Environ())
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("terraform %v: %v\n%s", args, err, out)
		}
	}
	terraform("fmt", "-check", "-diff")
	main := filepath.Join(root, "main.tf")
	text, err := os.ReadFile(main)
	if err != nil {
		t.Fatal(err)
	}
	local := released.ReplaceAll(text, []byte("../toolkit/$1"))
	if string(local) == string(text) {
		t.Fatalf("main.tf calls no module of a release:\n%s", text)
	}
	if err := os.WriteFile(main, local, 0o644); err != nil {
		t.Fatal(err)
	}
	init := []string{"init", "-backend=false", "-no-color"}
	if o.PluginDir != "" {
		init = append(init, "-plugin-dir="+o.PluginDir)
	}
	terraform(init...)
	terraform("validate", "-no-color")
}
