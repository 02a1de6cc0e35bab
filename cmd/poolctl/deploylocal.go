package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"cognito-triggers/cmd/internal/command"
	"cognito-triggers/local/deploy"
	"cognito-triggers/local/toolkit"
	"cognito-triggers/shared/repository"
)

// needTerraform is the variable that turns a missing Terraform or provider from a skip into a failure.
const needTerraform = "DEPLOY_NEEDS_TERRAFORM"

func deployLocal(ctx context.Context, flags *flag.FlagSet, args []string) error {
	plugins := flags.String("plugin-dir", os.Getenv("TF_PLUGIN_DIR"),
		"folder of Terraform providers; empty to use Terraform's own search path and the registry")
	names := strings.Join(deploy.Examples(), ", ")
	example := flags.String("example", "",
		"apply one of terraform/examples instead of the root module: "+names+", or all")
	if err := flags.Parse(args); err != nil {
		return err
	}
	examples := []string{*example}
	switch {
	case *example == "all":
		examples = deploy.Examples()
	case *example != "" && !slices.Contains(deploy.Examples(), *example):
		return fmt.Errorf("--example: no example named %q; choose one of %s, or all", *example, names)
	}
	repo, err := repository.Find()
	if err != nil {
		return err
	}
	if !isProduct(repo) {
		return fmt.Errorf("deploy-local applies the Terraform modules of %s, to test them, and needs a checkout of it; "+
			"to see what yours would do, run terraform plan", toolkit.Module())
	}
	logs, err := command.LogFile(repo.Build, "deploy-local")
	if err != nil {
		return err
	}
	defer logs.Close()
	o := deploy.Options{Root: repo.Root, Logs: logs, Out: os.Stdout, PluginDir: *plugins}
	reason, err := deploy.Missing(ctx, o)
	if err != nil {
		return err
	}
	if reason != "" {
		return skipDeploy(examples, reason)
	}
	for _, o.Example = range examples {
		fmt.Printf("Applying %s to the emulator and the local user pool (takes a minute or two) ...\n",
			configuration(o.Example))
		if err := deploy.Run(ctx, o); err != nil {
			fmt.Fprintf(os.Stderr, "\ndeploy-local: %s: %v\nThe full output is in %s\n",
				configuration(o.Example), err, logs.Name())
			return command.ErrReported
		}
	}
	return nil
}

func configuration(example string) string {
	if example == "" {
		return "terraform/"
	}
	return "terraform/examples/" + example + "/"
}

// skipDeploy reports that nothing was applied, so that a skipped run does not look like a passed one.
func skipDeploy(examples []string, reason string) error {
	if os.Getenv(needTerraform) != "" {
		return errors.New("deploy-local: " + reason + ", and " + needTerraform + " is set")
	}
	var skipped []string
	for _, example := range examples {
		skipped = append(skipped, configuration(example))
	}
	fmt.Printf("SKIP: deploy-local: %s.\nSKIP: deploy-local: not applied: %s\n",
		reason, strings.Join(skipped, ", "))
	return nil
}
