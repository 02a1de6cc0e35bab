package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"

	"cognito-triggers/local/build"
	"cognito-triggers/local/build/upload"
	"cognito-triggers/shared/repository"
)

func buildFunctions(ctx context.Context, flags *flag.FlagSet, args []string) error {
	arch := flags.String("arch", "arm64", "AWS Lambda's architecture: arm64 or amd64")
	local := flags.Bool("local", false, "compile for this machine, without zips, which no local run needs")
	zips := flags.Bool("zips", false, "with --local: pack zips, too")
	from := flags.String("from", "", "compile the functions of this folder, relative to the repository, "+
		"not those of its triggers and API")
	out := flags.String("out", "", "folder for the results, relative to the repository (default build/<arch>)")
	to := flags.String("upload", "", "put the zips into S3, for example s3://bucket/prefix, and write where they are for "+
		"Terraform: "+upload.FileName+" beside the zips")
	profile := flags.String("profile", "", "with --upload: a profile of the AWS configuration files")
	if err := flags.Parse(args); err != nil {
		return err
	}
	send, err := uploader(*to, *local, flags.NArg() > 0)
	if err != nil {
		return err
	}
	repo, err := repository.Find()
	if err != nil {
		return err
	}
	o := build.Options{
		Root: repo.Root, Rooms: []string{repo.Triggers, repo.API}, Target: build.Host(), Zips: *zips, Only: flags.Args(),
	}
	if !*local {
		o.Zips = true
		if o.Target, err = build.Lambda(*arch); err != nil {
			return fmt.Errorf("build: --arch: %w", err)
		}
	} else if given(flags, "arch") {
		return errors.New("build: use --arch or --local, not both: --local compiles for this machine")
	}
	if *from != "" {
		o.Rooms = []string{repo.Path(*from)}
	}
	o.Out = filepath.Join(repo.Build, o.Target.Folder())
	if *out != "" {
		o.Out = repo.Path(*out)
		if below, err := filepath.Rel(repo.Build, o.Out); err != nil || below == "." || !filepath.IsLocal(below) {
			return fmt.Errorf("build: --out: %s is not inside %s, where compiled functions belong", *out,
				repo.Relative(repo.Build))
		}
	}
	built, err := build.Run(ctx, o)
	if err != nil {
		return err
	}
	if !*local {
		for _, f := range built {
			fmt.Println(repo.Relative(filepath.Join(o.Out, f.Name+".zip")))
		}
	}
	if send == nil {
		return nil
	}
	return send(ctx, *profile, built, o, repo)
}
