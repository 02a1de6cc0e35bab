package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"text/tabwriter"

	"cognito-triggers/local/userpool"
)

// printOperations lists the operations, then the settings, each with its level of support.
func printOperations(_ context.Context, flags *flag.FlagSet, args []string) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, operation := range userpool.Registry() {
		fmt.Fprintf(table, "%s\t%s\t%s\n", operation.Name, operation.Support, operation.Note)
	}
	for _, setting := range userpool.Settings() {
		name := setting.Of + ": " + setting.Name
		if setting.Value != "" {
			name += "=" + setting.Value
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", name, setting.Support, setting.Note)
	}
	return table.Flush()
}
