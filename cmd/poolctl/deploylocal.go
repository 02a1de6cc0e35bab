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
	"cognito-triggers/shared/repository"
)

// needTerraform is set where a missing Terraform or provider must fail: where deploying must not go unseen.
const needTerraform = "DEPLOY_NEEDS_TERRAFORM"

func deployLocal(ctx context.Context, flags *flag.FlagSet, args []string) error {
	plugins := flags.String("plugin-dir", os.Getenv("TF_PLUGIN_DIR"),
		"folder of Terraform's providers; empty: where Terraform looks, or the registry")
	names := strings.Join(deploy.Examples(), ", ")
	example := flags.String("example", "",
		"one of terraform/examples in place of the root module: "+names+", or all of them: all")
	if err := flags.Parse(args); err != nil {
		return err
	}
	examples := []string{*example}
	switch {
	case *example == "all":
		examples = deploy.Examples()
	case *example != "" && !slices.Contains(deploy.Examples(), *example):
		return fmt.Errorf("--example: %q is none; there are %s, and all", *example, names)
	}
	root, err := repository.Root()
	if err != nil {
		return err
	}
	logs, err := command.LogFile(root, "deploy-local")
	if err != nil {
		return err
	}
	defer logs.Close()
	o := deploy.Options{Root: root, Logs: logs, Out: os.Stdout, PluginDir: *plugins}
	reason, err := deploy.Missing(ctx, o)
	if err != nil {
		return err
	}
	if reason != "" {
		return skipDeploy(examples, reason)
	}
	for _, o.Example = range examples {
		fmt.Printf("Applying %s to the emulator and the local user pool (a minute or two; the provider waits a lot) ...\n",
			configuration(o.Example))
		if err := deploy.Run(ctx, o); err != nil {
			fmt.Fprintf(os.Stderr, "\ndeploy-local: %s: %v\nWhat everything printed is in %s\n",
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

// skipDeploy says that nothing was shown. A run that ends without an error must not look like one that passed.
func skipDeploy(examples []string, reason string) error {
	if os.Getenv(needTerraform) != "" {
		return errors.New("deploy-local: " + reason + ", and " + needTerraform + " is set")
	}
	var skipped []string
	for _, example := range examples {
		skipped = append(skipped, configuration(example))
	}
	fmt.Printf("SKIP: deploy-local: %s.\nSKIP: deploy-local: not applied, used, planned again or destroyed: %s\n",
		reason, strings.Join(skipped, ", "))
	return nil
}
