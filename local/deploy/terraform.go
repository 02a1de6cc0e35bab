package deploy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"cognito-triggers/local/stack"
)

// overrides is the file of settings that only hold on this machine.
const overrides = "local.tfvars.json"

// terraform runs in a copy of the repository's, so that neither state nor downloads land among the sources.
type terraform struct {
	dir         string // of the copy
	environment []string
	plugins     string
	logs        io.Writer
}

func newTerraform(s *stack.Stack, o Options) (*terraform, error) {
	build := filepath.Join(o.Root, "build", "deploy-local")
	if err := os.MkdirAll(build, 0o755); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(build, "")
	if err != nil {
		return nil, err
	}
	tf := &terraform{dir: dir, plugins: o.PluginDir, logs: o.Logs, environment: environment(s)}
	if err := errors.Join(os.CopyFS(filepath.Join(dir, "terraform"), os.DirFS(filepath.Join(o.Root, "terraform"))), tf.override(s, o)); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return tf, nil
}

// environment points the AWS provider at this machine, whatever the user's own says.
func environment(s *stack.Stack) []string {
	var env []string
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		lostConfig := name == "TF_CLI_CONFIG_FILE" && !exists(value) // Terraform warns of it at every command
		if !strings.HasPrefix(name, "AWS_") && !strings.HasPrefix(name, "TF_VAR_") && !lostConfig {
			env = append(env, entry)
		}
	}
	for name, value := range s.Environment() {
		if strings.HasPrefix(name, "AWS_") {
			env = append(env, name+"="+value)
		}
	}
	return append(env, "AWS_EC2_METADATA_DISABLED=true", "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// override writes what differs from a deployment to AWS: where things are, and that they may be destroyed again.
func (tf *terraform) override(s *stack.Stack, o Options) error {
	everywhere := map[string]string{"LOG_LEVEL": "info"} // the emulator's own would reach the functions otherwise
	for name, value := range s.Environment() {
		if strings.HasPrefix(name, "AWS_ENDPOINT_URL") {
			everywhere[name] = value
		}
	}
	text, err := json.MarshalIndent(map[string]any{
		"triggers_path": filepath.Join(o.Root, "triggers"), "api_path": filepath.Join(o.Root, "api"), "token_issuer_base": s.Endpoint, "zips_path": zips(o.Root), "architecture": architecture(),
		"deletion_protection": false, "function_environment": everywhere,
		"ses_identity": map[string]string{"arn": "arn:aws:ses:" + s.Region + ":" + stack.Account + ":identity/" + stack.Sender, "from": stack.Sender},
	}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(tf.dir, "terraform", overrides), text, 0o600)
}

func (tf *terraform) apply(ctx context.Context) error {
	args := []string{"init", "-backend=false"}
	if tf.plugins != "" {
		args = append(args, "-plugin-dir="+tf.plugins)
	}
	if err := tf.run(ctx, args...); err != nil {
		return err
	}
	return tf.run(ctx, "apply", "-auto-approve", "-var-file="+overrides)
}

// run shows what Terraform printed only where it failed.
func (tf *terraform) run(ctx context.Context, args ...string) error {
	_, err := tf.output(ctx, args...)
	return err
}

func (tf *terraform) output(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "terraform", append(args, "-no-color")...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // Terraform then writes its state before it ends
	cmd.Dir, cmd.Env = filepath.Join(tf.dir, "terraform"), tf.environment
	var stdout, all bytes.Buffer
	cmd.Stdout, cmd.Stderr = io.MultiWriter(&stdout, &all, tf.logs), io.MultiWriter(&all, tf.logs)
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("terraform %s: %w\n%s", args[0], err, all.Bytes())
	}
	return stdout.Bytes(), nil
}
