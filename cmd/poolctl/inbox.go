package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"cognito-triggers/local/inspect"
	"cognito-triggers/shared/repository"
)

func showInbox(ctx context.Context, flags *flag.FlagSet, args []string) error {
	var o inspect.Options
	endpoint := listFlags(flags, &o)
	flags.StringVar(&o.User, "user", "", "show only this user: user name, sub, e-mail address or phone number")
	code := flags.Bool("code", false, "print only the code in the newest message")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; this command takes only flags", flags.Arg(0))
	}
	if *code && (o.JSON || o.Follow) {
		return errors.New("inbox: --code prints one code; leave out --json and --follow")
	}
	client, err := openPool(*endpoint)
	if err != nil {
		return err
	}
	if !*code {
		return client.Show(ctx, os.Stdout, inspect.Messages, o)
	}
	found, err := client.Code(ctx, o.Query)
	if err != nil {
		return err
	}
	fmt.Println(found)
	return nil
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
