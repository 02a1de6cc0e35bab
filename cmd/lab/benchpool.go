package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"path/filepath"

	"cognito-triggers/lab/bench/pool"
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
	return measure("bench-pool", "the servers' output", func(root string, log io.Writer) (pool.Report, error) {
		o.Root, o.Log, o.Progress = root, log, showProgress()
		o.Poolctl = filepath.Join(root, "build", "poolctl")
		return pool.Run(ctx, o)
	})
}
