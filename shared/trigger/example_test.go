package trigger_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

type handler = trigger.Handler[events.PreSignUpRequest, events.PreSignUpResponse]

// setup reads what the trigger needs from its environment variables, and builds its handler.
func setup(env *settings.Env) (handler, error) {
	domain := env.Required("TRUSTED_DOMAIN", "name the domain whose users need no code")
	return func(_ context.Context, e *events.PreSignUpEvent) error {
		if strings.HasSuffix(e.Request.UserAttributes["email"], "@"+domain) {
			e.Response.AutoConfirmUser = events.Bool(true)
		}
		return nil
	}, nil
}

// A trigger's main is one call.
func ExampleStart() {
	trigger.Start(events.PreSignUp, setup)
}

// What differs from the defaults goes after the set-up.
func ExampleStart_options() {
	trigger.Start(events.PreSignUp, setup,
		trigger.WithNamespace("Shop"),
		trigger.WithMargin(1500*time.Millisecond),
		trigger.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, nil))))
}

// A test calls the handler as Lambda would. The answer is the event with another response, byte for byte.
func ExampleNew() {
	handle, err := setup(settings.FromMap(map[string]string{"TRUSTED_DOMAIN": "example.org"}))
	if err != nil {
		fmt.Println(err)
		return
	}
	event := `{"triggerSource": "PreSignUp_SignUp",
"request": {"userAttributes": {"email": "ines@example.org"}},
"response": {"autoConfirmUser": false}}`
	answer, err := trigger.New(events.PreSignUp, handle, io.Discard).Invoke(context.Background(), []byte(event))
	fmt.Println(string(answer), err)
	// Output:
	// {"triggerSource": "PreSignUp_SignUp",
	// "request": {"userAttributes": {"email": "ines@example.org"}},
	// "response": {"autoConfirmUser": true}} <nil>
}

// The user reads a Reject word for word. Of every other error they read one sentence, and the log holds the rest.
func ExampleReject() {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	for _, refusal := range []error{
		trigger.Reject("Please sign up with your company's address."),
		errors.New("table users of account 123456789012 is gone"),
	} {
		var handle handler = func(context.Context, *events.PreSignUpEvent) error { return refusal }
		event := []byte(`{"triggerSource":"PreSignUp_SignUp","request":{}}`)
		_, err := trigger.New(events.PreSignUp, handle, io.Discard).Invoke(context.Background(), event)
		fmt.Println(err)
	}
	// Output:
	// Please sign up with your company's address
	// Something went wrong, please try again later (reference unknown)
}

// A counter becomes a CloudWatch metric of the function, and a note can be searched by in its log.
func ExampleCount() {
	var handle handler = func(ctx context.Context, _ *events.PreSignUpEvent) error {
		trigger.Count(ctx, "ProfilesLost")
		trigger.Note(ctx, "Store", "down")
		return nil
	}
	var metrics strings.Builder
	event := []byte(`{"triggerSource":"PreSignUp_SignUp","request":{}}`)
	if _, err := trigger.New(events.PreSignUp, handle, &metrics).Invoke(context.Background(), event); err != nil {
		fmt.Println(err)
	}
	fmt.Println(strings.Contains(metrics.String(), `"Store":"down","ProfilesLost":1`))
	// Output: true
}

// What a handler learned elsewhere does not reach the log either, once it is hidden.
func ExampleHide() {
	trigger.UseLog(messages{to: os.Stdout}, settings.FromMap(nil))
	var handle handler = func(ctx context.Context, e *events.PreSignUpEvent) error {
		trigger.Hide(ctx, "Ines Brown")
		slog.InfoContext(ctx, "Ines Brown has the address "+e.Request.UserAttributes["email"])
		return nil
	}
	event := []byte(`{"triggerSource":"PreSignUp_SignUp","request":{"userAttributes":{"email":"ines@example.org"}}}`)
	if _, err := trigger.New(events.PreSignUp, handle, io.Discard).Invoke(context.Background(), event); err != nil {
		fmt.Println(err)
	}
	// Output: [scrubbed] has the address [scrubbed]
}

// messages writes the messages of JSON log lines.
type messages struct{ to io.Writer }

func (m messages) Write(line []byte) (int, error) {
	_, rest, _ := strings.Cut(string(line), `"msg":"`)
	message, _, _ := strings.Cut(rest, `"`)
	_, err := fmt.Fprintln(m.to, message)
	return len(line), err
}
