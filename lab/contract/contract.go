// Package contract holds the running HTTP API against its document: it starts the local stack, and has Schemathesis
// make requests of api/openapi.json, good ones and broken ones, and look at each answer. It fails where an answer is a
// 500, or has a status, type, header or body that the document does not have for that operation.
//
// See https://schemathesis.readthedocs.io
package contract

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"cognito-triggers/local/emulator"
	"cognito-triggers/local/stack"
)

//go:embed requirements.txt
var requirements []byte

// fewest is how many requests must have been answered: a run that tests next to nothing would find nothing.
const fewest = 2000

// limit bounds the run of Schemathesis.
const limit = 5 * time.Minute

// Options are what a run needs.
type Options struct {
	Root     string    // the repository; its functions must be built, see `make test-contract`
	Examples int       // random requests for each operation, beside those that are derived from the document
	Out      io.Writer // gets the report
	Progress io.Writer // gets what the installation of Schemathesis prints
}

// Run makes the requests and reports how often each operation gave each status. It returns an error where an answer is
// not as the document says, and where too few were answered to tell.
func Run(ctx context.Context, o Options) (err error) {
	root := o.Root
	build := filepath.Join(root, "build")
	own := filepath.Join(build, "contract")
	if err := os.MkdirAll(own, 0o755); err != nil {
		return err
	}
	python, err := emulator.Python(ctx, emulator.Options{BuildDir: build, Logs: o.Progress}, requirements)
	if err != nil {
		return err
	}
	if err := checkExamples(ctx, o, python); err != nil {
		return err
	}
	logs, err := os.Create(filepath.Join(own, "run.log"))
	if err != nil {
		return err
	}
	defer logs.Close()
	s, err := stack.Start(ctx, stack.Options{Root: root, Logs: logs})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	people, err := populate(ctx, s)
	if err != nil {
		return err
	}
	began := time.Now()
	cases := filepath.Join(own, "cases.ndjson")
	found := test(ctx, root, python, s.APIEndpoint, cases, o.Examples, people)
	return errors.Join(found, report(o.Out, cases, time.Since(began), found == nil))
}

// checkExamples holds the document's examples against its own schemas.
func checkExamples(ctx context.Context, o Options, python string) error {
	out, err := exec.CommandContext(ctx, python, "-I", filepath.Join(o.Root, "lab", "contract", "examples.py"),
		filepath.Join(o.Root, "api", "openapi.json")).CombinedOutput()
	if err != nil {
		return fmt.Errorf("an example of api/openapi.json is not as its schema says (%w):\n%s", err, out)
	}
	_, err = o.Out.Write(out)
	return err
}

// test runs Schemathesis, whose exit status is 1 where it found something.
func test(ctx context.Context, root, python, url, cases string, examples int, people []string) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(filepath.Dir(python), "schemathesis"), "run",
		filepath.Join(root, "api", "openapi.json"), "--url", url, "--no-color", "--max-examples", fmt.Sprint(examples),
		"--report", "ndjson", "--report-ndjson-path", cases)
	cmd.Dir = filepath.Join(root, "lab", "contract") // of its settings and hooks
	cmd.Env = append(os.Environ(), "PYTHONPATH="+cmd.Dir, "PYTHONDONTWRITEBYTECODE=1", "PYTHONUTF8=1",
		"HYPOTHESIS_STORAGE_DIRECTORY="+filepath.Join(filepath.Dir(cases), "hypothesis"))
	cmd.Env = append(cmd.Env, people...)
	out, err := cmd.CombinedOutput()
	if err := os.WriteFile(cases+".txt", out, 0o644); err != nil {
		return err
	}
	if err != nil {
		return fmt.Errorf("an answer is not as api/openapi.json says, or Schemathesis failed (%w):\n%s", err, out)
	}
	return nil
}
