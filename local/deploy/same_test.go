package deploy

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/stack"
)

// The local stack makes the pool that Terraform makes of the same settings.
func TestSamePool(t *testing.T) {
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
	for name, settings := range map[string]string{
		"by e-mail": `{"name":"bare","app_clients":{"app":{}}}`,
		"by user name, with everything": `{"name":"rich","feature_plan":"PLUS","mfa":"OPTIONAL",
			"mfa_factors":["TOTP","SMS"],"sign_in":{"alias_attributes":["phone_number","email"],"case_sensitive":true},
			"auto_verified_attributes":["email","phone_number"],"attributes_require_verification_before_update":["email"],
			"account_recovery":["verified_phone_number","verified_email"],"verification":"code","invite_only":true,
			"password_policy":{"minimum_length":12,"password_history_size":3},"required_attributes":["name"],
			"allowed_first_auth_factors":["PASSWORD","SMS_OTP","WEB_AUTHN"],
			"passkeys":{"relying_party_id":"example.org","user_verification":"required"},
			"sms_configuration":{"sns_caller_arn":"arn:aws:iam::111122223333:role/sms","external_id":"x"},
			"device_configuration":{"challenge_required_on_new_device":false},
			"messages":{"verification":{"email_subject":"Hello","email_message":"Code {####}","sms_message":"{####} code"},
				"invitation":{"email_subject":"Come","email_message":"{username} {####}","sms_message":"{username} {####}"},
				"mfa":{"sms_message":"MFA {####}"}},
			"custom_attributes":{"tenant":{"max_length":9},"free":{"constraints":false},
				"level":{"type":"Number","min_value":2},"any":{"type":"Number"},
				"beta":{"type":"Boolean","mutable":false}},
			"resource_servers":{"https://orders.example.org":{"scopes":{"read":"See orders"}}},
			"groups":{"members":{"precedence":1},"staff":{"description":"d","role_arn":"arn:aws:iam::111122223333:role/staff"}},
			"app_clients":{
				"web":{"write_attributes":["email","name"],"auth_flows":["USER_AUTH","USER_SRP_AUTH"],
					"refresh_token_rotation":{"retry_grace_period_seconds":10},"auth_session_validity":7,
					"validity":{"access_token":"2 hours","refresh_token":"5 days"}},
				"service":{"write_attributes":["email","name"],"generate_secret":true,
					"enable_propagate_additional_user_context_data":true,"prevent_user_existence_errors":"LEGACY"}}}`,
		"by phone": `{"name":"phones","mfa":"OFF","sign_in":{"username_attributes":["phone_number"]},
			"auto_verified_attributes":["phone_number"],"account_recovery":["admin_only"],
			"sms_configuration":{"sns_caller_arn":"arn:aws:iam::111122223333:role/sms","external_id":"x"},
			"app_clients":{"app":{"read_attributes":["phone_number"],"write_attributes":["phone_number"]}}}`,
	} {
		t.Run(name, func(t *testing.T) { samePool(t, s.Stack, o, settings) })
	}
}

func samePool(t *testing.T, s *stack.Stack, o Options, settings string) {
	spec, err := poolspec.Parse([]byte(settings))
	if err != nil {
		t.Fatal(err)
	}
	made, err := spec.Create(t.Context(), s.Cognito, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	tf, err := newTerraform(s, o, filepath.Join("terraform", "modules", "user-pool"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tf.remove(); err != nil {
			t.Error(err)
		}
	})
	var variables map[string]any
	if err := json.Unmarshal([]byte(settings), &variables); err != nil {
		t.Fatal(err)
	}
	variables["deletion_protection"] = false
	if err := tf.write(overrides, variables); err != nil {
		t.Fatal(err)
	}
	tf.arguments = []string{"-var-file=" + overrides}
	if err := tf.apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := tf.checkUnchanged(t.Context()); err != nil {
		t.Error(err)
	}
	text, err := tf.output(t.Context(), "output", "-json", "id")
	if err != nil {
		t.Fatal(err)
	}
	var applied string
	if err := json.Unmarshal(text, &applied); err != nil {
		t.Fatal(err)
	}
	got, want := shown(t, s, made.ID), shown(t, s, applied)
	for part := range want {
		if !reflect.DeepEqual(got[part], want[part]) {
			t.Errorf("%s: the local stack makes\n%s\nand Terraform\n%s", part, got[part], want[part])
		}
	}
}

// shown returns what Cognito shows of a pool, by what it is, as JSON without ids and times.
func shown(t *testing.T, s *stack.Stack, id string) map[string]string {
	t.Helper()
	all := map[string]string{}
	add := func(name string, value any, err error) {
		t.Helper()
		text, wrong := json.Marshal(value)
		if err != nil || wrong != nil {
			t.Fatal(name, err, wrong)
		}
		all[name] = strings.ReplaceAll(string(text), id, "pool")
	}
	pool, err := s.Cognito.DescribeUserPool(t.Context(), &cip.DescribeUserPoolInput{UserPoolId: &id})
	if err == nil {
		p := pool.UserPool
		p.CreationDate, p.LastModifiedDate = nil, nil
		slices.SortFunc(p.SchemaAttributes, func(a, b types.SchemaAttributeType) int {
			return strings.Compare(*a.Name, *b.Name)
		})
		slices.Sort(p.AliasAttributes)
		slices.Sort(p.AutoVerifiedAttributes)
		if policy := p.Policies.SignInPolicy; policy != nil {
			slices.Sort(policy.AllowedFirstAuthFactors)
		}
		if p.AccountRecoverySetting != nil {
			slices.SortFunc(p.AccountRecoverySetting.RecoveryMechanisms, func(a, b types.RecoveryOptionType) int {
				return int(*a.Priority - *b.Priority)
			})
		}
	}
	add("the pool", pool.UserPool, err)
	mfa, err := s.Cognito.GetUserPoolMfaConfig(t.Context(), &cip.GetUserPoolMfaConfigInput{UserPoolId: &id})
	add("MFA", []any{
		mfa.MfaConfiguration, mfa.SmsMfaConfiguration, mfa.SoftwareTokenMfaConfiguration, mfa.EmailMfaConfiguration,
		mfa.WebAuthnConfiguration,
	}, err)
	groups, err := s.Cognito.ListGroups(t.Context(), &cip.ListGroupsInput{UserPoolId: &id})
	for i := range groups.Groups {
		groups.Groups[i].CreationDate, groups.Groups[i].LastModifiedDate = nil, nil
	}
	slices.SortFunc(groups.Groups, func(a, b types.GroupType) int { return strings.Compare(*a.GroupName, *b.GroupName) })
	add("groups", groups.Groups, err)
	servers, err := s.Cognito.ListResourceServers(t.Context(), &cip.ListResourceServersInput{
		UserPoolId: &id, MaxResults: aws.Int32(50),
	})
	add("resource servers", servers.ResourceServers, err)
	clients, err := s.Cognito.ListUserPoolClients(t.Context(), &cip.ListUserPoolClientsInput{UserPoolId: &id})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range clients.UserPoolClients {
		client, err := s.Cognito.DescribeUserPoolClient(t.Context(), &cip.DescribeUserPoolClientInput{
			UserPoolId: &id, ClientId: one.ClientId,
		})
		if err != nil {
			t.Fatal(err)
		}
		c := client.UserPoolClient
		c.ClientId, c.CreationDate, c.LastModifiedDate = nil, nil, nil
		if c.ClientSecret != nil {
			*c.ClientSecret = "secret"
		}
		c.SupportedIdentityProviders, c.CallbackURLs, c.LogoutURLs = nil, nil, nil // only for Terraform
		c.AllowedOAuthFlows, c.AllowedOAuthScopes = nil, nil
		for _, list := range []*[]string{&c.ReadAttributes, &c.WriteAttributes} {
			slices.Sort(*list)
		}
		slices.Sort(c.ExplicitAuthFlows)
		add("app client "+*c.ClientName, c, nil)
	}
	return all
}
