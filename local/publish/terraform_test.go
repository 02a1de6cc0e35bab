package publish

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// modules are the Terraform modules of a repository, with what stays behind.
var modules = map[string]string{
	"terraform/main.tf": `triggers_path = "${path.module}/../triggers"` + "\n",
	"terraform/code.tf": "locals {\n  built     = \"${path.module}/../build/${x}\"\n" +
		"  zips_path = local.built\n}\n",
	"terraform/README.md": "[a](modules/a/README.md#x) [all](modules/a) [b](../docs/b.md#y) " +
		"[c](https://example.org)\n",
	"terraform/pool.auto.tfvars.json":         "{}",
	"terraform/tests/root.tftest.hcl":         "",
	"terraform/tools/docs.py":                 "",
	"terraform/modules/a/main.tf":             `module "b" { source = "../b" }` + "\n",
	"terraform/modules/a/README.md":           "[b](../../README.md) [d](../../../docs/b.md)\n",
	"terraform/modules/a/tests/fixtures/x.tf": "",
	"terraform/examples/one/main.tf": "source = \"../../modules/a\"\nzips = \"${path.module}/../../../build/arm64\"\n" +
		"in = \"${path.module}/../../..\"\n",
	"triggers/check/function.json":                "{}",
	"triggers/check/rules.json":                   "{}",
	"triggers/check/main.go":                      "package main\n",
	"triggers/check/testdata/golden/nothing.json": "{}",
	"api/posts/function.json":                     "{}",
	"docs/b.md":                                   "",
}

// identity makes an empty repository at dir, so that commits need no settings of this machine.
func identity(t *testing.T, dir string) {
	t.Helper()
	git(t, ".", "init", "--quiet", "--initial-branch=main", dir)
	git(t, dir, "config", "user.name", "Ines")
	git(t, dir, "config", "user.email", "ines@example.org")
}

func git(t *testing.T, dir string, words ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", words...)
	cmd.Dir = dir
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", words, err, text)
	}
	return string(text)
}

func TestTerraformLayout(t *testing.T) {
	t.Parallel()
	root, out := repository(t, modules), t.TempDir()
	dir := filepath.Join(out, "terraform-aws-pool")
	identity(t, dir)
	o := Options{Root: root, Out: out, Module: "example.com/acme/pool/v2", Version: "v2.1.0", Time: time.Unix(0, 0)}
	if got, err := Terraform(t.Context(), o); err != nil || got != dir {
		t.Fatalf("%s, error %v", got, err)
	}
	want := []string{"LICENSE", "README.md", "api/posts/function.json", "code.tf", "examples/one/main.tf", "main.tf",
		"modules/a/README.md", "modules/a/main.tf", "triggers/check/function.json", "triggers/check/rules.json"}
	if got := strings.Fields(git(t, dir, "ls-tree", "-r", "--name-only", "v2.1.0")); !slices.Equal(got, want) {
		t.Errorf("it has %v, want %v", got, want)
	}
	const source = "https://example.com/acme/pool/blob/v2.1.0/"
	for name, text := range map[string]string{
		"main.tf": `triggers_path = "${path.module}/triggers"`,
		"code.tf": "locals {\n  built     = null # this repository has no zips\n  zips_path = local.built\n}",
		"README.md": "[a](modules/a/README.md#x) [all](modules/a) [b](" + source + "docs/b.md#y) " +
			"[c](https://example.org)",
		"modules/a/main.tf":   `module "b" { source = "../b" }`,
		"modules/a/README.md": "[b](../../README.md) [d](" + source + "docs/b.md)",
		"examples/one/main.tf": "source = \"../../modules/a\"\nzips = \"${path.module}/../../build/arm64\"\n" +
			"in = \"${path.module}/../..\"",
	} {
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil || strings.TrimSpace(string(got)) != text {
			t.Errorf("%s is\n%s\nwant\n%s\nerror %v", name, got, text, err)
		}
	}
}

// A version stays what it is, and a further one has the files of its own time.
func TestTerraformVersions(t *testing.T) {
	t.Parallel()
	root, out := repository(t, modules), t.TempDir()
	dir := filepath.Join(out, "terraform-aws-pool")
	identity(t, dir)
	o := Options{Root: root, Out: out, Module: "example.com/acme/pool", Version: "v0.1.0", Time: time.Unix(0, 0)}
	if _, err := Terraform(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if _, err := Terraform(t.Context(), o); err == nil ||
		!strings.Contains(err.Error(), "has the version v0.1.0 already") {
		t.Errorf("the same version again: error %v", err)
	}
	if err := os.Remove(filepath.Join(root, "terraform", "main.tf")); err != nil {
		t.Fatal(err)
	}
	o.Version = "v0.2.0"
	if _, err := Terraform(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "main.tf")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("main.tf is still there: error %v", err)
	}
	git(t, dir, "cat-file", "-e", "v0.1.0:main.tf")
	if got := strings.Fields(git(t, dir, "tag")); !slices.Equal(got, []string{"v0.1.0", "v0.2.0"}) {
		t.Errorf("tags %v", got)
	}
}

func TestTerraformRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code, version, want string
	}{
		"no version":   {code: modules["terraform/code.tf"], want: "VERSION is not set"},
		"no built":     {code: "locals {}\n", version: "v0.1.0", want: "terraform/code.tf has no line with built"},
		"failed check": {code: modules["terraform/code.tf"], version: "v0.1.0", want: "does not pass its checks: no"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root, out := repository(t, modules), t.TempDir()
			if err := os.WriteFile(filepath.Join(root, "terraform", "code.tf"), []byte(c.code), 0o644); err != nil {
				t.Fatal(err)
			}
			identity(t, filepath.Join(out, "terraform-aws-pool"))
			_, err := Terraform(t.Context(), Options{
				Root: root, Out: out, Module: "example.com/acme/pool", Version: c.version,
				Check: func(context.Context, string) error { return errors.New("no") },
			})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}
