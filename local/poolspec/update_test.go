package poolspec_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/smithy-go/middleware"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/poolclient"
)

func specOf(t *testing.T, settings string) poolspec.Spec {
	t.Helper()
	root := t.TempDir()
	path := filepath.Join(root, "terraform", "pool.auto.tfvars.json")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(settings), 0o644); err != nil {
		t.Fatal(err)
	}
	spec, err := poolspec.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// described returns everything that a pool shows, without ids and times.
func described(t *testing.T, api *cip.Client, pool poolspec.Pool) string {
	t.Helper()
	var all []any
	add := func(out any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, out)
	}
	shown, err := api.DescribeUserPool(t.Context(), &cip.DescribeUserPoolInput{UserPoolId: &pool.ID})
	if err == nil {
		shown.UserPool.Id, shown.UserPool.Arn = nil, nil
		shown.UserPool.CreationDate, shown.UserPool.LastModifiedDate = nil, nil
		add(shown.UserPool, nil)
	}
	add(nil, err)
	add(mfaOf(t, api, pool))
	for name, id := range pool.Clients {
		one, err := api.DescribeUserPoolClient(t.Context(), &cip.DescribeUserPoolClientInput{
			UserPoolId: &pool.ID, ClientId: &id,
		})
		if err != nil {
			t.Fatal(name, err)
		}
		c := one.UserPoolClient
		c.ClientId, c.UserPoolId, c.CreationDate, c.LastModifiedDate = nil, nil, nil, nil
		if c.ClientSecret != nil {
			*c.ClientSecret = "secret"
		}
		add(c, nil)
	}
	groups, err := api.ListGroups(t.Context(), &cip.ListGroupsInput{UserPoolId: &pool.ID})
	if err == nil {
		for i := range groups.Groups {
			g := &groups.Groups[i]
			g.UserPoolId, g.CreationDate, g.LastModifiedDate = nil, nil, nil
		}
		add(groups.Groups, nil)
	}
	add(nil, err)
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func mfaOf(t *testing.T, api *cip.Client, pool poolspec.Pool) (any, error) {
	t.Helper()
	out, err := api.GetUserPoolMfaConfig(t.Context(), &cip.GetUserPoolMfaConfigInput{UserPoolId: &pool.ID})
	if err != nil {
		return nil, err
	}
	out.ResultMetadata = middleware.Metadata{}
	return out, nil
}

// A pool that is brought up to date is as one that is made with the new settings.
func TestUpdateMakesWhatCreateMakes(t *testing.T) {
	t.Parallel()
	const before = `{"mfa":"OPTIONAL","app_clients":{"app":{}},"groups":{"a":{"precedence":1}}}`
	for name, after := range map[string]string{
		"the same":     before,
		"MFA off":      `{"mfa":"OFF","app_clients":{"app":{}},"groups":{"a":{"precedence":1}}}`,
		"a policy":     `{"password_policy":{"minimum_length":20},"app_clients":{"app":{}},"groups":{"a":{"precedence":1}}}`,
		"an attribute": `{"custom_attributes":{"tenant":{}},"app_clients":{"app":{}},"groups":{"a":{"precedence":1}}}`,
		"a secret":     `{"app_clients":{"app":{"generate_secret":true}},"groups":{"a":{"precedence":1}}}`,
		"a client": `{"app_clients":{"app":{"access_token_minutes":5,"auth_flows":["USER_PASSWORD_AUTH"]}},
			"groups":{"a":{"precedence":1}}}`,
		"groups": `{"app_clients":{"app":{}},"groups":{"a":{"precedence":2,"description":"d"},"b":{}}}`,
		"invited users, another issuer": `{"invite_only":true,"issuer_type":"UPDATED","app_clients":{"app":{}},
			"groups":{"a":{"precedence":1}}}`,
		"factors and messages": `{"mfa_factors":["TOTP","SMS"],"passkeys":{"relying_party_id":"example.org"},
			"allowed_first_auth_factors":["PASSWORD","WEB_AUTHN"],"device_configuration":{},"verification":"link",
			"sms_configuration":{"sns_caller_arn":"arn:aws:iam::111122223333:role/sms","external_id":"x"},
			"auto_verified_attributes":["phone_number"],"account_recovery":["admin_only"],
			"messages":{"verification":{"email_subject_by_link":"Hello"},"invitation":{"email_subject":"Come"},
				"mfa":{"sms_message":"Code {####}"}},
			"app_clients":{"app":{"validity":{"refresh_token":"2 hours"},"auth_session_validity":5,
				"auth_flows":["USER_AUTH"],"refresh_token_rotation":{}}},"groups":{"a":{"precedence":1}}}`,
		"a resource server": `{"resource_servers":{"posts":{"name":"Posts","scopes":{"write":"Write"}}},
			"app_clients":{"app":{}},"groups":{"a":{"precedence":1}}}`,
		"pages": `{"domain":{"prefix":"people"},"resource_servers":{"posts":{"scopes":{"write":"Write"}}},
			"app_clients":{"app":{"oauth":{"scopes":["openid","posts/write"],"callback_urls":["http://localhost:3000/"],
				"logout_urls":["http://localhost:3000/bye"],"default_redirect_uri":"http://localhost:3000/"}}},
			"groups":{"a":{"precedence":1}}}`,
		"a service": `{"resource_servers":{"posts":{"scopes":{"write":"Write"}}},"app_clients":{"app":{"generate_secret":true,
			"oauth":{"flow":"client_credentials","scopes":["posts/write"]}}},"groups":{"a":{"precedence":1}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(userpool.Open(userpool.Options{}))
			t.Cleanup(server.Close)
			api := poolclient.New(server.URL, "eu-west-1")
			kept, err := specOf(t, before).Create(t.Context(), api, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			spec := specOf(t, after)
			another := httptest.NewServer(userpool.Open(userpool.Options{})) // a domain belongs to one pool
			t.Cleanup(another.Close)
			elsewhere := poolclient.New(another.URL, "eu-west-1")
			fresh, err := spec.Create(t.Context(), elsewhere, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				updated, err := spec.Update(t.Context(), api, kept.ID, nil, nil)
				if err != nil {
					t.Fatal(err)
				}
				if got, want := described(t, api, updated), described(t, elsewhere, fresh); got != want {
					t.Errorf("updated: %s\n\nmade: %s", got, want)
				}
			}
		})
	}
}

func TestUpdateRefusesAChangedAttribute(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(userpool.Open(userpool.Options{}))
	t.Cleanup(server.Close)
	api := poolclient.New(server.URL, "eu-west-1")
	made, err := specOf(t, `{"custom_attributes":{"tenant":{}}}`).Create(t.Context(), api, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, attribute := range map[string]string{
		"type": `{"type":"Number"}`, "limit": `{"max_length":5}`, "mutability": `{"mutable":false}`,
	} {
		spec := specOf(t, `{"custom_attributes":{"tenant":`+attribute+`}}`)
		_, err := spec.Update(t.Context(), api, made.ID, nil, nil)
		if err == nil || !strings.Contains(err.Error(), "custom_attributes.tenant: ") ||
			!strings.Contains(err.Error(), "poolctl reset") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUpdateRefusesWhatIsFixed(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(userpool.Open(userpool.Options{}))
	t.Cleanup(server.Close)
	api := poolclient.New(server.URL, "eu-west-1")
	made, err := specOf(t, `{}`).Create(t.Context(), api, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for settings, want := range map[string]string{
		`{"sign_in":{"alias_attributes":["email"]}}`: "sign_in: users of the kept pool sign in another way",
		`{"sign_in":{"username_attributes":[]}}`:     "sign_in: users of the kept pool sign in another way",
		`{"sign_in":{"case_sensitive":true}}`:        "sign_in: users of the kept pool sign in another way",
		`{"required_attributes":["name"]}`:           "required_attributes: the kept pool does not require name",
	} {
		if _, err := specOf(t, settings).Update(t.Context(), api, made.ID, nil, nil); err == nil ||
			!strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "poolctl reset") {
			t.Errorf("%s: error %v, want %q", settings, err, want)
		}
	}
}

// Another domain in the settings takes the place of the one that the kept pool has of that kind.
func TestUpdateOfTheDomain(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(userpool.Open(userpool.Options{}))
	t.Cleanup(server.Close)
	api := poolclient.New(server.URL, "eu-west-1")
	kept, err := specOf(t, `{}`).Create(t.Context(), api, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	const custom = `"custom":"auth.example.org","certificate_arn":"arn:aws:acm:us-east-1:111122223333:certificate/x"`
	for _, step := range []struct{ settings, prefix, custom string }{
		{settings: `{"domain":{"prefix":"people"}}`, prefix: "people"},
		{settings: `{"domain":{"prefix":"others","managed_login_version":2}}`, prefix: "others"},
		{settings: `{"domain":{` + custom + `}}`, prefix: "others", custom: "auth.example.org"},
		{settings: `{}`, prefix: "others", custom: "auth.example.org"},
	} {
		if _, err := specOf(t, step.settings).Update(t.Context(), api, kept.ID, nil, nil); err != nil {
			t.Fatal(step.settings, err)
		}
		pool, err := api.DescribeUserPool(t.Context(), &cip.DescribeUserPoolInput{UserPoolId: &kept.ID})
		if err != nil {
			t.Fatal(err)
		}
		prefix, custom := aws.ToString(pool.UserPool.Domain), aws.ToString(pool.UserPool.CustomDomain)
		if prefix != step.prefix || custom != step.custom {
			t.Errorf("%s: %q and %q, want %q and %q", step.settings, prefix, custom, step.prefix, step.custom)
		}
	}
}
