package events_test

import (
	"encoding/json"
	"fmt"

	"cognito-triggers/shared/events"
)

// A handler decodes the event, decides, and sets fields of the response. The answer is the event with these fields
// changed; members that this package does not know, such as "isTrial", are kept.
func Example() {
	received := []byte(`{
  "version": "1", "triggerSource": "PreSignUp_SignUp", "userPoolId": "eu-west-1_Qk7Lm2XyZ", "isTrial": true,
  "request": {"userAttributes": {"email": "ines@example.org"}},
  "response": {"autoConfirmUser": false, "autoVerifyEmail": false}
}`)
	e, err := events.Decode[events.PreSignUpRequest, events.PreSignUpResponse](received)
	if err != nil {
		fmt.Println(err)
		return
	}
	if e.Request.UserAttributes["email"] == "ines@example.org" {
		e.Response.AutoConfirmUser = events.Bool(true)
	}
	answer, err := e.Encode()
	fmt.Println(string(answer), err)
	// Output:
	// {
	//   "version": "1", "triggerSource": "PreSignUp_SignUp", "userPoolId": "eu-west-1_Qk7Lm2XyZ", "isTrial": true,
	//   "request": {"userAttributes": {"email": "ines@example.org"}},
	//   "response": {"autoConfirmUser": true, "autoVerifyEmail": false}
	// } <nil>
}

// Errors name the member and never include its value.
func ExampleDecode_error() {
	received := []byte(`{"triggerSource": "PreSignUp_SignUp", "request": "secret"}`)
	_, err := events.Decode[events.PreSignUpRequest, events.PreSignUpResponse](received)
	fmt.Println(err)
	// Output: event: request has the JSON type string
}

// A program that serves several hooks reads the envelope first.
func ExampleDecodeEnvelope() {
	received := []byte(`{"version": 1, "triggerSource": "CustomMessage_SignUp", "userName": "ines", "request": {}}`)
	envelope, err := events.DecodeEnvelope(received)
	fmt.Println(envelope.TriggerSource, envelope.Version, envelope.UserName, err)
	// Output: CustomMessage_SignUp 1 ines <nil>
}

// Version 1 events and later ones have different members for the same change.
func ExampleTokenVersionOf() {
	received := []byte(`{
  "version": "2", "triggerSource": "TokenGeneration_Authentication", "request": {"scopes": ["openid"]}
}`)
	e, err := events.Decode[events.PreTokenGenerationRequest, events.PreTokenGenerationResponse](received)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("version", events.TokenVersionOf(e))
	e.Response.ClaimsAndScopeOverrideDetails = &events.ClaimsAndScopeOverrideDetails{
		AccessTokenGeneration: &events.AccessTokenGeneration{
			ClaimsToAddOrOverride: map[string]json.RawMessage{"plan": json.RawMessage(`"gold"`)},
		},
	}
	answer, err := e.Encode()
	if err != nil {
		fmt.Println(err)
		return
	}
	response, err := events.Response(answer)
	fmt.Println(string(response), err)
	// Output:
	// version 2
	// {"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"claimsToAddOrOverride":{"plan":"gold"}}}} <nil>
}
