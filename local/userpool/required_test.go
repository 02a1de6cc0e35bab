package userpool

import (
	"encoding/json"
	"reflect"
	"testing"
)

// An administrator can create a user who lacks required attributes, immutable ones too. The user gives them together
// with the first own password. Users who sign up give them at once.
func TestRequiredAttributesOfInvitedUsers(t *testing.T) {
	t.Parallel()
	d := startDirect(t, object{"Schema": []object{
		{"Name": "email", "Required": true}, {"Name": "name", "Required": true},
		{"Name": "birthdate", "Required": true, "Mutable": false}, {"Name": "locale", "Mutable": false},
	}}, nil)
	d.fails("SignUp", object{"Username": "ben", "Password": password,
		"UserAttributes": attributes("email", "ben@example.org", "birthdate", "1990-01-01")}, "InvalidParameterException",
		"Attributes did not conform to the schema: name: The attribute name is required\n")

	d.do("AdminCreateUser", object{"Username": "ines", "TemporaryPassword": password, "MessageAction": "SUPPRESS",
		"UserAttributes": attributes("email", "ines@example.org")})
	challenge := d.do("InitiateAuth", passwordAuth("ines", password))
	var required []string
	text, _ := at(challenge, "ChallengeParameters.requiredAttributes").(string)
	if err := json.Unmarshal([]byte(text), &required); err != nil {
		t.Fatal(err)
	}
	want := []string{"userAttributes.name", "userAttributes.birthdate"}
	if !reflect.DeepEqual(required, want) {
		t.Errorf("requiredAttributes = %v, want %v", required, want)
	}
	answer := func(attributes object) object {
		return object{"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": challenge["Session"],
			"ChallengeResponses": with(object{"USERNAME": "ines", "NEW_PASSWORD": newPassword}, attributes)}
	}
	given := object{"userAttributes.name": "Ines", "userAttributes.birthdate": "1990-01-01"}
	d.fails("RespondToAuthChallenge", answer(object{"userAttributes.name": "Ines"}), "InvalidParameterException",
		"Invalid attributes given, birthdate is missing")
	d.fails("RespondToAuthChallenge", answer(with(given, object{"userAttributes.locale": "fr"})),
		"InvalidParameterException", "user.locale: Attribute cannot be updated.")
	tokens := d.do("RespondToAuthChallenge", answer(given))
	id := claimsOf(t, at(tokens, "AuthenticationResult.IdToken"))
	if id["name"] != "Ines" || id["birthdate"] != "1990-01-01" || id["email"] != "ines@example.org" {
		t.Errorf("id = %v", id)
	}
	d.fails("AdminUpdateUserAttributes", object{"Username": "ines",
		"UserAttributes": attributes("birthdate", "1991-01-01")}, "InvalidParameterException", "cannot be updated")
}
