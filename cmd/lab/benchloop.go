package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"cognito-triggers/cmd/internal/command"
	"cognito-triggers/lab/bench/loop"
	"cognito-triggers/shared/repository"
)

func runBenchLoop(ctx context.Context, flags *flag.FlagSet, args []string) error {
	o := loop.Options{}
	flags.IntVar(&o.Edits, "edits", 9, "edits that are timed")
	flags.IntVar(&o.Starts, "starts", 5, "starts with nothing to compile")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.Edits < 1 || o.Starts < 1 {
		return errors.New("bench-loop: --edits and --starts must be at least 1")
	}
	var err error
	if o.Root, err = repository.Root(); err != nil {
		return err
	}
	o.Poolctl = filepath.Join(o.Root, "build", "poolctl")
	log, err := command.LogFile(filepath.Join(o.Root, "build"), "bench-loop")
	if err != nil {
		return err
	}
	defer log.Close()
	o.Log, o.Progress = log, showProgress()
	fmt.Fprintln(os.Stderr,
		"Measuring; this takes about a minute. Other programs running now make the figures worse ...")
	report, err := loop.Run(ctx, o)
	if err != nil {
		return fmt.Errorf("bench-loop: %w; the output of poolctl run is in build/logs/bench-loop.log", err)
	}
	report.Print(os.Stdout)
	if report.Failed() {
		return command.ErrReported
	}
	return nil
}
