// Package gotool runs the go command in tests with the Makefile's settings. Go's build cache depends on the settings:
// with different ones, building one small program recompiles the standard library and the AWS SDK.
package gotool

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"cognito-triggers/local/build"
)

// Settings returns the Makefile's variables that affect builds, as NAME=value.
func Settings() []string { return build.Settings() }

// Run runs a go command, such as "build", in a folder and returns its standard output. The error includes its standard
// error.
func Run(ctx context.Context, dir, command string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{command}, args...)...)
	var stdout, stderr strings.Builder
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	cmd.Env = append(os.Environ(), append(Settings(), "GOWORK=off", "GOGC=400")...) // GOGC as in the Makefile
	if err := cmd.Run(); err != nil {
		return stdout.String(), fmt.Errorf("go %s %s: %w\n%s%s", command, strings.Join(args, " "), err, &stdout, &stderr)
	}
	return stdout.String(), nil
}
