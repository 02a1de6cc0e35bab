package stack_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"cognito-triggers/local/stack"
)

// identities calls an operation of a stack's identity pools.
func identities(t *testing.T, s *stack.Stack, operation string, in any) map[string]any {
	t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.Endpoint, strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Amz-Target", "AWSCognitoIdentityService."+operation)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(response.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// guest makes an identity pool that takes guests, and returns what a guest gets from it.
func guest(t *testing.T, s *stack.Stack) map[string]any {
	t.Helper()
	made := identities(t, s, "CreateIdentityPool", map[string]any{
		"IdentityPoolName": "guests", "AllowUnauthenticatedIdentities": true})
	identities(t, s, "SetIdentityPoolRoles", map[string]any{"IdentityPoolId": made["IdentityPoolId"],
		"Roles": map[string]string{"unauthenticated": "arn:aws:iam::000000000000:role/guests"}})
	found := identities(t, s, "GetId", map[string]any{"IdentityPoolId": made["IdentityPoolId"]})
	return identities(t, s, "GetCredentialsForIdentity", map[string]any{"IdentityId": found["IdentityId"]})
}

// Identity pools are at the user pool's address, and their credentials come from the emulator's STS.
func TestIdentityPools(t *testing.T) {
	s := deploy(t, local.Root, io.Discard)
	got := guest(t, s)
	credentials, _ := got["Credentials"].(map[string]any)
	for _, name := range []string{"AccessKeyId", "SecretKey", "SessionToken"} {
		if text, _ := credentials[name].(string); text == "" {
			t.Errorf("no %s in %v", name, got)
		}
	}
	if at := s.Environment()["AWS_ENDPOINT_URL_COGNITO_IDENTITY"]; at != s.Endpoint {
		t.Errorf("functions look for identity pools at %q, want %s", at, s.Endpoint)
	}
}
