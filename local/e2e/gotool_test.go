package e2e

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"cognito-triggers/local/stack/stacktest"
)

// lambdaFlags are those that the Makefile compiles with; with them nothing is compiled twice.
var lambdaFlags = []string{"-tags", "lambda.norpc", "-trimpath", "-buildvcs=false"}

// goTool runs a go command with the Makefile's flags in a folder and returns what it prints.
func goTool(t *testing.T, dir, command string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", append(append([]string{command}, lambdaFlags...), args...)...)
	cmd.Dir = dir
	cmd.Env = append(stacktest.WithoutMake(os.Environ()), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s %s: %v\n%s", command, strings.Join(args, " "), err, out)
	}
	return string(out)
}
