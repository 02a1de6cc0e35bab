package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"cognito-triggers/cmd/internal/command"
	"cognito-triggers/lab/bench/api"
	"cognito-triggers/shared/repository"
)

func runBenchAPI(ctx context.Context, flags *flag.FlagSet, args []string) error {
	o := api.Options{}
	flags.IntVar(&o.Rounds, "rounds", 7, "rounds of requests to each contestant")
	flags.IntVar(&o.Requests, "requests", 400, "requests per round and kind")
	flags.IntVar(&o.Concurrency, "concurrency", 16, "requests at a time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.Rounds < 1 || o.Requests < 1 || o.Concurrency < 1 {
		return errors.New("bench-api: --rounds, --requests and --concurrency must be at least 1")
	}
	var err error
	if o.Root, err = repository.Root(); err != nil {
		return err
	}
	log, err := command.LogFile(filepath.Join(o.Root, "build"), "bench-api")
	if err != nil {
		return err
	}
	defer log.Close()
	o.Log, o.Progress = log, showProgress()
	fmt.Fprintln(os.Stderr,
		"Measuring; this takes about a minute. Other programs running now make the figures worse ...")
	report, err := api.Run(ctx, o)
	if err != nil {
		return fmt.Errorf("bench-api: %w; the functions' output is in build/logs/bench-api.log", err)
	}
	report.Print(os.Stdout)
	if report.Failed() {
		return command.ErrReported
	}
	return nil
}
