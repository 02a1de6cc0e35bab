package deploy

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"cognito-triggers/shared/cognito"
)

// optional is the root module, applied first without any trigger and then with one that has options.
type optional struct {
	changer
	calls recorder
}

// A system without triggers is planned again without a change. A trigger's options reach AWS, its alias is moved by
// others and not by Terraform, and the policy of the applying role has every action that all this called.
func TestFunctionOptions(t *testing.T) {
	o := options(t)
	s, err := startStack(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	tf, err := newTerraform(s.Stack, o, root{}.module())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tf.remove(); err != nil {
			t.Error(err)
		}
	})
	c := &optional{changer: changer{s: s.Stack, o: o, tf: tf}}
	tf.environment = c.calls.between(t, tf.environment)
	tf.arguments = []string{"-var-file=" + overrides}

	c.write(t, nil)
	if err := tf.apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		name string
		do   func(*testing.T)
	}{
		{name: "without triggers", do: c.unchanged},
		{name: "with options", do: c.withOptions},
		{name: "moved by others", do: c.moved},
		{name: "without triggers again", do: c.off},
		{name: "destroyed", do: c.destroy},
	} {
		if !t.Run(step.name, step.do) {
			break // the next step builds on this one
		}
	}
	if n := c.calls.check(t); n < 50 {
		t.Errorf("only %d actions were called", n)
	}
}

// write writes the settings with every trigger off but for those that are given.
func (c *optional) write(t *testing.T, on map[string]any) {
	t.Helper()
	all := settings(c.s, c.o)
	all["api"], all["tags"] = nil, map[string]string{"team": "identity"}
	triggers := map[string]any{}
	directories, err := os.ReadDir(filepath.Join(c.o.Root, "triggers"))
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range directories {
		if one.IsDir() {
			triggers[one.Name()] = map[string]any{"enabled": false}
		}
	}
	all["function_options"] = map[string]any{"*": map[string]any{
		"path": "/teams/", "permissions_boundary": "arn:aws:iam::aws:policy/ReadOnlyAccess", "ephemeral_storage_mb": 1024,
		"log_format": "JSON", "log_system_level": "WARN", "log_retention_days": 7, "gradual_deployment": true,
	}}
	maps.Copy(triggers, on)
	all["triggers"] = triggers
	if err := c.tf.write(overrides, all); err != nil {
		t.Fatal(err)
	}
}

func (c *optional) unchanged(t *testing.T) {
	if _, err := c.tf.checkUnchanged(t.Context()); err != nil {
		t.Error(err)
	}
}

func (c *optional) run(t *testing.T) {
	t.Helper()
	if err := c.tf.run(t.Context(), append([]string{"apply", "-auto-approve"}, c.tf.arguments...)...); err != nil {
		t.Fatal(err)
	}
	c.unchanged(t)
}

func (c *optional) withOptions(t *testing.T) {
	c.write(t, map[string]any{"pre-sign-up": map[string]any{}})
	c.run(t)
	if got := c.attached(t, cognito.PreSignUp); got != "cognito-triggers-pre-sign-up:live-gradual" {
		t.Errorf("the pool calls %q", got)
	}
	function := "cognito-triggers-pre-sign-up"
	out, err := c.lambda().GetFunction(t.Context(), &lambda.GetFunctionInput{FunctionName: &function})
	if err != nil {
		t.Fatal(err)
	}
	if f := out.Configuration; *f.EphemeralStorage.Size != 1024 || f.LoggingConfig.LogFormat != "JSON" ||
		!strings.Contains(*f.Role, ":role/teams/"+function+"-") || out.Tags["team"] != "identity" {
		t.Errorf("storage %d MB, logs as %s, role %s, tags %v", *f.EphemeralStorage.Size, f.LoggingConfig.LogFormat, *f.Role,
			out.Tags)
	}
}

// moved publishes a version, which goes live only when somebody moves the alias, and no plan moves it back.
func (c *optional) moved(t *testing.T) {
	c.write(t, map[string]any{"pre-sign-up": map[string]any{"environment": map[string]string{"INVITE_ONLY": "true"}}})
	c.run(t)
	c.wantAlias(t, "1")
	alias := lambda.UpdateAliasInput{
		FunctionName: new("cognito-triggers-pre-sign-up"), Name: new("live-gradual"),
		RoutingConfig: &types.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{"2": 0.25}},
	}
	if _, err := c.lambda().UpdateAlias(t.Context(), &alias); err != nil {
		t.Fatal(err)
	}
	c.run(t)
	c.wantAlias(t, "1 and 25% of 2")
	alias.FunctionVersion, alias.RoutingConfig = new("2"), &types.AliasRoutingConfiguration{}
	if _, err := c.lambda().UpdateAlias(t.Context(), &alias); err != nil {
		t.Fatal(err)
	}
	c.run(t)
	c.wantAlias(t, "2")
}

func (c *optional) wantAlias(t *testing.T, want string) {
	t.Helper()
	out, err := c.lambda().GetAlias(t.Context(), &lambda.GetAliasInput{
		FunctionName: new("cognito-triggers-pre-sign-up"), Name: new("live-gradual"),
	})
	if err != nil {
		t.Fatal(err)
	}
	got := *out.FunctionVersion
	if out.RoutingConfig != nil {
		for version, weight := range out.RoutingConfig.AdditionalVersionWeights {
			got += fmt.Sprintf(" and %.0f%% of %s", 100*weight, version)
		}
	}
	if got != want {
		t.Errorf("the alias names version %s, want %s", got, want)
	}
}

func (c *optional) lambda() *lambda.Client {
	return lambda.NewFromConfig(aws.Config{
		Region: c.s.Region, BaseEndpoint: &c.s.Emulator.Endpoint,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
}

// off takes the last trigger away: the pool lets go of it, and the plan after that has nothing left to say.
func (c *optional) off(t *testing.T) {
	c.write(t, nil)
	c.run(t)
	if got := c.attached(t, cognito.PreSignUp); got != "" {
		t.Errorf("the pool calls %q", got)
	}
}

func (c *optional) destroy(t *testing.T) {
	if err := c.tf.destroy(t.Context()); err != nil {
		t.Error(err)
	}
}
