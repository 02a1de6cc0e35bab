package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cognito-triggers/local/build"
	"cognito-triggers/local/build/upload"
	"cognito-triggers/shared/repository"
)

// send puts the zips of a build into S3 and writes where they are.
type send func(ctx context.Context, profile string, built []build.Function, o build.Options,
	repo repository.Repository) error

// uploader returns what --upload asks for; nil without it. It refuses what cannot be deployed.
func uploader(to string, local, some bool) (send, error) {
	if to == "" {
		return nil, nil
	}
	place, err := upload.ParseDestination(to)
	switch {
	case err != nil:
		return nil, fmt.Errorf("build: --upload: %w", err)
	case local:
		return nil, errors.New("build: use --upload with --arch, not with --local: Lambda runs what --arch compiles")
	case some:
		return nil, errors.New("build: --upload takes all functions: Terraform reads the places of all from one file; " +
			"code that is in S3 already is not uploaded again")
	}
	return func(ctx context.Context, profile string, built []build.Function, o build.Options,
		repo repository.Repository) error {
		cfg, err := awsConfig(ctx, "", profile)
		if err != nil {
			return err
		}
		if cfg.Region == "" {
			return errors.New("build: --upload: no Region: set AWS_REGION to that of the bucket and the functions")
		}
		api := s3.NewFromConfig(cfg, func(o *s3.Options) {
			o.UsePathStyle = o.BaseEndpoint != nil // an emulator's host has no subdomains
		})
		objects := map[string]upload.Object{}
		for _, f := range built {
			object, uploaded, err := upload.Zip(ctx, api, place, f.Name, filepath.Join(o.Out, f.Name+".zip"))
			if err != nil {
				return fmt.Errorf("build: %w", err)
			}
			objects[f.Name] = object
			what := "is there already"
			if uploaded {
				what = "uploaded"
			}
			fmt.Printf("%s: %s\n", object, what)
		}
		file := filepath.Join(o.Out, upload.FileName)
		if err := upload.Write(file, o.Target.Architecture(), objects); err != nil {
			return err
		}
		fmt.Printf("%[1]s: terraform plan -var-file=%[1]s, without Go and without zips\n", repo.Relative(file))
		return nil
	}, nil
}
