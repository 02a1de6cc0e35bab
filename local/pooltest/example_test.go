package pooltest_test

import (
	"context"
	"errors"
	"fmt"
	"log"

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
		log.Fatal(err)
	}
	defer p.Close()
	ines := pooltest.User{Name: "ines", Password: "Sunny100%", Attributes: map[string]string{"email": "ines@example.org"}}
	refused := p.SignUp(ines)
	ines.ValidationData = map[string]string{"invitation": "4711"}
	err = errors.Join(p.SignUp(ines), p.Confirm("ines"))
	tokens, _ := p.SignIn("ines", "Sunny100%")
	fmt.Println(refused != nil, err, tokens.IDClaims["email"])
	// Output: true <nil> ines@example.org
}
