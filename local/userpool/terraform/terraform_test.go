// Package terraform tests the local user pool with Terraform's AWS provider, which creates, changes and destroys a pool
// with every setting that it knows. The pool must return what the configuration says; otherwise the next plan would
// show changes.
package terraform

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "cognito-triggers/local/outside"
	"cognito-triggers/local/userpool"
)

// unchanged returns every event unchanged.
type unchanged struct{}

func (unchanged) Invoke(_ context.Context, _ string, event []byte) ([]byte, error) { return event, nil }

func TestLifecycle(t *testing.T) {
	if _, err := exec.LookPath("terraform"); err != nil {
		t.Skip("SKIP: terraform is not installed")
	}
	pool := userpool.Open(userpool.Options{Invoker: unchanged{}})
	server := httptest.NewServer(pool)
	t.Cleanup(server.Close)
	tf := workspace(t, server.URL)

	if out, err := tf.run(tf.initArguments()...); err != nil {
		if os.Getenv("CI") == "" && strings.Contains(out, "Failed to query available provider packages") {
			t.Skip("SKIP: the AWS provider cannot be had: set TF_PLUGIN_DIR to a folder that has it")
		}
		t.Fatal(out)
	}
	for _, settings := range []string{"changed=false", "changed=true"} {
		tf.must("apply", "-auto-approve", "-var", settings)
		tf.must("plan", "-detailed-exitcode", "-var", settings)
	}
	tf.wantRefused("apply", "-auto-approve", "-var", "changed=true", "-var", "refused=true")
	tf.must("destroy", "-auto-approve")
	if left := pool.Store().Pools(); len(left) != 0 {
		t.Errorf("%d pools left", len(left))
	}
}

type terraform struct {
	t           *testing.T
	folder      string
	environment []string
}

// workspace returns a copy of the configuration with an environment that reaches only the local pool, never AWS.
func workspace(t *testing.T, endpoint string) *terraform {
	t.Helper()
	configuration, err := os.ReadFile(filepath.Join("testdata", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	tf := &terraform{t: t, folder: t.TempDir()}
	if err := os.WriteFile(filepath.Join(tf.folder, "main.tf"), configuration, 0o644); err != nil {
		t.Fatal(err)
	}
	ours := func(entry string) bool { return strings.HasPrefix(entry, "AWS_") || strings.HasPrefix(entry, "TF_") }
	tf.environment = append(slices.DeleteFunc(os.Environ(), ours),
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER="+endpoint, "AWS_EC2_METADATA_DISABLED=true", "NO_PROXY=127.0.0.1",
		"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	return tf
}

// initArguments returns arguments that take the provider from TF_PLUGIN_DIR, if set.
func (tf *terraform) initArguments() []string {
	arguments := []string{"init"}
	if folder := os.Getenv("TF_PLUGIN_DIR"); folder != "" {
		arguments = append(arguments, "-plugin-dir="+folder)
	}
	return arguments
}

func (tf *terraform) run(arguments ...string) (string, error) {
	command := exec.CommandContext(tf.t.Context(), "terraform", append(arguments, "-no-color", "-input=false")...)
	command.Dir, command.Env = tf.folder, tf.environment
	out, err := command.CombinedOutput()
	return string(bytes.TrimSpace(out)), err
}

func (tf *terraform) must(arguments ...string) {
	tf.t.Helper()
	if out, err := tf.run(arguments...); err != nil {
		tf.t.Fatalf("terraform %v: %v\n%s", arguments, err, out)
	}
}

// wantRefused uses operations that the pool refuses; the errors must name each one.
func (tf *terraform) wantRefused(arguments ...string) {
	tf.t.Helper()
	out, err := tf.run(arguments...)
	var failed *exec.ExitError
	if !errors.As(err, &failed) {
		tf.t.Fatalf("terraform %v: %v\n%s", arguments, err, out)
	}
	out = strings.Join(strings.Fields(strings.ReplaceAll(out, "│", "")), " ")
	for _, operation := range []string{"SetRiskConfiguration"} {
		if !strings.Contains(out, "the local user pool does not support "+operation) {
			tf.t.Errorf("the error does not name %s:\n%s", operation, out)
		}
	}
}
