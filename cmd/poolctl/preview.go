package main

import (
	"context"
	"flag"
	"fmt"

	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/messages/preview"
)

func writePreview(_ context.Context, flags *flag.FlagSet, args []string) error {
	out := flags.String("out", "build/preview", "folder for the pages")
	brand := flags.String("brand", "Example", "the BRAND_NAME in the messages")
	if err := flags.Parse(args); err != nil {
		return err
	}
	set, err := messages.Embedded()
	if err != nil {
		return err
	}
	index, err := preview.Write(*out, set, messages.Brand{Name: *brand})
	if err != nil {
		return err
	}
	fmt.Println("Open", index, "in a browser")
	return nil
}
