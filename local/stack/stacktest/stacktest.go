// Package stacktest runs a package's tests on the compiled functions: it builds them, starts one stack for all of the
// package's tests, and checks that nothing is left running at the end.
//
//	var local *stack.Stack
//
//	func TestMain(m *testing.M) { stacktest.Main(m, &local, nil) }
package stacktest

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/stack"
	"cognito-triggers/shared/repository"
)

// built is the variable by which `make test` says that the functions have just been compiled.
const built = "FUNCTIONS_ARE_BUILT"

// startTime bounds build and start together, including the first installation of the emulator.
const startTime = 10 * time.Minute

// Main runs the package's tests with a stack in *into, whose output goes to logs, and exits. It starts no stack if
// tests are only listed.
func Main(m *testing.M, into **stack.Stack, logs io.Writer) {
	flag.Parse()
	if flag.Lookup("test.list").Value.String() != "" {
		os.Exit(m.Run())
	}
	code, err := run(m, into, logs)
	if err != nil {
		fmt.Fprintln(os.Stderr, "FAIL:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

func run(m *testing.M, into **stack.Stack, logs io.Writer) (code int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	root, err := repository.Root()
	if err != nil {
		return 1, err
	}
	if err := Build(ctx, root); err != nil {
		return 1, err
	}
	if *into, err = stack.Start(ctx, stack.Options{Root: root, Logs: logs}); err != nil {
		return 1, fmt.Errorf("start the local stack: %w", err)
	}
	code = m.Run()
	return code, errors.Join((*into).Close(), gone(*into))
}

// gone returns an error if the emulator still listens.
func gone(s *stack.Stack) error {
	if s.Emulator == nil {
		return nil
	}
	endpoint, err := url.Parse(s.Emulator.Endpoint)
	if err != nil || s.Emulator.External {
		return err
	}
	conn, err := net.DialTimeout("tcp", endpoint.Host, time.Second)
	if err != nil {
		return nil
	}
	return errors.Join(fmt.Errorf("the emulator at %s is still running", endpoint.Host), conn.Close())
}

// Build compiles the functions in a copy of the repository for this machine, unless `make test` has done so.
func Build(ctx context.Context, root string) error {
	if os.Getenv(built) != "" {
		return nil
	}
	return Make(ctx, root, nil, "build-local")
}

// Make runs make targets in a copy of the repository, with extra environment variables. The error includes the output.
func Make(ctx context.Context, root string, environment []string, targets ...string) error {
	cmd := exec.CommandContext(ctx, "make", targets...)
	cmd.Dir = root
	cmd.Env = append(WithoutMake(os.Environ()), environment...)
	out, err := cmd.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("these tests run the compiled functions, and make is not installed to build them: %w", err)
	}
	if err != nil {
		return fmt.Errorf("these tests run the compiled functions, and `make %s` in %s failed: %w\n%s",
			strings.Join(targets, " "), root, err, out)
	}
	return nil
}

// WithoutMake removes the variables by which an outer make would affect an inner one.
func WithoutMake(environment []string) []string {
	var rest []string
	for _, entry := range environment {
		name, _, _ := strings.Cut(entry, "=")
		switch name {
		case "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", built:
		default:
			rest = append(rest, entry)
		}
	}
	return rest
}

// Settings returns the pool settings that local runs of a repository have, by variable: those of local.tfvars.json laid
// over the others.
func Settings(repo repository.Repository) (map[string]any, error) {
	all := map[string]any{}
	for _, path := range []string{repo.Settings, repo.Local} {
		text, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(text, &all) // member by member
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
