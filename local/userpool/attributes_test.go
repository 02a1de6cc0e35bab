package userpool

import "testing"

// Only administrators may write developer-only attributes.
func TestUsersCannotWriteDeveloperOnlyAttributes(t *testing.T) {
	d := startDirect(t, object{"Schema": []object{{"Name": "plan", "AttributeDataType": "String",
		"DeveloperOnlyAttribute": true}}}, nil)
	gold := attributes("dev:custom:plan", "gold")
	const refused, words = "NotAuthorizedException", "unauthorized attribute"
	d.fails("SignUp", object{"Username": "eve", "Password": password, "UserAttributes": gold}, refused, words)
	d.user("ines", "dev:custom:plan", "basic")
	token := at(d.signIn("ines"), "AuthenticationResult.AccessToken")
	d.fails("UpdateUserAttributes", object{"AccessToken": token, "UserAttributes": gold}, refused, words)
	d.fails("DeleteUserAttributes", object{"AccessToken": token, "UserAttributeNames": []string{"dev:custom:plan"}},
		refused, words)
	d.do("AdminSetUserPassword", object{"Username": "ines", "Password": password})
	d.fails("RespondToAuthChallenge", object{"ChallengeName": "NEW_PASSWORD_REQUIRED",
		"Session": d.signIn("ines")["Session"],
		"ChallengeResponses": object{"USERNAME": "ines", "NEW_PASSWORD": password + "1",
			"userAttributes.dev:custom:plan": "gold"}}, refused, words)
	d.do("AdminUpdateUserAttributes", object{"Username": "ines", "UserAttributes": gold})
}

func TestNumberAttributes(t *testing.T) {
	d := startDirect(t, object{"Schema": []object{{"Name": "level", "AttributeDataType": "Number",
		"NumberAttributeConstraints": object{"MinValue": "1", "MaxValue": "9"}}}}, nil)
	for _, value := range []string{"NaN", "nan", "Inf", "-Infinity", "", " 3", "0x3p0"} {
		d.call("AdminDeleteUser", object{"Username": "ines"})
		body := object{"Username": "ines", "UserAttributes": attributes("custom:level", value)}
		if value == "" { // "" stands for an absent attribute
			d.do("AdminCreateUser", body)
			continue
		}
		d.fails("AdminCreateUser", body, "InvalidParameterException", "not a number")
	}
}

// If preferred_username is an alias, nobody can reserve one with a sign-up that is never confirmed.
func TestPreferredUserNameAfterSignUp(t *testing.T) {
	d := startDirect(t, object{"AliasAttributes": []string{"preferred_username"}}, nil)
	body := object{"Username": "ines", "Password": password, "UserAttributes": attributes("preferred_username", "boss")}
	d.fails("SignUp", body, "InvalidParameterException", "preferred_username")
	d.user("ines")
	d.do("UpdateUserAttributes", object{"AccessToken": at(d.signIn("ines"), "AuthenticationResult.AccessToken"),
		"UserAttributes": body["UserAttributes"]})
	d.signIn("boss")
	startDirect(t, nil, nil).do("SignUp", body)
}

// A search that AWS rejects must not pass here and then fail in production.
func TestListUsersRejectsAsAWS(t *testing.T) {
	d := startDirect(t, nil, nil)
	d.user("Ines", "email", "ines@example.org", "locale", "fr")
	d.user("Tom", "email", "tom@example.org")
	for filter, want := range map[string]int{
		`username = "Ines"`: 1, `username = "ines"`: 0, `email = "INES@example.org"`: 1, `status = "Enabled"`: 2,
		`status = "enabled"`: 0, `cognito:user_status = "confirmed"`: 2,
	} {
		if found := d.do("ListUsers", object{"Filter": filter})["Users"].([]any); len(found) != want {
			t.Errorf("%s finds %d users, want %d", filter, len(found), want)
		}
	}
	for _, filter := range []string{`locale = "fr"`, `custom:tenant = "a"`, `nothing = "a"`, `email_verified = "true"`} {
		d.fails("ListUsers", object{"Filter": filter}, "InvalidParameterException", "filter")
	}
	d.fails("ListUsers", object{"AttributesToGet": []string{"locale"}}, "InvalidParameterException", "attributes")
	d.do("ListUsers", object{"AttributesToGet": []string{"locale"}, "Filter": `username = "Ines"`})
	d.do("ListUsers", object{"AttributesToGet": []string{"email"}})
}
