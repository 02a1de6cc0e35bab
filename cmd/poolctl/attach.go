package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"cognito-triggers/cmd/poolctl/internal/attach"
	"cognito-triggers/local/poolspec"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/repository"
)

// poolFlags are the flags that attach and detach share.
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
		yes:     flags.Bool("yes", false, "apply the changes without asking"),
	}
	flags.Func("trigger", "a trigger, by the name of its directory; repeat for several", func(name string) error {
		if !slices.Contains(f.triggers, name) {
			f.triggers = append(f.triggers, name)
		}
		return nil
	})
	return f
}

// parseFlags rejects positional arguments: `attach pre-sign-up` would otherwise attach every trigger.
func parseFlags(flags *flag.FlagSet, args []string) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; name a trigger with --trigger",
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

// carryOut shows a plan and applies it once the user agrees.
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
	if !*f.yes && !agreed("Apply these changes?") {
		return errors.New("nothing was changed; pass --yes to apply without asking")
	}
	if err := clients.Apply(ctx, plan); err != nil {
		return err
	}
	fmt.Println("done; the pool was read again, and nothing else changed")
	return nil
}

// agreed asks a question on the terminal. The end of the input means no.
func agreed(question string) bool {
	fmt.Print(question + " [y/N] ")
	answer, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}

func attachTriggers(ctx context.Context, flags *flag.FlagSet, args []string) error {
	f := newPoolFlags(flags)
	prefix := flags.String("function-prefix", "", "prefix that turns a trigger's name into its function's name")
	alias := flags.String("alias", "", "alias of the functions to attach, for example live")
	replace := flags.Bool("replace", false, "replace other functions that the pool calls now")
	arns := map[string]string{}
	flags.Func(
		"function-arn",
		"NAME=ARN: the function of one trigger that the prefix does not find; repeat for several",
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
	if len(f.triggers) == 0 && *prefix == "" { // then the ARNs choose the triggers
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

// chosenTriggers returns the named triggers of the repository, or if names is empty, all that the pool's settings do
// not switch off.
func chosenTriggers(names []string, arns map[string]string) ([]attach.Trigger, error) {
	root, err := repository.Root()
	if err != nil {
		return nil, err
	}
	functions, err := manifest.Find(root)
	if err != nil {
		return nil, err
	}
	on := func(string) bool { return false }
	if len(names) == 0 {
		if on, err = switchedOn(root); err != nil {
			return nil, err
		}
	}
	var chosen []attach.Trigger
	known := map[string]bool{}
	for _, function := range functions {
		if function.Hook == "" {
			continue
		}
		known[function.Name] = true
		if on(function.Name) || slices.Contains(names, function.Name) {
			chosen = append(chosen, attach.Trigger{
				Name: function.Name, Hook: function.Hook, Version: function.EventVersion, Manifest: function,
			})
		}
	}
	for _, name := range slices.Concat(names, slices.Sorted(maps.Keys(arns))) {
		if !known[name] {
			return nil, fmt.Errorf("no trigger named %q; choose one of %s", name,
				strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
	}
	return chosen, manifest.CheckHooks(manifests(chosen))
}

func manifests(triggers []attach.Trigger) []manifest.Function {
	var all []manifest.Function
	for _, trigger := range triggers {
		all = append(all, trigger.Manifest)
	}
	return all
}

// switchedOn reports which triggers the pool's settings have on: every one, in a repository without such settings.
func switchedOn(root string) (func(trigger string) bool, error) {
	repo, err := repository.Open(root)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(repo.Settings); errors.Is(err, fs.ErrNotExist) {
		return func(string) bool { return true }, nil
	}
	spec, err := poolspec.Read(root)
	if err != nil {
		return nil, err
	}
	return spec.Enabled, nil
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

// hookNamed accepts a hook's own name as well, because the trigger's directory may have been deleted.
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
