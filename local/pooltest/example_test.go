package pooltest_test

import (
	"context"
	"fmt"

	"cognito-triggers/local/pooltest"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/trigger"
)

// In a test, p is pooltest.Start(t, …), which needs neither the error nor Close.
func Example() {
	p, err := pooltest.Open(pooltest.On(events.PreSignUp, func(_ context.Context, e *events.PreSignUpEvent) error {
		if e.Request.ValidationData["invitation"] == "" {
			return trigger.Reject("Ask a member for an invitation")
		}
		return nil
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.Close()
	ines := pooltest.User{Name: "ines", Password: "Sunny100%", Attributes: map[string]string{"email": "ines@example.org"}}
	fmt.Println("refused:", p.SignUp(ines) != nil, p.Fired()[0].Outcome)
	ines.ValidationData = map[string]string{"invitation": "4711"}
	fmt.Println("invited:", p.SignUp(ines), p.Confirm("ines"))
	tokens, err := p.SignIn("ines", "Sunny100%")
	fmt.Println("signed in:", tokens.IDClaims["email"], err)
	// Output:
	// refused: true UserLambdaValidationException: PreSignUp failed with error Ask a member for an invitation.
	// invited: <nil> <nil>
	// signed in: ines@example.org <nil>
}
