package clients

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// block is a fenced code block of a page.
type block struct{ info, text string }

var fence = regexp.MustCompile("(?ms)^```([a-z]+(?: [a-z]+)*)\n(.*?)^```$")

func blocksOf(page string) (all []block) {
	for _, match := range fence.FindAllStringSubmatch(page, -1) {
		all = append(all, block{info: match[1], text: match[2]})
	}
	return all
}

// named matches a block's first line if it is a comment with just a file name: the block is written to that file.
var named = regexp.MustCompile(`^(?:#|//) ([a-z_]+\.[a-z]+)\n`)

// options matches the flags of a page's pool.
var options = regexp.MustCompile(`<!-- pool: (.*) -->`)

// script converts a page to a script: it runs all sh blocks in one shell, in order, then looks for each line of the
// text blocks in the output. Without Node.js it leaves out the blocks that need it and their output.
func script(prelude, page string, node bool) string {
	run, files, wants := "set -eu -o pipefail\n"+prelude, "", ""
	skipped := false
	for _, b := range blocksOf(page) {
		name := named.FindStringSubmatch(b.text)
		switch {
		case name != nil:
			files += "-- " + name[1] + " --\n" + b.text
		case b.info == "sh" || b.info == "sh node":
			if skipped = b.info == "sh node" && !node; !skipped {
				run += b.text
			}
		case b.info == "text" && !skipped:
			for line := range strings.Lines(b.text) {
				wants += "stdout '^" + strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSuffix(line, "\n")), "'", "''") + "$'\n"
			}
		}
	}
	pool := "pool"
	if found := options.FindStringSubmatch(page); found != nil {
		pool += " " + found[1]
	}
	return fmt.Sprintf("%s\nmkdir build\ncp local.json build/local.json\nexec bash recipe.sh\n%s\n-- recipe.sh --\n%s%s",
		pool, wants, run, files)
}

// TestRecipes runs the pages of docs/recipes. Those for a repository of one's own are run by package local/foreign.
func TestRecipes(t *testing.T) {
	w := newWorkshop(t)
	pages, err := filepath.Glob(filepath.Join(w.root, "docs", "recipes", "*.md"))
	if err != nil || len(pages) < 2 {
		t.Fatalf("pages %v, error %v", pages, err)
	}
	prelude, scripts := "", map[string]string{}
	for _, path := range pages {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\n<!-- repository: your own -->\n") {
			continue
		}
		if name := strings.TrimSuffix(filepath.Base(path), ".md"); name != "README" {
			scripts[name] = string(text)
			continue
		}
		for _, b := range blocksOf(string(text)) {
			prelude += b.text
		}
	}
	dir := t.TempDir()
	for name, page := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name+".txtar"), []byte(script(prelude, page, w.nodeModules != "")),
			0o644); err != nil {
			t.Fatal(err)
		}
	}
	params := w.params(dir)
	params.Setup = func(env *testscript.Env) error {
		env.Setenv("CGO_ENABLED", "0")
		// as in the Makefile, so that nothing is compiled twice
		env.Setenv("GOFLAGS", "-mod=readonly -tags=lambda.norpc -trimpath -buildvcs=false")
		for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH"} {
			value, err := exec.Command("go", "env", name).Output()
			if err != nil {
				return err
			}
			env.Setenv(name, strings.TrimSpace(string(value)))
		}
		return w.setup(env)
	}
	testscript.Run(t, params)
}

func TestScriptOfAPage(t *testing.T) {
	page := "<!-- pool: --issuer=aws -->\n```python\n# a.py\nprint('it''s')\n```\ntext\n```sh\npython " +
		"a.py\n```\n```text\nit's (1)\n```\n```sh node\nnode b.mjs\n```\n```text\nb\n```\n```console\nrm -rf /\n```\n"
	want := "pool --issuer=aws\nmkdir build\ncp local.json build/local.json\nexec bash recipe.sh\nstdout '^it''s " +
		"\\(1\\)$'\n\n-- recipe.sh --\nset -eu -o pipefail\nexport A=1\npython a.py\n-- a.py --\n# a.py\nprint('it''s')\n"
	if got := script("export A=1\n", page, false); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
