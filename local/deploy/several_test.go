package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"cognito-triggers/local/build/upload"
	"cognito-triggers/local/publish"
)

// severalPools is a configuration in another repository: it takes the root module from Git, once for each of two pools
// in one Region and, with another provider, for a pool in a second Region. The functions are in S3.
const severalPools = `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "america" { type = string }       # endpoint of the emulator
variable "american_pools" { type = string } # endpoint of the user pools
variable "code" { type = any }
variable "environment" { type = map(map(string)) }
variable "architecture" { type = string }

provider "aws" {
  alias  = "europe"
  region = "eu-west-1"
}

provider "aws" {
  alias  = "america"
  region = "us-east-1"

  endpoints {
    cloudwatch     = var.america
    cloudwatchlogs = var.america
    cognitoidp     = var.american_pools
    dynamodb       = var.america
    iam            = var.america
    lambda         = var.america
    sqs            = var.america
    sts            = var.america
  }
}

resource "terraform_data" "before" { input = keys(var.code) }

module "europe" {
  source     = "SOURCE"
  for_each   = toset(["school", "shop"])
  providers  = { aws = aws.europe }
  depends_on = [terraform_data.before]

  name                 = each.key
  app_clients          = { web = {} }
  only_triggers        = ["post-confirmation", "pre-sign-up", "pre-token-generation"]
  code                 = var.code.europe
  architecture         = var.architecture
  function_environment = var.environment.europe
  deletion_protection  = false
  tags                 = { team = "identity", pool = each.key }
}

module "america" {
  source    = "SOURCE"
  count     = 1
  providers = { aws = aws.america }

  name                 = "shop"
  app_clients          = { web = {} }
  only_triggers        = ["post-confirmation", "pre-sign-up", "pre-token-generation"]
  code                 = var.code.america
  architecture         = var.architecture
  function_environment = var.environment.america
  deletion_protection  = false
  tags                 = { team = "identity", pool = "shop" }
}

output "clients" {
  value = merge(
    { for name, pool in module.europe : "europe ${name}" => pool.client_ids.web },
    { "america shop" = module.america[0].client_ids.web },
  )
}
`

// place is a Region with its own emulator, user pools and bucket.
type place struct {
	*system
	code map[string]any // as Terraform's variable
}

func openPlace(t *testing.T, o Options, region string) *place {
	t.Helper()
	o.Region = region
	s, err := startStack(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &place{system: s}
}

// fill uploads the zips of a folder into the Region's bucket, as poolctl build --upload does.
func (p *place) fill(ctx context.Context, zips string) error {
	api := s3.New(s3.Options{
		Region: p.Region, BaseEndpoint: &p.Emulator.Endpoint, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	to := upload.Destination{Bucket: "zips-" + p.Region, Prefix: "triggers"}
	in := &s3.CreateBucketInput{Bucket: &to.Bucket}
	if p.Region != "us-east-1" { // which S3 refuses to name
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{
			LocationConstraint: types.BucketLocationConstraint(p.Region),
		}
	}
	_, err := api.CreateBucket(ctx, in)
	var there *types.BucketAlreadyOwnedByYou
	if err != nil && !errors.As(err, &there) {
		return err
	}
	_, err = api.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket: &to.Bucket, VersioningConfiguration: &types.VersioningConfiguration{
			Status: types.BucketVersioningStatusEnabled,
		},
	})
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(zips, "*.zip"))
	if err != nil {
		return err
	}
	p.code = map[string]any{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".zip")
		object, _, err := upload.Zip(ctx, api, to, name, file)
		if err != nil {
			return err
		}
		p.code[name] = map[string]any{"s3": object}
	}
	return nil
}

// withoutGo is the environment of a runner whose search path has Terraform and Git alone, with what Git's scripts call.
func withoutGo(t *testing.T, environment []string) []string {
	t.Helper()
	bin := t.TempDir()
	for _, name := range []string{"terraform", "git", "basename", "sed", "uname"} {
		path, err := exec.LookPath(name)
		if err == nil {
			err = os.Symlink(path, filepath.Join(bin, name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return append(environment, "PATH="+bin)
}

// published makes a repository of the Terraform modules, and returns its address at a version.
func published(t *testing.T, root string) string {
	t.Helper()
	out := t.TempDir()
	dir := filepath.Join(out, "terraform-aws-cognito-triggers")
	for _, words := range [][]string{
		{"init", "--quiet", "--initial-branch=main", dir}, {"-C", dir, "config", "user.name", "Ines"},
		{"-C", dir, "config", "user.email", "ines@example.org"},
	} {
		if text, err := exec.CommandContext(t.Context(), "git", words...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", words, err, text)
		}
	}
	got, err := publish.Terraform(t.Context(), publish.Options{
		Root: root, Out: out, Module: publish.Example, Version: "v0.1.0", Time: time.Now(),
	})
	if err != nil || got != dir {
		t.Fatalf("%s, error %v", got, err)
	}
	return "git::file://" + dir + "?ref=v0.1.0"
}

// A repository of somebody else applies the root module three times, from Git and without Go: with for_each, count and
// depends_on, and with a provider for each of two Regions. The functions' code is in S3.
func TestSeveralPools(t *testing.T) {
	o := options(t)
	europe, america := openPlace(t, o, "eu-west-1"), openPlace(t, o, "us-east-1")
	if err := errors.Join(europe.fill(t.Context(), zips(o.Root)), america.fill(t.Context(), zips(o.Root))); err != nil {
		t.Fatal(err)
	}
	tf := &terraform{dir: t.TempDir(), module: ".", plugins: o.PluginDir, logs: o.Logs}
	tf.environment = withoutGo(t, environment(europe.Stack))
	text := strings.ReplaceAll(severalPools, "SOURCE", published(t, o.Root))
	if err := os.WriteFile(filepath.Join(tf.dir, "main.tf"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	all := map[string]any{
		"america": america.Emulator.Endpoint, "american_pools": america.Endpoint, "architecture": architecture(),
		"environment": map[string]any{"europe": everywhere(europe.Stack), "america": everywhere(america.Stack)},
	}
	set := func(code map[string]any) {
		t.Helper()
		all["code"] = map[string]any{"europe": code, "america": america.code}
		if err := tf.write("all.auto.tfvars.json", all); err != nil {
			t.Fatal(err)
		}
	}
	before := seen(t, europe, america)
	set(europe.code)
	if err := tf.apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	c := &changer{s: europe.Stack, o: o, tf: tf}
	t.Run("each pool is where its provider leads", func(t *testing.T) { eachInItsPlace(t, europe, america) })
	t.Run("each pool calls its own functions", func(t *testing.T) {
		clients := map[string]string{}
		read(t, tf, &clients, "output", "-json", "clients")
		for name, client := range clients {
			s := europe
			if strings.HasPrefix(name, "america") {
				s = america
			}
			if err := refused(t.Context(), s.Stack, client, o); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if len(clients) != 3 {
			t.Errorf("clients %v", clients)
		}
	})
	t.Run("everything has the tags", c.tagged)
	t.Run("a second plan changes nothing", func(t *testing.T) {
		if plan := c.plan(t); len(plan) > 0 {
			t.Errorf("it changes %v", plan)
		}
	})
	t.Run("new code changes its function alone", func(t *testing.T) {
		other := maps.Clone(europe.code)
		other["pre-sign-up"] = other["post-confirmation"]
		set(other)
		function := `].module.triggers.module.function["pre-sign-up"].aws_lambda_`
		wantChanges(t, c.plan(t), map[string]string{
			`module.europe["school"` + function + "function.this": "update",
			`module.europe["school"` + function + "alias.this[0]": "update",
			`module.europe["shop"` + function + "function.this":   "update",
			`module.europe["shop"` + function + "alias.this[0]":   "update",
		})
	})
	t.Run("without code the plan says what to do", func(t *testing.T) {
		set(map[string]any{})
		_, err := tf.plan(t.Context(), planned)
		for _, want := range []string{
			"pre-sign-up has no code", "Set zips_path to the output of `make build`", "`poolctl build --upload` writes",
		} {
			if err == nil || !strings.Contains(strings.Join(strings.Fields(unframed(err)), " "), want) {
				t.Errorf("error %v, want %q", err, want)
			}
		}
	})
	set(europe.code)
	if err := tf.destroy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := added(before, seen(t, europe, america)); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// read decodes what a command prints.
func read(t *testing.T, tf *terraform, into any, command ...string) {
	t.Helper()
	text, err := tf.output(t.Context(), command...)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// unframed returns an error of Terraform without the frame at the left.
func unframed(err error) string { return strings.ReplaceAll(fmt.Sprint(err), "│", "") }

// seen returns the resources of both places.
func seen(t *testing.T, places ...*place) []string {
	t.Helper()
	var all []string
	for _, p := range places {
		there, err := resources(t.Context(), p.Stack)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range there {
			all = append(all, p.Region+" "+name)
		}
	}
	return all
}

// eachInItsPlace compares the pools and functions of each Region with what its provider should make.
func eachInItsPlace(t *testing.T, europe, america *place) {
	for p, want := range map[*place]map[string]int{
		europe:  {"cognito-idp": 2, "lambda shop-": 3, "lambda school-": 3},
		america: {"cognito-idp": 1, "lambda shop-": 3, "lambda school-": 0},
	} {
		there := seen(t, p)
		for what, n := range want {
			service, name, _ := strings.Cut(what, " ")
			got := 0
			for _, one := range there {
				if strings.HasPrefix(one, p.Region+" "+service+" ") && strings.Contains(one, name) {
					got++
				}
			}
			if got != n {
				t.Errorf("%s: %d of %s, want %d: %v", p.Region, got, what, n, there)
			}
		}
	}
}

// tagged checks that every resource that can have tags has those of its pool.
func (c *changer) tagged(t *testing.T) {
	type module struct {
		Resources []struct {
			Address string
			Mode    string
			Values  map[string]any
		}
		Children []module `json:"child_modules"`
	}
	var state struct {
		Values struct {
			Root module `json:"root_module"`
		}
	}
	read(t, c.tf, &state, "show", "-json")
	types := map[string]bool{}
	var visit func(module)
	visit = func(m module) {
		for _, r := range m.Resources {
			if _, can := r.Values["tags_all"]; !can || r.Mode != "managed" {
				continue
			}
			types[strings.Split(r.Address[strings.LastIndex(r.Address, "aws_"):], ".")[0]] = true
			if tags, _ := r.Values["tags"].(map[string]any); tags["team"] != "identity" || tags["pool"] == nil {
				t.Errorf("%s has the tags %v", r.Address, tags)
			}
		}
		for _, child := range m.Children {
			visit(child)
		}
	}
	visit(state.Values.Root)
	for _, want := range []string{"aws_cognito_user_pool", "aws_lambda_function", "aws_iam_role", "aws_dynamodb_table",
		"aws_cloudwatch_log_group", "aws_cloudwatch_metric_alarm"} {
		if !types[want] {
			t.Errorf("no %s among %v", want, slices.Sorted(maps.Keys(types)))
		}
	}
}
