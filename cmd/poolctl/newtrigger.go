package main

import (
	"context"
	"flag"
	"fmt"

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
	root, err := repository.Root()
	if err != nil {
		return err
	}
	made, err := scaffold.New(root, *name, cognito.Hook(*hook))
	if err != nil {
		return err
	}
	for _, file := range made {
		fmt.Println(file)
	}
	fmt.Printf("\nWrite your logic in triggers/%s/handler.go; `make build test replay` already passes.\n", *name)
	return nil
}
