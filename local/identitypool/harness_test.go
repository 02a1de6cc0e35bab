package identitypool

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/clock"
)

type object = map[string]any

const password = "Correct-horse-7"

// role returns the ARN of a role.
func role(name string) string { return "arn:aws:iam::000000000000:role/" + name }

// fakeSTS answers AssumeRoleWithWebIdentity as the emulator does.
type fakeSTS struct {
	mu     sync.Mutex
	asked  []url.Values
	refuse string // an error's code
}

func (f *fakeSTS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, r.PostForm)
	if f.refuse != "" {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>`+
			`<Code>%s</Code><Message>no</Message></Error></ErrorResponse>`, f.refuse)
		return
	}
	fmt.Fprintf(w, `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">`+
		`<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId>`+
		`<SecretAccessKey>secret</SecretAccessKey><SessionToken>%s</SessionToken>`+
		`<Expiration>2026-03-04T06:06:07Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>`+
		`</AssumeRoleWithWebIdentityResponse>`, r.PostForm.Get("RoleArn"))
}

// world is an identity pool for one app client of a user pool.
type world struct {
	t                      testing.TB
	users                  *userpool.Server
	server                 *Server
	handler                http.Handler
	sts                    *fakeSTS
	clock                  *clock.Clock
	userPool, client, pool string
}

const base = "http://127.0.0.1:9229"

// start makes the pools. The identity pool's settings are laid over the usual ones.
func start(t testing.TB, settings object, change ...func(*userpool.Options)) *world {
	t.Helper()
	w := &world{t: t, sts: &fakeSTS{}, clock: clock.New(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC))}
	o := userpool.Options{Now: w.clock.Now, BaseURL: base}
	for _, c := range change {
		c(&o)
	}
	w.users = userpool.Open(o)
	t.Cleanup(w.users.Close)
	sts := httptest.NewServer(w.sts)
	t.Cleanup(sts.Close)
	w.open(Options{STS: sts.URL})
	w.userPool, w.client = w.newUserPool()
	in := object{"IdentityPoolName": "people", "AllowUnauthenticatedIdentities": false,
		"CognitoIdentityProviders": []object{{"ProviderName": w.provider(), "ClientId": w.client}}}
	for name, value := range settings {
		in[name] = value
	}
	w.pool = w.do("CreateIdentityPool", in)["IdentityPoolId"].(string)
	w.do("SetIdentityPoolRoles", object{"IdentityPoolId": w.pool,
		"Roles": object{"authenticated": role("users"), "unauthenticated": role("guests")}})
	return w
}

func (w *world) open(o Options) {
	w.t.Helper()
	o.Region, o.BaseURL, o.UserPools, o.Now = "eu-west-1", base, w.users, w.clock.Now
	var err error
	if w.server, err = Open(o); err != nil {
		w.t.Fatal(err)
	}
	if w.server.store.data.Key == nil {
		w.server.store.data.Key = ownKey()
	}
	w.handler = w.server.Beside(w.users)
}

// ownKey is the key of all tests' identity pools, since making one takes tenths of a second.
var ownKey = sync.OnceValue(newKey)

func newKey() []byte {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		panic(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		panic(err)
	}
	return der
}

// call calls an operation of the user pools.
func (w *world) call(operation string, in object) (out object) {
	w.t.Helper()
	if err := w.users.Call(context.Background(), operation, in, &out); err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) newUserPool() (pool, client string) {
	w.t.Helper()
	pool = w.call("CreateUserPool", object{"PoolName": "p"})["UserPool"].(object)["Id"].(string)
	return pool, w.newClient(pool)
}

func (w *world) newClient(pool string) string { return w.newClientWith(pool, true) }

// newClientWith makes an app client whose tokens can be revoked, or not.
func (w *world) newClientWith(pool string, revocation bool) string {
	w.t.Helper()
	return w.call("CreateUserPoolClient", object{
		"UserPoolId": pool, "ClientName": "c", "EnableTokenRevocation": revocation,
		"ExplicitAuthFlows": []string{"ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"},
	})["UserPoolClient"].(object)["ClientId"].(string)
}

func (w *world) provider() string { return "cognito-idp.eu-west-1.amazonaws.com/" + w.userPool }

// user makes a user, in groups whose roles have their names; the first has the best precedence.
func (w *world) user(pool, name string, groups ...string) {
	w.t.Helper()
	w.call("AdminCreateUser", object{"UserPoolId": pool, "Username": name, "MessageAction": "SUPPRESS"})
	w.call("AdminSetUserPassword", object{"UserPoolId": pool, "Username": name, "Password": password, "Permanent": true})
	for n, group := range groups {
		in := object{"UserPoolId": pool, "GroupName": group, "RoleArn": role(group), "Precedence": n}
		_ = w.users.Call(context.Background(), "CreateGroup", in, nil) // may exist
		w.call("AdminAddUserToGroup", object{"UserPoolId": pool, "Username": name, "GroupName": group})
	}
}

// tokens signs a user in.
func (w *world) tokens(client, name string) (id, access string) {
	w.t.Helper()
	out := w.call("InitiateAuth", object{"ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH",
		"AuthParameters": object{"USERNAME": name, "PASSWORD": password}})["AuthenticationResult"].(object)
	return out["IdToken"].(string), out["AccessToken"].(string)
}

func (w *world) signIn(name string) string {
	w.t.Helper()
	id, _ := w.tokens(w.client, name)
	return id
}

func (w *world) logins(token string) object { return object{w.provider(): token} }

// request builds a request to an operation.
func request(operation string, in any) *http.Request {
	raw, is := in.(string)
	if !is {
		text, _ := json.Marshal(in)
		raw = string(text)
	}
	r := httptest.NewRequest(http.MethodPost, base+"/", strings.NewReader(raw))
	r.Header.Set("X-Amz-Target", targetPrefix+operation)
	return r
}

func (w *world) send(r *http.Request) (status int, out object) {
	w.t.Helper()
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
		w.t.Fatalf("%s: %v", answer.Body, err)
	}
	return answer.Code, out
}

func (w *world) do(operation string, in any) object {
	w.t.Helper()
	status, out := w.send(request(operation, in))
	if status != http.StatusOK {
		w.t.Fatalf("%s: %v", operation, out)
	}
	return out
}

// fails calls an operation, which must answer an error that has the words.
func (w *world) fails(operation string, in any, kind, words string) {
	w.t.Helper()
	status, out := w.send(request(operation, in))
	message, _ := out["message"].(string)
	if status == http.StatusOK || out["__type"] != kind || !strings.Contains(message, words) {
		w.t.Errorf("%s: %d %v, want %s: %s", operation, status, out, kind, words)
	}
}

// identity returns the identity of whoever has the token.
func (w *world) identity(token string) string {
	w.t.Helper()
	return w.do("GetId", object{"IdentityPoolId": w.pool, "Logins": w.logins(token)})["IdentityId"].(string)
}

// credentialsFor returns the role that a user gets; the fake STS puts it into the session token.
func (w *world) credentialsFor(token string, more object) string {
	w.t.Helper()
	in := object{"IdentityId": w.identity(token), "Logins": w.logins(token)}
	for name, value := range more {
		in[name] = value
	}
	out := w.do("GetCredentialsForIdentity", in)
	return out["Credentials"].(object)["SessionToken"].(string)
}
