package triggertest

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/settings"
)

// Settings returns the environment of a case: variables for AWS clients that cannot reach AWS, overridden by the
// defaults in the function.json of the test's folder, overridden by the case's own settings. A folder without
// function.json has no defaults.
//
// A handler can be built with its clients. A call that it makes fails at once, with an error that names the variable
// for an endpoint that would answer it, such as AWS_ENDPOINT_URL_DYNAMODB.
func Settings(t *testing.T, c golden.Case) *settings.Env {
	t.Helper()
	function, err := manifest.Read(manifestFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	environment := NoAWS(t)
	maps.Copy(environment, function.EnvironmentWith(c.Config.Environment))
	return settings.FromMap(environment)
}

// NoAWS returns the variables that Lambda would set for AWS clients: a Region, fake credentials, and an endpoint on
// this machine that refuses every call with an error that says what to do. They are valid until the test ends.
func NoAWS(t *testing.T) map[string]string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(refuse))
	t.Cleanup(server.Close)
	return map[string]string{
		"AWS_REGION":            "eu-west-1",
		"AWS_ACCESS_KEY_ID":     "test",
		"AWS_SECRET_ACCESS_KEY": "test",
		"AWS_ENDPOINT_URL":      server.URL,
	}
}

// refuse answers as AWS services do, in JSON or XML, and with a status that clients do not repeat a call for.
func refuse(w http.ResponseWriter, r *http.Request) {
	const code = "NoAWSInTests"
	message := fmt.Sprintf("the handler called %s in a test; give it a fake, or set %s", called(r), variableOf(r))
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, "<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>", code, message)
		return
	}
	w.Header().Set("X-Amzn-ErrorType", code)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	fmt.Fprintf(w, `{"__type":%q,"message":%q}`, code, message)
}

// called names a call by its target, or its path.
func called(r *http.Request) string {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return target
	}
	return r.Method + " " + r.URL.Path
}

// variableOf returns the endpoint variable of the service that a request was signed for.
func variableOf(r *http.Request) string {
	_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	scope, _, _ = strings.Cut(scope, ",")
	names := map[string]string{ // signing names that differ from the variable's
		"ses": "SESV2", "cognito-idp": "COGNITO_IDENTITY_PROVIDER", "secretsmanager": "SECRETS_MANAGER",
		"events": "EVENTBRIDGE",
	}
	const variable = "AWS_ENDPOINT_URL"
	parts := strings.Split(scope, "/") // key, date, Region, service, "aws4_request"
	if len(parts) != 5 {
		return variable
	}
	name := names[parts[3]]
	if name == "" {
		name = strings.ToUpper(strings.ReplaceAll(parts[3], "-", "_"))
	}
	return variable + "_" + name
}
