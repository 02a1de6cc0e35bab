package main

import (
	"context"
	"flag"
	"fmt"

	"cognito-triggers/local/domains"
	"cognito-triggers/local/identity"
	"cognito-triggers/local/userpool/state/disk"
	"cognito-triggers/shared/repository"
)

// resetLocal forgets what `poolctl run` keeps: the data in a folder, and the signing keys in the build folder.
func resetLocal(_ context.Context, flags *flag.FlagSet, args []string) error {
	dir := flags.String("state", "",
		"folder, relative to the repository, whose users, sessions and messages are forgotten")
	if err := flags.Parse(args); err != nil {
		return err
	}
	repo, err := repository.Find()
	if err != nil {
		return err
	}
	var removed []string
	if *dir != "" { // first: if a run holds it, the keys stay, too
		if removed, err = disk.Remove(repo.Path(*dir)); err != nil {
			return fmt.Errorf("reset: %w", err)
		}
	}
	keys, err := identity.Remove(repo.Build)
	if keys != "" {
		removed = append(removed, keys)
	}
	if err == nil {
		var authority []string
		authority, err = domains.RemoveAuthority(repo.Build)
		removed = append(removed, authority...)
	}
	for _, path := range removed {
		fmt.Println("removed", repo.Relative(path))
	}
	if err != nil {
		return fmt.Errorf("reset: %w", err)
	}
	if removed == nil {
		fmt.Println("nothing was kept")
	}
	return nil
}
