package identitypool

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"cognito-triggers/local/loopback"
)

// forge signs the claims of a token anew, with a key of the attacker's, or with none.
func forge(t *testing.T, token, alg string, change func(claims object)) string {
	t.Helper()
	parts := strings.Split(token, ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims object
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	change(claims)
	if payload, err = json.Marshal(claims); err != nil {
		t.Fatal(err)
	}
	header, _ := base64.RawURLEncoding.DecodeString(parts[0])
	var kid struct{ Kid string }
	_ = json.Unmarshal(header, &kid)
	var key any
	switch alg {
	case "none":
		return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"`+kid.Kid+`"}`)) + "." +
			base64.RawURLEncoding.EncodeToString(payload) + "."
	case "HS256":
		key = []byte(strings.Repeat("k", 32))
	default:
		if key, err = x509.ParsePKCS8PrivateKey(ownKey()); err != nil {
			t.Fatal(err)
		}
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg),
		Key: jose.JSONWebKey{Key: key, KeyID: kid.Kid}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// None of these tokens makes an identity, nor gets anybody's credentials.
func TestForgedLogins(t *testing.T) {
	t.Parallel()
	w := start(t, object{"AllowClassicFlow": true})
	w.user(w.userPool, "ines")
	id, access := w.tokens(w.client, "ines")
	identity := w.identity(id)
	otherPool, otherClient := w.newUserPool()
	w.user(otherPool, "ines")
	ofOtherPool, _ := w.tokens(otherClient, "ines")
	unlisted := w.newClient(w.userPool)
	ofUnlisted, _ := w.tokens(unlisted, "ines")
	elsewhere := "cognito-idp.us-east-1.amazonaws.com/" + w.userPool
	same := func(object) {}
	evil := func(claims object) { claims["iss"] = "https://evil.example/" + w.userPool }
	aimed := func(claims object) { claims["aud"] = w.client }
	local := "http://127.0.0.1:9229/" + w.userPool
	mixed := strings.Split(id, ".")
	mixed[1] = strings.Split(ofUnlisted, ".")[1]
	const aws = "cognito-idp.eu-west-1.amazonaws.com"
	for name, c := range map[string]struct{ provider, token, words string }{
		"another pool's token":           {token: ofOtherPool, words: textIssuer},
		"another pool as the provider":   {provider: aws + "/" + otherPool, token: ofOtherPool, words: textLogins},
		"another app client's token":     {token: ofUnlisted, words: textProvider},
		"access token":                   {token: access, words: textAudience},
		"access token with an audience":  {token: forge(t, access, "RS256", aimed), words: textNotID},
		"another key":                    {token: forge(t, id, "RS256", same), words: textSignature},
		"no signature":                   {token: forge(t, id, "none", same), words: textNotID},
		"HMAC":                           {token: forge(t, id, "HS256", same), words: textNotID},
		"a claim changed":                {token: strings.Join(mixed, "."), words: textSignature},
		"another issuer, same pool":      {token: forge(t, id, "RS256", evil), words: textSignature},
		"no token":                       {token: "x", words: textNotID},
		"another Region's provider":      {provider: elsewhere, token: id, words: textLogins},
		"a host that looks like AWS":     {provider: aws + ".evil.example/" + w.userPool, token: id, words: textLogins},
		"a host that looks like this":    {provider: "127.0.0.1.evil.example/" + w.userPool, token: id, words: textLogins},
		"the issuer with its scheme":     {provider: local, token: id, words: textLogins},
		"another provider":               {provider: "accounts.google.com", token: id, words: textLogins},
		"nothing, where guests may not":  {provider: "-", words: textNoGuests},
		"the pool's provider and a user": {provider: w.provider() + "/ines", token: id, words: textLogins},
	} {
		t.Run(name, func(t *testing.T) {
			logins := object{w.provider(): c.token}
			if c.provider == "-" {
				logins = object{}
			} else if c.provider != "" {
				logins = object{c.provider: c.token}
			}
			w.fails("GetId", object{"IdentityPoolId": w.pool, "Logins": logins}, "NotAuthorizedException", c.words)
			if c.provider == "-" {
				c.words = "is forbidden"
			}
			for _, operation := range []string{"GetCredentialsForIdentity", "GetOpenIdToken"} {
				w.fails(operation, object{"IdentityId": identity, "Logins": logins}, "NotAuthorizedException", c.words)
			}
		})
	}
	listed := w.do("ListIdentities", object{"IdentityPoolId": w.pool, "MaxResults": 60})
	if len(listed["Identities"].([]any)) != 1 {
		t.Errorf("identities were made: %v", listed)
	}
	if len(w.sts.asked) > 0 {
		t.Errorf("STS was asked for %v", w.sts.asked)
	}
}

func TestExpiredLogins(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	w.user(w.userPool, "ines")
	id := w.signIn("ines")
	w.clock.Advance(time.Hour)
	now := w.clock.Now().Unix()
	w.fails("GetId", object{"IdentityPoolId": w.pool, "Logins": w.logins(id)}, "NotAuthorizedException",
		fmt.Sprintf("Invalid login token. Token expired: %d >= %d", now, now))
}

// With ServerSideTokenCheck, users who were signed out, disabled or deleted get nothing for a token that they have.
func TestServerSideTokenCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		check     bool
		operation string
		refused   bool
	}{
		"nothing happened":       {check: true},
		"signed out":             {check: true, operation: "AdminUserGlobalSignOut", refused: true},
		"disabled":               {check: true, operation: "AdminDisableUser", refused: true},
		"deleted":                {check: true, operation: "AdminDeleteUser", refused: true},
		"signed out, no check":   {operation: "AdminUserGlobalSignOut"},
		"deleted, without check": {operation: "AdminDeleteUser"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, nil)
			w.do("UpdateIdentityPool", object{"IdentityPoolId": w.pool, "IdentityPoolName": "p",
				"AllowUnauthenticatedIdentities": false, "CognitoIdentityProviders": []object{
					{"ProviderName": w.provider(), "ClientId": w.client, "ServerSideTokenCheck": c.check}}})
			w.user(w.userPool, "ines")
			id := w.signIn("ines")
			in := object{"IdentityId": w.identity(id), "Logins": w.logins(id)}
			if c.operation != "" {
				w.call(c.operation, object{"UserPoolId": w.userPool, "Username": "ines"})
			}
			if c.operation == "AdminDeleteUser" && !c.check || name == "deleted" { // somebody else gets the name
				w.user(w.userPool, "ines")
			}
			if !c.refused {
				w.do("GetCredentialsForIdentity", in)
				return
			}
			w.fails("GetCredentialsForIdentity", in, "NotAuthorizedException", textRevoked)
			w.fails("GetId", object{"IdentityPoolId": w.pool, "Logins": in["Logins"]}, "NotAuthorizedException", textRevoked)
		})
	}
}

// Tokens that cannot be revoked stop with their user.
func TestServerSideTokenCheckWithoutRevocation(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	client := w.newClientWith(w.userPool, false)
	w.do("UpdateIdentityPool", object{"IdentityPoolId": w.pool, "IdentityPoolName": "p",
		"AllowUnauthenticatedIdentities": false, "CognitoIdentityProviders": []object{
			{"ProviderName": w.provider(), "ClientId": client, "ServerSideTokenCheck": true}}})
	w.user(w.userPool, "ines")
	id, _ := w.tokens(client, "ines")
	in := object{"IdentityId": w.identity(id), "Logins": w.logins(id)}
	w.do("GetCredentialsForIdentity", in)
	w.call("AdminDisableUser", object{"UserPoolId": w.userPool, "Username": "ines"})
	w.fails("GetCredentialsForIdentity", in, "NotAuthorizedException", textRevoked)
}

// One login that fits does not bring in another person's.
func TestLoginsOfTwoPeople(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	other, otherClient := w.newUserPool()
	elsewhere := "cognito-idp.eu-west-1.amazonaws.com/" + other
	w.do("UpdateIdentityPool", object{"IdentityPoolId": w.pool, "IdentityPoolName": "p",
		"AllowUnauthenticatedIdentities": false, "CognitoIdentityProviders": []object{
			{"ProviderName": w.provider(), "ClientId": w.client}, {"ProviderName": elsewhere, "ClientId": otherClient}}})
	w.user(w.userPool, "ines")
	w.user(other, "ines")
	w.user(other, "otto")
	ines, _ := w.tokens(w.client, "ines")
	inesThere, _ := w.tokens(otherClient, "ines")
	otto, _ := w.tokens(otherClient, "otto")
	both := object{w.provider(): ines, elsewhere: inesThere}
	identity := w.do("GetId", object{"IdentityPoolId": w.pool, "Logins": both})["IdentityId"]
	w.do("GetCredentialsForIdentity", object{"IdentityId": identity, "Logins": both})
	mixed := object{w.provider(): ines, elsewhere: otto}
	w.fails("GetCredentialsForIdentity", object{"IdentityId": identity, "Logins": mixed}, "NotAuthorizedException",
		textLogins)
	w.fails("GetId", object{"IdentityPoolId": w.pool, "Logins": mixed}, "NotAuthorizedException", textLogins)
	ottos := w.do("GetId", object{"IdentityPoolId": w.pool, "Logins": object{elsewhere: otto}})["IdentityId"]
	if ottos == identity {
		t.Error("two people have one identity")
	}
	w.fails("GetId", object{"IdentityPoolId": w.pool, "Logins": mixed}, "ResourceConflictException", "already linked")
}

// An identity belongs to one user of a user pool, however many try at once.
func TestForeignIdentities(t *testing.T) {
	t.Parallel()
	w := start(t, object{"AllowUnauthenticatedIdentities": true})
	var ids []string
	for n := range 8 {
		name := fmt.Sprint("user", n)
		w.user(w.userPool, name)
		ids = append(ids, w.signIn(name))
	}
	mine := w.identity(ids[0])
	w.fails("GetCredentialsForIdentity", object{"IdentityId": mine, "Logins": w.logins(ids[1])}, "NotAuthorizedException",
		textLogins)
	w.fails("GetCredentialsForIdentity", object{"IdentityId": mine}, "NotAuthorizedException", "is forbidden")

	guest := w.do("GetId", object{"IdentityPoolId": w.pool})["IdentityId"].(string)
	var won sync.Map
	var all sync.WaitGroup
	for n := 1; n < len(ids); n++ {
		all.Go(func() {
			status, _ := w.send(request("GetCredentialsForIdentity", object{"IdentityId": guest, "Logins": w.logins(ids[n])}))
			if status == http.StatusOK {
				won.Store(n, true)
			}
		})
	}
	all.Wait()
	winners := 0
	won.Range(func(any, any) bool { winners++; return true })
	if winners != 1 {
		t.Errorf("%d users have the guest's identity, want one", winners)
	}
}

// One login, shown many times at once, makes one identity.
func TestOneIdentityForALogin(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	w.user(w.userPool, "ines")
	id := w.signIn("ines")
	var seen sync.Map
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() { seen.Store(w.identity(id), true) })
	}
	all.Wait()
	count := 0
	seen.Range(func(any, any) bool { count++; return true })
	if count != 1 {
		t.Errorf("%d identities for one user", count)
	}
}

// Guests cannot fill the memory: the oldest are forgotten, users are not.
func TestIdentitiesAreBounded(t *testing.T) {
	t.Parallel()
	w := start(t, object{"AllowUnauthenticatedIdentities": true})
	w.user(w.userPool, "ines")
	mine := w.identity(w.signIn("ines"))
	err := w.server.store.change(func(d *data) error {
		for n := range maxIdentities + 10 {
			i := identity{ID: fmt.Sprint("eu-west-1:", n), Pool: w.pool, Created: w.clock.Now().Add(time.Duration(n))}
			if err := d.add(i); err != nil {
				return err
			}
		}
		return nil
	})
	if n := len(w.server.store.data.Identities); err != nil || n != maxIdentities {
		t.Errorf("%d identities, error %v", n, err)
	}
	if got := w.identity(w.signIn("ines")); got != mine {
		t.Error("a user's identity was forgotten")
	}
}

// Pages of other sites may call what needs no AWS credentials on AWS, and no page may call this by a name of its own.
func TestForeignPages(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	handler := loopback.Named(w.handler) // as the stack serves it
	for name, c := range map[string]struct {
		operation, origin, host string
		refused                 bool
	}{
		"self-service":           {operation: "GetId", origin: "https://evil.example"},
		"credentials":            {operation: "GetCredentialsForIdentity", origin: "https://evil.example"},
		"administration":         {operation: "SetIdentityPoolRoles", origin: "https://evil.example", refused: true},
		"list":                   {operation: "ListIdentities", origin: "https://evil.example", refused: true},
		"unknown":                {operation: "SetIdentityPoolRole", origin: "https://evil.example", refused: true},
		"a page of this machine": {operation: "ListIdentities", origin: "http://localhost:3000"},
		"a name that is rebound": {operation: "GetId", host: "evil.example:9229", refused: true},
		"a sandboxed page":       {operation: "ListIdentityPools", origin: "null", refused: true},
		"a program":              {operation: "ListIdentityPools"},
		"a name with a path":     {operation: "../GetId", origin: "https://evil.example", refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := request(c.operation, object{})
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			if c.host != "" {
				r.Host = c.host
			}
			answer := httptest.NewRecorder()
			handler.ServeHTTP(answer, r)
			if got := answer.Code == http.StatusForbidden; got != c.refused {
				t.Errorf("%d %s, want a refusal: %v", answer.Code, answer.Body, c.refused)
			}
		})
	}
}

// Errors show no token.
func TestErrorsHaveNoTokens(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	secret := strings.Repeat("SECRET", 10_000)
	for _, in := range []object{
		{"IdentityPoolId": w.pool, "Logins": w.logins(secret)}, {"IdentityPoolId": "x", "Logins": w.logins(secret)},
	} {
		if _, out := w.send(request("GetId", in)); strings.Contains(fmt.Sprint(out), "SECRET") {
			t.Errorf("%.300v", out)
		}
	}
}

// Whatever a client sends, it gets an answer that is not an internal error, and the pools stay as they are.
func FuzzOperations(f *testing.F) {
	w := start(f, object{"AllowUnauthenticatedIdentities": true, "AllowClassicFlow": true})
	w.user(w.userPool, "ines")
	id := w.signIn("ines")
	var names []string
	for name := range w.server.operations {
		names = append(names, name)
	}
	for _, in := range []object{
		{"IdentityPoolId": w.pool, "Logins": w.logins(id)}, {"IdentityId": w.identity(id), "Logins": w.logins(id)},
		{"IdentityPoolId": w.pool, "Roles": object{"authenticated": role("a")}, "RoleMappings": object{
			w.provider() + ":" + w.client: object{"Type": "Rules", "AmbiguousRoleResolution": "Deny",
				"RulesConfiguration": object{"Rules": []object{
					{"Claim": "sub", "MatchType": "Equals", "Value": "x", "RoleARN": role("b")}}}}}},
		{"IdentityPoolName": "p", "AllowUnauthenticatedIdentities": true, "MaxResults": 1, "NextToken": "eA"},
		{"ResourceArn": "arn:aws:cognito-identity:eu-west-1:000000000000:identitypool/" + w.pool, "Tags": object{"a": ""}},
	} {
		text, _ := json.Marshal(in)
		for at := range names {
			f.Add(uint8(at), string(text))
		}
	}
	f.Fuzz(func(t *testing.T, at uint8, body string) {
		r := request(names[int(at)%len(names)], body)
		answer := httptest.NewRecorder()
		w.handler.ServeHTTP(answer, r)
		if answer.Code != http.StatusOK && answer.Code != http.StatusBadRequest || !json.Valid(answer.Body.Bytes()) {
			t.Errorf("%s: %d %s", r.Header.Get("X-Amz-Target"), answer.Code, answer.Body)
		}
	})
}
