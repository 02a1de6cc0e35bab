package main

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"

	"cognito-triggers/local/scaffold"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/repository"
)

func newTrigger(_ context.Context, flags *flag.FlagSet, args []string) error {
	name := flags.String("name", "", "the trigger's directory, for example audit-sign-in")
	hook := flags.String("hook", "", "the hook that it serves, for example post_authentication")
	if err := flags.Parse(args); err != nil {
		return err
	}
	repo, err := repository.Find()
	if err != nil {
		return err
	}
	made, err := scaffold.New(repo.Root, *name, cognito.Hook(*hook))
	if err != nil {
		return err
	}
	for _, file := range made {
		fmt.Println(file)
	}
	handler := repo.Relative(filepath.Join(repo.Triggers, *name, "handler.go"))
	fmt.Printf("\nWrite your logic in %s; `make build test replay` already passes.\n", handler)
	return nil
}
