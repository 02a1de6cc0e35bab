package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

func TestClientsReachTheEndpointsOfTheEnvironment(t *testing.T) {
	asked := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.Header.Get("X-Amz-Target")
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_, _ = io.WriteString(w, `{"UserPool":{"Name":"people"}}`)
	}))
	defer server.Close()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_CA_BUNDLE": "", "AWS_PROFILE": "",
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": server.URL,
	} {
		t.Setenv(name, value)
	}
	clients, err := awsClients(t.Context(), "eu-west-1", "")
	if err != nil {
		t.Fatal(err)
	}
	out, err := clients.Pools.DescribeUserPool(t.Context(),
		&cip.DescribeUserPoolInput{UserPoolId: new("eu-west-1_AbCdEfGhI")})
	if err != nil || *out.UserPool.Name != "people" || asked != "AWSCognitoIdentityProviderService.DescribeUserPool" {
		t.Errorf("asked %q, got %v, error %v", asked, out, err)
	}
}
