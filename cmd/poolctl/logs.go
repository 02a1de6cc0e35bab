package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"cognito-triggers/local/inspect"
)

func showLogs(ctx context.Context, flags *flag.FlagSet, args []string) error {
	o := &inspect.Options{}
	endpoint := listFlags(flags, o)
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") { // the name may come first, as in logs NAME --follow
		o.Function, args = args[0], args[1:]
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.Function == "" && flags.NArg() == 1 {
		o.Function = flags.Arg(0)
	} else if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; use logs [NAME] with the name of one function", flags.Arg(flags.NArg()-1))
	}
	client, err := openPool(*endpoint)
	if err != nil {
		return err
	}
	return client.Show(ctx, os.Stdout, inspect.Logs, *o)
}
