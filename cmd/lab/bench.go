package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"cognito-triggers/cmd/internal/command"
	"cognito-triggers/lab/bench"
	"cognito-triggers/shared/repository"
)

func runBench(ctx context.Context, flags *flag.FlagSet, args []string) error {
	o := bench.Options{}
	flags.IntVar(&o.ColdRounds, "rounds", 60, "cold starts of each program, cached and evicted")
	flags.IntVar(&o.WarmRounds, "warm-rounds", 10, "processes of each program that get warm events")
	flags.IntVar(&o.Events, "events", 2000, "warm events per process")
	check := flags.Bool("check", false, "fail if a trigger is over its budget")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.ColdRounds < 1 || o.WarmRounds < 1 || o.Events < 1 {
		return errors.New("bench: --rounds, --warm-rounds and --events must be at least 1")
	}
	var err error
	if o.Root, err = repository.Root(); err != nil {
		return err
	}
	if o.Log, err = command.LogFile(filepath.Join(o.Root, "build"), "bench"); err != nil {
		return err
	}
	defer o.Log.Close()
	o.Progress = showProgress()
	fmt.Fprintln(os.Stderr,
		"Measuring; this takes a few minutes. Other programs running now make the figures worse ...")
	report, err := bench.Run(ctx, o)
	if err != nil {
		return fmt.Errorf("bench: %w; the programs' output is in build/logs/bench.log", err)
	}
	report.Print(os.Stdout)
	if *check && report.Over() {
		return command.ErrReported
	}
	return nil
}
