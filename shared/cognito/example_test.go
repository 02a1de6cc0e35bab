package cognito_test

import (
	"encoding/json"
	"fmt"

	"cognito-triggers/shared/cognito"
)

// The contract of a hook says what its events hold and what an answer can set.
func ExampleHook_Contract() {
	contract := cognito.CustomMessage.Contract()
	fmt.Println(contract.Name, "has the sources", contract.Sources[0], "and", len(contract.Sources)-1, "more")
	for _, m := range contract.ResponseMembers("1") {
		fmt.Println(m.Name, "is", m.Type, "with", m.Min, "to", m.Max, "characters")
	}
	// Output:
	// CustomMessage has the sources CustomMessage_SignUp and 6 more
	// smsMessage is a string with 6 to 140 characters
	// emailMessage is a string with 6 to 20000 characters
	// emailSubject is a string with 1 to 140 characters
}

// The trigger source of an event names its hook. Sources that Cognito adds later are recognised by their family.
func ExampleHookOf() {
	fmt.Println(cognito.HookOf("PreSignUp_SignUp"))
	fmt.Println(cognito.HookOf("PreSignUp_NewSource"))
	fmt.Printf("%q\n", cognito.HookOf("Unknown_Source"))
	// Output:
	// pre_sign_up
	// pre_sign_up
	// ""
}

// A LambdaConfig that was read from a user pool keeps members that are not known here.
func ExampleLambdaConfig() {
	var config cognito.LambdaConfig
	described := `{"PreSignUp": "arn:aws:lambda:eu-west-1:123456789012:function:old", "NewTrigger": "kept"}`
	if err := json.Unmarshal([]byte(described), &config); err != nil {
		fmt.Println(err)
		return
	}
	config.Remove(cognito.PreSignUp)
	config.Set(cognito.PreTokenGeneration, cognito.Function{
		ARN: "arn:aws:lambda:eu-west-1:123456789012:function:tokens", Version: "V2_0",
	})
	text, err := json.MarshalIndent(config, "", "  ")
	fmt.Println(string(text), err)
	// Output:
	// {
	//   "NewTrigger": "kept",
	//   "PreTokenGenerationConfig": {
	//     "LambdaArn": "arn:aws:lambda:eu-west-1:123456789012:function:tokens",
	//     "LambdaVersion": "V2_0"
	//   }
	// } <nil>
}

// Cognito refuses or ignores changes to some claims.
func ExampleCheckClaim() {
	fmt.Println(cognito.CheckClaim(cognito.V2, cognito.Access, "plan"))
	fmt.Println(cognito.CheckClaim(cognito.V2, cognito.Access, "sub") != nil)
	// Output:
	// <nil>
	// true
}
