package triggertest_test

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/aws/aws-lambda-go/lambda"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
)

// setup stands for the one in a trigger's main.go.
func setup(*settings.Env) (trigger.Handler[events.PreSignUpRequest, events.PreSignUpResponse], error) {
	return func(context.Context, *events.PreSignUpEvent) error { return nil }, nil
}

// cases stands for os.DirFS("../../testevents").
var cases = fstest.MapFS{
	"invitation/PreSignUp_SignUp.json": {Data: []byte(
		`{"version":"1","triggerSource":"PreSignUp_SignUp","request":{"userAttributes":{}},"response":{}}`)},
	"invitation/PreSignUp_SignUp.want.json": {Data: []byte(`{"answer":"unchanged"}`)},
}

func TestGoldenEvents(t *testing.T) {
	triggertest.Replay(t, cases, "invitation", func(t *testing.T, c golden.Case) lambda.Handler {
		env := triggertest.Settings(t, c)
		handle, err := setup(env)
		if err != nil {
			t.Fatal(err)
		}
		return triggertest.Wrap(events.PreSignUp, handle)
	})
}
