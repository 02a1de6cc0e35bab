package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"cognito-triggers/local/inspect"
	"cognito-triggers/shared/repository"
)

// callPool sends one operation to the running pool, for those who have no AWS CLI at hand.
func callPool(ctx context.Context, flags *flag.FlagSet, args []string) error {
	wait := flags.Duration("wait", 0, "how long to wait for a pool that is starting, for example 30s")
	member := flags.String("get", "", "print this member of the answer alone, for example AuthenticationResult.IdToken")
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(),
			"usage: poolctl call [flags] OPERATION [JSON]; ClientId and UserPoolId are added where they are absent")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() < 1 || flags.NArg() > 2 {
		return errors.New(`call: name an operation and its input, for example SignUp '{"Username":"ines","Password":"…"}'`)
	}
	repo, err := repository.Find()
	if err != nil {
		return err
	}
	answer, err := inspect.Call{
		Operation: flags.Arg(0), Input: []byte(flags.Arg(1)), Build: repo.Build, Wait: *wait,
	}.Send(ctx)
	if err != nil {
		return err
	}
	if *member == "" {
		fmt.Printf("%s\n", answer)
		return nil
	}
	value, err := inspect.Member(answer, *member)
	if err != nil {
		return err
	}
	fmt.Println(value)
	return nil
}
