package main

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"

	"cognito-triggers/local/scaffold"
	"cognito-triggers/shared/cognito"
)

func initRepository(_ context.Context, flags *flag.FlagSet, args []string) error {
	module := flags.String("module", "", "path of the new module, for example example.org/you/triggers; "+
		"leave it out in a folder that has go.mod")
	name := flags.String("name", "", "the first trigger's directory (default: the hook's name)")
	hook := flags.String("hook", string(cognito.PreSignUp), "the hook that it serves")
	dir, rest := ".", args
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		dir, rest = args[0], args[1:]
	}
	if err := flags.Parse(rest); err != nil {
		return err
	}
	switch {
	case flags.NArg() > 1 || flags.NArg() == 1 && dir != ".":
		return fmt.Errorf("init: unexpected argument %q; name one folder", flags.Arg(flags.NArg()-1))
	case flags.NArg() == 1:
		dir = flags.Arg(0)
	}
	made, err := scaffold.NewRepository(scaffold.Init{
		Dir: dir, Module: *module, Name: *name, Hook: cognito.Hook(*hook),
	})
	if err != nil {
		return fmt.Errorf("init: %w", err)
	}
	for _, file := range made.Files {
		fmt.Println(filepath.Join(dir, filepath.FromSlash(file)))
	}
	for _, file := range made.Kept {
		fmt.Printf("%s was there and stays as it is", filepath.Join(dir, file))
		if file == ".gitignore" {
			fmt.Print("; add /build/, .terraform/ and *.tfstate* to it")
		}
		fmt.Println()
	}
	fmt.Println("\nNext:")
	if filepath.Clean(dir) != "." {
		fmt.Println("  cd", dir)
	}
	for _, command := range append(made.Next, "go test ./...", "go tool poolctl run") {
		fmt.Println(" ", command)
	}
	return nil
}
