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

// terraform runs Terraform in a copy of the repository's terraform/, so that state and downloads stay out of the
// sources.
type terraform struct {
	dir         string   // of the copy
	module      string   // directory of the configuration, below dir
	arguments   []string // extra arguments of plan, apply and destroy
	environment []string
	plugins     string
	logs        io.Writer
}

// besides are the files that configurations read outside terraform/, by relative paths.
var besides = []string{"api", "build", "go.mod", "triggers"}

func newTerraform(s *stack.Stack, o Options, module string) (*terraform, error) {
	build := filepath.Join(o.Root, "build", "deploy-local")
	if err := os.MkdirAll(build, 0o755); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(build, "")
	if err != nil {
		return nil, err
	}
	tf := &terraform{dir: dir, module: module, plugins: o.PluginDir, logs: o.Logs, environment: environment(s)}
	err = os.CopyFS(filepath.Join(dir, "terraform"), os.DirFS(filepath.Join(o.Root, "terraform")))
	for _, name := range besides {
		if path := filepath.Join(o.Root, name); exists(path) {
			err = errors.Join(err, os.Symlink(path, filepath.Join(dir, name)))
		}
	}
	if err != nil {
		return nil, errors.Join(err, tf.remove())
	}
	return tf, nil
}

func (tf *terraform) remove() error { return os.RemoveAll(tf.dir) }

// environment returns the variables that point the AWS provider at this machine, overriding the user's own.
func environment(s *stack.Stack) []string {
	env := quiet(os.Environ())
	for name, value := range s.Environment() {
		if strings.HasPrefix(name, "AWS_") {
			env = append(env, name+"="+value)
		}
	}
	return append(env, "AWS_EC2_METADATA_DISABLED=true")
}

// quiet removes variables that would lead to AWS, set Terraform variables or change commands, and disables prompts.
func quiet(user []string) []string {
	var env []string
	for _, entry := range user {
		name, value, _ := strings.Cut(entry, "=")
		lostConfig := name == "TF_CLI_CONFIG_FILE" && !exists(value) // or Terraform warns at every command
		if !strings.HasPrefix(name, "AWS_") && !strings.HasPrefix(name, "TF_VAR_") &&
			!strings.HasPrefix(name, "TF_CLI_ARGS") && !lostConfig {
			env = append(env, entry)
		}
	}
	return append(env, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// write writes a JSON file into the configuration's directory.
func (tf *terraform) write(name string, content any) error {
	text, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(tf.dir, tf.module, name), text, 0o600)
}

func (tf *terraform) init(ctx context.Context) error {
	args := []string{"init", "-backend=false"}
	if tf.plugins != "" {
		args = append(args, "-plugin-dir="+tf.plugins)
	}
	return tf.run(ctx, args...)
}

func (tf *terraform) apply(ctx context.Context) error {
	if err := tf.init(ctx); err != nil {
		return err
	}
	return tf.run(ctx, append([]string{"apply", "-auto-approve"}, tf.arguments...)...)
}

func (tf *terraform) destroy(ctx context.Context) error {
	return tf.run(ctx, append([]string{"destroy", "-auto-approve"}, tf.arguments...)...)
}

// plan writes a plan to file and returns it as JSON.
func (tf *terraform) plan(ctx context.Context, file string, more ...string) ([]byte, error) {
	args := append([]string{"plan", "-out=" + file}, tf.arguments...)
	if err := tf.run(ctx, append(args, more...)...); err != nil {
		return nil, err
	}
	return tf.output(ctx, "show", "-json", file)
}

// run runs a Terraform command; its error includes the output.
func (tf *terraform) run(ctx context.Context, args ...string) error {
	_, err := tf.output(ctx, args...)
	return err
}

func (tf *terraform) output(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "terraform", append([]string{args[0], "-no-color"}, args[1:]...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // lets Terraform write its state before it exits
	cmd.Dir, cmd.Env = filepath.Join(tf.dir, tf.module), tf.environment
	var stdout, all bytes.Buffer
	both := stack.OneAtATime(io.MultiWriter(&all, tf.logs))
	cmd.Stdout, cmd.Stderr = io.MultiWriter(&stdout, both), both
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("terraform %s: %w\n%s", args[0], err, all.Bytes())
	}
	return stdout.Bytes(), nil
}
