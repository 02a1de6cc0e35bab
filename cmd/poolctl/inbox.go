package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"cognito-triggers/local/inspect"
	"cognito-triggers/shared/repository"
)

func showInbox(ctx context.Context, flags *flag.FlagSet, args []string) error {
	return show(ctx, flags, args, inspect.Messages, &inspect.Options{})
}

// show lists the entries of one source of a running local pool.
func show(ctx context.Context, flags *flag.FlagSet, args []string, from inspect.Source, o *inspect.Options) error {
	endpoint := flags.String("endpoint", "", "URL of the local pool (default: the one in build/local.json)")
	flags.StringVar(&o.User, "user", "", "show only this user: user name, sub, e-mail address or phone number")
	flags.BoolVar(&o.JSON, "json", false, "print one line of JSON per entry")
	flags.BoolVar(&o.Follow, "follow", false, "keep printing new entries until Ctrl-C")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; this command takes only flags", flags.Arg(0))
	}
	var repo repository.Repository
	if *endpoint == "" {
		var err error
		if repo, err = repository.Find(); err != nil {
			return err
		}
	}
	client, err := inspect.Open(*endpoint, repo.Build)
	if err != nil {
		return err
	}
	return client.Show(ctx, os.Stdout, from, *o)
}
