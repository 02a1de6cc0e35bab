package main

import (
	"context"
	"errors"
	"flag"
	"io"

	"cognito-triggers/lab/bench/api"
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
	return measure("bench-api", "the functions' output", func(root string, log io.Writer) (api.Report, error) {
		o.Root, o.Log, o.Progress = root, log, showProgress()
		return api.Run(ctx, o)
	})
}
