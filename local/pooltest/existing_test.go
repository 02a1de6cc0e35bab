package pooltest_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/pooltest"
)

var mail = pooltest.User{
	Name: "ines@example.org", Password: password, Attributes: map[string]string{"email": "ines@example.org"},
}

func TestPoolOfTheRepository(t *testing.T) {
	p := pooltest.Start(t, pooltest.FromRepository())
	if err := errors.Join(p.SignUp(mail), p.Confirm(mail.Name), p.AddToGroup(mail.Name, "members")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.SignIn(mail.Name, password); err != nil {
		t.Error(err)
	}
}

// The settings are those of the repository that the test runs in, wherever its poolctl.json says.
func TestPoolOfAnotherRepository(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"poolctl.json": `{"settings":"pool.json"}`,
		"pool.json": `{"name":"own","app_clients":{"ios":{},"web":{"generate_secret":true}},
			"custom_attributes":{"plan":{}}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	if _, err := pooltest.Open(pooltest.FromRepository()); err == nil ||
		!strings.Contains(err.Error(), "the app clients ios, web: choose one with WithAppClient") {
		t.Errorf("error %v", err)
	}
	if _, err := pooltest.Open(pooltest.FromRepository(), pooltest.WithAppClient("tv")); err == nil ||
		!strings.Contains(err.Error(), `no app client is named "tv"; there are ios, web`) {
		t.Errorf("error %v", err)
	}
	p := pooltest.Start(t, pooltest.FromRepository(), pooltest.WithAppClient("web"))
	if err := errors.Join(p.SignUp(mail), p.Confirm(mail.Name)); err != nil || p.ClientSecret == "" {
		t.Fatalf("secret %q, error %v", p.ClientSecret, err)
	}
	if _, err := p.SignIn(mail.Name, password); err != nil { // with SRP, the default
		t.Error(err)
	}
}

// described is a pool that the AWS CLI prints: testdata holds its documents.
func described(names ...string) []string {
	for i, name := range names {
		names[i] = filepath.Join("testdata", name+".json")
	}
	return names
}

func TestPoolOfDescriptions(t *testing.T) {
	t.Parallel()
	p := pooltest.Start(t, pooltest.FromDescriptions(described("pool", "client", "mfa")...))
	u := mail
	u.Attributes = map[string]string{"email": mail.Name, "custom:tenant": "acme", "given_name": "Inès"}
	if err := errors.Join(p.SignUp(u), p.Confirm(u.Name)); err != nil {
		t.Fatal(err)
	}
	tokens, err := p.SignIn(u.Name, password)
	if err != nil || tokens.IDClaims["custom:tenant"] != "acme" || p.ClientSecret == "" {
		t.Errorf("claims %v, secret %q, error %v", tokens.IDClaims, p.ClientSecret, err)
	}
	if warnings := strings.Join(p.Warnings(), "\n"); !strings.Contains(warnings, "EmailConfiguration.SourceArn") {
		t.Errorf("no warning of settings without effect: %s", warnings)
	}
	pool, err := p.Client.DescribeUserPool(t.Context(), &cip.DescribeUserPoolInput{UserPoolId: &p.ID})
	if err != nil {
		t.Fatal(err)
	}
	client, err := p.Client.DescribeUserPoolClient(t.Context(), &cip.DescribeUserPoolClientInput{
		UserPoolId: &p.ID, ClientId: &p.ClientID,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := pool.UserPool; *got.Name != "people" || got.MfaConfiguration != types.UserPoolMfaTypeOptional ||
		*got.Policies.PasswordPolicy.MinimumLength != 9 || len(got.UsernameAttributes) != 1 ||
		got.Policies.PasswordPolicy.TemporaryPasswordValidityDays != 3 {
		t.Errorf("pool %+v", got)
	}
	if got := client.UserPoolClient; *got.AccessTokenValidity != 10 || *got.ClientName != "web" {
		t.Errorf("client %+v", got)
	}
}

// What the local pool describes makes the same pool again.
func TestDescriptionsOfThePoolItself(t *testing.T) {
	t.Parallel()
	strict := pooltest.WithPool(func(in *cip.CreateUserPoolInput) {
		in.Policies = &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{
			MinimumLength: aws.Int32(12), TemporaryPasswordValidityDays: 2,
		}}
		in.Schema = append(in.Schema, types.SchemaAttributeType{Name: aws.String("family_name"), Required: aws.Bool(true)})
	})
	first := pooltest.Start(t, pooltest.WithCustomAttributes("tenant"), strict)
	dir := t.TempDir()
	again := pooltest.Start(t, pooltest.FromDescriptions(describe(t, first, dir)...))
	texts := [2]string{}
	for i, p := range []*pooltest.Pool{first, again} {
		out, err := p.Client.DescribeUserPool(t.Context(), &cip.DescribeUserPoolInput{UserPoolId: &p.ID})
		if err != nil {
			t.Fatal(err)
		}
		out.UserPool.Id, out.UserPool.Arn, out.UserPool.CreationDate, out.UserPool.LastModifiedDate = nil, nil, nil, nil
		text, err := json.Marshal(out.UserPool)
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = string(text)
	}
	if texts[0] != texts[1] {
		t.Errorf("the pool is\n%s\nand again\n%s", texts[0], texts[1])
	}
}

// describe writes a pool's descriptions and returns the files.
func describe(t *testing.T, p *pooltest.Pool, dir string) []string {
	t.Helper()
	pool, err := p.Client.DescribeUserPool(t.Context(), &cip.DescribeUserPoolInput{UserPoolId: &p.ID})
	if err != nil {
		t.Fatal(err)
	}
	client, err := p.Client.DescribeUserPoolClient(t.Context(), &cip.DescribeUserPoolClientInput{
		UserPoolId: &p.ID, ClientId: &p.ClientID,
	})
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for name, out := range map[string]any{
		"pool":   map[string]any{"UserPool": pool.UserPool},
		"client": map[string]any{"UserPoolClient": client.UserPoolClient},
	} {
		text, err := json.Marshal(out)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, filepath.Join(dir, name+".json"))
		if err := os.WriteFile(files[len(files)-1], text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestDescriptionsThatAreRefused(t *testing.T) {
	t.Parallel()
	const client = `{"UserPoolClient":{"ClientName":"web"}}`
	for name, c := range map[string]struct {
		texts []string
		want  string
	}{
		"no pool":   {texts: []string{client}, want: "no file has a UserPool"},
		"no client": {texts: []string{`{"UserPool":{"Name":"people"}}`}, want: "no file has a UserPoolClient"},
		"something else": {
			texts: []string{`{"Users":[]}`}, want: "0.json: is none of UserPool, UserPoolClient and MfaConfiguration",
		},
		"no JSON": {texts: []string{`Name: people`}, want: "0.json: invalid"},
		"a member that nobody knows": {
			texts: []string{`{"UserPool":{"Name":"people","Colour":"red"}}`, client},
			want:  `UserPool: json: unknown field "Colour"; take out what is no setting`,
		},
		"a setting that Cognito refuses": {
			texts: []string{`{"UserPool":{"Name":"people","Policies":{"PasswordPolicy":{"MinimumLength":3}}}}`, client},
			want:  "0.json: operation error Cognito Identity Provider: CreateUserPool",
		},
		"a value that the local pool does not know": {
			texts: []string{`{"UserPool":{"Name":"people"}}`,
				`{"UserPoolClient":{"ClientName":"web","ExplicitAuthFlows":["ALLOW_FLYING"]}}`},
			want: "take the setting out of the file or change it with WithClient",
		},
		"a second factor that the local pool has not": {
			texts: []string{`{"UserPool":{"Name":"people"}}`, client, `{"MfaConfiguration":"ON","WebAuthnConfiguration":{}}`},
			want:  "2.json: operation error Cognito Identity Provider: SetUserPoolMfaConfig",
		},
		"the same client twice": {
			texts: []string{`{"UserPool":{"Name":"people"}}`, client, client},
			want:  "two of the app clients have the same name",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var files []string
			dir := t.TempDir()
			for i, text := range c.texts {
				files = append(files, filepath.Join(dir, string(rune('0'+i))+".json"))
				if err := os.WriteFile(files[i], []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			_, err := pooltest.Open(pooltest.FromDescriptions(files...))
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	if _, err := pooltest.Open(pooltest.FromDescriptions("nowhere.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}
