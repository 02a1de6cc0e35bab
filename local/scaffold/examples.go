package scaffold

import "cognito-triggers/shared/cognito"

// example describes what a new trigger of a hook does. Its code is in templates/hooks/<hook>.tmpl.
type example struct {
	setting setting
	// want is the want file of each source's ordinary event; "" means that the event is returned unchanged.
	want string
	// cases are golden events besides the ordinary ones.
	cases []goldenCase
}

// setting is the environment variable that turns on or limits the example.
type setting struct {
	Variable string // for example LOG_EVENTS
	Field    string // of Config, for example LogEvents
	Type     string // of the field: bool, int, string or []string
	Read     string // the Go expression that reads it from env
	Default  string // in function.json
	Unset    string // the README's words for the default
	Meaning  string
	Value    string // a value other than the default, for the test of the settings
	GoValue  string // Value as a Go expression
	Bad      string // an invalid value; "" if every value is valid
}

// goldenCase is a variation of an ordinary event.
type goldenCase struct {
	source, name string
	value        string            // of the setting; "" means the default
	replace      map[string]string // texts of the ordinary event and their replacements
	want         string
}

const unchanged = `{"answer":"unchanged"}`

// attribute returns a replacement that adds an attribute to the user.
func attribute(name, value string) map[string]string {
	const attributes = `"userAttributes": {`
	return map[string]string{attributes: attributes + "\n      \"" + name + `": "` + value + `",`}
}

func exampleOf(hook cognito.Hook) example {
	switch hook {
	case cognito.PreSignUp:
		return example{setting: setting{
			Variable: "DENIED_EMAIL_DOMAINS", Field: "DeniedEmailDomains", Type: "[]string",
			Read:  `env.List("DENIED_EMAIL_DOMAINS")`,
			Unset: "empty: all domains may", Meaning: "e-mail domains that may not sign up, separated by commas",
			Value: "example.net, example.com", GoValue: `[]string{"example.net", "example.com"}`, Bad: "@example.org",
		}, cases: []goldenCase{
			{
				source: cognito.PreSignUpSignUp, name: "denied-domain", value: "example.org",
				want: `{"error":"Please sign up with another e-mail address"}`,
			},
			{source: cognito.PreSignUpSignUp, name: "other-domain", value: "example.net", want: unchanged},
		}}
	case cognito.PreAuthentication:
		return example{setting: setting{
			Variable: "SUSPENDED_ATTRIBUTE", Field: "SuspendedAttribute", Type: "string",
			Read:    `env.Lookup("SUSPENDED_ATTRIBUTE")`,
			Unset:   "empty: nobody is refused",
			Meaning: "the custom attribute that is `true` for a suspended user; no app client must be able to write it",
			Value:   "custom:suspended", GoValue: `"custom:suspended"`, Bad: "suspended",
		}, cases: []goldenCase{
			{
				source: cognito.PreAuthenticationAuthentication, name: "suspended", value: "custom:suspended",
				replace: attribute("custom:suspended", "true"), want: `{"error":"Your account is suspended"}`,
			},
			{source: cognito.PreAuthenticationAuthentication, name: "not-suspended", value: "custom:suspended", want: unchanged},
		}}
	case cognito.DefineAuthChallenge:
		return defineAuthChallenge()
	case cognito.CreateAuthChallenge:
		return example{setting: setting{
			Variable: "MAKE_CODES", Field: "MakeCodes", Type: "bool", Read: `env.Bool("MAKE_CODES", false)`, Default: "false",
			Unset: "`false`", Meaning: "create a code as the challenge; set it when the handler also sends the code to the user",
			Value: "true", GoValue: "true", Bad: "sometimes",
		}}
	case cognito.VerifyAuthChallengeResponse:
		return verifyAuthChallengeResponse()
	case cognito.UserMigration:
		return example{setting: setting{
			Variable: "RESET_PASSWORDS", Field: "ResetPasswords", Type: "bool",
			Read: `env.Bool("RESET_PASSWORDS", false)`, Default: "false",
			Unset: "`false`", Meaning: "migrated users must set a new password",
			Value: "true", GoValue: "true", Bad: "sometimes",
		}}
	case cognito.PreTokenGeneration:
		return preTokenGeneration()
	case cognito.CustomMessage:
		return customMessage()
	case cognito.InboundFederation:
		return inboundFederation()
	}
	return exampleThatNotes(hook)
}

// exampleThatNotes is the example of the hooks that expect no answer.
func exampleThatNotes(hook cognito.Hook) example {
	s := setting{
		Variable: "NOTE_CLIENTS", Field: "NoteClients", Type: "bool", Default: "false",
		Read:  `env.Bool("NOTE_CLIENTS", false)`,
		Unset: "`false`", Meaning: "add the app client to each metrics line",
		Value: "true", GoValue: "true", Bad: "sometimes",
	}
	if hook.Contract().Asynchronous {
		s.Variable, s.Field, s.Read = "LOG_EVENTS", "LogEvents", `env.Bool("LOG_EVENTS", false)`
		s.Meaning = "log each event, without any value of the user"
	}
	return example{setting: s, cases: []goldenCase{
		{source: hook.Sources()[0], name: "noted", value: "true", want: unchanged},
	}}
}

func defineAuthChallenge() example {
	const (
		none  = `"session": []`
		wrong = `{"challengeName": "CUSTOM_CHALLENGE", "challengeResult": false, "challengeMetadata": "code"}`
		right = `{"challengeName": "CUSTOM_CHALLENGE", "challengeResult": true, "challengeMetadata": "code"}`
		again = `{"response":{"challengeName":"CUSTOM_CHALLENGE","issueTokens":false,"failAuthentication":false}}`
	)
	session := func(steps string) map[string]string { return map[string]string{none: `"session": [` + steps + `]`} }
	return example{setting: setting{
		Variable: "MAX_TRIES", Field: "MaxTries", Type: "int", Read: `env.Int("MAX_TRIES", 3, 1, 10)`, Default: "3",
		Unset: "`3`", Meaning: "the number of wrong answers that ends a sign-in, 1 to 10",
		Value: "5", GoValue: "5", Bad: "0",
	}, want: again, cases: []goldenCase{
		{
			source: cognito.DefineAuthChallengeAuthentication, name: "right-answer", replace: session(wrong + ", " + right),
			want: `{"response":{"challengeName":null,"issueTokens":true,"failAuthentication":false}}`,
		},
		{
			source: cognito.DefineAuthChallengeAuthentication, name: "wrong-answer", value: "2",
			replace: session(wrong), want: again,
		},
		{
			source: cognito.DefineAuthChallengeAuthentication, name: "too-many-tries", value: "2",
			replace: session(wrong + ", " + wrong),
			want:    `{"response":{"challengeName":null,"issueTokens":false,"failAuthentication":true}}`,
		},
	}}
}

func verifyAuthChallengeResponse() example {
	const (
		right = `{"response":{"answerCorrect":true}}`
		wrong = `{"response":{"answerCorrect":false}}`
		given = `"challengeAnswer": "482913"`
		kept  = `"answer": "482913"`
	)
	source := cognito.VerifyAuthChallengeResponseAuthentication
	nothing := map[string]string{given: `"challengeAnswer": ""`, kept: `"answer": ""`}
	unknown := map[string]string{given: given + ",\n    \"userNotFound\": true"}
	inCapitals := map[string]string{given: `"challengeAnswer": "Blue"`, kept: `"answer": "blue"`}
	return example{setting: setting{
		Variable: "IGNORE_CASE", Field: "IgnoreCase", Type: "bool", Read: `env.Bool("IGNORE_CASE", false)`, Default: "false",
		Unset: "`false`", Meaning: "ignore the case of letters in answers",
		Value: "true", GoValue: "true", Bad: "sometimes",
	}, want: right, cases: []goldenCase{
		{source: source, name: "wrong-answer", replace: map[string]string{given: `"challengeAnswer": "000000"`}, want: wrong},
		{source: source, name: "no-right-answer", replace: nothing, want: wrong},
		{source: source, name: "unknown-user", replace: unknown, want: wrong},
		{source: source, name: "capitals", replace: inCapitals, want: wrong},
		{source: source, name: "capitals-ignored", value: "true", replace: inCapitals, want: right},
	}}
}

func preTokenGeneration() example {
	const added = `{"claimsToAddOrOverride":{"department":"research"}}`
	return example{setting: setting{
		Variable: "DEPARTMENT_ATTRIBUTE", Field: "DepartmentAttribute", Type: "string",
		Read:    `env.Lookup("DEPARTMENT_ATTRIBUTE")`,
		Unset:   "empty: no claim",
		Meaning: "the custom attribute for the claim `department`; no app client must be able to write it",
		Value:   "custom:department", GoValue: `"custom:department"`, Bad: "department",
	}, cases: []goldenCase{
		{
			source: cognito.TokenGenerationAuthentication, name: "department", value: "custom:department",
			replace: attribute("custom:department", "research"),
			want: `{"response":{"claimsAndScopeOverrideDetails":{"idTokenGeneration":` + added +
				`,"accessTokenGeneration":` + added + `}}}`,
		},
		{source: cognito.TokenGenerationAuthentication, name: "no-department", value: "custom:department", want: unchanged},
	}}
}

func customMessage() example {
	return example{setting: setting{
		Variable: "BRAND_NAME", Field: "BrandName", Type: "string", Read: `env.Lookup("BRAND_NAME")`,
		Unset: "empty: the pool's own templates", Meaning: "the name that begins each SMS, at most 20 characters",
		Value: "Example", GoValue: `"Example"`, Bad: "a name that is too long for an SMS",
	}, cases: []goldenCase{
		{
			source: cognito.CustomMessageSignUp, name: "brand", value: "Example",
			want: `{"response":{"smsMessage":"Example: your code is {####}","emailMessage":null,"emailSubject":null}}`,
		},
		{source: cognito.CustomMessageAdminCreateUser, name: "brand", value: "Example", want: unchanged},
		{
			source: cognito.CustomMessageSignUp, name: "no-code", value: "Example",
			replace: map[string]string{`"codeParameter": "{####}"`: `"codeParameter": null`}, want: unchanged,
		},
	}}
}

func inboundFederation() example {
	source := cognito.InboundFederationExternalProvider
	return example{setting: setting{
		Variable: "PASSED_ATTRIBUTES", Field: "PassedAttributes", Type: "[]string", Read: `env.List("PASSED_ATTRIBUTES")`,
		Unset:   "empty: all of them",
		Meaning: "the provider's attributes that reach the pool, separated by commas; `sub` always does",
		Value:   "email, given_name", GoValue: `[]string{"email", "given_name"}`,
	}, cases: []goldenCase{
		{
			source: source, name: "some-attributes", value: "email,given_name,family_name",
			want: `{"response":{"userAttributesToMap":{"email":"ines@acme.example","given_name":"Ines","sub":"00u1x9"}}}`,
		},
		{
			source: source, name: "no-attribute-left", value: "family_name",
			replace: map[string]string{`"sub": "00u1x9",`: ""},
			want:    `{"error":"Your account at the identity provider lacks what this application needs"}`,
		},
	}}
}
