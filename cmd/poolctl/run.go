package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"cognito-triggers/local/scenario"
	"cognito-triggers/local/stack"
)

func runScenario(ctx context.Context, flags *flag.FlagSet, args []string) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	root, err := repository()
	if err != nil {
		return err
	}
	logs, err := logFile(root, "run")
	if err != nil {
		return err
	}
	defer logs.Close()
	fmt.Println("Starting the rest of AWS (the first time, this installs the emulator into build/) ...")
	began := time.Now()
	s, err := stack.Start(ctx, stack.Options{Root: root, Logs: logs})
	if err != nil {
		return err
	}
	fmt.Printf("AWS answers at %s after %.1f s\n\n", s.Emulator.Endpoint, time.Since(began).Seconds())
	err = scenario.Play(ctx, s, os.Stdout)
	if err = errors.Join(err, s.Close()); err != nil {
		fmt.Fprintf(os.Stderr, "\nrun: %v\nThe functions' logs are in %s\n", err, logs.Name())
		return errReported
	}
	fmt.Printf("\nEvery step did what it must. The functions' logs are in build/logs/run.log\n")
	return nil
}
