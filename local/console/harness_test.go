package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"cognito-triggers/local/inspect"
	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/functionlog"
	"cognito-triggers/shared/repository"
)

const (
	password = "Correct-horse-7"
	ines     = "ines@example.org"
)

type object = map[string]any

// functions answer events in place of compiled ones. Each changes the response of an event, or fails.
type functions map[string]func(request, response object) error

func arnOf(function string) string {
	return "arn:aws:lambda:eu-west-1:000000000000:function:" + function
}

// Invoke implements fire.Invoker.
func (f functions) Invoke(ctx context.Context, arn string, event []byte) ([]byte, error) {
	result, err := f.Attempt(ctx, arn, event)
	return result.Payload, err
}

// Attempt implements fire.Attempter.
func (f functions) Attempt(_ context.Context, arn string, event []byte) (lambdaruntime.Result, error) {
	name, err := fire.FunctionName(arn)
	if err != nil {
		return lambdaruntime.Result{}, err
	}
	result := lambdaruntime.Result{RequestID: "request of " + name, Log: []functionlog.Line{{Text: "a line of " + name}}}
	var all object
	if err := json.Unmarshal(event, &all); err != nil {
		return result, err
	}
	if err := f[name](all["request"].(object), all["response"].(object)); err != nil {
		return result, err
	}
	result.Payload, err = json.Marshal(all)
	return result, err
}

// refuses is an answer of pre sign-up.
func refuses(request, _ object) error {
	attributes, _ := request["userAttributes"].(object)
	if email, _ := attributes["email"].(string); strings.HasSuffix(email, "@mailinator.example") {
		return &lambdaruntime.FunctionError{Type: "errorString", Message: "Please use a lasting address."}
	}
	return nil
}

// place is a pool with its console.
type place struct {
	t          testing.TB
	pool       *userpool.Server
	handler    http.Handler
	id, client string
	golden     string // folder of golden events
}

// open opens a pool whose hooks are filled by functions of these names, with the console.
func open(t testing.TB, hooks map[string]string, f functions, pool object, set ...func(*Options)) *place {
	t.Helper()
	p := &place{t: t, golden: t.TempDir(), pool: userpool.Open(userpool.Options{Invoker: f, Code: sixes})}
	t.Cleanup(p.pool.Close)
	config := object{}
	for member, function := range hooks {
		config[member] = arnOf(function)
		if member == "PreTokenGenerationConfig" {
			config[member] = object{"LambdaArn": arnOf(function), "LambdaVersion": "V2_0"}
		}
	}
	in := object{"PoolName": "p", "LambdaConfig": config, "AutoVerifiedAttributes": []string{"email"}}
	for name, value := range pool {
		in[name] = value
	}
	p.id = text(p.calls("CreateUserPool", in), "UserPool", "Id")
	p.client = text(p.calls("CreateUserPoolClient", object{"UserPoolId": p.id, "ClientName": "c",
		"ExplicitAuthFlows": []string{"ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}}), "UserPoolClient", "ClientId")
	o := Options{Save: p.saves}
	for _, change := range set {
		change(&o)
	}
	p.handler = Handler(p.pool, o)
	return p
}

func sixes(digits int) string { return strings.Repeat("6", digits) }

// saves saves a case among golden events of the test's own.
func (p *place) saves(recorded fire.Record, name string) ([]string, error) {
	repo, err := repository.Open(filepath.Join("..", ".."))
	if err != nil {
		return nil, err
	}
	repo.Events = p.golden
	saved, err := inspect.Save(repo, recorded, name)
	return saved.Files, err
}

// text returns a text within an output.
func text(from object, names ...string) string {
	var value any = from
	for _, name := range names {
		value = value.(object)[name]
	}
	return value.(string)
}

// try calls an operation of the pool.
func (p *place) try(operation string, in object) (out object, err error) {
	return out, p.pool.Call(p.t.Context(), operation, in, &out)
}

// calls calls an operation that succeeds.
func (p *place) calls(operation string, in object) object {
	p.t.Helper()
	out, err := p.try(operation, in)
	if err != nil {
		p.t.Fatalf("%s: %v", operation, err)
	}
	return out
}

// signsUp signs somebody up.
func (p *place) signsUp(name string) error {
	_, err := p.try("SignUp", object{"ClientId": p.client, "Username": name, "Password": password,
		"UserAttributes": []object{{"Name": "email", "Value": name}}})
	return err
}

// signsIn makes a user, and returns the tokens.
func (p *place) signsIn(name string, attributes ...object) object {
	p.t.Helper()
	key := object{"UserPoolId": p.id, "Username": name}
	p.calls("AdminCreateUser", object{"UserPoolId": p.id, "Username": name, "MessageAction": "SUPPRESS",
		"UserAttributes": append([]object{{"Name": "email", "Value": name}}, attributes...)})
	p.calls("AdminSetUserPassword", object{"UserPoolId": p.id, "Username": name, "Password": password, "Permanent": true})
	for _, group := range p.calls("ListGroups", object{"UserPoolId": p.id})["Groups"].([]any) {
		p.calls("AdminAddUserToGroup", object{"GroupName": group.(object)["GroupName"], "UserPoolId": p.id,
			"Username": key["Username"]})
	}
	out := p.calls("InitiateAuth", object{"ClientId": p.client, "AuthFlow": "USER_PASSWORD_AUTH",
		"AuthParameters": object{"USERNAME": name, "PASSWORD": password}})
	return out["AuthenticationResult"].(object)
}

// request returns a request as a program on this machine sends it. Headers are name and value, in turn; Host counts.
func request(method, path string, body []byte, headers ...string) *http.Request {
	r := httptest.NewRequest(method, "http://127.0.0.1:9229"+path, bytes.NewReader(body))
	r.RemoteAddr = "127.0.0.1:50000"
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		} else {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	return r
}

func (p *place) serve(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	return w
}

// asks sends a request to a route of the console, and decodes the answer.
func (p *place) asks(method, route string, in, out any) error {
	p.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		p.t.Fatal(err)
	}
	w := p.serve(request(method, api+route, body))
	if h := w.Header(); h.Get("Content-Type") != "application/json" || h.Get("Cache-Control") != "no-store" {
		return fmt.Errorf("%s %s: %d with %v", method, route, w.Code, h)
	}
	if w.Code != http.StatusOK {
		var problem struct{ Error string }
		if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil {
			return err
		}
		return errors.New(problem.Error)
	}
	return json.Unmarshal(w.Body.Bytes(), out)
}

func get[T any](p *place, route string) (out T) {
	p.t.Helper()
	if err := p.asks(http.MethodGet, route, nil, &out); err != nil {
		p.t.Fatalf("%s: %v", route, err)
	}
	return out
}

// fails checks that an error is one that says so much.
func (p *place) fails(err error, says string) {
	p.t.Helper()
	if err == nil || !strings.Contains(err.Error(), says) {
		p.t.Errorf("the error is %v, want one with %q", err, says)
	}
}
