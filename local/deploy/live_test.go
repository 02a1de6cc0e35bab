package deploy

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
)

// oneConfiguration is a pool and its triggers as a caller of the modules writes them.
const oneConfiguration = `
provider "aws" {}

variable "settings" { type = any }

module "triggers" {
  source = "../modules/triggers"

  name_prefix                 = "live"
  triggers_path               = var.settings.triggers_path
  zips_path                   = var.settings.zips_path
  architecture                = var.settings.architecture
  environment                 = var.settings.environment
  triggers                    = var.settings.triggers
  user_pool                   = module.user_pool
  live_user_pool_id           = var.settings.live_user_pool_id
  feature_plan                = "ESSENTIALS"
  app_client_write_attributes = { app = ["email"] }
}

module "user_pool" {
  source = "../modules/user-pool"

  name                = var.settings.name
  deletion_protection = var.settings.protected
  app_clients         = { app = { auth_flows = ["USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"] } }
  groups              = { members = {} }
  domain              = { prefix = "live-sign-in" }
  lambda_config       = module.triggers.lambda_config
}

module "protection" {
  source     = "../modules/protection"
  protected  = var.settings.protected
  depends_on = [module.user_pool, module.triggers]
}

output "user_pool_id" { value = module.user_pool.id }
output "client_ids" { value = module.user_pool.client_ids }
`

// live is an applied configuration with one trigger, which is called at each sign-in.
type live struct {
	changer
	triggers, zips string // folders
	set            map[string]any
}

func (l *live) write(t *testing.T, more map[string]any) {
	t.Helper()
	maps.Copy(l.set, more)
	if err := l.tf.write(overrides, map[string]any{"settings": l.set}); err != nil {
		t.Fatal(err)
	}
}

// add writes a directory and a zip of a trigger for pre token generation.
func (l *live) add(t *testing.T, name string) {
	t.Helper()
	for from, to := range map[string]string{
		filepath.Join(l.o.Root, "triggers", "pre-token-generation", "function.json"): filepath.Join(l.triggers, name,
			"function.json"),
		filepath.Join(zips(l.o.Root), "pre-token-generation.zip"): filepath.Join(l.zips, name+".zip"),
	} {
		content, err := os.ReadFile(from)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(to), 0o700)
		}
		if err == nil {
			err = os.WriteFile(to, content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	l.set["triggers"] = map[string]any{name: map[string]any{"environment": map[string]string{"PROFILE_TABLE": ""}}}
}

// A pool that users sign in to is changed, and nothing that it holds or calls is lost. The functions must be built.
func TestLivePool(t *testing.T) {
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
	tf, err := newTerraform(s.Stack, o, filepath.Join("terraform", "live"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tf.remove(); err != nil {
			t.Error(err)
		}
	})
	tf.arguments = []string{"-var-file=" + overrides}
	l := &live{changer: changer{s: s.Stack, o: o, tf: tf}, triggers: t.TempDir(), zips: t.TempDir()}
	l.set = map[string]any{
		"name": "live", "protected": true, "live_user_pool_id": nil, "architecture": architecture(),
		"environment": everywhere(s.Stack), "triggers_path": l.triggers, "zips_path": l.zips,
	}
	dir := filepath.Join(tf.dir, tf.module)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(oneConfiguration), 0o600); err != nil {
		t.Fatal(err)
	}
	before, err := resources(t.Context(), s.Stack)
	if err != nil {
		t.Fatal(err)
	}
	l.add(t, "first")
	l.write(t, nil)
	if err := tf.apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.settle(t)

	t.Run("the pool waits for what a new function needs", l.order)
	t.Run("a trigger is swapped while users sign in", l.swap)
	t.Run("pre token generation cannot be switched off", l.switchOff)
	t.Run("another name changes nothing", l.rename)
	t.Run("a destruction is refused", func(t *testing.T) {
		l.refuse(t, "deletion_protection is on", "destroy", "-auto-approve")
	})
	t.Run("without protection all is destroyed", func(t *testing.T) {
		l.write(t, map[string]any{"protected": false})
		if err := tf.apply(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := tf.destroy(t.Context()); err != nil {
			t.Fatal(err)
		}
		after, err := resources(t.Context(), s.Stack)
		if left := added(before, after); err != nil || len(left) > 0 {
			t.Errorf("left: %v, error %v", left, err)
		}
	})
}

// An apply on this machine is too fast to lose a race against sign-ins, so this reads the order from the graph.
func (l *live) order(t *testing.T) {
	graph, err := l.tf.output(t.Context(), "graph")
	if err != nil {
		t.Fatal(err)
	}
	for _, edge := range [][2]string{
		{"user_pool.aws_cognito_user_pool.this", "triggers.aws_lambda_permission.first"},
		{"user_pool.aws_cognito_user_pool.this", "triggers.aws_iam_role_policy.first"},
		{"triggers.terraform_data.attached", "triggers.aws_lambda_permission.cognito"}, // which waits for the pool
		{"triggers.terraform_data.attached", "triggers.aws_iam_role_policy.pool"},
		{"triggers.terraform_data.attached", "triggers.aws_iam_role_policy.pool_statements"},
		{"triggers.terraform_data.attached", "triggers.aws_iam_role_policy.sender_key"},
	} {
		if want := `"module.` + edge[0] + `" -> "module.` + edge[1] + `"`; !strings.Contains(string(graph), want) {
			t.Errorf("no edge %s", want)
		}
	}
}

func (l *live) swap(t *testing.T) {
	if err := os.RemoveAll(filepath.Join(l.triggers, "first")); err != nil {
		t.Fatal(err)
	}
	l.add(t, "second")
	l.write(t, map[string]any{"live_user_pool_id": l.outputs(t).UserPoolID.Value})
	l.whileUsersSignIn(t)
	if got := l.attached(t, cognito.PreTokenGeneration); got != "live-second:live" {
		t.Errorf("the pool calls %q", got)
	}
	if plan := l.plan(t); len(plan) > 0 {
		t.Errorf("a second plan changes %v", plan)
	}
}

func (l *live) switchOff(t *testing.T) {
	on := l.set["triggers"]
	l.write(t, map[string]any{"triggers": map[string]any{"second": map[string]any{"enabled": false}}})
	l.refuse(t, "still calls a pre token generation function of these triggers", "apply", "-auto-approve")
	l.write(t, map[string]any{"triggers": on})
}

func (l *live) rename(t *testing.T) {
	l.write(t, map[string]any{"name": "another"})
	wantChanges(t, l.plan(t), map[string]string{})
	l.write(t, map[string]any{"name": "live"})
}
