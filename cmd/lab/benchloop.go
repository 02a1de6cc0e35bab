package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"path/filepath"

	"cognito-triggers/lab/bench/loop"
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
	return measure("bench-loop", "the output of poolctl run", func(root string, log io.Writer) (loop.Report, error) {
		o.Root, o.Log, o.Progress = root, log, showProgress()
		o.Poolctl = filepath.Join(root, "build", "poolctl")
		return loop.Run(ctx, o)
	})
}
