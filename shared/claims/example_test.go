package claims_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"cognito-triggers/shared/claims"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Compile the rules once, at cold start, and evaluate them for each event.
func Example() {
	rules := []byte(`{"rules": [
  {"claim": "level", "token": "access", "from": "groups", "pick": "first",
   "map": [{"group": "admins", "value": 9}, {"group": "staff", "value": 5}], "default": 1},
  {"suppress": ["phone_number"], "token": "id"}
]}`)
	set, err := claims.Compile(rules, claims.Options{Version: cognito.V2})
	if err != nil {
		fmt.Println(err)
		return
	}
	override, err := set.Evaluate(&claims.Input{
		Version: cognito.V2,
		Groups:  events.GroupConfiguration{GroupsToOverride: []string{"staff"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	response, err := json.MarshalIndent(override.Response(cognito.V2).ClaimsAndScopeOverrideDetails, "", "  ")
	fmt.Println(string(response), err)
	// Output:
	// {
	//   "idTokenGeneration": {
	//     "claimsToSuppress": [
	//       "phone_number"
	//     ]
	//   },
	//   "accessTokenGeneration": {
	//     "claimsToAddOrOverride": {
	//       "level": 5
	//     }
	//   }
	// } <nil>
}

// The error lists every mistake in the file with its place.
func ExampleCompile_mistakes() {
	rules := []byte(`{"rules": [
  {"claim": "sub", "token": "both", "value": "me"},
  {"claim": "plan", "token": "access"}
]}`)
	_, err := claims.Compile(rules, claims.Options{Version: cognito.V2})
	var mistakes *claims.FileError
	if errors.As(err, &mistakes) {
		fmt.Println(len(mistakes.Problems), "mistakes")
	}
	// Output: 2 mistakes
}
