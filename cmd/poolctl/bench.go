package main

import (
	"context"
	"errors"
	"flag"
)

func runBench(context.Context, *flag.FlagSet, []string) error { return errors.New("later") }
