package deploy

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/local/stack"
)

// What its README says that a change of each input of the user pool does. The pool is applied once; everything else is
// plans, and applies that Cognito refuses.
func TestInputsOfTheUserPool(t *testing.T) {
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
	tf, err := newTerraform(s.Stack, o, filepath.Join("terraform", "modules", "user-pool"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tf.remove(); err != nil {
			t.Error(err)
		}
	})
	c := &inputs{changer{s: s.Stack, o: o, tf: tf}}
	tf.arguments = []string{"-var-file=" + overrides}
	c.write(t, nil)
	if err := tf.apply(t.Context()); err != nil {
		t.Fatal(err)
	}

	t.Run("in place", c.inPlace)
	t.Run("replaced", c.replaced)
	t.Run("another pool", c.anotherPool)
	t.Run("refused at apply", c.refusedAtApply)
}

// inputs changes the inputs of an applied user pool.
type inputs struct{ changer }

func (c *inputs) write(t *testing.T, more map[string]any) {
	t.Helper()
	all := map[string]any{
		"name": "people", "deletion_protection": false, "feature_plan": "PLUS", "required_attributes": []string{"name"},
		"custom_attributes": map[string]any{"tenant": map[string]any{"max_length": 64}},
		"app_clients":       map[string]any{"web": map[string]any{"write_attributes": []string{"email", "name"}}},
		"groups":            map[string]any{"members": map[string]any{"precedence": 1}},
		"domain":            map[string]any{"prefix": "people-sign-in"},
		"resource_servers":  map[string]any{"orders": map[string]any{"scopes": map[string]any{"read": "See orders"}}},
		"identity_providers": map[string]any{"Workforce": map[string]any{
			"type": "OIDC", "client_id": "one", "authorize_scopes": "openid", "issuer": "https://sign-in.example.org",
			"attribute_mapping": map[string]any{"email": "email"},
		}},
		"identity_provider_secrets": map[string]any{"Workforce": "not-a-secret"},
	}
	maps.Copy(all, more)
	if err := c.tf.write(overrides, all); err != nil {
		t.Fatal(err)
	}
}

const pool = "aws_cognito_user_pool.this"

func (c *inputs) inPlace(t *testing.T) {
	c.write(t, map[string]any{
		"name": "another", "deletion_protection": true, "feature_plan": "ESSENTIALS", "invite_only": true, "mfa": "ON",
		"password_policy": map[string]any{"minimum_length": 12}, "verification": "link",
		"tags": map[string]any{"team": "identity"},
		"ses_identity": map[string]any{
			"arn":  "arn:aws:ses:" + c.s.Region + ":" + stack.Account + ":identity/example.org",
			"from": "hello@example.org",
		},
		"lambda_config": map[string]any{"pre_sign_up": c.s.ARN("any")}, "mfa_factors": []string{"TOTP", "SMS"},
		"allowed_first_auth_factors": []string{"PASSWORD"}, "device_configuration": map[string]any{},
		"passkeys": map[string]any{"relying_party_id": "example.org"},
		"sms_configuration": map[string]any{
			"sns_caller_arn": "arn:aws:iam::111122223333:role/sms", "external_id": "x",
		},
		"auto_verified_attributes": []string{"email", "phone_number"}, "account_recovery": []string{"admin_only"},
		"attributes_require_verification_before_update": []string{},
		"messages":    map[string]any{"verification": map[string]any{"email_subject_by_link": "Hello"}},
		"issuer_type": "UPDATED",
		"custom_attributes": map[string]any{
			"tenant": map[string]any{"max_length": 64, "admin_only": true}, "team": map[string]any{},
		},
		"app_clients": map[string]any{"web": map[string]any{
			"write_attributes": []string{"email", "name", "locale"}, "read_attributes": []string{"email"},
			"auth_flows": []string{"USER_SRP_AUTH"}, "access_token_minutes": 30, "refresh_token_rotation": map[string]any{},
			"validity": map[string]any{"refresh_token": "12 hours"}, "auth_session_validity": 5,
			"prevent_user_existence_errors": "LEGACY",
			"oauth":                         map[string]any{"callback_urls": []string{"https://app.example.org/"}},
		}},
		"groups":           map[string]any{"members": map[string]any{"precedence": 2, "description": "All"}},
		"domain":           map[string]any{"prefix": "people-sign-in", "managed_login_version": 2},
		"resource_servers": map[string]any{"orders": map[string]any{"scopes": map[string]any{"write": "Order"}}},
		"identity_providers": map[string]any{"Workforce": map[string]any{
			"type": "OIDC", "client_id": "two", "authorize_scopes": "openid email", "issuer": "https://other.example.org",
			"attribute_mapping": map[string]any{"email": "mail"}, "idp_identifiers": []string{"example.org"},
		}},
		"identity_provider_secrets": map[string]any{"Workforce": "another"},
	})
	got := c.plan(t)
	wantChanges(t, got, map[string]string{
		pool: "update", `aws_cognito_user_pool_client.this["web"]`: "update",
		`aws_cognito_user_group.this["members"]`: "update", "aws_cognito_user_pool_domain.this[0]": "update",
		`aws_cognito_resource_server.this["orders"]`:      "update",
		`aws_cognito_identity_provider.this["Workforce"]`: "update",
		"module.protection.terraform_data.this":           "update",
	})
	if differing := got[pool].differing(); slices.Contains(differing, "name") {
		t.Errorf("another name changes the pool: %v", differing)
	}
}

func (c *inputs) replaced(t *testing.T) {
	c.write(t, map[string]any{
		"app_clients": map[string]any{"web": map[string]any{
			"write_attributes": []string{"email", "name"}, "generate_secret": true,
		}},
		"domain": map[string]any{"prefix": "another-sign-in"},
		"resource_servers": map[string]any{"orders": map[string]any{
			"name": "Orders", "scopes": map[string]any{"read": "See orders"},
		}},
		"identity_providers": map[string]any{"Workforce": map[string]any{
			"type": "SAML", "metadata_url": "https://sign-in.example.org/metadata",
			"attribute_mapping": map[string]any{"email": "email"},
		}},
	})
	replaced := "delete and create"
	wantChanges(t, c.plan(t), map[string]string{
		`aws_cognito_user_pool_client.this["web"]`:        replaced,
		"aws_cognito_user_pool_domain.this[0]":            replaced,
		`aws_cognito_resource_server.this["orders"]`:      replaced,
		`aws_cognito_identity_provider.this["Workforce"]`: replaced,
	})
}

// Cognito fixes these at creation, and the provider would make another pool: protection refuses that at plan.
func (c *inputs) anotherPool(t *testing.T) {
	for name, signIn := range map[string]any{
		"an alias":   map[string]any{"alias_attributes": []string{"email"}},
		"user names": map[string]any{"username_attributes": []string{}},
	} {
		c.write(t, map[string]any{"sign_in": signIn})
		if got := c.plan(t)[pool]; !slices.Equal(got.Change.Actions, []string{"delete", "create"}) {
			t.Errorf("%s: %s", name, got)
		}
	}
	c.write(t, map[string]any{"sign_in": map[string]any{"case_sensitive": true}})
	wantChanges(t, c.plan(t), map[string]string{}) // with a warning
}

func (c *inputs) refusedAtApply(t *testing.T) {
	before := c.clients(t)
	const fixed = "cannot modify or remove schema items"
	for name, one := range map[string]struct {
		input string
		value any
		says  string
	}{
		"a changed attribute": {
			input: "custom_attributes", value: map[string]any{"tenant": map[string]any{"max_length": 65}}, says: fixed,
		},
		"a removed attribute": {input: "custom_attributes", value: map[string]any{}, says: fixed},
		"another required one": {
			input: "required_attributes", value: []string{"name", "locale"}, says: "Required custom",
		},
		"nothing that is required": {input: "required_attributes", value: []string{}, says: fixed},
	} {
		c.write(t, map[string]any{one.input: one.value, "app_clients": map[string]any{"web": map[string]any{
			"write_attributes": []string{"email", "name", "locale"},
		}}})
		_, err := c.tf.output(t.Context(), append([]string{"apply", "-auto-approve"}, c.tf.arguments...)...)
		if err == nil || !strings.Contains(err.Error(), one.says) {
			t.Errorf("%s: error %v, want %q", name, err, one.says)
		}
	}
	if after := c.clients(t); after != before {
		t.Errorf("the app clients were %s and are %s", before, after)
	}
}

// clients returns the ids of the app clients of all pools.
func (c *inputs) clients(t *testing.T) string {
	t.Helper()
	pools, err := c.s.Cognito.ListUserPools(t.Context(), &cip.ListUserPoolsInput{MaxResults: new(int32(60))})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, one := range pools.UserPools {
		clients, err := c.s.Cognito.ListUserPoolClients(t.Context(), &cip.ListUserPoolClientsInput{UserPoolId: one.Id})
		if err != nil {
			t.Fatal(err)
		}
		for _, client := range clients.UserPoolClients {
			ids = append(ids, *one.Id+" "+*client.ClientId)
		}
	}
	return strings.Join(ids, ", ")
}
