package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"cognito-triggers/local/hint"
	"cognito-triggers/local/inspect"
	"cognito-triggers/shared/repository"
)

func showEvents(ctx context.Context, flags *flag.FlagSet, args []string) error {
	o := &inspect.Options{}
	endpoint := listFlags(flags, o)
	flags.StringVar(&o.User, "user", "", "show only this user: user name, sub, e-mail address or phone number")
	flags.StringVar(&o.Source, "source", "", "show only this trigger source, for example PreSignUp_SignUp")
	save := flags.Int("save", 0, "save the event with this ID as a golden case: --save ID testevents/NAME/CASE")
	if err := flags.Parse(args); err != nil {
		return err
	}
	path := flags.Arg(0)
	if given(flags, "save") {
		if flags.NArg() > 1 { // flags may follow the path
			if err := flags.Parse(flags.Args()[1:]); err != nil {
				return err
			}
			if flags.NArg() > 0 {
				return fmt.Errorf("unexpected argument %q after the case", flags.Arg(0))
			}
		}
		return saveEvent(ctx, *endpoint, *save, path)
	}
	if path != "" {
		return fmt.Errorf("unexpected argument %q; this command takes only flags, and a case with --save", path)
	}
	client, err := openPool(*endpoint)
	if err != nil {
		return err
	}
	return client.Show(ctx, os.Stdout, inspect.Events, *o)
}

// saveEvent writes an event of the running pool to the repository's golden events.
func saveEvent(ctx context.Context, endpoint string, number int, path string) error {
	if path == "" {
		return errors.New("events: --save needs the case to write: --save ID testevents/NAME/CASE")
	}
	repo, err := repository.Find()
	if err != nil {
		return err
	}
	client, err := inspect.Open(endpoint, repo.Build)
	if err != nil {
		return err
	}
	saved, err := client.Save(ctx, repo, number, path)
	if err != nil {
		return err
	}
	for _, file := range saved.Files {
		fmt.Println("wrote", repo.Relative(file))
	}
	for _, note := range saved.Notes {
		fmt.Println("note:", note)
	}
	fmt.Println("Replay it with", hint.Poolctl("replay", "--trigger", saved.Function))
	return nil
}
