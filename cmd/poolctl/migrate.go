package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/cmd/internal/command"
	"cognito-triggers/cmd/poolctl/internal/attach"
	"cognito-triggers/local/migrationcheck"
	"cognito-triggers/local/poolspec"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/migration/sources"
	"cognito-triggers/shared/repository"
	"cognito-triggers/shared/settings"
)

// assignments are settings that are given as NAME=VALUE, each in a flag of its own.
type assignments map[string]string

func (a assignments) String() string { return "" }

func (a assignments) Set(text string) error {
	name, value, found := strings.Cut(text, "=")
	if !found || name == "" {
		return errors.New("write NAME=VALUE")
	}
	a[name] = value
	return nil
}

func migrate(ctx context.Context, flags *flag.FlagSet, args []string) error {
	set := assignments{}
	var (
		pool      = flags.String("user-pool-id", "", "the pool that users migrate to, for example eu-west-1_AbCdEfGhI")
		list      = flags.String("users", "-", "file with user names, one per line or CSV; - is standard input")
		column    = flags.String("column", "", "column of the CSV file with the names (default: username, login, email, ...)")
		format    = flags.String("format", "table", "table, json or csv")
		trigger   = flags.String("trigger", "user-migration", "the trigger whose settings count, as deployed by Terraform")
		account   = flags.String("profile", "", "profile of the AWS configuration files (default: as the AWS CLI chooses)")
		poolURL   = flags.String("endpoint", "", "URL of the user pool's API, for the local pool (default: AWS's)")
		perSecond = flags.Int("per-second", 5, "users per second, at most 25; sign-ins share the pool's limits")
	)
	flags.Var(set, "set", "a setting of the trigger that differs, NAME=VALUE; may be repeated")
	if len(args) > 0 && args[0] == "check" {
		args = args[1:]
	} else if len(args) > 0 && args[0] != "-h" && args[0] != "--help" {
		return fmt.Errorf("migrate: unknown command %q; write migrate check", args[0])
	}
	if err := parseFlags(flags, args); err != nil {
		return err
	}
	switch {
	case *pool == "":
		return errors.New("--user-pool-id: name the user pool, for example eu-west-1_AbCdEfGhI")
	case !slices.Contains(migrationcheck.Formats(), *format):
		return fmt.Errorf("--format: use %s", strings.Join(migrationcheck.Formats(), ", "))
	case *perSecond < 1 || *perSecond > 25:
		return errors.New("--per-second: use 1 to 25")
	}
	region, err := attach.Region(*pool)
	if err != nil {
		return err
	}
	cfg, err := awsConfig(ctx, region, *account)
	if err != nil {
		return err
	}
	check, err := checkOf(ctx, cfg, *trigger, set)
	if err != nil {
		return err
	}
	check.PoolID, check.Pause = *pool, time.Second/time.Duration(*perSecond)
	check.Pools = cip.NewFromConfig(cfg, func(o *cip.Options) { useEndpoint(&o.BaseEndpoint, *poolURL) })
	return runCheck(ctx, check, *list, *column, *format)
}

// checkOf makes the check with the trigger's settings: the manifest's, those in the pool's settings, the given ones.
func checkOf(ctx context.Context, cfg aws.Config, trigger string, set assignments) (*migrationcheck.Check, error) {
	repo, err := repository.Find()
	if err != nil {
		return nil, err
	}
	function, err := manifest.Read(filepath.Join(repo.Triggers, trigger, manifest.FileName))
	if err != nil {
		return nil, err
	}
	spec, err := poolspec.Read(repo.Root)
	if err != nil {
		return nil, err
	}
	environment := function.EnvironmentWith(spec.Triggers[trigger].Environment)
	for name := range set {
		if _, known := function.Environment[name]; !known {
			return nil, fmt.Errorf("--set: %s has no setting %s", trigger, name)
		}
	}
	maps.Copy(environment, set)
	environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = fmt.Sprint(spec.WithMemory(function).MemoryMB)
	if err := addAWS(ctx, environment, cfg); err != nil {
		return nil, err
	}
	env := settings.FromMap(environment)
	check := &migrationcheck.Check{Rules: sources.ReadRules(env)}
	env.Required(sources.Setting, "name where the users are in the settings of "+trigger+", or with --set "+
		sources.Setting+"=...")
	if source := sources.Read(env); source != nil {
		check.Source = source
	}
	return check, env.Err()
}

// addAWS gives a function's settings the credentials and endpoints of this command.
func addAWS(ctx context.Context, environment map[string]string, cfg aws.Config) error {
	credentials, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return err
	}
	environment["AWS_REGION"] = cfg.Region
	environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"] = credentials.AccessKeyID,
		credentials.SecretAccessKey
	environment["AWS_SESSION_TOKEN"] = credentials.SessionToken
	for _, entry := range os.Environ() {
		if name, value, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "AWS_ENDPOINT_URL") {
			environment[name] = value
		}
	}
	return nil
}

func runCheck(ctx context.Context, check *migrationcheck.Check, list, column, format string) error {
	var in io.Reader = os.Stdin
	if list != "-" {
		file, err := os.Open(list)
		if err != nil {
			return fmt.Errorf("--users: %w", err)
		}
		defer file.Close()
		in = file
	}
	names, err := migrationcheck.ReadNames(in, column)
	if err != nil {
		return err
	}
	var results []migrationcheck.Result
	err = check.Run(ctx, names, func(r migrationcheck.Result) { results = append(results, r) })
	if written := migrationcheck.Write(os.Stdout, format, results); err == nil {
		err = written
	}
	if err == nil && migrationcheck.Count(results)[migrationcheck.Failed] > 0 {
		return command.ErrReported
	}
	return err
}
