package main

import (
	"context"
	"flag"
	"fmt"

	"cognito-triggers/local/hint"
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
		return fmt.Errorf("event: name a trigger source, for example: %s", hint.Poolctl("event", "PreSignUp_SignUp"))
	}
	event, err := sample.Event(source, *version)
	if err != nil {
		return err
	}
	fmt.Println(string(sample.Indent(event)))
	return nil
}
