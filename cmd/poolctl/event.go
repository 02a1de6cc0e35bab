package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"cognito-triggers/shared/events/sample"
)

func printEvent(_ context.Context, flags *flag.FlagSet, args []string) error {
	version := flags.String("version", "", "event version, if the hook has several, for example V2_0")
	source, rest := "", args
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		source, rest = args[0], args[1:]
	}
	if err := flags.Parse(rest); err != nil {
		return err
	}
	if source == "" {
		source = flags.Arg(0)
	}
	if source == "" {
		return errors.New("event: name a trigger source, for example: poolctl event PreSignUp_SignUp")
	}
	event, err := sample.Event(source, *version)
	if err != nil {
		return err
	}
	fmt.Println(string(sample.Indent(event)))
	return nil
}
