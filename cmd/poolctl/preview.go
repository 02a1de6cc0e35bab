package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/messages/preview"
	"cognito-triggers/shared/repository"
)

func writePreview(_ context.Context, flags *flag.FlagSet, args []string) error {
	out := flags.String("out", "", "folder for the pages (default: preview/ in the repository's build folder)")
	from := flags.String("templates", "", "folder with templates of your own (default: the toolkit's)")
	brand := flags.String("brand", "Example", "the BRAND_NAME in the messages")
	if err := flags.Parse(args); err != nil {
		return err
	}
	open := messages.Embedded
	if *from != "" {
		open = func() (*messages.Set, error) { return messages.Open(os.DirFS(*from)) }
	}
	set, err := open()
	if err != nil {
		return err
	}
	if *out == "" {
		repo, err := repository.Find()
		if err != nil {
			return fmt.Errorf("preview: name a folder for the pages with --out, or %w", err)
		}
		*out = filepath.Join(repo.Build, "preview")
	}
	index, err := preview.Write(*out, set, messages.Brand{Name: *brand})
	if err != nil {
		return err
	}
	fmt.Println("Open", index, "in a browser")
	return nil
}
