package deploy

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"cognito-triggers/local/loopback"
)

// listen serves a handler until the test ends, and returns its address.
func listen(t *testing.T, handler http.Handler) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := loopback.Server(handler)
	go func() { _ = server.Serve(listener) }() // ends with Close
	t.Cleanup(func() { _ = server.Close() })
	return "http://" + listener.Addr().String()
}

// services are IAM's prefixes by the names that requests are signed with, where they differ.
var prefixes = map[string]string{"monitoring": "cloudwatch"}

// lambdaActions are Lambda's actions by method and path.
var lambdaActions = []struct{ method, path, action string }{
	{method: "POST", path: `/functions/?`, action: "CreateFunction"},
	{method: "GET", path: `/functions/[^/]+`, action: "GetFunction"},
	{method: "DELETE", path: `/functions/[^/]+`, action: "DeleteFunction"},
	{method: "GET", path: `/functions/[^/]+/configuration`, action: "GetFunctionConfiguration"},
	{method: "PUT", path: `/functions/[^/]+/configuration`, action: "UpdateFunctionConfiguration"},
	{method: "PUT", path: `/functions/[^/]+/code`, action: "UpdateFunctionCode"},
	{method: "GET", path: `/functions/[^/]+/versions`, action: "ListVersionsByFunction"},
	{method: "POST", path: `/functions/[^/]+/versions`, action: "PublishVersion"},
	{method: "GET", path: `/functions/[^/]+/code-signing-config`, action: "GetFunctionCodeSigningConfig"},
	{method: "PUT", path: `/functions/[^/]+/concurrency`, action: "PutFunctionConcurrency"},
	{method: "DELETE", path: `/functions/[^/]+/concurrency`, action: "DeleteFunctionConcurrency"},
	{method: "POST", path: `/functions/[^/]+/aliases`, action: "CreateAlias"},
	{method: "GET", path: `/functions/[^/]+/aliases/[^/]+`, action: "GetAlias"},
	{method: "PUT", path: `/functions/[^/]+/aliases/[^/]+`, action: "UpdateAlias"},
	{method: "DELETE", path: `/functions/[^/]+/aliases/[^/]+`, action: "DeleteAlias"},
	{method: "GET", path: `/functions/[^/]+/policy`, action: "GetPolicy"},
	{method: "POST", path: `/functions/[^/]+/policy`, action: "AddPermission"},
	{method: "DELETE", path: `/functions/[^/]+/policy/[^/]+`, action: "RemovePermission"},
	{method: "GET", path: `/functions/[^/]+/event-invoke-config`, action: "GetFunctionEventInvokeConfig"},
	{method: "PUT", path: `/functions/[^/]+/event-invoke-config`, action: "PutFunctionEventInvokeConfig"},
	{method: "DELETE", path: `/functions/[^/]+/event-invoke-config`, action: "DeleteFunctionEventInvokeConfig"},
	{method: "GET", path: `/tags/.+`, action: "ListTags"},
	{method: "POST", path: `/tags/.+`, action: "TagResource"},
	{method: "DELETE", path: `/tags/.+`, action: "UntagResource"},
}

var (
	signedFor = regexp.MustCompile(`Credential=[^/]+/[0-9]+/[a-z0-9-]+/([a-z0-9-]+)/aws4_request`)
	apiDate   = regexp.MustCompile(`^/20[0-9]{2}-[0-9]{2}-[0-9]{2}`)
)

// actionOf returns the IAM action of a call of an AWS API.
func actionOf(r *http.Request) (string, error) {
	match := signedFor.FindStringSubmatch(r.Header.Get("Authorization"))
	if match == nil {
		return "", fmt.Errorf("%s %s is not signed", r.Method, r.URL.Path)
	}
	service := match[1]
	if prefix, ok := prefixes[service]; ok {
		service = prefix
	}
	if _, action, ok := strings.Cut(r.Header.Get("X-Amz-Target"), "."); ok {
		return service + ":" + action, nil
	}
	switch service {
	case "apigateway":
		return service + ":" + r.Method, nil
	case "lambda":
		rest := apiDate.ReplaceAllString(r.URL.Path, "")
		for _, one := range lambdaActions {
			if one.method == r.Method && regexp.MustCompile("^"+one.path+"$").MatchString(rest) {
				return service + ":" + one.action, nil
			}
		}
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return "", err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(body))
	if err == nil && form.Get("Action") != "" {
		return service + ":" + form.Get("Action"), nil
	}
	// CloudWatch's newer protocol names the operation in the path.
	if _, operation, ok := strings.Cut(r.URL.Path, "/operation/"); ok {
		return service + ":" + operation, nil
	}
	return "", fmt.Errorf("%s %s of %s: no action is known", r.Method, r.URL.Path, service)
}
