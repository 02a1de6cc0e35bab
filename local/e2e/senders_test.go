package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"cognito-triggers/local/inspect"
	"cognito-triggers/local/stack"
	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/local/userpool"
	"cognito-triggers/shared/manifest"
)

// withTriggers starts a stack on the shared emulator whose pool has the triggers with their settings.
func withTriggers(t *testing.T, on map[string]map[string]string) seen {
	t.Helper()
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	root := stacktest.Linked(t, local.Root, on)
	for _, sender := range []string{byMail, bySMS} {
		shorten(t, filepath.Join(root, "triggers", sender, manifest.FileName))
	}
	return deployed(t, root)
}

// shorten gives a function 3 s, so that three attempts that stall do not take most of a minute.
func shorten(t *testing.T, path string) {
	t.Helper()
	long := `"timeout_seconds": 15`
	text := readFile(t, path)
	if !strings.Contains(text, long) {
		t.Fatalf("%s has no %s", path, long)
	}
	text = strings.Replace(text, long, `"timeout_seconds": 3`, 1)
	if err := errors.Join(os.Remove(path), os.WriteFile(path, []byte(text), 0o644)); err != nil { // it was a link
		t.Fatal(err)
	}
}

const byMail, bySMS = "custom-email-sender", "custom-sms-sender"

// withSenders is withTriggers for both senders, with settings over those that they need.
func withSenders(t *testing.T, mail, sms map[string]string) seen {
	t.Helper()
	return withTriggers(t, map[string]map[string]string{
		byMail: with(mail, "SEND_WITH_SES", "true", "LOG_LEVEL", "debug"),
		bySMS:  with(sms, "SEND_WITH_SNS", "true", "ALLOWED_COUNTRIES", "FR", "LOG_LEVEL", "debug"),
	})
}

// fire fires a trigger as `poolctl fire` does.
func (s seen) fire(t *testing.T, trigger string, input members) []byte {
	t.Helper()
	input["userPoolId"] = s.pool.ID
	answer, err := inspect.Fire{Trigger: trigger, Input: input, Endpoint: s.Endpoint}.Send(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// invite makes a user who gets a temporary password by mail and by SMS. It returns their address and number, which no
// log may have.
func (s seen) invite(t *testing.T, c canary) (email, phone string) {
	t.Helper()
	email, phone = c.email(), fmt.Sprintf("+336%08d", rand.IntN(1e8))
	var attributes []types.AttributeType
	for name, value := range map[string]string{
		"email": email, "email_verified": "true", "phone_number": phone, "phone_number_verified": "true",
		"given_name": "Given-" + c.word,
	} {
		attributes = append(attributes, types.AttributeType{Name: &name, Value: &value})
	}
	if _, err := s.Cognito.AdminCreateUser(t.Context(), &cip.AdminCreateUserInput{
		UserPoolId: &s.pool.ID, Username: &email, UserAttributes: attributes,
		TemporaryPassword:      aws.String("First-password-7"), // without one, the pool invites nobody
		DesiredDeliveryMediums: []types.DeliveryMediumType{types.DeliveryMediumTypeEmail, types.DeliveryMediumTypeSms},
		ClientMetadata:         map[string]string{"token": "eyJ." + c.word + ".sig"},
	}); err != nil {
		t.Fatal(err)
	}
	return email, phone
}

// sentBy returns what a function sent to an address or a number. The stack of the shared emulator sees it.
func sentBy(function, to string) (all []userpool.Message) {
	for _, m := range local.Pool.Inbox().Messages(0) {
		if m.From == "function "+function && m.To == to {
			all = append(all, m)
		}
	}
	return all
}

// Codes travel to the compiled senders, which decrypt them with the emulator's KMS and send them by mail and SMS. None
// of it is in a log.
func TestCodesBySenders(t *testing.T) {
	s, c := withSenders(t, map[string]string{}, map[string]string{}), newCanary()
	email, phone := s.invite(t, c)
	s.fire(t, bySMS, members{"source": "CustomSMSSender_Authentication", "userName": email, "code": "394017"})
	if err := s.Pool.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	mails, texts := sentBy(byMail, email), sentBy(bySMS, phone)
	if len(mails) != 1 || mails[0].Kind != "EMAIL" || len(texts) != 2 || texts[0].Kind != "SMS" ||
		!slices.ContainsFunc(texts, func(m userpool.Message) bool { return m.Code == "394017" }) {
		t.Errorf("mails %+v, texts %+v; log\n%s", mails, texts, s.logs)
	}
	s.wantsQuietLogs(t, c, phone)
}

func (s seen) wantsQuietLogs(t *testing.T, c canary, phone string) {
	t.Helper()
	if err := s.CloseRunners(); err != nil { // flushes the last lines
		t.Fatal(err)
	}
	for _, function := range []string{byMail, bySMS} {
		if !strings.Contains(s.logs.String(), function) {
			t.Errorf("%s wrote nothing:\n%s", function, s.logs)
		}
	}
	holdsNone(t, s.logs.String(), []string{c.word, phone, phone[1:], "394017"})
}

// A sender's trouble is not the user's: their operation ends at once, and after Lambda's three attempts the event is in
// the dead-letter queue, whole.
func TestSendersInTrouble(t *testing.T) {
	const kms, sns = "AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL_SNS"
	hung := newStalled(t)
	var dying seen
	killer := func(function string) string {
		server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			if err := dying.KillFunction(function); err != nil {
				t.Error(err)
			}
			panic(http.ErrAbortHandler) // the caller is dead
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	at := func(name, url string) map[string]string { return map[string]string{name: url} }
	troubled := map[string]seen{
		"SES and SNS stall": withSenders(t, at(ses, hung.url), at(sns, hung.url)),
		"KMS stalls":        withSenders(t, at(kms, hung.url), at(kms, hung.url)),
		"killed":            withSenders(t, at(ses, killer(byMail)), at(sns, killer(bySMS))),
	}
	dying = troubled["killed"]
	c, phones := newCanary(), map[string]string{}
	for name, s := range troubled {
		began := time.Now()
		_, phones[name] = s.invite(t, c)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s: the user waited %v", name, took)
		}
	}
	for name, s := range troubled {
		if err := s.Pool.Settle(t.Context()); err != nil {
			t.Fatal(name, err)
		}
	}
	for _, function := range []string{byMail, bySMS} {
		buried := deadLetters(t, function)
		for name, s := range troubled {
			got := buried[s.pool.ID]
			if len(got) != 1 || got[0].RequestContext.Attempts != 3 || got[0].RequestPayload.Request.Code == "" {
				t.Errorf("%s: %s: the queue has %+v; log\n%s", name, function, got, s.logs)
			}
		}
	}
	for name, s := range troubled {
		s.wantsQuietLogs(t, c, phones[name])
	}
}

// letter is what Lambda leaves in a dead-letter queue.
type letter struct {
	RequestContext struct {
		Attempts int `json:"approximateInvokeCount"`
	}
	RequestPayload struct {
		UserPoolID string `json:"userPoolId"`
		Request    struct{ Code string }
	}
}

// deadLetters returns what is in a function's dead-letter queue, by pool.
func deadLetters(t *testing.T, function string) map[string][]letter {
	t.Helper()
	config, err := local.Emulator.Config("SQS")
	if err != nil {
		t.Fatal(err)
	}
	queues := sqs.NewFromConfig(config)
	queue, err := queues.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{
		QueueName: aws.String(stack.DeadLetters(function)),
	})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]letter{}
	for {
		out, err := queues.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
			QueueUrl: queue.QueueUrl, MaxNumberOfMessages: 10,
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return all
		}
		for _, m := range out.Messages {
			var one letter
			if err := json.Unmarshal([]byte(aws.ToString(m.Body)), &one); err != nil {
				t.Fatal(err)
			}
			all[one.RequestPayload.UserPoolID] = append(all[one.RequestPayload.UserPoolID], one)
		}
	}
}

// The compiled triggers of a federated sign-in: the first one makes the user, the second one changes what is mapped.
func TestFederatedSignIn(t *testing.T) {
	s := withTriggers(t, map[string]map[string]string{
		"inbound-federation": {"ATTRIBUTE_RULES": `{"rules":[{"lowerCase":"email"}]}`}, "pre-sign-up": {},
		"post-confirmation": {},
	})
	if _, err := s.Cognito.CreateIdentityProvider(t.Context(), &cip.CreateIdentityProviderInput{
		UserPoolId: &s.pool.ID, ProviderName: aws.String("AcmeOkta"), ProviderType: types.IdentityProviderTypeTypeOidc,
		ProviderDetails: map[string]string{
			"client_id": "x", "authorize_scopes": "openid", "oidc_issuer": "https://acme.example",
		},
		AttributeMapping: map[string]string{"username": "sub", "email": "email", "given_name": "given_name"},
	}); err != nil {
		t.Fatal(err)
	}
	const token = "live-access-token"
	signIn := func(givenName string) (sub string, first bool) {
		answer := s.fire(t, "inbound-federation", members{"clientId": "", "provider": "AcmeOkta", "attributes": members{
			"idToken":       members{"sub": "00u1x9", "email": "Ines@Acme.example", "given_name": givenName},
			"tokenResponse": members{"access_token": token},
		}})
		var out struct {
			Sub         string
			FirstSignIn bool
		}
		if err := json.Unmarshal(answer, &out); err != nil {
			t.Fatal(err)
		}
		return out.Sub, out.FirstSignIn
	}
	for i, want := range []struct{ givenName, fired string }{
		{"Ines", "InboundFederation_ExternalProvider PreSignUp_ExternalProvider PostConfirmation_ConfirmSignUp"},
		{"Inès", "InboundFederation_ExternalProvider"},
	} {
		before := len(s.Pool.Events().Records(0))
		sub, first := signIn(want.givenName)
		var fired []string
		for _, r := range s.Pool.Events().Records(0)[before:] {
			fired = append(fired, r.Source)
			if r.Outcome != "ok" {
				t.Errorf("%s: %s", r.Source, r.Outcome)
			}
			if text, err := json.Marshal(r); err != nil || strings.Contains(string(text), token) {
				t.Errorf("error %v, the record of %s has the token: %s", err, r.Source, text)
			}
		}
		if first != (i == 0) || strings.Join(fired, " ") != want.fired {
			t.Errorf("first sign-in %v, fired %v; want %s", first, fired, want.fired)
		}
		users, err := s.Cognito.ListUsers(t.Context(), &cip.ListUsersInput{UserPoolId: &s.pool.ID})
		if err != nil || len(users.Users) != 1 {
			t.Fatalf("users %+v, error %v", users, err)
		}
		for name, value := range map[string]string{
			"sub": sub, "email": "ines@acme.example", "given_name": want.givenName,
		} {
			if !slices.ContainsFunc(users.Users[0].Attributes, func(a types.AttributeType) bool {
				return aws.ToString(a.Name) == name && aws.ToString(a.Value) == value
			}) {
				t.Errorf("%s is not %s", name, value)
			}
		}
	}
}
