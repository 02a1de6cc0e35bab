package awsenv

import (
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/settings"
)

// lambda is the part of a function's environment that Config reads.
func lambda(changes map[string]string) *settings.Env {
	environment := map[string]string{
		"AWS_REGION":            "eu-west-1",
		"AWS_ACCESS_KEY_ID":     "AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY": "secret-example",
		"AWS_SESSION_TOKEN":     "token-example",
	}
	maps.Copy(environment, changes)
	return settings.FromMap(environment)
}

func TestConfigReadsRegionAndCredentials(t *testing.T) {
	env := lambda(nil)
	cfg := Config(env, "DYNAMODB")
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	if cfg.Region != "eu-west-1" {
		t.Errorf("region %q", cfg.Region)
	}
	got, err := cfg.Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.AccessKeyID != "AKIDEXAMPLE" || got.SecretAccessKey != "secret-example" || got.SessionToken != "token-example" {
		t.Errorf("credentials do not match the environment's")
	}
	if cfg.BaseEndpoint != nil {
		t.Errorf("endpoint %q, want AWS's own", *cfg.BaseEndpoint)
	}
}

func TestConfigFallsBackToDefaultRegion(t *testing.T) {
	env := lambda(map[string]string{"AWS_REGION": "", "AWS_DEFAULT_REGION": "ap-northeast-2"})
	if cfg := Config(env, "DYNAMODB"); cfg.Region != "ap-northeast-2" || env.Err() != nil {
		t.Errorf("region %q, problems %v", cfg.Region, env.Err())
	}
}

func TestConfigChoosesTheEndpoint(t *testing.T) {
	const own, all = "http://127.0.0.1:8000", "http://127.0.0.1:4566"
	cases := []struct {
		name        string
		environment map[string]string
		service     string
		want        string
	}{
		{name: "none set", service: "DYNAMODB", want: ""},
		{name: "one for all", environment: map[string]string{"AWS_ENDPOINT_URL": all}, service: "SESV2", want: all},
		{
			name:        "the service's own wins",
			environment: map[string]string{"AWS_ENDPOINT_URL": all, "AWS_ENDPOINT_URL_DYNAMODB": own},
			service:     "DYNAMODB",
			want:        own,
		},
		{
			name:        "another service's own",
			environment: map[string]string{"AWS_ENDPOINT_URL": all, "AWS_ENDPOINT_URL_DYNAMODB": own},
			service:     "COGNITO_IDENTITY_PROVIDER",
			want:        all,
		},
		{
			name:        "ignored",
			environment: map[string]string{"AWS_ENDPOINT_URL": all, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
			service:     "DYNAMODB",
			want:        "",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			env := lambda(c.environment)
			got := aws.ToString(Config(env, c.service).BaseEndpoint)
			if err := env.Err(); err != nil || got != c.want {
				t.Errorf("endpoint %q, want %q; problems %v", got, c.want, err)
			}
		})
	}
}

func TestConfigNamesWhatIsWrong(t *testing.T) {
	cases := []struct {
		name        string
		environment map[string]string
		variable    string
	}{
		{name: "no Region", environment: map[string]string{"AWS_REGION": ""}, variable: "AWS_REGION"},
		{
			name:        "Region with a host in it",
			environment: map[string]string{"AWS_REGION": "x.example.org/"},
			variable:    "AWS_REGION",
		},
		{
			name:        "default Region malformed",
			environment: map[string]string{"AWS_REGION": "", "AWS_DEFAULT_REGION": "-eu"},
			variable:    "AWS_DEFAULT_REGION",
		},
		{name: "no key", environment: map[string]string{"AWS_ACCESS_KEY_ID": ""}, variable: "AWS_ACCESS_KEY_ID"},
		{name: "no secret", environment: map[string]string{"AWS_SECRET_ACCESS_KEY": ""}, variable: "AWS_SECRET_ACCESS_KEY"},
		{name: "container credentials", environment: map[string]string{
			"AWS_ACCESS_KEY_ID": "", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1",
		}, variable: "AWS_CONTAINER_CREDENTIALS_FULL_URI"},
		{
			name:        "profile",
			environment: map[string]string{"AWS_ACCESS_KEY_ID": "", "AWS_PROFILE": "dev"},
			variable:    "AWS_PROFILE",
		},
		{
			name:        "endpoint without scheme",
			environment: map[string]string{"AWS_ENDPOINT_URL": "localhost:8000"},
			variable:    "AWS_ENDPOINT_URL",
		},
		{
			name:        "service endpoint not HTTP",
			environment: map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": "file:///tmp"},
			variable:    "AWS_ENDPOINT_URL_DYNAMODB",
		},
		{
			name:        "FIPS switch",
			environment: map[string]string{"AWS_USE_FIPS_ENDPOINT": "maybe"},
			variable:    "AWS_USE_FIPS_ENDPOINT",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			env := lambda(c.environment)
			Config(env, "DYNAMODB")
			err := env.Err()
			if err == nil || !strings.Contains(err.Error(), c.variable+" ") {
				t.Fatalf("problems %v, want one that names %s", err, c.variable)
			}
			if strings.Contains(err.Error(), "secret-example") {
				t.Error("the text holds the secret key")
			}
		})
	}
}

func TestConfigHandsOnEndpointVariants(t *testing.T) {
	env := lambda(map[string]string{"AWS_USE_FIPS_ENDPOINT": "true"})
	options := dynamodb.NewFromConfig(Config(env, "DYNAMODB")).Options()
	if got := options.EndpointOptions.UseFIPSEndpoint; got != aws.FIPSEndpointStateEnabled {
		t.Errorf("FIPS state %v", got)
	}
	if got := options.EndpointOptions.UseDualStackEndpoint; got == aws.DualStackEndpointStateEnabled {
		t.Errorf("dual stack state %v, though it was not asked for", got)
	}
}

// Linking one of these packages costs every cold start of every function. The custom senders decrypt with AWS's
// Encryption SDK, which links some of them.
func TestFunctionsDoNotLinkHeavyPackages(t *testing.T) {
	goList := func(args ...string) []byte {
		list := exec.Command("go", append([]string{"list"}, args...)...)
		list.Dir = "../.."
		out, err := list.Output()
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		return out
	}
	all := strings.Fields(string(goList("./triggers/...", "./shared/...")))
	light := slices.DeleteFunc(all, func(name string) bool {
		return strings.Contains(name, "/custom-email-sender") || strings.Contains(name, "/custom-sms-sender") ||
			strings.Contains(name, "/shared/sendercode") || strings.Contains(name, "/shared/customsender")
	})
	out := goList(append([]string{"-deps"}, light...)...)
	heavy := []string{
		"github.com/aws/aws-sdk-go-v2/config",
		"github.com/aws/aws-sdk-go-v2/credentials",
		"github.com/aws/aws-sdk-go-v2/feature/",
		"github.com/aws/aws-lambda-go/events",
	}
	packages := strings.Fields(string(out))
	if len(packages) < 50 {
		t.Fatalf("go list named %d packages only", len(packages))
	}
	for _, name := range packages {
		for _, prefix := range heavy {
			if strings.HasPrefix(name, prefix) {
				t.Errorf("linked: %s", name)
			}
		}
	}
}

// A function pays only for the clients that it imports itself.
func TestPackageLinksNoServiceClient(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for name := range strings.FieldsSeq(string(out)) {
		if strings.HasPrefix(name, "github.com/aws/aws-sdk-go-v2/service/") {
			t.Errorf("linked: %s", name)
		}
	}
}
