package userpool

import "testing"

// What is for developers alone is written by administrators alone.
func TestUsersCannotWriteDeveloperOnlyAttributes(t *testing.T) {
	d := startDirect(t, object{"Schema": []object{{"Name": "plan", "AttributeDataType": "String", "DeveloperOnlyAttribute": true}}}, nil)
	gold := attributes("dev:custom:plan", "gold")
	const refused, words = "NotAuthorizedException", "unauthorized attribute"
	d.fails("SignUp", object{"Username": "eve", "Password": password, "UserAttributes": gold}, refused, words)
	d.user("ines", "dev:custom:plan", "basic")
	token := at(d.signIn("ines"), "AuthenticationResult.AccessToken")
	d.fails("UpdateUserAttributes", object{"AccessToken": token, "UserAttributes": gold}, refused, words)
	d.fails("DeleteUserAttributes", object{"AccessToken": token, "UserAttributeNames": []string{"dev:custom:plan"}}, refused, words)
	d.do("AdminSetUserPassword", object{"Username": "ines", "Password": password})
	d.fails("RespondToAuthChallenge", object{"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": d.signIn("ines")["Session"],
		"ChallengeResponses": object{"USERNAME": "ines", "NEW_PASSWORD": password + "1", "userAttributes.dev:custom:plan": "gold"}}, refused, words)
	d.do("AdminUpdateUserAttributes", object{"Username": "ines", "UserAttributes": gold})
}

func TestNumbersAreNumbers(t *testing.T) {
	d := startDirect(t, object{"Schema": []object{{"Name": "level", "AttributeDataType": "Number", "NumberAttributeConstraints": object{"MinValue": "1", "MaxValue": "9"}}}}, nil)
	for _, value := range []string{"NaN", "nan", "Inf", "-Infinity", "", " 3", "0x3p0"} {
		d.call("AdminDeleteUser", object{"Username": "ines"})
		body := object{"Username": "ines", "UserAttributes": attributes("custom:level", value)}
		if value == "" { // means that there is none
			d.do("AdminCreateUser", body)
			continue
		}
		d.fails("AdminCreateUser", body, "InvalidParameterException", "not a number")
	}
}
