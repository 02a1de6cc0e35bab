package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"cognito-triggers/cmd/internal/command"
	"cognito-triggers/lab/bench/pool"
	"cognito-triggers/shared/repository"
)

func runBenchPool(ctx context.Context, flags *flag.FlagSet, args []string) error {
	o := pool.Options{}
	flags.IntVar(&o.Rounds, "rounds", 7, "rounds of flows through each pool")
	flags.IntVar(&o.Flows, "flows", 300, "flows per round")
	flags.IntVar(&o.Concurrency, "concurrency", 8, "flows at a time")
	flags.IntVar(&o.Starts, "starts", 3, "starts of each server")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.Rounds < 1 || o.Flows < 1 || o.Concurrency < 1 || o.Starts < 1 {
		return errors.New("bench-pool: --rounds, --flows, --concurrency and --starts must be at least 1")
	}
	var err error
	if o.Root, err = repository.Root(); err != nil {
		return err
	}
	o.Poolctl = filepath.Join(o.Root, "build", "poolctl")
	log, err := command.LogFile(filepath.Join(o.Root, "build"), "bench-pool")
	if err != nil {
		return err
	}
	defer log.Close()
	o.Log, o.Progress = log, showProgress()
	fmt.Fprintln(os.Stderr,
		"Measuring; this takes about a minute. Other programs running now make the figures worse ...")
	report, err := pool.Run(ctx, o)
	if err != nil {
		return fmt.Errorf("bench-pool: %w; the servers' output is in build/logs/bench-pool.log", err)
	}
	report.Print(os.Stdout)
	if report.Failed() {
		return command.ErrReported
	}
	return nil
}
