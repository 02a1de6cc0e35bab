package userpool

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-triggers/local/userpool/clock"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/cognito/arrival"
)

// byHand is the source that nothing in the local pool fires, and why: the test fires it as a person does.
const (
	byHand       = "CustomEmailSender_AccountTakeOverNotification"
	byHandReason = "`poolctl fire custom-email-sender` by hand: threat protection, which the local pool does not have"
)

// recorder is the one function at every hook. It keeps the sources that it was called with, and answers so that custom
// challenges end with tokens.
type recorder struct {
	mu    sync.Mutex
	fired []string
}

// Invoke implements fire.Invoker.
func (r *recorder) Invoke(_ context.Context, _ string, raw []byte) ([]byte, error) {
	if problems := arrival.Check("", raw); problems != nil {
		return nil, fmt.Errorf("an event that Cognito does not send: %s", arrival.Join(problems))
	}
	var e object
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, err
	}
	source := e["triggerSource"].(string)
	r.mu.Lock()
	r.fired = append(r.fired, source)
	r.mu.Unlock()
	switch source {
	case "DefineAuthChallenge_Authentication":
		answered := at(e, "request.session").([]any)
		e["response"] = object{"challengeName": "CUSTOM_CHALLENGE", "issueTokens": len(answered) > 0,
			"failAuthentication": false}
	case "CreateAuthChallenge_Authentication":
		e["response"] = object{"publicChallengeParameters": object{"q": "?"}, "privateChallengeParameters": object{"a": "!"}}
	case "VerifyAuthChallengeResponse_Authentication":
		e["response"] = object{"answerCorrect": true}
	default:
		return raw, nil
	}
	return json.Marshal(e)
}

func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	fired := r.fired
	r.fired = nil
	return fired
}

// sourcesRun is one run through everything that fires a trigger.
type sourcesRun struct {
	*direct
	recorder *recorder
	settings object              // of the pool
	seen     map[string][]string // what fired each source
	session  any
	tokens   object
}

// startSources starts a pool with one function at every hook. Custom messages are fired beside the custom senders,
// which would replace them.
func startSources(t *testing.T) *sourcesRun {
	t.Helper()
	const function = "arn:aws:lambda:eu-west-1:000000000000:function:recorder"
	r := &sourcesRun{recorder: &recorder{}, seen: map[string][]string{}}
	r.direct = &direct{t: t, clock: clock.New(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC))}
	r.server = Open(Options{
		Now: r.clock.Now, Invoker: r.recorder, Seal: plainSeal, CustomMessageToo: true,
		Code: func(digits int) string { return "12345678"[:digits] },
	})
	t.Cleanup(r.server.Close)
	hooks := object{cognito.KeyMember: "arn:aws:kms:eu-west-1:000000000000:key/4f2d6a1c-0b3e-4d5f-8a97-6b5c4d3e2f1a"}
	for _, hook := range cognito.Hooks() {
		c := hook.Contract()
		hooks[c.Member] = any(function)
		if c.Versioned {
			hooks[c.Member] = object{"LambdaArn": function, "LambdaVersion": c.Versions[len(c.Versions)-1]}
		}
	}
	r.settings = with(with(withSMS(), ownSender()), object{
		"PoolName": "p", "LambdaConfig": hooks, "AutoVerifiedAttributes": []string{"email", "phone_number"},
		"Policies": object{"SignInPolicy": object{"AllowedFirstAuthFactors": []string{"PASSWORD", "EMAIL_OTP", "SMS_OTP"}}},
	})
	r.pool = at(r.do("CreateUserPool", r.settings), "UserPool.Id").(string)
	r.client = at(r.do("CreateUserPoolClient", object{"ClientName": "c", "ExplicitAuthFlows": []string{
		"ALLOW_USER_PASSWORD_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}}),
		"UserPoolClient.ClientId").(string)
	return r
}

// step makes a request and notes what it fired.
func (r *sourcesRun) step(by, operation string, body object) object {
	r.t.Helper()
	out := r.do(operation, body)
	r.note(by)
	if tokens, is := out["AuthenticationResult"].(object); is {
		r.tokens = tokens
	}
	r.session = out["Session"]
	return out
}

func (r *sourcesRun) note(by string) {
	r.t.Helper()
	if err := r.server.Settle(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	for _, source := range r.recorder.take() {
		if !slices.Contains(r.seen[source], by) {
			r.seen[source] = append(r.seen[source], by)
		}
	}
}

// answer answers the challenge of the step before.
func (r *sourcesRun) answer(by, challenge string, responses object) {
	r.t.Helper()
	r.step(by, "RespondToAuthChallenge", object{"ChallengeName": challenge, "Session": r.session,
		"ChallengeResponses": responses})
}

func (r *sourcesRun) initiate(flow, name string, parameters object) {
	r.t.Helper()
	by := flow
	if preferred, is := parameters["PREFERRED_CHALLENGE"]; is {
		by += " " + preferred.(string)
	}
	r.step(by, "InitiateAuth", object{"AuthFlow": flow, "AuthParameters": with(object{"USERNAME": name}, parameters)})
}

// person takes a user with one address through everything that sends a message, and through the sign-ins.
func (r *sourcesRun) person(name, attribute, address, newAddress string) {
	r.t.Helper()
	word := object{"PASSWORD": password}
	r.step("SignUp", "SignUp", object{"Username": name, "Password": password,
		"UserAttributes": attributes(attribute, address)})
	r.step("ResendConfirmationCode", "ResendConfirmationCode", object{"Username": name})
	r.step("ConfirmSignUp", "ConfirmSignUp", object{"Username": name, "ConfirmationCode": "123456"})
	r.initiate("USER_PASSWORD_AUTH", name, word)
	r.step("REFRESH_TOKEN_AUTH", "InitiateAuth", object{"AuthFlow": "REFRESH_TOKEN_AUTH",
		"AuthParameters": object{"REFRESH_TOKEN": r.tokens["RefreshToken"]}})
	r.step("ForgotPassword", "ForgotPassword", object{"Username": name})
	r.step("ConfirmForgotPassword", "ConfirmForgotPassword", object{"Username": name, "ConfirmationCode": "123456",
		"Password": password})
	factor := map[string]string{"email": "EMAIL_OTP", "phone_number": "SMS_OTP"}[attribute]
	r.initiate("USER_AUTH", name, object{"PREFERRED_CHALLENGE": factor})
	r.answer(factor, factor, object{"USERNAME": name, factor + "_CODE": "12345678"})
	r.initiate("CUSTOM_AUTH", name, nil)
	r.answer("CUSTOM_CHALLENGE", "CUSTOM_CHALLENGE", object{"USERNAME": name, "ANSWER": "!"})
	access := r.tokens["AccessToken"]
	r.step("GetUserAttributeVerificationCode", "GetUserAttributeVerificationCode",
		object{"AccessToken": access, "AttributeName": attribute})
	r.step("UpdateUserAttributes", "UpdateUserAttributes", object{"AccessToken": access,
		"UserAttributes": attributes(attribute, newAddress)})
}

// invited takes a user whom an administrator creates to the first own password.
func (r *sourcesRun) invited(name, medium, attribute, address string) {
	r.t.Helper()
	r.step("AdminCreateUser", "AdminCreateUser", object{"Username": name, "TemporaryPassword": password,
		"DesiredDeliveryMediums": []string{medium}, "UserAttributes": attributes(attribute, address)})
	r.initiate("USER_PASSWORD_AUTH", name, object{"PASSWORD": password})
	r.answer("NEW_PASSWORD_REQUIRED", "NEW_PASSWORD_REQUIRED", object{"USERNAME": name, "NEW_PASSWORD": newPassword})
}

// strangers are users whom the pool does not know, who may be in another directory.
func (r *sourcesRun) strangers() {
	r.fails("InitiateAuth", passwordAuth("nobody", password), "UserNotFoundException", "")
	r.note("USER_PASSWORD_AUTH of an unknown user")
	r.fails("ForgotPassword", object{"Username": "nobody"}, "UserNotFoundException", "")
	r.note("ForgotPassword of an unknown user")
}

// device signs a user in with a remembered device. The pool tracks devices from here on.
func (r *sourcesRun) device(name string) {
	r.t.Helper()
	r.do("UpdateUserPool", with(r.settings, object{"DeviceConfiguration": object{
		"ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": false}}))
	o := &owner{direct: r.direct, name: name}
	o.enter(r.step("USER_PASSWORD_AUTH", "InitiateAuth", passwordAuth(name, password)))
	r.do("ConfirmDevice", o.confirmation())
	proof := o.proof(r.step("USER_PASSWORD_AUTH", "InitiateAuth", o.withDevice()))
	r.step("DEVICE_PASSWORD_VERIFIER", "RespondToAuthChallenge", proof)
}

// machine is an app client without users.
func (r *sourcesRun) machine() {
	r.do("CreateResourceServer", object{"Identifier": "api", "Name": "api",
		"Scopes": []object{{"ScopeName": "read", "ScopeDescription": "r"}}})
	made := at(r.do("CreateUserPoolClient", object{"ClientName": "m", "GenerateSecret": true,
		"ExplicitAuthFlows": []string{"ALLOW_CLIENT_TOKEN_AUTH"}}), "UserPoolClient").(object)
	r.step("GetClientToken", "GetClientToken", object{"ClientId": made["ClientId"], "Secret": made["ClientSecret"]})
}

// pages are sign-ins on the pages of the pool's domain: with a password, and at an identity provider.
func (r *sourcesRun) pages(name string) {
	r.t.Helper()
	idp := startProvider(r.t)
	r.do("CreateIdentityProvider", object{"ProviderName": "Acme", "ProviderType": "OIDC", "ProviderDetails": object{
		"client_id": "pool-at-acme", "client_secret": "s-1", "authorize_scopes": "openid", "oidc_issuer": idp.url,
		"attributes_request_method": "GET"}, "AttributeMapping": object{"given_name": "given_name"}})
	d := *r.direct
	f := &federatedBrowser{browser: openBrowser(r.t, &d), idp: idp}
	d.client = at(r.do("CreateUserPoolClient", object{"ClientName": "pages"}), "UserPoolClient.ClientId").(string)
	f.offer("COGNITO", "Acme")
	f.signInAs(name)
	f.tokens()
	r.note("sign-in on the pages")
	for _, by := range []string{"first sign-in at an identity provider", "later sign-ins there"} {
		f.goTo("Acme", url.Values{"prompt": {"login"}})
		f.tokens()
		r.note(by)
	}
}

// takeover fires by hand what nothing here fires.
func (r *sourcesRun) takeover(name string) {
	r.t.Helper()
	if status, out := r.hand("custom-email-sender", object{"userPoolId": r.pool, "clientId": r.client, "source": byHand,
		"userName": name}); status != http.StatusOK {
		r.t.Fatal(out)
	}
	r.note(byHandReason)
}

const sourcesPage = "../../docs/sources.md"

// One function at every hook sees every source in one run. `make sources` prints what fired each.
func TestSources(t *testing.T) {
	t.Parallel()
	r := startSources(t)
	r.person("mail", "email", "mail@example.org", "new@example.org")
	r.person("phone", "phone_number", "+33142685300", "+33142685301")
	r.invited("invited-by-mail", "EMAIL", "email", "ina@example.org")
	r.invited("invited-by-phone", "SMS", "phone_number", "+33142685302")
	r.strangers()
	r.machine()
	r.pages("mail")
	r.device("mail")
	r.takeover("mail")
	var table strings.Builder
	table.WriteString("| Source | Fired by |\n|---|---|\n")
	total, missing := 0, []string{}
	for _, hook := range cognito.Hooks() {
		for _, source := range hook.Sources() {
			if source == "VerifyAuthChallenge_Authentication" {
				continue // another spelling of VerifyAuthChallengeResponse_Authentication on AWS's pages
			}
			total++
			if len(r.seen[source]) == 0 {
				missing = append(missing, source)
			}
			fmt.Fprintf(&table, "| `%s` | %s |\n", source, strings.Join(r.seen[source], ", "))
		}
	}
	seen := fmt.Sprintf("%d of %d sources were seen in one run, %d of them fired by hand.", total-len(missing), total, 1)
	t.Logf("%s\n%s", seen, table.String())
	if total != 41 || len(missing) > 0 {
		t.Errorf("%d sources; missing are %v", total, missing)
	}
	if by := r.seen[byHand]; len(by) != 1 || by[0] != byHandReason {
		t.Errorf("%s was fired by %v", byHand, by)
	}
	wantSourcesPage(t, "\n"+seen+"\n\n"+table.String())
}

// wantSourcesPage compares the table with the page, or writes it with -update.
func wantSourcesPage(t *testing.T, table string) {
	t.Helper()
	const begin, end = "<!-- sources: begin -->\n", "<!-- sources: end -->"
	raw, err := os.ReadFile(sourcesPage)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, opened := strings.Cut(string(raw), begin)
	_, after, closed := strings.Cut(rest, end)
	if !opened || !closed {
		t.Fatalf("%s has no %q before %q", sourcesPage, begin, end)
	}
	text := before + begin + table + "\n" + end + after
	if text == string(raw) {
		return
	}
	if !*update {
		t.Fatalf("%s is out of date: run go test ./local/userpool -run TestSources -update", sourcesPage)
	}
	if err := os.WriteFile(sourcesPage, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
