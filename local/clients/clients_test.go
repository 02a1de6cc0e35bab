// Package clients tests the built poolctl with third-party clients, which README.md lists. The tests are scripts in
// testdata, the pages of docs/recipes, and web pages in a browser.
package clients

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"cognito-triggers/local/emulator"
	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/shared/repository"
)

var update = flag.Bool("update", false,
	"update the expected output in the scripts")

// installTime bounds the build and the first installation of the clients.
const installTime = 10 * time.Minute

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"golang-jwt": golangJWT})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, newWorkshop(t).params("testdata"))
}

// newWorkshop builds poolctl and installs the clients.
func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), installTime)
	defer cancel()
	root, err := repository.Root()
	if err != nil {
		t.Fatal(err)
	}
	if err := stacktest.Build(ctx, root); err != nil {
		t.Fatal(err)
	}
	w := &workshop{root: root, pools: &sharedPools{local: sharedPool{t: t, root: root}, aws: sharedPool{t: t, root: root}}}
	w.install(ctx, t)
	return w
}

// params returns the parameters for the scripts in a folder.
func (w *workshop) params(dir string) testscript.Params {
	return testscript.Params{
		Dir:                 dir,
		Setup:               w.setup,
		Condition:           w.condition,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"pool": w.pools.use, "await": await},
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	}
}

// workshop is what every script can use: poolctl, a Python with boto3 and the AWS CLI, and, if Node.js is installed,
// the clients for Node.js.
type workshop struct {
	root        string
	python      string // folder of the interpreter and of aws
	nodeModules string // "" without Node.js
	pools       *sharedPools
}

func (w *workshop) install(ctx context.Context, t *testing.T) {
	t.Helper()
	build := filepath.Join(w.root, "build")
	requirements, err := os.ReadFile("requirements.txt")
	if err != nil {
		t.Fatal(err)
	}
	interpreter, err := emulator.Python(ctx, emulator.Options{BuildDir: build, Logs: t.Output()}, requirements)
	if err != nil {
		t.Fatal(err)
	}
	w.python = filepath.Dir(interpreter)
	if err := nodeIsThere(ctx); err != nil {
		if os.Getenv(needNode) != "" {
			t.Fatalf("%s is set, and %v", needNode, err)
		}
		t.Logf("SKIP: the scripts of the JavaScript clients: %v", err)
		return
	}
	if w.nodeModules, err = installNode(ctx, build, "."); err != nil {
		t.Fatal(err)
	}
}

// setup gives a script the programs and dummy credentials; the local pool accepts any.
func (w *workshop) setup(env *testscript.Env) error {
	path := w.python + string(filepath.ListSeparator) + filepath.Join(w.root, "build") + string(filepath.ListSeparator) +
		env.Getenv("PATH")
	for name, value := range map[string]string{
		"PATH": path, "REPOSITORY": w.root, "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": "", "PYTHONUTF8": "1",
	} {
		env.Setenv(name, value)
	}
	if w.nodeModules == "" {
		return nil
	}
	return os.Symlink(w.nodeModules, filepath.Join(env.WorkDir, "node_modules"))
}
