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
	endpoint := listFlags(flags, o)
	flags.StringVar(&o.User, "user", "", "show only this user: user name, sub, e-mail address or phone number")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; this command takes only flags", flags.Arg(0))
	}
	client, err := openPool(*endpoint)
	if err != nil {
		return err
	}
	return client.Show(ctx, os.Stdout, from, *o)
}

// listFlags registers the flags of every list.
func listFlags(flags *flag.FlagSet, o *inspect.Options) (endpoint *string) {
	flags.BoolVar(&o.JSON, "json", false, "print one line of JSON per entry")
	flags.BoolVar(&o.Follow, "follow", false, "keep printing new entries until Ctrl-C")
	return flags.String("endpoint", "", "URL of the local pool (default: the one in build/local.json)")
}

// openPool returns a client of the running local pool at an endpoint, or of the repository's if that is empty.
func openPool(endpoint string) (*inspect.Client, error) {
	var repo repository.Repository
	if endpoint == "" {
		var err error
		if repo, err = repository.Find(); err != nil {
			return nil, err
		}
	}
	return inspect.Open(endpoint, repo.Build)
}
