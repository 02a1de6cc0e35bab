// Package contract checks the running HTTP API against api/openapi.json. It starts the local stack and lets
// Schemathesis send valid and broken requests. It fails on a 500, and on any status, content type, header or body that
// the document does not define for the operation.
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

// fewest is the minimum number of answered requests for a run to count.
const fewest = 2000

// limit bounds the run of Schemathesis.
const limit = 5 * time.Minute

// Options configure a run.
type Options struct {
	Root     string    // the repository; its functions must be built, see `make test-contract`
	Examples int       // random requests per operation, besides those derived from the document
	Out      io.Writer // gets the report
	Progress io.Writer // gets the output of installing Schemathesis
}

// Run sends the requests and reports how often each operation returned each status. It returns an error if a response
// does not conform to the document, or if too few requests were answered.
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

// checkExamples checks the document's examples against its schemas.
func checkExamples(ctx context.Context, o Options, python string) error {
	out, err := exec.CommandContext(ctx, python, "-I", filepath.Join(o.Root, "lab", "contract", "examples.py"),
		filepath.Join(o.Root, "api", "openapi.json")).CombinedOutput()
	if err != nil {
		return fmt.Errorf("an example in api/openapi.json does not match its schema (%w):\n%s", err, out)
	}
	_, err = o.Out.Write(out)
	return err
}

// test runs Schemathesis, which exits with status 1 if it found something.
func test(ctx context.Context, root, python, url, cases string, examples int, people []string) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(filepath.Dir(python), "schemathesis"), "run",
		filepath.Join(root, "api", "openapi.json"), "--url", url, "--no-color", "--max-examples", fmt.Sprint(examples),
		"--report", "ndjson", "--report-ndjson-path", cases)
	cmd.Dir = filepath.Join(root, "lab", "contract") // where its settings and hooks are
	cmd.Env = append(os.Environ(), "PYTHONPATH="+cmd.Dir, "PYTHONDONTWRITEBYTECODE=1", "PYTHONUTF8=1",
		"HYPOTHESIS_STORAGE_DIRECTORY="+filepath.Join(filepath.Dir(cases), "hypothesis"))
	cmd.Env = append(cmd.Env, people...)
	out, err := cmd.CombinedOutput()
	if err := os.WriteFile(cases+".txt", out, 0o644); err != nil {
		return err
	}
	if err != nil {
		return fmt.Errorf("a response does not conform to api/openapi.json, or Schemathesis failed (%w):\n%s", err, out)
	}
	return nil
}
