package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"cognito-triggers/cmd/internal/command"
	"cognito-triggers/shared/repository"
)

// report is the result of a benchmark.
type report interface {
	Print(w io.Writer)
	Failed() bool // a limit does not hold
}

// measure runs a benchmark of the repository with a log of its own, and prints the report.
func measure[R report](name, logged string, run func(root string, log io.Writer) (R, error)) error {
	root, err := repository.Root()
	if err != nil {
		return err
	}
	log, err := command.LogFile(filepath.Join(root, "build"), name)
	if err != nil {
		return err
	}
	defer log.Close()
	fmt.Fprintln(os.Stderr,
		"Measuring; this takes about a minute. Other programs running now make the figures worse ...")
	report, err := run(root, log)
	if err != nil {
		return fmt.Errorf("%s: %w; %s is in build/logs/%[1]s.log", name, err, logged)
	}
	report.Print(os.Stdout)
	if report.Failed() {
		return command.ErrReported
	}
	return nil
}
