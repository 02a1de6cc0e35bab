package deploy

import (
	"encoding/json"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/scaffold"
	"cognito-triggers/local/stack"
	"cognito-triggers/shared/cognito"
)

// needTerraform enables the test and makes it fail if Terraform or the provider is missing. Otherwise the test is
// skipped, because it takes more than a minute and needs the machine to itself.
const needTerraform = "DEPLOY_NEEDS_TERRAFORM"

// Apply changes only what changed in the sources. The system is applied once; everything else is plans, except for one
// apply that creates a version to roll back from.
func TestPlansFollowTheSources(t *testing.T) {
	o := options(t)
	checkout := &checkout{t: t, dir: copyRepository(t, o.Root)}
	checkout.build()
	s, err := startStack(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	o.Root = checkout.dir
	c := &changer{checkout: checkout, s: s.Stack, o: o}
	c.apply()
	c.settle(t)

	for _, step := range []struct {
		name string
		do   func(*changer, *testing.T)
	}{
		{name: "a second build of unchanged sources changes nothing", do: secondBuild},
		{name: "a change in one handler changes its function and alias", do: oneHandler},
		{name: "a pinned version moves only the alias", do: rollBack},
		{name: "without an SES identity there is no custom message and no welcome mail", do: withoutSES},
		{name: "a new directory is built and attached without touching other files", do: newDirectory},
		{name: "pre token generation cannot be switched off while the pool calls it", do: stillCalled},
		{name: "another name is refused under protection", do: renameProtected},
		{name: "a destruction is refused under protection", do: destroyProtected},
	} {
		if !t.Run(step.name, func(t *testing.T) { step.do(c, t) }) {
			break // the next step builds on this one
		}
	}
}

func options(t *testing.T) Options {
	t.Helper()
	if os.Getenv(needTerraform) == "" {
		t.Skip("run `make tf-plans`, or set " + needTerraform + "=1")
	}
	if os.Getenv("AWS_ENDPOINT_URL") == "" { // or they would share the emulator, and count each other's resources
		t.Parallel()
	}
	o := Options{Root: filepath.Join("..", ".."), Logs: io.Discard, Out: io.Discard, PluginDir: os.Getenv("TF_PLUGIN_DIR")}
	var err error
	if o.Root, err = filepath.Abs(o.Root); err != nil {
		t.Fatal(err)
	}
	if o.PluginDir == "" {
		out, err := exec.CommandContext(t.Context(), filepath.Join(o.Root, ".ci", "terraform"), "plugin-dir").Output()
		if err != nil {
			t.Fatal(err)
		}
		o.PluginDir = strings.TrimSpace(string(out))
	}
	reason, err := Missing(t.Context(), o)
	switch {
	case err != nil:
		t.Fatal(err)
	case reason != "":
		t.Fatalf("%s, and %s is set", reason, needTerraform)
	}
	return o
}

// wantChanges checks that exactly these addresses change, each by this action.
func wantChanges(t *testing.T, got map[string]change, want map[string]string) {
	t.Helper()
	actions := map[string]string{}
	for address, one := range got {
		actions[address] = strings.Join(one.Change.Actions, " and ")
	}
	if !maps.Equal(actions, want) {
		for _, address := range slices.Sorted(maps.Keys(got)) {
			t.Logf("planned: %s", got[address])
		}
		t.Errorf("want %v", want)
	}
}

func secondBuild(c *changer, t *testing.T) {
	later := time.Now().Add(time.Hour)
	for path := range c.sources() { // as in a fresh clone
		if err := os.Chtimes(filepath.Join(c.dir, path), later, later); err != nil {
			t.Fatal(err)
		}
	}
	c.build()
	wantChanges(t, c.plan(t), map[string]string{})
}

const changedFunction = `module.triggers.module.function["pre-sign-up"].`

func oneHandler(c *changer, t *testing.T) {
	text := "package main\n\nimport \"os\"\n\nfunc init() {\n\tif os.Getenv(\"A_CHANGE\") != \"\" " +
		"{\n\t\tos.Exit(1)\n\t}\n}\n"
	if err := os.WriteFile(filepath.Join(c.dir, "triggers", "pre-sign-up", "change.go"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c.build()
	got := c.plan(t)
	wantChanges(t, got, map[string]string{
		changedFunction + "aws_lambda_function.this": "update",
		changedFunction + "aws_lambda_alias.this[0]": "update",
	})
	if differing := got[changedFunction+"aws_lambda_function.this"].differing(); !slices.Contains(differing,
		"source_code_hash") {
		t.Errorf("%v differ, want source_code_hash among them", differing)
	}
	unknown := got[changedFunction+"aws_lambda_alias.this[0]"].Change.AfterUnknown
	if unknown["function_version"] != true {
		t.Errorf("the alias does not follow the version: %v", unknown)
	}
	c.applyPlan(t)
	if got := c.aliased(t); got != "2" {
		t.Errorf("the alias names version %s, want 2", got)
	}
}

func rollBack(c *changer, t *testing.T) {
	c.settings(map[string]any{"pre-sign-up": map[string]any{"version": "1"}})
	wantChanges(t, c.plan(t), map[string]string{changedFunction + "aws_lambda_alias.this[0]": "update"})
	c.applyPlan(t)
	if got := c.aliased(t); got != "1" {
		t.Errorf("the alias names version %s, want 1", got)
	}
}

// aliased returns the version that the alias points to.
func (c *changer) aliased(t *testing.T) string {
	t.Helper()
	l := listing{service: "lambda", path: "/2015-03-31/functions/cognito-triggers-pre-sign-up/aliases/live"}
	answer, err := l.call(t.Context(), c.s.Emulator.Endpoint, c.s.Region)
	if err != nil {
		t.Fatal(err)
	}
	var alias struct{ FunctionVersion string }
	if err := json.Unmarshal(answer, &alias); err != nil {
		t.Fatal(err)
	}
	return alias.FunctionVersion
}

func withoutSES(c *changer, t *testing.T) {
	got := c.plan(t, "-refresh=false", "-var=ses_identity=null")
	if one := got[`module.triggers.module.function["custom-message"].aws_lambda_function.this`]; !slices.Equal(
		one.Change.Actions, []string{"delete"}) {
		t.Errorf("custom-message is not deleted: %s", one)
	}
	for address, want := range map[string]struct{ with, without string }{
		"module.user_pool.aws_cognito_user_pool.this": {
			with:    `"custom_message":"arn:`,
			without: `"custom_message":null`,
		},
		`module.triggers.module.function["post-confirmation"].aws_lambda_function.this`: {
			with:    `"WELCOME_EMAIL_FROM":"` + stack.Sender,
			without: `"WELCOME_EMAIL_FROM":""`,
		},
		`module.triggers.module.function["post-confirmation"].aws_iam_role_policy.this`: {
			with:    `ses:SendEmail`,
			without: `dynamodb:PutItem`,
		},
	} {
		before, _ := json.Marshal(got[address].Change.Before) // cannot fail: decoded from JSON
		after, _ := json.Marshal(got[address].Change.After)
		if !strings.Contains(string(before), want.with) || strings.Contains(string(after), want.with) ||
			!strings.Contains(string(after), want.without) {
			t.Errorf("%s:\nbefore %s\nafter  %s", address, before, after)
		}
	}
}

func newDirectory(c *changer, t *testing.T) {
	before := c.sources()
	if _, err := scaffold.New(c.dir, "audit-sign-in", cognito.PostAuthentication); err != nil {
		t.Fatal(err)
	}
	c.build()
	after := c.sources()
	maps.DeleteFunc(after, func(path string, _ [32]byte) bool {
		return strings.HasPrefix(path, "triggers/audit-sign-in/") || strings.HasPrefix(path, "testevents/audit-sign-in/")
	})
	if !maps.Equal(before, after) {
		t.Error("another file was changed")
	}

	got := c.plan(t, "-refresh=false")
	function := `module.triggers.module.function["audit-sign-in"].`
	for _, address := range []string{
		function + "aws_lambda_function.this", function + "aws_lambda_alias.this[0]",
		function + "aws_cloudwatch_log_group.this",
		function + "aws_iam_role.this", function + "aws_iam_role_policy.this",
		`module.triggers.aws_lambda_permission.cognito["audit-sign-in"]`,
	} {
		if one, there := got[address]; !there || !slices.Equal(one.Change.Actions, []string{"create"}) {
			t.Errorf("%s is not created", address)
		}
	}
	const pool = "module.user_pool.aws_cognito_user_pool.this"
	updated := []string{
		pool, "module.observability.aws_cloudwatch_dashboard.this", "module.triggers.terraform_data.attached",
	}
	for address, one := range got {
		if !slices.Contains(updated, address) && (!slices.Equal(one.Change.Actions, []string{"create"}) ||
			!strings.Contains(address, `["audit-sign-in`)) {
			t.Errorf("unexpected change: %s", one)
		}
	}
	if differing := got[pool].differing(); !slices.Equal(differing, []string{"lambda_config"}) {
		t.Fatalf("%v of the pool differ, want only lambda_config", differing)
	}
	var config []map[string]any
	text, _ := json.Marshal(got[pool].Change.AfterUnknown["lambda_config"]) // cannot fail: decoded from JSON
	if err := json.Unmarshal(text, &config); err != nil || len(config) != 1 || config[0]["post_authentication"] != true {
		t.Errorf("lambda_config has no unknown post_authentication: %s", text)
	}
}
