package userpool

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/userpool/clock"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/cognito"
)

const keyARN = "arn:aws:kms:eu-west-1:000000000000:key/4f2d6a1c-0b3e-4d5f-8a97-6b5c4d3e2f1a"

// sealed is what plainSeal makes of a code.
func sealed(pool, code string) string { return keyARN + "|" + pool + "|" + code }

// plainSeal shows what would be encrypted.
func plainSeal(_ context.Context, key, pool, code string) (string, error) {
	return key + "|" + pool + "|" + code, nil
}

func arnOf(hook cognito.Hook) string {
	return "arn:aws:lambda:eu-west-1:000000000000:function:" + string(hook)
}

// senders are the settings of a pool that sends everything by functions.
func senders() object {
	version := func(hook cognito.Hook) object { return object{"LambdaArn": arnOf(hook), "LambdaVersion": "V1_0"} }
	return with(withSMS(), object{
		"AutoVerifiedAttributes": []string{"email", "phone_number"},
		"LambdaConfig": object{
			"CustomMessage":     arnOf(cognito.CustomMessage),
			"CustomEmailSender": version(cognito.CustomEmailSender), "CustomSMSSender": version(cognito.CustomSMSSender),
			"KMSKeyID": keyARN,
		},
	})
}

// startSenders starts a pool with custom senders.
func startSenders(t *testing.T, pool object, change func(*Options)) *direct {
	t.Helper()
	d := &direct{t: t, clock: clock.New(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC))}
	o := Options{
		Now: d.clock.Now, Code: func(digits int) string { return "12345612"[:digits] },
		Seal: plainSeal, Waits: []time.Duration{0, 0},
		Invoker: &functions{answers: map[string]func(map[string]any) (any, error){}},
	}
	if change != nil {
		change(&o)
	}
	d.server = Open(o)
	t.Cleanup(d.server.Close)
	d.pool = at(d.do("CreateUserPool", with(object{"PoolName": "p"}, pool)), "UserPool.Id").(string)
	d.client = at(d.do("CreateUserPoolClient", object{"ClientName": "c",
		"ExplicitAuthFlows": []string{"ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}}),
		"UserPoolClient.ClientId").(string)
	return d
}

// settled returns the records since a number, once nothing runs in the background.
func (d *direct) settled(after int) []fire.Record {
	d.t.Helper()
	if err := d.server.Settle(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	return d.server.Events().Records(after)
}

// hand calls a /local/fire route.
func (d *direct) hand(trigger string, body object) (status int, out object) {
	d.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	answer := post(d.server, firePath+trigger, raw)
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
		d.t.Fatalf("%s: %v", answer.Body, err)
	}
	return answer.Code, out
}

// post sends a body to a path as a program on this machine does.
func post(s http.Handler, path string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1"+path, bytes.NewReader(body))
	r.RemoteAddr = "127.0.0.1:40000"
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// sending is a way to each source of the senders, for a user with both addresses.
type sending struct {
	source   string // without family
	do       func(d *direct)
	code     string // what is encrypted for e-mail; "" for 123456
	sms      string // and for SMS; "" as for e-mail
	metadata bool
	email    bool // only by e-mail
}

const temporary = "Tmp<7>&pass"

func sendings() []sending {
	meta := object{"m": "1"}
	user := func(d *direct) {
		d.user("ines", "email", ines, "email_verified", "true", "phone_number", "+33142685300", "phone_number_verified",
			"true")
	}
	hand := func(source string) func(d *direct) {
		return func(d *direct) {
			user(d)
			for _, trigger := range []string{"custom-email-sender", "custom-sms-sender"} {
				hook := cognito.Hook(strings.ReplaceAll(trigger, "-", "_"))
				full := hook.Family() + "_" + source
				if !slices.Contains(hook.Sources(), full) {
					continue
				}
				if status, out := d.hand(trigger, object{"userPoolId": d.pool, "source": full, "userName": "ines",
					"clientMetadata": meta}); status != http.StatusOK {
					d.t.Fatal(out)
				}
			}
		}
	}
	token := func(d *direct) any { return at(d.signIn("ines"), "AuthenticationResult.AccessToken") }
	signUp := func(d *direct, pairs ...string) {
		d.do("SignUp", object{"Username": "ida", "Password": password, "UserAttributes": attributes(pairs...),
			"ClientMetadata": meta})
	}
	both := func(d *direct, operation string, body func(attribute string) object) {
		for _, attribute := range []string{"email", "phone_number"} {
			d.do(operation, body(attribute))
		}
	}
	return []sending{
		{source: "SignUp", metadata: true, do: func(d *direct) {
			signUp(d, "email", ines)
			d.do("AdminDeleteUser", object{"Username": "ida"})
			signUp(d, "phone_number", "+33142685300")
		}},
		{source: "ResendCode", do: func(d *direct) {
			for _, pair := range [][2]string{{"email", ines}, {"phone_number", "+33142685300"}} {
				signUp(d, pair[0], pair[1])
				d.do("ResendConfirmationCode", object{"Username": "ida", "ClientMetadata": meta})
				d.do("AdminDeleteUser", object{"Username": "ida"})
			}
		}},
		{source: "AdminCreateUser", code: "Tmp&lt;7&gt;&amp;pass", sms: temporary, do: func(d *direct) {
			d.do("AdminCreateUser", object{"Username": "ida", "TemporaryPassword": temporary, "ClientMetadata": meta,
				"UserAttributes":         attributes("email", ines, "phone_number", "+33142685300"),
				"DesiredDeliveryMediums": []string{"EMAIL", "SMS"}})
		}},
		{source: "ForgotPassword", metadata: true, do: func(d *direct) {
			user(d)
			d.do("ForgotPassword", object{"Username": "ines", "ClientMetadata": meta}) // to the phone, AWS's default
			d.do("AdminUpdateUserAttributes", object{"Username": "ines", "UserAttributes": attributes("phone_number", "")})
			d.do("ForgotPassword", object{"Username": "ines", "ClientMetadata": meta})
		}},
		{source: "UpdateUserAttribute", do: func(d *direct) {
			user(d)
			d.do("UpdateUserAttributes", object{"AccessToken": token(d), "ClientMetadata": meta,
				"UserAttributes": attributes("email", newAddress, "phone_number", "+33142685301")})
		}},
		{source: "VerifyUserAttribute", do: func(d *direct) {
			user(d)
			both(d, "GetUserAttributeVerificationCode", func(attribute string) object {
				return object{"AccessToken": token(d), "AttributeName": attribute, "ClientMetadata": meta}
			})
		}},
		{source: "Authentication", code: "12345612", sms: "123456", metadata: true, do: hand("Authentication")},
		{source: "AccountTakeOverNotification", code: "-", email: true, do: hand("AccountTakeOverNotification")},
	}
}

// All 15 sources of the custom senders: what the event has, and that neither the inbox nor custom message is used.
func TestCustomSenders(t *testing.T) {
	for _, s := range sendings() {
		t.Run(s.source, func(t *testing.T) {
			d := startSenders(t, senders(), nil)
			s.do(d)
			seen := map[string]fire.Record{}
			for _, r := range d.settled(0) {
				if r.Outcome != "ok" || !r.Asynchronous || len(r.Attempts) != 1 {
					t.Errorf("record %+v", r)
				}
				seen[r.Source] = r
			}
			want := []cognito.Hook{cognito.CustomEmailSender, cognito.CustomSMSSender}
			if s.email {
				want = want[:1]
			}
			for _, hook := range want {
				r, fired := seen[hook.Family()+"_"+s.source]
				if !fired {
					t.Fatalf("%s was not fired", hook)
				}
				s.check(d, hook, r)
			}
			if inbox := d.server.Inbox().Messages(0); len(inbox) > 0 {
				t.Errorf("the inbox has %+v", inbox)
			}
		})
	}
}

func (s sending) check(d *direct, hook cognito.Hook, r fire.Record) {
	d.t.Helper()
	var request struct {
		Type           string
		Code           *string
		ClientMetadata map[string]string
		UserAttributes map[string]string
	}
	if err := json.Unmarshal(r.Request, &request); err != nil {
		d.t.Fatal(err)
	}
	kind, attribute, address, code := "customEmailSenderRequestV1", "email", ines, s.code
	if hook == cognito.CustomSMSSender {
		kind, attribute, address = "customSMSSenderRequestV1", "phone_number", "+33142685300"
		code = orElse(s.sms, code)
	}
	if s.source == "UpdateUserAttribute" {
		address = map[string]string{"email": newAddress, "phone_number": "+33142685301"}[attribute]
	}
	got := "-"
	if request.Code != nil {
		got = *request.Code
	}
	want := orElse(code, "123456")
	if want != "-" {
		want = sealed(d.pool, want)
	}
	if request.Type != kind || got != want || request.UserAttributes[attribute] != address ||
		(request.ClientMetadata["m"] == "1") != s.metadata || request.UserAttributes["sub"] == "" {
		d.t.Errorf("%s: request %s, want code %s to %s, metadata %v", r.Source, r.Request, want, address, s.metadata)
	}
	if _, notified := request.UserAttributes["EVENT_ID"]; notified != (s.source == "AccountTakeOverNotification") {
		d.t.Errorf("%s: attributes %v", r.Source, request.UserAttributes)
	}
}

// A sender for one medium leaves the other one to custom message and the inbox. With CustomMessageToo, custom message
// is fired for both.
func TestSenderOfOneMedium(t *testing.T) {
	for name, c := range map[string]struct {
		both bool
		want string
	}{
		"sender alone": {want: "CustomMessage_AdminCreateUser CustomEmailSender_AdminCreateUser"},
		"both": {both: true,
			want: "CustomMessage_AdminCreateUser CustomMessage_AdminCreateUser CustomEmailSender_AdminCreateUser"},
	} {
		t.Run(name, func(t *testing.T) {
			pool := senders()
			delete(pool["LambdaConfig"].(object), "CustomSMSSender")
			d := startSenders(t, pool, func(o *Options) { o.CustomMessageToo = c.both })
			d.do("AdminCreateUser", object{"Username": "ida", "DesiredDeliveryMediums": []string{"EMAIL", "SMS"},
				"UserAttributes": attributes("email", ines, "phone_number", "+33142685300")})
			var got []string
			for _, r := range d.settled(0) {
				got = append(got, r.Source)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("fired %v, want %s", got, c.want)
			}
			if inbox := d.server.Inbox().Messages(0); len(inbox) != 1 || inbox[0].Kind != "SMS" {
				t.Errorf("the inbox has %+v", inbox)
			}
		})
	}
}

// stuck is a function that does not answer until its context ends.
type stuck struct{ calls atomic.Int64 }

func (s *stuck) Invoke(ctx context.Context, _ string, _ []byte) ([]byte, error) {
	s.calls.Add(1)
	<-ctx.Done()
	return nil, ctx.Err()
}

// Neither a sender nor a key service that stands still delays the user's operation, and both end with the server.
func TestSendersDelayNobody(t *testing.T) {
	for name, seal := range map[string]func(ctx context.Context, key, pool, code string) (string, error){
		"function": plainSeal,
		"key service": func(ctx context.Context, _, _, _ string) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := startSenders(t, senders(), func(o *Options) { o.Seal, o.Invoker = seal, &stuck{} })
			for _, user := range []string{"a", "b", "c"} {
				d.do("SignUp", object{"Username": user, "Password": password, "UserAttributes": attributes("email", ines)})
			}
			d.server.Close()
			if records := d.server.Events().Records(0); len(records) != 3 || records[0].Outcome == "ok" {
				t.Errorf("records %+v", records)
			}
		})
	}
}

// A sender that fails is invoked three times, as Lambda does; the operation succeeds, and the event is handed on.
func TestSendersThatFail(t *testing.T) {
	broken := errors.New("the provider is down")
	crash := &lambdaruntime.CrashError{Status: "signal: killed"}
	for name, c := range map[string]struct {
		ends     []error
		attempts int
		outcome  string
		failed   bool
	}{
		"twice": {ends: []error{broken, crash, nil}, attempts: 3, outcome: "ok"},
		"always": {ends: []error{broken, broken, broken}, attempts: 3, failed: true,
			outcome: "UserLambdaValidationException: CustomEmailSender failed with error the provider is down."},
		"late": {ends: []error{lambdaruntime.ErrTimeout, nil}, attempts: 2, outcome: "ok"},
	} {
		t.Run(name, func(t *testing.T) {
			failures := make(chan fire.Failure, 1)
			d := startSenders(t, senders(), func(o *Options) { o.Failed = func(f fire.Failure) { failures <- f } })
			made := atomic.Int64{}
			d.server.options.Invoker.(*functions).on("CustomEmailSender_SignUp", func(map[string]any) (any, error) {
				return nil, c.ends[made.Add(1)-1]
			})
			out := d.do("SignUp", object{"Username": "a", "Password": password, "UserAttributes": attributes("email", ines)})
			if at(out, "CodeDeliveryDetails.DeliveryMedium") != "EMAIL" {
				t.Errorf("answer %v", out)
			}
			records := d.settled(0)
			if len(records) != 1 || len(records[0].Attempts) != c.attempts || records[0].Outcome != c.outcome {
				t.Fatalf("records %+v, want %d attempts, %s", records, c.attempts, c.outcome)
			}
			select {
			case f := <-failures:
				record, err := f.Destination()
				if !c.failed || err != nil || !strings.Contains(string(record), `"approximateInvokeCount":3,`) ||
					!strings.Contains(string(record), `"errorMessage":"the provider is down"`) ||
					!strings.Contains(string(record), sealed(d.pool, "123456")) {
					t.Errorf("failure %s, error %v", record, err)
				}
			default:
				if c.failed {
					t.Error("the failure was not handed on")
				}
			}
		})
	}
}

// A key that does not work is told in the log of events; the operation succeeds, for nobody knows what AWS does.
func TestKeyThatDoesNotWork(t *testing.T) {
	d := startSenders(t, senders(), func(o *Options) {
		o.Seal = func(context.Context, string, string, string) (string, error) {
			return "", errors.New("KMS: DisabledException: " + keyARN + " is disabled.")
		}
	})
	d.do("SignUp", object{"Username": "a", "Password": password, "UserAttributes": attributes("email", ines)})
	records := d.settled(0)
	if len(records) != 1 || len(records[0].Attempts) != 0 || !strings.Contains(records[0].Outcome, "is disabled") {
		t.Errorf("records %+v", records)
	}
}

func TestSettingsOfSenders(t *testing.T) {
	sender := func(members object) object { return object{"CustomSMSSender": members} }
	arn := arnOf(cognito.CustomSMSSender)
	for name, c := range map[string]struct {
		config object
		want   string // in the error; "" for none
	}{
		"complete":  {config: senders()["LambdaConfig"].(object)},
		"key alone": {config: object{"KMSKeyID": keyARN}},
		"no key": {config: sender(object{"LambdaArn": arn, "LambdaVersion": "V1_0"}),
			want: "KMSKeyID is required when CustomEmailSender or CustomSMSSender is set."},
		"no version": {config: with(sender(object{"LambdaArn": arn}), object{"KMSKeyID": keyARN}),
			want: "'lambdaConfig.customSMSSender.lambdaVersion' failed to satisfy constraint: Member must not be null"},
		"no ARN": {config: with(sender(object{"LambdaVersion": "V1_0"}), object{"KMSKeyID": keyARN}),
			want: "'lambdaConfig.customSMSSender.lambdaArn' failed to satisfy constraint: Member must not be null"},
		"another version": {
			config: with(sender(object{"LambdaArn": arn, "LambdaVersion": "V2_0"}), object{"KMSKeyID": keyARN}),
			want:   "Member must satisfy enum value set: [V1_0]"},
		"key's ID": {
			config: with(sender(object{"LambdaArn": arn, "LambdaVersion": "V1_0"}), object{"KMSKeyID": "4f2d6a1c"}),
			want:   "'lambdaConfig.kMSKeyID' failed to satisfy constraint: Member must satisfy regular expression pattern"},
	} {
		t.Run(name, func(t *testing.T) {
			d := startDirect(t, nil, nil)
			in := object{"LambdaConfig": c.config}
			if c.want != "" {
				d.fails("UpdateUserPool", in, "InvalidParameterException", c.want)
				return
			}
			d.do("UpdateUserPool", in)
			if shown := at(d.do("DescribeUserPool", object{}), "UserPool.LambdaConfig.KMSKeyID"); shown != keyARN {
				t.Errorf("the key is %v", shown)
			}
		})
	}
}

// What the control refuses, and who may use it.
func TestFiringSendersByHand(t *testing.T) {
	d := startSenders(t, senders(), nil)
	d.user("ines", "email", ines)
	for name, c := range map[string]struct {
		trigger string
		body    object
		want    string
	}{
		"nobody": {"custom-email-sender", object{"userPoolId": d.pool, "userName": "x",
			"source": "CustomEmailSender_SignUp"}, "User does not exist"},
		"another trigger's source": {"custom-email-sender", object{"userPoolId": d.pool, "userName": "ines",
			"source": "CustomSMSSender_SignUp"}, "use one of CustomEmailSender_SignUp"},
		"no phone": {"custom-sms-sender", object{"userPoolId": d.pool, "userName": "ines",
			"source": "CustomSMSSender_SignUp"}, "has no phone_number"},
		"misspelt": {"custom-sms-sender", object{"user": "ines"}, "unknown field"},
	} {
		t.Run(name, func(t *testing.T) {
			status, out := d.hand(c.trigger, c.body)
			if message, _ := out["message"].(string); status == http.StatusOK || !strings.Contains(message, c.want) {
				t.Errorf("status %d, answer %v, want %q", status, out, c.want)
			}
		})
	}
	if answer := post(d.server, firePath+"pre-sign-up", nil); answer.Code != http.StatusNotFound {
		t.Errorf("pre-sign-up: status %d", answer.Code)
	}
	d.do("UpdateUserPool", object{})
	if status, out := d.hand("custom-email-sender", object{"userPoolId": d.pool, "userName": "ines",
		"source": "CustomEmailSender_SignUp"}); status == http.StatusOK {
		t.Errorf("without a sender: %v", out)
	}
}

// Triggers are fired by programs of this machine and its own pages alone, and by POST.
func TestFiringByHandIsForThisMachine(t *testing.T) {
	s := Open(Options{})
	for name, c := range map[string]struct {
		method, host, origin string
		want                 int
	}{
		"program":        {method: "POST", host: "127.0.0.1:9229", want: 400},
		"own page":       {method: "POST", host: "127.0.0.1:9229", origin: "http://localhost:3000", want: 400},
		"another site":   {method: "POST", host: "127.0.0.1:9229", origin: "https://evil.example", want: 403},
		"a rebound name": {method: "POST", host: "evil.example:9229", want: 403},
		"by a link":      {method: "GET", host: "127.0.0.1:9229", want: 405},
	} {
		t.Run(name, func(t *testing.T) {
			for _, trigger := range []string{"custom-email-sender", "custom-sms-sender", "inbound-federation"} {
				r := httptest.NewRequest(c.method, "http://127.0.0.1"+firePath+trigger, strings.NewReader("{}"))
				r.Host, r.RemoteAddr = c.host, "127.0.0.1:50000"
				if c.origin != "" {
					r.Header.Set("Origin", c.origin)
				}
				w := httptest.NewRecorder()
				s.ServeHTTP(w, r)
				if w.Code != c.want {
					t.Errorf("%s: status %d, want %d", trigger, w.Code, c.want)
				}
			}
		})
	}
}
