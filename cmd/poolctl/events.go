package main

import (
	"context"
	"flag"

	"cognito-triggers/local/inspect"
)

func showEvents(ctx context.Context, flags *flag.FlagSet, args []string) error {
	o := &inspect.Options{}
	flags.StringVar(&o.Source, "source", "", "show only this trigger source, for example PreSignUp_SignUp")
	return show(ctx, flags, args, inspect.Events, o)
}
