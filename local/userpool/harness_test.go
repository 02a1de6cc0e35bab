package userpool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/userpool/clock"
	"cognito-triggers/local/userpool/poolclient"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/cognito/arrival"
)

const password = "Correct-horse-7"

// world is a pool that a test calls through the AWS SDK, with functions that the test supplies.
type world struct {
	*cip.Client
	t         *testing.T
	server    *Server
	url       string
	pool      *string
	clientID  *string
	secret    string
	functions *functions
	clock     *clock.Clock
}

// functions holds the answers by trigger source. Without an answer, the event is returned unchanged.
type functions struct {
	mu      sync.Mutex
	answers map[string]func(event map[string]any) (any, error)
	fired   []event
}

type event struct {
	Source, UserName string
	ClientID         string
	Version          string
	Request          map[string]any
}

// Invoke implements fire.Invoker.
func (f *functions) Invoke(_ context.Context, arn string, raw []byte) ([]byte, error) {
	var e map[string]any
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, err
	}
	if problems := arrival.Check("", raw); problems != nil {
		return nil, fmt.Errorf("an event that Cognito does not send: %s", arrival.Join(problems))
	}
	source := e["triggerSource"].(string)
	if arn != "arn:aws:lambda:eu-west-1:000000000000:function:"+string(cognito.HookOf(source)) {
		return nil, fmt.Errorf("%s went to %s", source, arn)
	}
	f.mu.Lock()
	answer := f.answers[source]
	f.fired = append(f.fired, event{
		Source:   source,
		UserName: e["userName"].(string),
		ClientID: e["callerContext"].(map[string]any)["clientId"].(string),
		Version:  e["version"].(string),
		Request:  e["request"].(map[string]any),
	})
	f.mu.Unlock()
	if answer == nil {
		return raw, nil
	}
	response, err := answer(e)
	var crash *lambdaruntime.CrashError
	if errors.Is(err, lambdaruntime.ErrTimeout) || errors.As(err, &crash) {
		return nil, err
	}
	if err != nil {
		return nil, &lambdaruntime.FunctionError{Type: "errorString", Message: err.Error()}
	}
	if whole, isRaw := response.(json.RawMessage); isRaw {
		return whole, nil
	}
	e["response"] = response
	return json.Marshal(e)
}

func (f *functions) on(source string, answer func(event map[string]any) (any, error)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[source] = answer
}

// take returns the events since the last take.
func (f *functions) take() []event {
	f.mu.Lock()
	defer f.mu.Unlock()
	fired := f.fired
	f.fired = nil
	return fired
}

type setup struct {
	pool   func(*cip.CreateUserPoolInput)
	client func(*cip.CreateUserPoolClientInput)
}

var allFlows = []types.ExplicitAuthFlowsType{
	types.ExplicitAuthFlowsTypeAllowUserPasswordAuth, types.ExplicitAuthFlowsTypeAllowUserSrpAuth,
	types.ExplicitAuthFlowsTypeAllowCustomAuth,
	types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth, types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth,
}

func start(t *testing.T, s setup) *world {
	t.Helper()
	return startWith(t, s, nil)
}

// startWith is start for a server with other options.
func startWith(t *testing.T, s setup, change func(*Options)) *world {
	t.Helper()
	w := &world{
		t:         t,
		functions: &functions{answers: map[string]func(map[string]any) (any, error){}},
		clock:     clock.New(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)),
	}
	codes := 100000
	var mu sync.Mutex
	options := Options{Now: w.clock.Now, Invoker: w.functions, Code: func(digits int) string {
		mu.Lock()
		defer mu.Unlock()
		codes++
		return fmt.Sprint(codes)[:6] + "00"[:digits-6]
	}}
	if change != nil {
		change(&options)
	}
	w.server = Open(options)
	server := httptest.NewServer(w.server)
	t.Cleanup(server.Close)
	w.url = server.URL
	w.Client = poolclient.New(server.URL, "eu-west-1")
	arn := func(hook cognito.Hook) *string {
		return aws.String("arn:aws:lambda:eu-west-1:000000000000:function:" + string(hook))
	}
	pool := &cip.CreateUserPoolInput{
		PoolName: aws.String("people"), UsernameAttributes: []types.UsernameAttributeType{"email"},
		AutoVerifiedAttributes: []types.VerifiedAttributeType{"email"},
		UsernameConfiguration:  &types.UsernameConfigurationType{CaseSensitive: aws.Bool(false)},
		EmailConfiguration: &types.EmailConfigurationType{
			EmailSendingAccount: types.EmailSendingAccountTypeDeveloper,
			SourceArn:           aws.String("arn:aws:ses:eu-west-1:000000000000:identity/example.org"),
		},
		Schema: []types.SchemaAttributeType{{
			Name:              aws.String("tenant"),
			AttributeDataType: types.AttributeDataTypeString,
			Mutable:           aws.Bool(true),
		}},
		LambdaConfig: &types.LambdaConfigType{
			PreSignUp: arn(cognito.PreSignUp), PostConfirmation: arn(cognito.PostConfirmation),
			CustomMessage:     arn(cognito.CustomMessage),
			PreAuthentication: arn(cognito.PreAuthentication), PostAuthentication: arn(cognito.PostAuthentication),
			UserMigration:       arn(cognito.UserMigration),
			DefineAuthChallenge: arn(cognito.DefineAuthChallenge), CreateAuthChallenge: arn(cognito.CreateAuthChallenge),
			VerifyAuthChallengeResponse: arn(cognito.VerifyAuthChallengeResponse),
			PreTokenGenerationConfig: &types.PreTokenGenerationVersionConfigType{
				LambdaArn:     arn(cognito.PreTokenGeneration),
				LambdaVersion: "V2_0",
			},
		},
	}
	if s.pool != nil {
		s.pool(pool)
	}
	made, err := w.CreateUserPool(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	w.pool = made.UserPool.Id
	client := &cip.CreateUserPoolClientInput{
		UserPoolId:        w.pool,
		ClientName:        aws.String("web"),
		ExplicitAuthFlows: allFlows,
	}
	if s.client != nil {
		s.client(client)
	}
	app, err := w.CreateUserPoolClient(t.Context(), client)
	if err != nil {
		t.Fatal(err)
	}
	w.clientID, w.secret = app.UserPoolClient.ClientId, aws.ToString(app.UserPoolClient.ClientSecret)
	return w
}

// signUp signs a user up; attributes are given in pairs.
func (w *world) signUp(email string, pairs ...string) (*cip.SignUpOutput, error) {
	in := &cip.SignUpInput{ClientId: w.clientID, Username: &email, Password: aws.String(password)}
	for i := 0; i < len(pairs); i += 2 {
		in.UserAttributes = append(in.UserAttributes, types.AttributeType{Name: &pairs[i], Value: &pairs[i+1]})
	}
	return w.SignUp(w.t.Context(), in)
}

// confirmed signs a user up and confirms the user.
func (w *world) confirmed(email string, pairs ...string) {
	w.t.Helper()
	if _, err := w.signUp(email, pairs...); err != nil {
		w.t.Fatal(err)
	}
	if err := w.confirm(email, w.code()); err != nil {
		w.t.Fatal(err)
	}
	w.functions.take()
}

func (w *world) confirm(email, code string) error {
	_, err := w.ConfirmSignUp(w.t.Context(), &cip.ConfirmSignUpInput{
		ClientId:         w.clientID,
		Username:         &email,
		ConfirmationCode: &code,
	})
	return err
}

// code returns the code in the latest message.
func (w *world) code() string { return w.message().Code }

func (w *world) message() Message {
	w.t.Helper()
	all := w.server.Inbox().Messages(0)
	if len(all) == 0 {
		w.t.Fatal("no message was delivered")
	}
	return all[len(all)-1]
}

func (w *world) wantFired(want ...string) []event {
	w.t.Helper()
	fired := w.functions.take()
	var got []string
	for _, e := range fired {
		got = append(got, e.Source)
	}
	if !slices.Equal(got, want) {
		w.t.Fatalf("fired %v, want %v", got, want)
	}
	return fired
}

func text(t *testing.T, value any) string {
	t.Helper()
	out, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func wantMessage(t *testing.T, err error, code, message string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code || api.ErrorMessage() != message {
		t.Errorf("error = %v, want %s: %s", err, code, message)
	}
}
