package deploy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Missing returns the reason why nothing can be applied on this machine, a missing Terraform or AWS provider, and "" if
// both are available.
func Missing(ctx context.Context, o Options) (reason string, err error) {
	if _, err := exec.LookPath("terraform"); err != nil {
		return "terraform is not installed", nil
	}
	if o.PluginDir != "" {
		return "", nil
	}
	build := filepath.Join(o.Root, "build", "deploy-local")
	if err := os.MkdirAll(build, 0o755); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(build, "probe-")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	requirements, err := os.ReadFile(filepath.Join(o.Root, "terraform", "modules", "function", "versions.tf"))
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "versions.tf"), requirements, 0o600); err != nil {
		return "", err
	}
	// Terraform's own search path and the registry count, too.
	probe := exec.CommandContext(ctx, "terraform", "init", "-backend=false", "-no-color")
	probe.Dir, probe.Env = dir, quiet(os.Environ())
	out, failed := probe.CombinedOutput()
	if failed != nil {
		fmt.Fprintf(o.Logs, "terraform init: %v\n%s", failed, out)
		return "no AWS provider: set TF_PLUGIN_DIR to a directory that holds registry.terraform.io/hashicorp/aws, or let " +
			"Terraform reach the registry", ctx.Err()
	}
	return "", nil
}
