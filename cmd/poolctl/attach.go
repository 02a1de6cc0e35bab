package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"cognito-triggers/cmd/poolctl/internal/attach"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/repository"
)

// poolFlags are those that attach and detach share.
type poolFlags struct {
	pool, profile *string
	triggers      []string
	dryRun, yes   *bool
}

func newPoolFlags(flags *flag.FlagSet) *poolFlags {
	f := &poolFlags{
		pool:    flags.String("user-pool-id", "", "the user pool, for example eu-west-1_AbCdEfGhI"),
		profile: flags.String("profile", "", "profile of the AWS configuration files (default: as the AWS CLI chooses)"),
		dryRun:  flags.Bool("dry-run", false, "show what would change and change nothing"),
		yes:     flags.Bool("yes", false, "do not ask before changing"),
	}
	flags.Func("trigger", "a trigger by the name of its directory; repeat it for several", func(name string) error {
		if !slices.Contains(f.triggers, name) {
			f.triggers = append(f.triggers, name)
		}
		return nil
	})
	return f
}

// parseFlags refuses what stands without a flag: a trigger's name without --trigger would be taken for every trigger.
func parseFlags(flags *flag.FlagSet, args []string) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q stands without a flag, and all that follows it was not read: name a trigger with --trigger",
			flags.Arg(0))
	}
	return nil
}

func (f *poolFlags) clients(ctx context.Context) (attach.Clients, error) {
	if *f.pool == "" {
		return attach.Clients{}, errors.New("--user-pool-id: name the user pool, for example eu-west-1_AbCdEfGhI")
	}
	region, err := attach.Region(*f.pool)
	if err != nil {
		return attach.Clients{}, err
	}
	return awsClients(ctx, region, *f.profile)
}

// carryOut shows a plan and does it when it is agreed to.
func (f *poolFlags) carryOut(ctx context.Context, clients attach.Clients, plan *attach.Plan) error {
	if err := plan.Write(os.Stdout); err != nil {
		return err
	}
	if plan.Empty() {
		return nil
	}
	if *f.dryRun {
		fmt.Println("dry run: nothing was changed")
		return nil
	}
	if !*f.yes {
		fmt.Print("Change it? [y/N] ")
		answer, _ := bufio.NewReader(os.Stdin).ReadString('\n') // no answer is no
		if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
			return errors.New("nothing was changed; --yes answers for you")
		}
	}
	if err := clients.Apply(ctx, plan); err != nil {
		return err
	}
	fmt.Println("done; the rest of the pool was read again and is as it was")
	return nil
}

func attachTriggers(ctx context.Context, flags *flag.FlagSet, args []string) error {
	f := newPoolFlags(flags)
	prefix := flags.String("function-prefix", "", "what stands before the trigger's name in the name of its function")
	alias := flags.String("alias", "", "alias of the functions that the pool calls, for example live")
	replace := flags.Bool("replace", false, "put the functions in the place of others that the pool calls now")
	arns := map[string]string{}
	flags.Func(
		"function-arn",
		"NAME=ARN: the function of one trigger, where no prefix leads to it; repeat it for several",
		func(text string) error {
			name, arn, found := strings.Cut(text, "=")
			if !found || !strings.HasPrefix(arn, "arn:") {
				return errors.New("write it as pre-sign-up=arn:aws:lambda:…")
			}
			arns[name] = arn
			return nil
		},
	)
	if err := parseFlags(flags, args); err != nil {
		return err
	}
	if len(f.triggers) == 0 && *prefix == "" { // ARNs alone choose the triggers too
		f.triggers = slices.Sorted(maps.Keys(arns))
	}
	triggers, err := chosenTriggers(f.triggers, arns)
	if err != nil {
		return err
	}
	for i, t := range triggers {
		triggers[i].Alias = *alias
		if triggers[i].Function = arns[t.Name]; triggers[i].Function == "" {
			triggers[i].Function = *prefix + t.Name
		}
	}
	clients, err := f.clients(ctx)
	if err != nil {
		return err
	}
	plan, err := clients.PlanAttach(ctx, *f.pool, triggers, *replace)
	if err != nil {
		return err
	}
	return f.carryOut(ctx, clients, plan)
}

// chosenTriggers are those of the repository that were named, or all of them.
func chosenTriggers(names []string, arns map[string]string) ([]attach.Trigger, error) {
	root, err := repository.Root()
	if err != nil {
		return nil, err
	}
	functions, err := manifest.Find(root)
	if err != nil {
		return nil, err
	}
	var chosen []attach.Trigger
	known := map[string]bool{}
	for _, function := range functions {
		if function.Hook == "" {
			continue
		}
		known[function.Name] = true
		if len(names) == 0 || slices.Contains(names, function.Name) {
			chosen = append(chosen, attach.Trigger{Name: function.Name, Hook: function.Hook, Version: function.EventVersion})
		}
	}
	for _, name := range slices.Concat(names, slices.Sorted(maps.Keys(arns))) {
		if !known[name] {
			return nil, fmt.Errorf("no trigger is named %q; there are %s", name,
				strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
	}
	return chosen, nil
}

func detachTriggers(ctx context.Context, flags *flag.FlagSet, args []string) error {
	f := newPoolFlags(flags)
	if err := parseFlags(flags, args); err != nil {
		return err
	}
	var hooks []cognito.Hook
	for _, name := range f.triggers {
		hook, err := hookNamed(name)
		if err != nil {
			return err
		}
		hooks = append(hooks, hook)
	}
	clients, err := f.clients(ctx)
	if err != nil {
		return err
	}
	plan, err := clients.PlanDetach(ctx, *f.pool, hooks)
	if err != nil {
		return err
	}
	return f.carryOut(ctx, clients, plan)
}

// hookNamed takes a hook's own name too: the trigger's directory may be gone by now.
func hookNamed(name string) (cognito.Hook, error) {
	if hook := cognito.Hook(strings.ReplaceAll(name, "-", "_")); hook.Valid() {
		return hook, nil
	}
	chosen, err := chosenTriggers([]string{name}, nil)
	if err != nil {
		return "", err
	}
	return chosen[0].Hook, nil
}
