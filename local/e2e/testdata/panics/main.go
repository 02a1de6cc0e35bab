// Command panics is a function that panics with its whole event, for the test that looks for personal data in logs.
package main

import (
	"context"
	"fmt"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() {
	trigger.Start(events.PreSignUp,
		func(*settings.Env) (trigger.Handler[events.PreSignUpRequest, events.PreSignUpResponse], error) {
			return func(_ context.Context, e *events.PreSignUpEvent) error {
				panic(fmt.Sprintf("user %s: %v, event %s", e.UserName, e.Request, e.Raw()))
			}, nil
		})
}
