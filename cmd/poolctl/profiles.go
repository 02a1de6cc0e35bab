package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/cmd/poolctl/internal/attach"
	"cognito-triggers/cmd/poolctl/internal/orphans"
	"cognito-triggers/shared/profile"
)

func profiles(ctx context.Context, flags *flag.FlagSet, args []string) error {
	var (
		pool      = flags.String("user-pool-id", "", "the user pool, for example eu-west-1_AbCdEfGhI")
		table     = flags.String("table", "", "the DynamoDB table of the profiles")
		region    = flags.String("region", "", "Region of the table (default: the pool's)")
		account   = flags.String("profile", "", "profile of the AWS configuration files (default: as the AWS CLI chooses)")
		poolURL   = flags.String("endpoint", "", "URL of the user pool's API, for the local pool (default: AWS's)")
		tableURL  = flags.String("table-endpoint", "", "URL of DynamoDB, for the local stack (default: AWS's)")
		minAge    = flags.Duration("min-age", time.Hour, "leave younger profiles out: the list of users lags behind")
		perSecond = flags.Int("per-second", 5, "calls to the user pool per second, at most 25; sign-ins share its limits")
		remove    = flags.Bool("delete", false, "delete the profiles after a second look at each user")
		yes       = flags.Bool("yes", false, "delete without asking")
	)
	if len(args) > 0 && args[0] == "orphans" {
		args = args[1:]
	} else if len(args) > 0 && args[0] != "-h" && args[0] != "--help" {
		return fmt.Errorf("profiles: unknown command %q; write profiles orphans", args[0])
	}
	if err := parseFlags(flags, args); err != nil {
		return err
	}
	switch {
	case *pool == "":
		return errors.New("--user-pool-id: name the user pool, for example eu-west-1_AbCdEfGhI")
	case *table == "":
		return errors.New("--table: name the DynamoDB table of the profiles, for example cognito-triggers-profiles")
	case *perSecond < 1 || *perSecond > 25:
		return errors.New("--per-second: use 1 to 25")
	case *minAge < 0:
		return errors.New("--min-age: use a duration of 0 or more, for example 24h")
	}
	home, err := attach.Region(*pool)
	if err != nil {
		return err
	}
	cfg, err := awsConfig(ctx, home, *account)
	if err != nil {
		return err
	}
	finder := orphans.Finder{
		PoolID: *pool, Table: *table, MinAge: *minAge, Pause: time.Second / time.Duration(*perSecond), Now: time.Now,
		Pools: cip.NewFromConfig(cfg, func(o *cip.Options) { useEndpoint(&o.BaseEndpoint, *poolURL) }),
		Tables: dynamodb.NewFromConfig(cfg, func(o *dynamodb.Options) {
			if *region != "" {
				o.Region = *region
			}
			useEndpoint(&o.BaseEndpoint, *tableURL)
		}),
	}
	found, err := finder.Find(ctx)
	if err != nil {
		return err
	}
	if err := listOrphans(found, *pool, *minAge); err != nil || !*remove || len(found.Orphans) == 0 {
		return err
	}
	if !*yes && !agreed(fmt.Sprintf("Delete these %d profiles?", len(found.Orphans))) {
		return errors.New("nothing was deleted; pass --yes to delete without asking")
	}
	return deleteOrphans(ctx, &finder, found.Orphans)
}

// listOrphans prints subs and times, and no user name: it may be an address.
func listOrphans(found orphans.Found, pool string, minAge time.Duration) error {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	if len(found.Orphans) > 0 {
		fmt.Fprintln(table, "SUB\tCREATED")
	}
	for _, p := range found.Orphans {
		fmt.Fprintf(table, "%s\t%s\n", p.Sub, p.CreatedAt.Format(time.RFC3339))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Printf("%s: %d users, %d profiles, %d without a user", pool, found.Users, found.Profiles, len(found.Orphans))
	if found.Young > 0 {
		fmt.Printf(", and %d that are younger than %s", found.Young, minAge)
	}
	fmt.Println()
	return nil
}

func deleteOrphans(ctx context.Context, finder *orphans.Finder, list []profile.Profile) error {
	deleted := 0
	defer func() { fmt.Printf("%d profiles deleted\n", deleted) }()
	for _, p := range list {
		gone, err := finder.Delete(ctx, p)
		if err != nil {
			return err
		}
		if !gone {
			fmt.Printf("%s has a user after all: the profile stays\n", p.Sub)
			continue
		}
		deleted++
	}
	return nil
}
