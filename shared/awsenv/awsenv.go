// Package awsenv configures AWS service clients from the environment variables that Lambda and local stacks set:
// credentials, Region and endpoint.
//
// It replaces the SDK's own config package, which links four more service clients (STS, SSO, …) whose tables are
// built at every cold start. A client without any configuration would ignore the session token and the endpoint
// variables, so every function makes its clients from Config:
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

// Config reads the configuration of a client for the service, named as in its endpoint variable: "DYNAMODB", "SESV2",
// "COGNITO_IDENTITY_PROVIDER". It records missing and wrong variables in env.
//
// Clients that are made from the same Config share their connections. They try a call up to three times, the first time
// for at most AttemptTimeout; see Once for calls that must not be repeated.
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

// isRegion reports whether name is a single label of a host name, so that a Region cannot redirect the client.
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

// otherSources are variables that point to credentials elsewhere. They are not supported: Lambda passes a function its
// credentials in the environment.
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

// static are credentials that are valid as long as the process lives, as Lambda's are.
type static aws.Credentials

// Retrieve implements aws.CredentialsProvider.
func (s static) Retrieve(context.Context) (aws.Credentials, error) { return aws.Credentials(s), nil }

// endpoint returns the URL that replaces AWS's own, or nil.
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
			env.Fail(name, "is not an endpoint URL: use one such as http://127.0.0.1:8000")
			return nil
		}
		return &value
	}
	return nil
}

// endpointVariant passes two switches to the service clients, which look for these methods among a Config's sources.
type endpointVariant struct{ fips, dualStack bool }

// GetUseFIPSEndpoint reports whether FIPS endpoints are used.
func (v endpointVariant) GetUseFIPSEndpoint(context.Context) (aws.FIPSEndpointState, bool, error) {
	return aws.FIPSEndpointStateEnabled, v.fips, nil
}

// GetUseDualStackEndpoint reports whether dual-stack endpoints (IPv4 and IPv6) are used.
func (v endpointVariant) GetUseDualStackEndpoint(context.Context) (aws.DualStackEndpointState, bool, error) {
	return aws.DualStackEndpointStateEnabled, v.dualStack, nil
}
