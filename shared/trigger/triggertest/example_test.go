package triggertest_test

import (
	"context"
	"fmt"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
)

// Wrap puts the same runtime around a handler as Lambda does: here, a rejection whose text the user reads.
func ExampleWrap() {
	handler := triggertest.Wrap(events.PreSignUp, func(_ context.Context, e *events.PreSignUpEvent) error {
		if e.Request.UserAttributes["email"] == "" {
			return trigger.Reject("Please enter an e-mail address.")
		}
		return nil
	})
	event := []byte(`{"triggerSource": "PreSignUp_SignUp", "request": {"userAttributes": {}}, "response": {}}`)
	answer, err := handler.Invoke(context.Background(), event)
	fmt.Printf("answer %q, error %q\n", answer, err)
	// Output: answer "", error "Please enter an e-mail address"
}
