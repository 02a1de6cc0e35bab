package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/gotool"
	"cognito-triggers/local/inspect"
	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/replay"
	"cognito-triggers/local/stack"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/repository"
)

// seen is a deployed pool and one of its users.
type seen struct {
	*stack.Stack
	pool poolspec.Pool
	logs *lines // of the functions
}

// deployed starts a stack of its own emulator, or of the shared one, with the functions at root.
func deployed(t *testing.T, root string) seen {
	t.Helper()
	logs := &lines{}
	s, err := stack.Start(t.Context(), stack.Options{Root: root, Logs: logs})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	pool, err := s.Deploy(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return seen{s, pool, logs}
}

const seenPassword = "Correct-horse-7"

func (s seen) signUp(t *testing.T, email string) error {
	t.Helper()
	_, err := s.Cognito.SignUp(t.Context(), &cip.SignUpInput{
		ClientId: aws.String(s.pool.Clients["app"]), Username: &email, Password: aws.String(seenPassword),
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: &email}},
	})
	return err
}

// live signs a user up, confirms and signs in.
func (s seen) live(t *testing.T, email string) {
	t.Helper()
	client := aws.String(s.pool.Clients["app"])
	err := s.signUp(t, email)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range s.Pool.Inbox().Messages(0) {
		if m.To == email {
			_, err = s.Cognito.ConfirmSignUp(t.Context(),
				&cip.ConfirmSignUpInput{ClientId: client, Username: &email, ConfirmationCode: aws.String(m.Code)})
		}
	}
	if err == nil {
		_, err = s.Cognito.InitiateAuth(t.Context(), &cip.InitiateAuthInput{
			ClientId: client, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
			AuthParameters: map[string]string{"USERNAME": email, "PASSWORD": seenPassword},
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// thirdRoot is a repository whose only trigger is testdata/third.
func thirdRoot(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	if _, err := gotool.Run(t.Context(), ".", "build", "-o", stack.Bootstrap(filepath.Join(root, "build"), "third"),
		"./testdata/third"); err != nil {
		t.Fatal(err)
	}
	state, err := json.Marshal(filepath.Join(root, "state"))
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{
		"triggers/third/function.json": `{"hook":"pre_sign_up","timeout_seconds":5,"memory_mb":128,` +
			`"environment":{"STATE_FILE":""},"grants":[]}`,
		"terraform/pool.auto.tfvars.json": `{"name":"third","app_clients":{"app":{"auth_flows":["USER_PASSWORD_AUTH"]}},` +
			`"triggers":{"third":{"environment":{"STATE_FILE":` + string(state) + `}}}}`,
	} {
		full := filepath.Join(root, filepath.FromSlash(path))
		if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// A trigger that is killed twice and answers at the third attempt does not look like a slow one: its record and what
// poolctl prints show three attempts, each with its own log lines.
func TestKilledAttemptsAreSeen(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	s := deployed(t, thirdRoot(t))
	if err := s.signUp(t, "ines@example.org"); err != nil {
		t.Fatal(err)
	}
	records := s.Pool.Events().Records(0)
	if len(records) != 1 || records[0].Outcome != "ok" || len(records[0].Attempts) != 3 {
		t.Fatalf("records %+v", records)
	}
	for i, a := range records[0].Attempts {
		want := []fire.Outcome{fire.Killed, fire.Killed, fire.Answered}[i]
		if a.Outcome != want || !a.Cold || a.Milliseconds <= 0 || a.RequestID == "" {
			t.Errorf("attempt %d is %+v, want %s", i+1, a, want)
		}
		before := fmt.Sprintf(`"before":%d`, i)
		if len(a.Log) == 0 || a.Log[0].Text != "called" || !strings.Contains(string(a.Log[0].Fields), before) ||
			a.Log[0].RequestID != a.RequestID || a.Log[0].At.Before(a.At) {
			t.Errorf("attempt %d has the lines %+v", i+1, a.Log)
		}
	}
	shape := regexp.MustCompile(`(?s)^1 +[0-9:]+  PreSignUp_SignUp +third +ok after 3 attempts +[0-9.]+\n` +
		` +attempt 1: killed \(signal: killed\), [0-9.]+ ms, cold, request [0-9a-f]{8}\n` +
		` +[0-9:]+  INFO  called .*before=0\n` +
		` +attempt 2: killed \(signal: killed\), .*before=1\n` +
		` +attempt 3: answered, .*before=2\n.*METRICS`)
	text := inspect.Text(records[0])
	if !shape.MatchString(text) || strings.Contains(text, "{") {
		t.Errorf("poolctl shows\n%s", text)
	}
	client, err := inspect.Open(s.Endpoint, "")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	o := inspect.Options{Query: inspect.Query{Function: "third"}}
	if err := client.Show(t.Context(), &out, inspect.Logs, o); err != nil {
		t.Fatal(err)
	}
	for i, a := range records[0].Attempts {
		line := regexp.MustCompile(fmt.Sprintf(`(?m)^[0-9:.]+  third +1 +%s  INFO  called .*before=%d`, a.RequestID[:8], i))
		if !line.MatchString(out.String()) {
			t.Errorf("poolctl logs lacks %s:\n%s", line, &out)
		}
	}
	if strings.Contains(out.String(), "{") {
		t.Errorf("poolctl logs shows JSON:\n%s", &out)
	}
}

// sendByQuery sends a request in the query protocol as the function called texts.
func (s seen) sendByQuery(t *testing.T, service string, form url.Values) {
	t.Helper()
	body := strings.NewReader(form.Encode())
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.Emulator.Endpoint, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=function-texts/20260304/"+s.Region+"/"+service+
		"/aws4_request, SignedHeaders=host, Signature=00")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(response.Body)
		t.Errorf("%s: %s %s", form.Get("Action"), response.Status, text)
	}
}

// What functions send by themselves is in the inbox, with who sent it.
func TestMailOfFunctionsIsInTheInbox(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", "") // an emulator of its own: another program's is not observed
	s := deployed(t, local.Root)
	s.live(t, "ines@example.org")
	var welcome int
	for _, m := range s.Pool.Inbox().Messages(0) {
		if m.From == "" {
			continue
		}
		welcome++
		if m.From != "function post-confirmation" || m.Kind != "EMAIL" || m.To != "ines@example.org" || m.Subject == "" ||
			len(m.Body) < 40 || m.Code != "" || time.Since(m.At) > time.Minute {
			t.Errorf("message %+v", m)
		}
	}
	if welcome != 1 {
		t.Errorf("%d messages are from functions, want the one that welcomes", welcome)
	}
	s.sendByQuery(t, "sns", url.Values{"Action": {"Publish"}, "Version": {"2010-03-31"}, "PhoneNumber": {"+33612345678"},
		"Message": {"Your code is 123456"}})
	s.sendByQuery(t, "ses", url.Values{"Action": {"SendEmail"}, "Version": {"2010-12-01"}, "Source": {stack.Sender},
		"Destination.ToAddresses.member.1": {"paul@example.org"}, "Message.Subject.Data": {"Version 1"},
		"Message.Body.Text.Data": {"text"}})
	all := s.Pool.Inbox().Messages(0)
	if len(all) < 2 {
		t.Fatalf("inbox %+v", all)
	}
	const sender = "function texts"
	sms, mail := all[len(all)-2], all[len(all)-1]
	if sms.Kind != "SMS" || sms.To != "+33612345678" || sms.Body != "Your code is 123456" || sms.From != sender {
		t.Errorf("SMS %+v", sms)
	}
	if mail.Kind != "EMAIL" || mail.To != "paul@example.org" || mail.Subject != "Version 1" || mail.From != sender {
		t.Errorf("e-mail %+v", mail)
	}
	client, err := inspect.Open(s.Endpoint, "")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	row := regexp.MustCompile(`(?m)^[0-9:]+ +EMAIL +ines@example.org .* function post-confirmation$`)
	if err := client.Show(t.Context(), &out, inspect.Messages, inspect.Options{}); err != nil ||
		!row.MatchString(out.String()) {
		t.Errorf("error %v, inbox\n%s", err, &out)
	}
}

// Every kind of event that a user's life fires becomes a golden case that passes a replay at once.
func TestSavedEventsReplay(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	s := deployed(t, local.Root)
	s.live(t, "paul@example.org")
	if err := s.signUp(t, "paul@mailinator.com"); err == nil {
		t.Fatal("a disposable address was accepted")
	}
	root := t.TempDir()
	repo := repository.Repository{
		Root: root, Triggers: filepath.Join(local.Root, "triggers"), Events: filepath.Join(root, "testevents"),
	}
	client, err := inspect.Open(s.Endpoint, "")
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]bool{}
	for _, r := range s.Pool.Events().Records(0) {
		name, err := fire.FunctionName(r.Function)
		if err != nil {
			t.Fatal(err)
		}
		path := fmt.Sprintf("%s/%s-saved-%d", name, r.Source, r.Number)
		saved, err := client.Save(t.Context(), repo, r.Number, path)
		if err != nil {
			t.Errorf("%s: %v", r.Source, err)
			continue
		}
		if _, err := client.Save(t.Context(), repo, r.Number, path); err == nil || !strings.Contains(err.Error(), "exists") {
			t.Errorf("%s was overwritten: %v", path, err)
		}
		sources[r.Source+" "+r.Outcome[:2]] = true
		cases, err := golden.Load(os.DirFS(repo.Events), saved.Function)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			if got := replay.One(t.Context(), s.Stack, c); got.Err != nil {
				t.Errorf("%s %s: %v", c.Trigger, c.Name, got.Err)
			}
		}
	}
	for _, want := range []string{"PreSignUp_SignUp ok", "PreSignUp_SignUp Us", "CustomMessage_SignUp ok",
		"PostConfirmation_ConfirmSignUp ok", "TokenGeneration_Authentication ok"} {
		if !sources[want] {
			t.Errorf("no %s among %v", want, sources)
		}
	}
}
