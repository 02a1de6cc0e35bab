// Package gotool runs the go command for tests with the settings of the Makefile. Go keeps what it compiled apart by
// settings: with others, a test that builds one small program compiles the standard library and the AWS SDK anew.
package gotool

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Settings are the variables of the Makefile that decide what a build is made of, as NAME=value.
func Settings() []string {
	return []string{
		"CGO_ENABLED=0",
		"GOFLAGS=-mod=readonly -tags=lambda.norpc -trimpath -buildvcs=false",
		"GOEXPERIMENT=regabiargs",
		"GOFIPS140=off",
		"GOAMD64=v1",
		"GOARM64=v8.0",
	}
}

// Run runs a go command, such as "build", in a folder and returns what it printed to standard output. The error holds what
// it printed to standard error.
func Run(ctx context.Context, dir, command string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{command}, args...)...)
	var stdout, stderr strings.Builder
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	cmd.Env = append(os.Environ(), append(Settings(), "GOWORK=off", "GOGC=400")...) // GOGC: as the Makefile compiles
	if err := cmd.Run(); err != nil {
		return stdout.String(), fmt.Errorf("go %s %s: %w\n%s%s", command, strings.Join(args, " "), err, &stdout, &stderr)
	}
	return stdout.String(), nil
}
