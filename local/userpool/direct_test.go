package userpool

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/userpool/clock"
)

// direct is a pool that a test calls with raw JSON.
type direct struct {
	t            testing.TB
	server       *Server
	clock        *clock.Clock
	pool, client string
}

// startDirect starts a server with a pool and an app client with these settings. If client is nil, there is none.
func startDirect(t testing.TB, pool, client object, set ...func(*Options)) *direct {
	t.Helper()
	d := &direct{t: t, clock: clock.New(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC))}
	o := Options{Now: d.clock.Now, Code: func(int) string { return "123456" }}
	for _, s := range set {
		s(&o)
	}
	d.server = Open(o)
	d.pool = at(d.do("CreateUserPool", with(object{"PoolName": "p"}, pool)), "UserPool.Id").(string)
	settings := with(object{"ClientName": "c",
		"ExplicitAuthFlows": []string{"ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}}, client)
	d.client = at(d.do("CreateUserPoolClient", settings), "UserPoolClient.ClientId").(string)
	return d
}

func with(base, more object) object {
	all := maps.Clone(base)
	maps.Copy(all, more)
	return all
}

// call adds the IDs of pool and client to operations that take them.
func (d *direct) call(operation string, body object) (status int, out object) {
	d.t.Helper()
	filled := maps.Clone(body)
	input := modelInput(d.t, operation)
	for name, value := range map[string]string{"UserPoolId": d.pool, "ClientId": d.client} {
		if _, given := body[name]; !given && value != "" && memberType(input, name) != nil {
			filled[name] = value
		}
	}
	raw, err := json.Marshal(filled)
	if err != nil {
		d.t.Fatal(err)
	}
	answer := send(d.server, operation, raw)
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
		d.t.Fatal(err)
	}
	return answer.Code, out
}

func (d *direct) do(operation string, body object) object {
	d.t.Helper()
	status, out := d.call(operation, body)
	if status != 200 {
		d.t.Fatalf("%s: %v", operation, out)
	}
	return out
}

func (d *direct) fails(operation string, body object, kind, words string) {
	d.t.Helper()
	_, out := d.call(operation, body)
	if message, _ := out["message"].(string); out["__type"] != kind || !strings.Contains(message, words) {
		d.t.Errorf("%s: %v, want %s: %s", operation, out, kind, words)
	}
}

func attributes(pairs ...string) []object {
	list := []object{}
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, object{"Name": pairs[i], "Value": pairs[i+1]})
	}
	return list
}

// withSMS returns the settings of a pool that can send SMS messages.
func withSMS() object {
	return object{"SmsConfiguration": object{"SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "x"}}
}

// user creates a user who can sign in.
func (d *direct) user(name string, pairs ...string) {
	d.t.Helper()
	d.do("AdminCreateUser", object{"Username": name, "UserAttributes": attributes(pairs...), "MessageAction": "SUPPRESS"})
	d.do("AdminSetUserPassword", object{"Username": name, "Password": password, "Permanent": true})
}

func (d *direct) signIn(name string) object {
	d.t.Helper()
	return d.do("InitiateAuth", object{"AuthFlow": "USER_PASSWORD_AUTH",
		"AuthParameters": object{"USERNAME": name, "PASSWORD": password}})
}

// claimsOf returns the claims of a token.
func claimsOf(t *testing.T, token any) object {
	t.Helper()
	parts := strings.Split(token.(string), ".")
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims object
	if err == nil {
		err = json.Unmarshal(raw, &claims)
	}
	if err != nil {
		t.Fatal(err)
	}
	return claims
}

// last returns the latest message.
func (d *direct) last() Message {
	d.t.Helper()
	all := d.server.Inbox().Messages(0)
	if len(all) == 0 {
		d.t.Fatal("no message was delivered")
	}
	return all[len(all)-1]
}
