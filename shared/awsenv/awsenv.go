// Package awsenv configures AWS service clients from the environment variables that Lambda and local stacks set:
// credentials, Region and endpoint.
//
// It does what a function needs of the SDK's own `config` package without linking it: that package brings four more
// service clients (STS, SSO, …), whose tables are built at every cold start. A client that is made without any
// configuration would drop the session token and the endpoint variables, so every client of this product is made from
// Config:
//
//	client := dynamodb.NewFromConfig(awsenv.Config(env, "DYNAMODB"))
//
// Variables: https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
package awsenv

import (
	"context"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"cognito-triggers/shared/settings"
)

// Config reads the configuration of one service's client. The service is named as in its endpoint variable: "DYNAMODB",
// "SESV2", "COGNITO_IDENTITY_PROVIDER". What is missing or wrong is recorded in env, by the variable's name.
//
// Clients made from it share their connections if they share the Config. They try a call up to three times, the first
// time for at most AttemptTimeout; see Once for calls that must not be repeated.
func Config(env *settings.Env, service string) aws.Config {
	cfg := aws.Config{
		Region:       region(env),
		Credentials:  credentials(env),
		BaseEndpoint: endpoint(env, service),
		HTTPClient:   newPatientClient(AttemptTimeout),
		Retryer:      newRetryer,
	}
	variant := endpointVariant{
		fips:      env.Bool("AWS_USE_FIPS_ENDPOINT", false),
		dualStack: env.Bool("AWS_USE_DUALSTACK_ENDPOINT", false),
	}
	if variant != (endpointVariant{}) {
		cfg.ConfigSources = []any{variant}
	}
	return cfg
}

// isRegion keeps a Region from being anything but one label of a host name.
func isRegion(name string) bool {
	foreign := func(r rune) bool { return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') }
	return !strings.ContainsFunc(name, foreign) && !strings.HasPrefix(name, "-") && !strings.HasSuffix(name, "-")
}

func region(env *settings.Env) string {
	name := "AWS_REGION"
	value := env.Lookup(name)
	if value == "" {
		name = "AWS_DEFAULT_REGION"
		value = env.Lookup(name)
	}
	switch {
	case value == "":
		env.Fail("AWS_REGION", "is not set: name the AWS Region of the function's resources, for example eu-west-1")
	case !isRegion(value):
		env.Fail(name, "is not an AWS Region: use a name such as eu-west-1")
	}
	return value
}

// otherSources are variables that announce credentials from elsewhere. None of them is read: Lambda hands a function
// its credentials in the environment.
var otherSources = []string{
	"AWS_CONTAINER_CREDENTIALS_FULL_URI",
	"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
	"AWS_WEB_IDENTITY_TOKEN_FILE",
	"AWS_PROFILE",
}

func credentials(env *settings.Env) aws.CredentialsProvider {
	key, secret := env.Lookup("AWS_ACCESS_KEY_ID"), env.Lookup("AWS_SECRET_ACCESS_KEY")
	const hint = "is not set: credentials come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for temporary ones, " +
		"AWS_SESSION_TOKEN"
	if key == "" {
		env.Fail("AWS_ACCESS_KEY_ID", "%s", hint)
	}
	if secret == "" {
		env.Fail("AWS_SECRET_ACCESS_KEY", "%s", hint)
	}
	if key == "" || secret == "" {
		for _, name := range otherSources {
			if env.Lookup(name) != "" {
				env.Fail(name,
					"is set but not supported: give the credentials themselves in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
			}
		}
	}
	return static{
		AccessKeyID:     key,
		SecretAccessKey: secret,
		SessionToken:    env.Lookup("AWS_SESSION_TOKEN"),
		Source:          "environment",
	}
}

// static are credentials that hold for the life of the process, as Lambda's do.
type static aws.Credentials

// Retrieve implements aws.CredentialsProvider.
func (s static) Retrieve(context.Context) (aws.Credentials, error) { return aws.Credentials(s), nil }

// endpoint is the URL that takes the place of AWS's own, or nil.
func endpoint(env *settings.Env, service string) *string {
	if env.Bool("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", false) {
		return nil
	}
	for _, name := range []string{"AWS_ENDPOINT_URL_" + service, "AWS_ENDPOINT_URL"} {
		value := env.Lookup(name)
		if value == "" {
			continue
		}
		u, err := url.Parse(value)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
			env.Fail(name, "is not a URL of an endpoint: use one such as http://127.0.0.1:8000")
			return nil
		}
		return &value
	}
	return nil
}

// endpointVariant hands the two switches to the service clients, which look for these methods among a Config's sources.
type endpointVariant struct{ fips, dualStack bool }

// GetUseFIPSEndpoint tells whether FIPS endpoints are to be used.
func (v endpointVariant) GetUseFIPSEndpoint(context.Context) (aws.FIPSEndpointState, bool, error) {
	return aws.FIPSEndpointStateEnabled, v.fips, nil
}

// GetUseDualStackEndpoint tells whether endpoints with IPv6 are to be used.
func (v endpointVariant) GetUseDualStackEndpoint(context.Context) (aws.DualStackEndpointState, bool, error) {
	return aws.DualStackEndpointStateEnabled, v.dualStack, nil
}
