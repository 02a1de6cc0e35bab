package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"cognito-triggers/cmd/internal/command"
	"cognito-triggers/lab/soak"
	"cognito-triggers/shared/repository"
)

func runSoak(ctx context.Context, flags *flag.FlagSet, args []string) error {
	o := soak.Options{Progress: showProgress()}
	flags.IntVar(&o.Users, "users", 5000, "users to sign up and in")
	flags.IntVar(&o.Concurrency, "concurrency", 32, "users at a time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var err error
	if o.Root, err = repository.Root(); err != nil {
		return err
	}
	logs, err := command.LogFile(filepath.Join(o.Root, "build"), "soak")
	if err != nil {
		return err
	}
	defer logs.Close()
	o.Logs = logs
	fmt.Fprintln(os.Stderr, "Starting a separate local pool ...")
	report, err := soak.Run(ctx, o)
	if err != nil {
		return fmt.Errorf("%w; the pool's output is in build/logs/soak.log", err)
	}
	report.Print(os.Stdout)
	if report.Failed() {
		return command.ErrReported
	}
	return nil
}
