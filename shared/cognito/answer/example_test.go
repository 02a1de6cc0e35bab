package answer_test

import (
	"fmt"

	"cognito-triggers/shared/cognito/answer"
)

// A message must have the code placeholder, and an e-mail subject needs a pool that sends through Amazon SES.
func ExampleCheck() {
	event := []byte(`{
  "version": "1", "triggerSource": "CustomMessage_SignUp",
  "request": {"codeParameter": "{####}"}, "response": {"smsMessage": null}
}`)
	returned := []byte(`{
  "version": "1", "triggerSource": "CustomMessage_SignUp",
  "request": {"codeParameter": "{####}"}, "response": {"smsMessage": "Welcome!", "emailSubject": "Welcome!"}
}`)
	for _, problem := range answer.Check(event, returned, answer.Pool{SendsThroughSES: false}) {
		fmt.Println(problem)
		if problem.Code == answer.CodeMissing {
			fmt.Println("put {####} where the code should appear")
		}
	}
	// Output:
	// response.smsMessage: lacks the code placeholder {####}
	// put {####} where the code should appear
	// response.emailSubject: is refused unless the pool sends e-mail through SES (EmailSendingAccount DEVELOPER)
}

// Cognito ignores or refuses a misspelt member without telling anyone.
func ExampleCheck_unknownMember() {
	event := []byte(`{"triggerSource": "PreSignUp_SignUp", "request": {}, "response": {}}`)
	returned := []byte(`{"triggerSource": "PreSignUp_SignUp", "request": {}, "response": {"autoConfirm": true}}`)
	for _, problem := range answer.Check(event, returned, answer.Pool{}) {
		fmt.Println(problem.Code, "at", problem.Place)
	}
	// Output: unknown_member at response.autoConfirm
}
