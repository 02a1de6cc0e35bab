package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"cognito-triggers/local/hint"
	"cognito-triggers/local/identity"
	"cognito-triggers/local/poolseed"
	"cognito-triggers/local/scenario"
	"cognito-triggers/local/stack"
	"cognito-triggers/local/toolkit"
	"cognito-triggers/local/userpool/state/disk"
	"cognito-triggers/shared/repository"
)

// keepOptions are the flags for what stays the same from run to run.
type keepOptions struct {
	state string // folder
	seed  string // file
}

func (k *keepOptions) register(flags *flag.FlagSet) {
	flags.StringVar(&k.state, "state", "",
		"folder, relative to the repository, in which users, sessions and messages outlive the run")
	flags.StringVar(&k.seed, "seed", "",
		"file, relative to the repository, with users and groups to make (default: the seed in "+repository.FileName+")")
}

// kept is what a run holds open.
type kept struct {
	stack.Keep
	seed   *poolseed.Seed // nil for none
	closes []io.Closer
}

// open opens the repository's identity, the folder and the seed file, and refuses them before anything starts.
func (k keepOptions) open(repo repository.Repository) (*kept, error) {
	out := &kept{}
	path := repo.Seed
	if k.seed != "" {
		path = repo.Path(k.seed)
	}
	if path != "" {
		seed, err := poolseed.Read(path)
		if err != nil {
			return nil, err
		}
		out.seed = &seed
	}
	own, err := identity.Open(repo.Build)
	if err != nil {
		return nil, err
	}
	owner := ownerOf(repo)
	out.closes = append(out.closes, own)
	out.IDs, out.Keys, out.Tables = own.IDs(owner), own.Keys, short(owner)
	if k.state == "" {
		return out, nil
	}
	dir := repo.Path(k.state)
	store, err := disk.Open(dir, time.Now)
	if err != nil {
		return nil, errors.Join(err, out.close())
	}
	out.closes = append(out.closes, store)
	out.Store, out.Tables, out.Emulator = store, short(dir), filepath.Join(dir, disk.EmulatorName)
	out.Identities = filepath.Join(dir, disk.IdentitiesName)
	return out, nil
}

// close writes what is kept. The stack must have stopped.
func (k *kept) close() error {
	var errs []error
	for _, c := range k.closes {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// sow makes the seed's users and groups.
func (k *kept) sow(ctx context.Context, s *stack.Stack, pool string) error {
	if k.seed == nil {
		return nil
	}
	made, err := k.seed.Apply(ctx, s.Pool, pool)
	if err != nil {
		return err
	}
	fmt.Printf("The seed made %d users and %d groups\n", made.Users, made.Groups)
	return nil
}

// ownerOf returns the text from which a repository's ids follow: its module's path, so that all checkouts have the same
// ids, or its folder if it has no module.
func ownerOf(repo repository.Repository) string {
	if repo.Module != "" {
		return repo.Module
	}
	return repo.Root
}

// short returns a text of eight letters and digits that follows from another.
func short(text string) string {
	sum := sha256.Sum256([]byte(text))
	return fmt.Sprintf("%x", sum[:4])
}

// isProduct reports whether the repository is the one that this program comes from. The scenario knows its triggers.
func isProduct(repo repository.Repository) bool {
	return repo.Module == toolkit.Module()
}

// onStage plays the scenario on the deployed pool.
func (o runOptions) onStage(ctx context.Context, s *stack.Stack, pool, client string) (err error) {
	w, leave, err := scenario.Stage(ctx, s, pool, client)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave(context.WithoutCancel(ctx))) }()
	return o.perform(ctx, w)
}

// perform plays the scenario: strictly with --once, where a step that differs is an error, and otherwise as a
// demonstration, which the pool outlives. It ends with the beginning of a sentence.
func (o runOptions) perform(ctx context.Context, w scenario.World) error {
	differing := 0
	if o.once {
		if err := scenario.Play(ctx, w, os.Stdout); err != nil {
			return fmt.Errorf("%w\nThe scenario expects the triggers and pool settings that this repository ships with", err)
		}
	} else {
		differing = scenario.Show(ctx, w, os.Stdout)
	}
	if differing == 0 {
		fmt.Print("\nAll steps passed")
		return ctx.Err()
	}
	fmt.Printf("\nSteps that differ from the triggers and pool settings that this repository ships with: %d.\n"+
		"The pool is up all the same; to leave the scenario out: %s\nPlayed",
		differing, hint.Run("--play=false"))
	return ctx.Err()
}
