package poolspec_test

import (
	"errors"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/poolclient"
)

// repositorysPool creates the pool of this repository's settings, and describes it.
func repositorysPool(t *testing.T) (poolspec.Spec, poolspec.Pool, *cip.DescribeUserPoolOutput, *cip.Client) {
	t.Helper()
	spec, err := poolspec.Read("../..")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(userpool.Open(userpool.Options{}))
	t.Cleanup(server.Close)
	api := poolclient.New(server.URL, "eu-west-1")
	made, err := spec.Create(t.Context(), api, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	pool, err := api.DescribeUserPool(t.Context(), &cip.DescribeUserPoolInput{UserPoolId: &made.ID})
	if err != nil {
		t.Fatal(err)
	}
	return spec, made, pool, api
}

// The default policy is Cognito's own. Users that follow AWS's tutorials sign up with such passwords.
// https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
func TestRepositorysPasswordPolicy(t *testing.T) {
	_, made, pool, api := repositorysPool(t)
	bare, err := api.CreateUserPool(t.Context(), &cip.CreateUserPoolInput{PoolName: aws.String("bare")})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := pool.UserPool.Policies.PasswordPolicy, bare.UserPool.Policies.PasswordPolicy; !reflect.DeepEqual(
		got, want) {
		t.Errorf("policy %+v, want that of a pool without one, %+v", got, want)
	}
	users := 0
	for password, accepted := range map[string]bool{
		"Sunny100%": true, "Sun100%": false, "Sunny1000": false, "sunny100%": false, "SUNNY100%": false, "Sunnysun%": false,
	} {
		client := made.Clients["app"]
		users++
		_, err := api.SignUp(t.Context(), &cip.SignUpInput{
			ClientId: &client, Username: aws.String("ines+" + strconv.Itoa(users) + "@example.org"), Password: &password,
		})
		var refused *types.InvalidPasswordException
		if accepted && err != nil || !accepted && !errors.As(err, &refused) {
			t.Errorf("%s: error %v", password, err)
		}
	}
}

func TestRepositorysSettingsMakeAPool(t *testing.T) {
	spec, made, pool, api := repositorysPool(t)
	p := pool.UserPool
	if aws.ToString(p.Name) != spec.Name || p.UserPoolTier != types.UserPoolTierType(spec.FeaturePlan) ||
		p.MfaConfiguration != types.UserPoolMfaType(spec.MFA) ||
		aws.ToInt32(p.Policies.PasswordPolicy.MinimumLength) != spec.PasswordPolicy.MinimumLength ||
		aws.ToBool(p.UsernameConfiguration.CaseSensitive) ||
		!slices.Equal(p.UsernameAttributes, []types.UsernameAttributeType{"email"}) {
		t.Errorf("pool %+v", p)
	}
	for name := range spec.CustomAttributes {
		if !slices.ContainsFunc(p.SchemaAttributes, func(a types.SchemaAttributeType) bool {
			return *a.Name == "custom:"+name
		}) {
			t.Errorf("the schema lacks custom:%s", name)
		}
	}
	for name, want := range spec.AppClients {
		id := made.Clients[name]
		client, err := api.DescribeUserPoolClient(t.Context(),
			&cip.DescribeUserPoolClientInput{UserPoolId: &made.ID, ClientId: &id})
		if err != nil {
			t.Fatal(err)
		}
		c := client.UserPoolClient
		if c.PreventUserExistenceErrors != types.PreventUserExistenceErrorTypesEnabled ||
			!slices.Equal(sorted(c.WriteAttributes), sorted(want.WriteAttributes)) ||
			aws.ToInt32(c.AccessTokenValidity) != want.AccessTokenMinutes || len(c.ExplicitAuthFlows) != len(want.AuthFlows) ||
			!aws.ToBool(c.EnableTokenRevocation) {
			t.Errorf("app client %s: %+v", name, c)
		}
	}
	groups, err := api.ListGroups(t.Context(), &cip.ListGroupsInput{UserPoolId: &made.ID})
	if err != nil || len(groups.Groups) != len(spec.Groups) {
		t.Errorf("groups %+v, error %v", groups, err)
	}
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"an unknown name": {text: `{"pasword_policy":{}}`, want: `unknown field "pasword_policy"`},
		"no JSON":         {text: "{\n  name = \"x\"", want: "line 2: invalid character"},
		"half a file":     {text: `{"name": "x",`, want: "unexpected end of JSON input"},
		"nothing":         {text: ``, want: "unexpected end of JSON input"},
		"two objects":     {text: `{} {}`, want: "line 1: invalid character '{' after top-level value"},
		"another type": {
			text: `{"password_policy":{"minimum_length":"x"}}`,
			want: "in password_policy: minimum_length: must be a whole number in range, not a string",
		},
		"an unknown name in an object": {text: `{"app_clients":{"web":{"auth_flow":[]}}}`, want: `unknown field "auth_flow"`},
		"an empty name":                {text: `{"name":""}`, want: `name is ""`},
		"an unknown MFA value":         {text: `{"mfa":"MAYBE"}`, want: `mfa: "MAYBE" is not one of OFF, OPTIONAL, ON`},
		"an unknown form of issuer": {
			text: `{"issuer_type":"NEW"}`, want: `issuer_type: "NEW" is not one of ORIGINAL, UPDATED`,
		},
		"an unknown plan": {text: `{"feature_plan":"FREE"}`, want: "feature_plan"},
		"a short password": {
			text: `{"password_policy":{"minimum_length":3}}`,
			want: "password_policy.minimum_length is 3",
		},
		"an unknown attribute type": {
			text: `{"custom_attributes":{"tenant":{"type":"Text"}}}`,
			want: "custom_attributes.tenant.type",
		},
		"a flow with Cognito's prefix": {
			text: `{"app_clients":{"web":{"auth_flows":["ALLOW_USER_SRP_AUTH"]}}}`,
			want: "app_clients.web.auth_flows",
		},
		"a precedence that Terraform leaves out": {
			text: `{"groups":{"staff":{"precedence":0}}}`, want: "groups.staff.precedence is 0",
		},
		"a lifetime without a unit": {
			text: `{"app_clients":{"web":{"validity":{"access_token":"60"}}}}`, want: "app_clients.web.validity",
		},
		"two names of a domain": {
			text: `{"domain":{"prefix":"people","custom":"auth.example.org"}}`, want: "domain: set prefix or custom",
		},
		"a custom domain without a certificate": {
			text: `{"domain":{"custom":"auth.example.org"}}`, want: "domain: custom and certificate_arn belong together",
		},
		"an unknown version of the pages": {
			text: `{"domain":{"prefix":"people","managed_login_version":3}}`, want: "domain.managed_login_version is 3",
		},
		"the implicit flow": {
			text: `{"app_clients":{"web":{"oauth":{"flow":"implicit"}}}}`, want: "app_clients.web.oauth.flow",
		},
		"no callback":      {text: `{"app_clients":{"web":{"oauth":{}}}}`, want: "oauth.callback_urls"},
		"an unknown alias": {text: `{"sign_in":{"alias_attributes":["name"]}}`, want: "sign_in.alias_attributes"},
		"a client that writes an admin-only attribute": {
			text: `{"custom_attributes":{"tenant":{"admin_only":true}},` +
				`"app_clients":{"web":{"write_attributes":["custom:tenant"]}}}`,
			want: "app_clients.web.write_attributes: custom:tenant is admin_only",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := poolspec.Parse([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	if _, err := poolspec.Read(t.TempDir()); err == nil {
		t.Error("Read succeeded without a settings file")
	}
}

func TestTriggers(t *testing.T) {
	spec, err := poolspec.Parse([]byte(`{"triggers":{"a":{"enabled":false},"b":{"environment":{"X":"1"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"a": false, "b": true, "c": true} {
		if spec.Enabled(name) != want {
			t.Errorf("%s: enabled %v", name, !want)
		}
	}
	if err := spec.CheckTriggers([]string{"a", "b", "c"}); err != nil {
		t.Error(err)
	}
	if err := spec.CheckTriggers([]string{"a", "c"}); err == nil || !strings.Contains(err.Error(), "triggers.b") {
		t.Errorf("error %v", err)
	}
}

func TestOnlyTriggers(t *testing.T) {
	spec, err := poolspec.Parse([]byte(`{"only_triggers":["a","b"],"triggers":{"b":{"enabled":false},"c":{}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"a": true, "b": false, "c": false, "d": false} {
		if spec.Enabled(name) != want {
			t.Errorf("%s: enabled %v", name, !want)
		}
	}
	if err := spec.CheckTriggers([]string{"a", "b", "c"}); err != nil {
		t.Error(err)
	}
	err = spec.CheckTriggers([]string{"b", "c"})
	if err == nil || !strings.Contains(err.Error(), "only_triggers names a") {
		t.Errorf("error %v", err)
	}
	if spec, err = poolspec.Parse([]byte(`{"only_triggers":["a"],"triggers":{"c":{"enabled":true}}}`)); err != nil {
		t.Fatal(err)
	}
	if err := spec.CheckTriggers([]string{"a", "c"}); err == nil || !strings.Contains(err.Error(), "leaves it out") {
		t.Errorf("error %v", err)
	}
}

// A pool with the newer form of issuer has it in its configuration.
func TestIssuerType(t *testing.T) {
	server := httptest.NewServer(userpool.Open(userpool.Options{}))
	t.Cleanup(server.Close)
	api := poolclient.New(server.URL, "eu-west-1")
	for text, want := range map[string]string{`{}`: "", `{"issuer_type":"UPDATED"}`: "UPDATED"} {
		spec, err := poolspec.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		made, err := spec.Create(t.Context(), api, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		out, err := api.DescribeUserPool(t.Context(), &cip.DescribeUserPoolInput{UserPoolId: &made.ID})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if c := out.UserPool.IssuerConfiguration; c != nil {
			got = string(c.Type)
		}
		if got != want {
			t.Errorf("%s: the pool's issuer has the form %q, want %q", text, got, want)
		}
	}
}

// A repository without settings learns where they belong and what they must have.
func TestReadWithoutSettings(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	_, err := poolspec.Read(root)
	path := filepath.Join(root, "terraform", "pool.auto.tfvars.json")
	for _, want := range []string{path + " does not exist", `"app_clients": { "app": {} }`, "poolctl.json"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
