package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"

	"cognito-triggers/local/deploy"
)

func deployLocal(ctx context.Context, flags *flag.FlagSet, args []string) error {
	plugins := flags.String("plugin-dir", os.Getenv("TF_PLUGIN_DIR"), "folder of Terraform's providers; empty: the registry")
	if err := flags.Parse(args); err != nil {
		return err
	}
	root, err := repository()
	if err != nil {
		return err
	}
	if _, err := exec.LookPath("terraform"); err != nil {
		fmt.Println("SKIP: deploy-local: terraform is not installed")
		return nil
	}
	logs, err := logFile(root, "deploy-local")
	if err != nil {
		return err
	}
	defer logs.Close()
	fmt.Println("Applying terraform/ to the emulator and the local user pool (two minutes; the provider waits a lot) ...")
	if err := deploy.Run(ctx, deploy.Options{Root: root, Logs: logs, Out: os.Stdout, PluginDir: *plugins}); err != nil {
		fmt.Fprintf(os.Stderr, "\ndeploy-local: %v\nWhat everything printed is in %s\n", err, logs.Name())
		return errReported
	}
	return nil
}
