package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"cognito-triggers/lab/contract"
	"cognito-triggers/shared/repository"
)

func runContract(ctx context.Context, flags *flag.FlagSet, args []string) error {
	o := contract.Options{Out: os.Stdout, Progress: os.Stderr}
	flags.IntVar(&o.Examples, "examples", 110,
		"random requests per operation, besides those derived from the document")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.Examples < 1 {
		return errors.New("contract: --examples must be at least 1")
	}
	var err error
	if o.Root, err = repository.Root(); err != nil {
		return err
	}
	if err := contract.Run(ctx, o); err != nil {
		return fmt.Errorf("contract: %w", err)
	}
	return nil
}
