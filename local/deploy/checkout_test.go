package deploy

import (
	"crypto/sha256"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"cognito-triggers/local/stack"
)

// checkout is a copy of the repository that a test may change.
type checkout struct {
	t   *testing.T
	dir string
}

// copyRepository copies the files that `make build` and Terraform read.
func copyRepository(t *testing.T, root string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"Makefile", "go.mod", "go.sum", "api", "cmd", "local", "shared", "terraform",
		"testevents", "triggers"} {
		from, to := filepath.Join(root, name), filepath.Join(dir, name)
		info, err := os.Stat(from)
		switch {
		case os.IsNotExist(err): // the repository has no API
		case err != nil:
			t.Fatal(err)
		case info.IsDir():
			if err := os.CopyFS(to, os.DirFS(from)); err != nil {
				t.Fatal(err)
			}
		default:
			text, err := os.ReadFile(from)
			if err == nil {
				err = os.WriteFile(to, text, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// build rebuilds the zips, for Linux on every machine, since no function runs here.
func (c *checkout) build() {
	c.t.Helper()
	if err := os.RemoveAll(filepath.Join(c.dir, "build", runtime.GOARCH)); err != nil {
		c.t.Fatal(err)
	}
	make := exec.CommandContext(c.t.Context(), "make", "build", "ARCH="+runtime.GOARCH)
	make.Dir = c.dir
	if out, err := make.CombinedOutput(); err != nil {
		c.t.Fatalf("make build: %v\n%s", err, out)
	}
}

// sources returns the checksums of all source files by path.
func (c *checkout) sources() map[string][32]byte {
	c.t.Helper()
	sums := map[string][32]byte{}
	err := fs.WalkDir(os.DirFS(c.dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if path == "build" {
				return fs.SkipDir
			}
			return err
		}
		text, err := os.ReadFile(filepath.Join(c.dir, path))
		sums[path] = sha256.Sum256(text)
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return sums
}

// changer plans and applies the root module of a checkout.
type changer struct {
	*checkout
	s    *stack.Stack
	o    Options
	tf   *terraform
	more map[string]any // further settings
}

func (c *changer) apply() {
	c.t.Helper()
	var err error
	if c.tf, err = newTerraform(c.s, c.o, root{}.module()); err != nil {
		c.t.Fatal(err)
	}
	c.more = map[string]any{}
	c.tf.arguments = demo()
	c.settings(nil)
	if err := c.tf.apply(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	if c.s.Emulator.External {
		c.t.Cleanup(func() { // the emulator outlives this test
			c.more["deletion_protection"] = false
			c.settings(nil)
			if err := c.tf.apply(c.t.Context()); err != nil {
				c.t.Error(err)
			}
			if err := c.tf.destroy(c.t.Context()); err != nil {
				c.t.Error(err)
			}
		})
	}
}

// settings writes the settings for this machine, with the given triggers' settings instead of the repository's.
func (c *changer) settings(triggers map[string]any) {
	c.t.Helper()
	all := settings(c.s, c.o)
	all["zips_path"] = filepath.Join(c.dir, "build", runtime.GOARCH)
	all["deletion_protection"] = true
	maps.Copy(all, c.more)
	if triggers != nil {
		text, err := os.ReadFile(filepath.Join(c.dir, "terraform", "pool.auto.tfvars.json"))
		if err != nil {
			c.t.Fatal(err)
		}
		var pool struct{ Triggers map[string]any }
		if err := json.Unmarshal(text, &pool); err != nil {
			c.t.Fatal(err)
		}
		maps.Copy(pool.Triggers, triggers)
		all["triggers"] = pool.Triggers
	}
	if err := c.tf.write(overrides, all); err != nil {
		c.t.Fatal(err)
	}
}

const planned = "planned.tfplan"

// plan returns the changes of a plan by address.
func (c *changer) plan(t *testing.T, more ...string) map[string]change {
	t.Helper()
	text, err := c.tf.plan(t.Context(), planned, more...)
	if err != nil {
		t.Fatal(err)
	}
	real, _, err := changes(text)
	if err != nil {
		t.Fatal(err)
	}
	byAddress := map[string]change{}
	for _, one := range real {
		byAddress[one.Address] = one
	}
	return byAddress
}

func (c *changer) applyPlan(t *testing.T) {
	t.Helper()
	if err := c.tf.run(t.Context(), "apply", planned); err != nil {
		t.Fatal(err)
	}
}
