package e2e

import (
	"testing"

	"cognito-triggers/local/gotool"
)

// goTool runs a go command with the Makefile's settings in a folder and returns its output.
func goTool(t *testing.T, dir, command string, args ...string) string {
	t.Helper()
	out, err := gotool.Run(t.Context(), dir, command, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
