package stack_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/go-jose/go-jose/v4"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/stack"
)

// signedIn creates a user and returns their tokens.
func signedIn(t *testing.T, s *stack.Stack, client string) *types.AuthenticationResultType {
	t.Helper()
	email, password := "user-"+strings.ToLower(rand.Text())+"@example.com", "Correct-horse-9-"+rand.Text()
	pool, err := s.Cognito.SignUp(t.Context(), &cip.SignUpInput{
		ClientId: &client, Username: &email, Password: &password, UserAttributes: []types.AttributeType{{
			Name:  aws.String("email"),
			Value: &email,
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range s.Pool.Inbox().Messages(0) {
		if m.To != email || m.From != "" {
			continue
		}
		if _, err := s.Cognito.ConfirmSignUp(t.Context(),
			&cip.ConfirmSignUpInput{ClientId: &client, Username: pool.UserSub, ConfirmationCode: &m.Code}); err != nil {
			t.Fatal(err)
		}
	}
	out, err := s.Cognito.InitiateAuth(t.Context(), &cip.InitiateAuthInput{
		ClientId: &client, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": email, "PASSWORD": password},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.AuthenticationResult
}

// forged returns a valid token's claims with another header and signature.
func forged(t *testing.T, token, header string, sign func(input string) []byte) string {
	t.Helper()
	claims := strings.Split(token, ".")[1]
	input := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + claims
	return input + "." + base64.RawURLEncoding.EncodeToString(sign(input))
}

// keyOf fetches the pool's public key, as any client can.
func keyOf(t *testing.T, s *stack.Stack, pool poolspec.Pool) jose.JSONWebKey {
	t.Helper()
	response, err := http.Get(s.Endpoint + "/" + pool.ID + "/.well-known/jwks.json")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var set jose.JSONWebKeySet
	if err := json.NewDecoder(response.Body).Decode(&set); err != nil || len(set.Keys) == 0 {
		t.Fatalf("keys %v, error %v", set, err)
	}
	return set.Keys[0]
}

// hs256 signs with a public key's PEM as the secret.
func hs256(t *testing.T, key jose.JSONWebKey, token string) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key.Key.(*rsa.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	secret := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: secret},
		(&jose.SignerOptions{}).WithHeader("kid", key.KeyID))
	if err != nil {
		t.Fatal(err)
	}
	claims, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		t.Fatal(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}

// Tokens of real pools against the compiled functions. local/httpapi tests times and issuers that no pool signs.
func TestWhoMayCallTheHTTPAPI(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	s, err := stack.Start(t.Context(), stack.Options{Root: local.Root})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	other, err := s.Deploy(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	pool, err := s.Deploy(t.Context()) // the API belongs to the last one
	if err != nil {
		t.Fatal(err)
	}
	late, err := s.Cognito.CreateUserPoolClient(t.Context(), &cip.CreateUserPoolClientInput{
		UserPoolId: &pool.ID, ClientName: aws.String("late"),
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth},
	})
	if err != nil {
		t.Fatal(err)
	}
	ines, paul := signedIn(t, s, pool.Clients["app"]), signedIn(t, s, pool.Clients["app"])
	access, key := *ines.AccessToken, keyOf(t, s, pool)
	nothing := func(string) []byte { return nil }
	post := tell(t, "POST", s.APIEndpoint+"/post", access, `{"title":"t","contents":"c"}`, http.StatusCreated)
	for name, c := range map[string]struct {
		method, path, token string
		status              int
	}{
		"hers":     {method: "PUT", path: "/post/" + post["id"], token: access, status: http.StatusOK},
		"no token": {method: "POST", path: "/post", status: http.StatusUnauthorized},
		"garbage":  {method: "POST", path: "/post", token: "garbage", status: http.StatusUnauthorized},
		"alg none": {
			method: "POST",
			path:   "/post",
			token:  forged(t, access, `{"alg":"none","kid":"`+key.KeyID+`"}`, nothing),
			status: http.StatusUnauthorized,
		},
		"no signature": {
			method: "POST",
			path:   "/post",
			token:  forged(t, access, `{"alg":"RS256","kid":"`+key.KeyID+`"}`, nothing),
			status: http.StatusUnauthorized,
		},
		"HS256 with the public key": {
			method: "POST",
			path:   "/post",
			token:  hs256(t, key, access),
			status: http.StatusUnauthorized,
		},
		"another pool's": {
			method: "POST",
			path:   "/post",
			token:  *signedIn(t, s, other.Clients["app"]).AccessToken,
			status: http.StatusUnauthorized,
		},
		"another app client's": {
			method: "POST",
			path:   "/post",
			token:  *signedIn(t, s, *late.UserPoolClient.ClientId).AccessToken,
			status: http.StatusUnauthorized,
		},
		"an ID token":     {method: "POST", path: "/post", token: *ines.IdToken, status: http.StatusForbidden}, // no scope
		"a missing scope": {method: "GET", path: "/auth/me", token: *ines.IdToken, status: http.StatusForbidden},
		"a refresh token": {method: "POST", path: "/post", token: *ines.RefreshToken, status: http.StatusUnauthorized},
		"another user's post": {
			method: "PUT",
			path:   "/post/" + post["id"],
			token:  *paul.AccessToken,
			status: http.StatusForbidden,
		},
		"deleting it": {
			method: "DELETE",
			path:   "/post/" + post["id"],
			token:  *paul.AccessToken,
			status: http.StatusForbidden,
		},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, c.method, s.APIEndpoint+c.path, c.token, `{"title":"t","contents":"c"}`, c.status)
		})
	}
	t.Run("50 retries at once are one post", func(t *testing.T) { retry(t, s, access) })
}

// retry sends the same post many times at once, with the same idempotency key.
func retry(t *testing.T, s *stack.Stack, access string) {
	var requests sync.WaitGroup
	ids := make(chan string, 50)
	for range cap(ids) {
		requests.Go(func() {
			ids <- tell(t, "POST", s.APIEndpoint+"/post", access, `{"title":"once","contents":"c"}`, http.StatusCreated,
				"Idempotency-Key", "the-same")["id"]
		})
	}
	requests.Wait()
	first := <-ids
	for range cap(ids) - 1 {
		if id := <-ids; id != first || id == "" {
			t.Errorf("post %q, want %q", id, first)
		}
	}
	var list bytes.Buffer
	response, err := http.Get(s.APIEndpoint + "/posts?limit=100")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(&list, response.Body); err != nil || strings.Count(list.String(), `"once"`) != 1 {
		t.Errorf("error %v; the list is %s", err, &list)
	}
}

// tell calls the API, checks the status and returns the string members of the response.
func tell(t *testing.T, method, url, token, body string, want int, headers ...string) map[string]string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return nil
	}
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Error(err)
		return nil
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != want {
		t.Errorf("%s %s, want %d: %s (error %v)", method, response.Status, want, text, err)
	}
	var members map[string]any
	_ = json.Unmarshal(text, &members) // an answer may have none
	texts := map[string]string{}
	for name, value := range members {
		if value, ok := value.(string); ok {
			texts[name] = value
		}
	}
	return texts
}
