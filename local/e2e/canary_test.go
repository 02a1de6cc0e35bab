package e2e

import (
	"crypto/rand"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/stack"
	"cognito-triggers/local/userpool/seed"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/profile"
)

// canary is a user whose data all contains one unique word. No value is just the word: scrubbing it from a log would
// hide leftovers of the others.
type canary struct{ word string }

func newCanary() canary { return canary{word: "canary" + strings.ToLower(rand.Text()[:10])} }

func (c canary) email() string { return "First." + c.word + "@" + c.word + ".example" }

const canaryPool = "eu-west-1_Canary"

func (c canary) sub() string { return "sub-" + c.word }

// event returns an event of the source with all of the user's data and the caller's secrets: a code, a password, a
// token.
func (c canary) event(t *testing.T, source, version string, changes ...change) []byte {
	return event(t, source, version, func(e, attributes members) {
		person(canaryPool, c.sub(), c.email())(e, attributes)
		for name, value := range map[string]string{
			"name": "Ünal " + c.word + " Ω", "given_name": "Given-" + c.word,
			"family_name": "Family " + strings.ToUpper(c.word), "locale": "ko",
			"phone_number": "+33 7 " + c.word, "birthdate": "1990-" + c.word,
			"custom:note":    `"quoted" <` + c.word + `> \ ` + c.word,
			"email_verified": "true",
			"identities": `[{"userId":"id-` + c.word +
				`","providerName":"Google","providerType":"Google","primary":true,"dateCreated":1767225600000}]`,
		} {
			attributes[name] = value
		}
		request := e["request"].(members)
		secret := members{
			"password": "Pass-" + c.word + "-1!",
			"code":     "482913-" + c.word,
			"token":    "eyJ." + c.word + ".sig",
			"locale":   "xx-" + c.word,
		}
		request["clientMetadata"], request["validationData"] = secret, secret
		for _, change := range changes {
			change(e, attributes)
		}
	})
}

// change modifies an event, given the whole event and its user attributes.
type change = func(event, attributes members)

func attribute(name string, value any) change {
	return func(_, attributes members) { attributes[name] = value }
}

func member(name string, value any) change { return func(event, _ members) { event[name] = value } }

func requestMember(name string, value any) change {
	return func(event, _ members) { event["request"].(members)[name] = value }
}

// canaryCase is one event and its expected outcome.
type canaryCase struct {
	function string
	binary   string // instead of the function's own
	settings map[string]string
	event    []byte
	refused  bool
}

func passes(function string, settings map[string]string, event []byte) canaryCase {
	return canaryCase{function: function, settings: settings, event: event}
}

func refuses(function string, settings map[string]string, event []byte) canaryCase {
	return canaryCase{function: function, settings: settings, event: event, refused: true}
}

func TestNoPersonalDataInAnyLog(t *testing.T) {
	c := newCanary()
	givePool(t, seed.Pool{ID: canaryPool, Groups: []string{"members"}, Users: []seed.User{{
		Name: c.sub(), Status: "CONFIRMED", Attributes: map[string]string{
			"email": c.email(), "email_verified": "true", "name": "Owner " + c.word, "sub": c.sub(),
		},
	}}})
	cases := c.signUps(t)
	maps.Copy(cases, c.messages(t))
	maps.Copy(cases, c.confirmations(t))
	maps.Copy(cases, c.signIns(t))
	maps.Copy(cases, c.passwords(t))
	maps.Copy(cases, c.providers(t))
	maps.Copy(cases, c.challenges(t))
	maps.Copy(cases, c.migrations(t))
	for name, one := range cases {
		t.Run(name, func(t *testing.T) {
			settings := map[string]string{"LOG_LEVEL": "debug"}
			maps.Copy(settings, one.settings)
			binary := one.binary
			if binary == "" {
				binary = stack.Bootstrap(local.Repository.Build, one.function)
			}
			f := startBinary(t, one.function, binary, settings)
			got := f.invoke(t, one.event)
			if (got.refused != "") != one.refused {
				t.Errorf("refused: %q, want %v", got.refused, one.refused)
			}
			holdsNone(t, got.report, []string{c.word})
			f.Kill()
			log := f.logs.String()
			if !strings.Contains(log, `"RequestId":"`+got.requestID) {
				t.Errorf("the log lacks the event's metrics line:\n%s", log)
			}
			holdsNone(t, log, []string{c.word})
		})
	}
}

// echo returns the settings of a service whose errors repeat the whole request.
func echo(t *testing.T) map[string]string {
	return at(trouble{status: http.StatusBadRequest, kind: "ValidationException", text: "cannot take ECHO"}.serve(t))
}

func with(settings map[string]string, pairs ...string) map[string]string {
	all := maps.Clone(settings)
	for i := 0; i < len(pairs); i += 2 {
		all[pairs[i]] = pairs[i+1]
	}
	return all
}

func (c canary) signUps(t *testing.T) map[string]canaryCase {
	const trigger = "pre-sign-up"
	signUp := func(changes ...change) []byte { return c.event(t, cognito.PreSignUpSignUp, "", changes...) }
	federated := func(subject string, changes ...change) []byte {
		return c.event(t, cognito.PreSignUpExternalProvider, "",
			append(changes, member("userName", "Google_"+subject+c.word))...)
	}
	link := map[string]string{"LINK_PROVIDERS": "Google"}
	return map[string]canaryCase{
		"sign-up": passes(trigger, nil, signUp()),
		"sign-up, domain denied": refuses(trigger, map[string]string{"DENIED_EMAIL_DOMAINS": c.word + ".example"},
			signUp()),
		"sign-up, no address":          refuses(trigger, nil, signUp(attribute("email", "no-address-"+c.word))),
		"sign-up, control character":   refuses(trigger, nil, signUp(attribute("email", "a\r\nBcc: "+c.email()))),
		"sign-up, mixed scripts":       refuses(trigger, nil, signUp(attribute("email", "a@\u0430"+c.word+".example"))),
		"sign-up, protected attribute": refuses(trigger, nil, signUp(attribute("custom:role", "role-"+c.word))),
		"sign-up, user name's pattern": refuses(trigger, map[string]string{"USERNAME_PATTERN": "[0-9]+"}, signUp()),
		"sign-up, user name is a list": refuses(trigger, nil, signUp(member("userName", []string{"item-" + c.word}))),
		"sign-up, attributes are a list": passes(trigger, nil,
			signUp(requestMember("userAttributes", []string{"item-" + c.word}))),
		"sign-up, attribute is an object": refuses(trigger, nil,
			signUp(attribute("email", members{"mail-" + c.word: c.email()}))),
		"sign-up, panic":                  {function: trigger, binary: buildPanics(t), event: signUp(), refused: true},
		"sign-up, another hook's event":   passes(trigger, nil, c.event(t, "PostAuthentication_Authentication", "")),
		"federated, linked":               passes(trigger, link, federated("id-")),
		"federated, contradictory":        refuses(trigger, link, federated("other-")),
		"federated, the API echoes":       refuses(trigger, with(echo(t), "LINK_PROVIDERS", "Google"), federated("id-")),
		"federated, address not verified": refuses(trigger, link, federated("id-", attribute("email_verified", "false"))),
	}
}

func (c canary) messages(t *testing.T) map[string]canaryCase {
	const trigger = "custom-message"
	mail := map[string]string{"EMAIL_SENDING_ACCOUNT": "DEVELOPER"}
	message := func(source string, changes ...change) []byte { return c.event(t, source, "", changes...) }
	return map[string]canaryCase{
		"message": passes(trigger, mail, message(cognito.CustomMessageSignUp)),
		"message, no code": passes(trigger, mail,
			message(cognito.CustomMessageForgotPassword, requestMember("codeParameter", nil))),
		"message, password": passes(trigger, mail, message(cognito.CustomMessageAdminCreateUser)),
		"message, long user name": passes(trigger, mail,
			message(cognito.CustomMessageAdminCreateUser, member("userName", strings.Repeat(c.word+"-", 6)))),
		"message, unknown source": passes(trigger, mail,
			message(cognito.CustomMessageSignUp, member("triggerSource", "CustomMessage_Future"))),
	}
}

func (c canary) confirmations(t *testing.T) map[string]canaryCase {
	const trigger = "post-confirmation"
	confirmed := func(changes ...change) []byte {
		return c.event(t, cognito.PostConfirmationConfirmSignUp, "", changes...)
	}
	if err := local.Emulator.VerifyEmailIdentity(t.Context(), sender); err != nil {
		t.Fatal(err)
	}
	everything := map[string]string{"WELCOME_EMAIL_FROM": sender, "DEFAULT_GROUP": "members"}
	echoing := echo(t)
	nobody := with(echoing, "WELCOME_EMAIL_FROM", sender, "DEFAULT_GROUP", "members")
	other := func(nth string) change { return attribute("sub", nth+c.sub()) } // a user without a welcome mail
	return map[string]canaryCase{
		"confirmation":                       passes(trigger, everything, confirmed()),
		"confirmation, every service echoes": passes(trigger, nobody, confirmed()),
		"confirmation, SES echoes": passes(trigger, with(everything, ses, echoing[ses]),
			confirmed(other("second-"))),
		"confirmation, no account":            passes(trigger, everything, confirmed(attribute("sub", nil))),
		"confirmation, unreadable identities": passes(trigger, everything, confirmed(attribute("identities", "["+c.word))),
		"confirmation, no address for mail": passes(trigger, everything,
			confirmed(other("third-"), attribute("email", "no-address-"+c.word))),
		"password reset": passes(trigger, everything, c.event(t, cognito.PostConfirmationConfirmForgotPassword, "")),
	}
}

func (c canary) signIns(t *testing.T) map[string]canaryCase {
	const trigger = "pre-token-generation"
	signIn := func(changes ...change) []byte {
		return c.event(t, cognito.TokenGenerationAuthentication, "V2_0", changes...)
	}
	rule := func(rule string) map[string]string {
		return map[string]string{"CLAIM_RULES": `{"rules":[{` + rule + `}]}`}
	}
	var groups []string
	for range 60 {
		groups = append(groups, strings.Repeat(c.word, 5)+rand.Text())
	}
	p := profile.Profile{
		Key:        profile.Key{UserPoolID: canaryPool, Sub: "kept-" + c.sub()},
		Attributes: map[string]string{"plan": "plan-" + c.word},
	}
	if _, err := local.Profiles.Create(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return map[string]canaryCase{
		"sign-in":                  passes(trigger, nil, signIn()),
		"sign-in, stored profile":  passes(trigger, nil, signIn(attribute("sub", p.Sub))),
		"sign-in, DynamoDB echoes": passes(trigger, echo(t), signIn()),
		"sign-in, needs DynamoDB":  refuses(trigger, with(echo(t), "CLAIM_RULES", neverWithoutProfile), signIn()),
		"sign-in, no number": passes(trigger,
			rule(`"claim":"n","token":"id","from":"attribute.custom:note","type":"number","trust":"user"`), signIn()),
		"sign-in, caller's token": passes(trigger,
			rule(`"claim":"t","token":"id","from":"clientMetadata.token","type":"object","trust":"user"`), signIn()),
		"sign-in, over budget": refuses(trigger, nil,
			signIn(requestMember("groupConfiguration", members{"groupsToOverride": groups}))),
		"sign-in, list in version 1": passes(trigger, rule(`"claim":"g","token":"id","from":"groups"`),
			c.event(t, cognito.TokenGenerationAuthentication, "V1_0")),
	}
}

func (c canary) passwords(t *testing.T) map[string]canaryCase {
	const before, after = "pre-authentication", "post-authentication"
	password := func(changes ...change) []byte {
		return c.event(t, cognito.PreAuthenticationAuthentication, "", changes...)
	}
	signedIn := func(changes ...change) []byte {
		return c.event(t, cognito.PostAuthenticationAuthentication, "", changes...)
	}
	rules := func(text string) map[string]string { return map[string]string{"SIGN_IN_RULES": text} }
	p := profile.Profile{
		Key:     profile.Key{UserPoolID: canaryPool, Sub: "known-" + c.sub()},
		Access:  profile.Access{Suspended: true, Groups: []string{"group-" + c.word}},
		SignIns: profile.SignIns{Last: time.Now().Add(-time.Hour), Clients: []string{"another"}},
	}
	if _, err := local.Profiles.Create(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	everything := map[string]string{"NOTICE_EMAIL_FROM": sender, "AUDIT_EVENT_BUS": auditBus}
	echoing := echo(t)
	return map[string]canaryCase{
		"password":                    passes(before, nil, password()),
		"password, suspended":         refuses(before, nil, password(attribute("sub", p.Sub))),
		"password, staff alone":       refuses(before, rules(staffRule), password(attribute("sub", p.Sub))),
		"password, DynamoDB echoes":   passes(before, with(echoing, "SIGN_IN_RULES", openRule), password()),
		"password, needs what echoes": refuses(before, with(echoing, "SIGN_IN_RULES", closedRule), password()),
		"password, Cognito echoes": refuses(before, with(echoing, "SIGN_IN_RULES", staffRule, "READ_GROUPS_FROM_"+
			"POOL", "true"), password()),
		"password, no account": passes(before, nil, password(attribute("sub", nil))),
		"password, validation data": refuses(before, rules(`{"rules":[{"rule":"validationData","key":"x",`+
			`"text":"No"}]}`), password()),
		"signed in":             passes(after, nil, signedIn()),
		"signed in, new client": passes(after, everything, signedIn(attribute("sub", p.Sub))),
		"signed in, everything echoes": passes(after,
			with(echoing, "NOTICE_EMAIL_FROM", sender, "AUDIT_EVENT_BUS", auditBus), signedIn()),
		"signed in, SES echoes": passes(after, with(everything, ses, echoing[ses]),
			signedIn(attribute("sub", p.Sub), requestMember("newDeviceUsed", true))),
		"signed in, no account": passes(after, everything, signedIn(attribute("sub", nil))),
		"signed in, no address for mail": passes(after, everything, signedIn(attribute("sub", p.Sub), attribute("email"+
			"", "no-address-"+c.word))),
	}
}

func (c canary) providers(t *testing.T) map[string]canaryCase {
	const trigger = "inbound-federation"
	sent := func(note string) []byte {
		return event(t, cognito.InboundFederationExternalProvider, "", func(e, _ members) {
			e["userPoolId"], e["userName"] = canaryPool, "Okta_id-"+c.word
			e["request"] = members{
				"providerName": "Okta", "providerType": "OIDC", "attributes": members{
					"tokenResponse": members{
						"access_token": "access." + c.word, "id_token": "id." + c.word, "refresh_token": "refresh." + c.word,
					},
					"idToken":  members{"sub": "id-" + c.word, "email": c.email(), "groups": "group-" + c.word, "note": note},
					"userInfo": members{"name": "Ünal " + c.word, "roles": []string{"role-" + c.word}},
				},
			}
		})
	}
	rules := func(text string) map[string]string { return map[string]string{"ATTRIBUTE_RULES": text} }
	return map[string]canaryCase{
		"provider":          passes(trigger, nil, sent("note-"+c.word)),
		"provider, long":    passes(trigger, nil, sent(strings.Repeat("note-"+c.word, 200))),
		"provider, refused": refuses(trigger, rules(`{"rules":[{"require":"x","text":"No"}]}`), sent("note-"+c.word)),
		"provider, domain": refuses(trigger, rules(`{"rules":[{"domains":"email","allowed":["a.example"],`+
			`"text":"No"}]}`), sent("x")),
	}
}

func (c canary) challenges(t *testing.T) map[string]canaryCase {
	const define, create, verify = "define-auth-challenge", "create-auth-challenge", "verify-auth-challenge-response"
	created := func(changes ...change) []byte {
		return c.event(t, "CreateAuthChallenge_Authentication", "", append(changes, attribute("email_verified", "true"))...)
	}
	answered := func(changes ...change) []byte {
		return c.event(t, "VerifyAuthChallengeResponse_Authentication", "", append(changes,
			requestMember("privateChallengeParameters", members{"challenge": "EMAIL_CODE", "id": "1"}),
			requestMember("challengeAnswer", "code-"+c.word))...)
	}
	echoing := echo(t)
	settings := challengeSettings()
	link := with(settings, "EMAIL_CODE", "false", "MAGIC_LINK", "true", "LINK_PAGES", "https://app.example.org/")
	return map[string]canaryCase{
		"challenge": passes(define, nil, c.event(t, "DefineAuthChallenge_Authentication", "")),
		"challenge, unknown metadata": passes(define, nil, c.event(t, "DefineAuthChallenge_Authentication", "",
			requestMember("session", []members{{"challengeName": "CUSTOM_CHALLENGE", "challengeMetadata": c.word}}))),
		"code": passes(create, settings, created()),
		"code, SES echoes": passes(create, with(settings, ses, echoing[ses]),
			created(member("userName", "second-"+c.word))),
		"code, DynamoDB echoes":   refuses(create, with(settings, dynamoDB, echoing[dynamoDB]), created()),
		"link":                    passes(create, link, created(member("userName", "third-"+c.word))),
		"answer":                  passes(verify, settings, answered()),
		"answer, DynamoDB echoes": refuses(verify, with(settings, dynamoDB, echoing[dynamoDB]), answered()),
	}
}

func (c canary) migrations(t *testing.T) map[string]canaryCase {
	const trigger = "user-migration"
	const user = "user-"
	password := "Pass-" + c.word + "-1!"
	hash := hashers(cheap)["bcrypt"](password)
	item := func(name string, changes ...string) members {
		all := members{"login": name + c.word, "email": c.email(), "name": "Old " + c.word, "hash": hash}
		for i := 0; i < len(changes); i += 2 {
			all[changes[i]] = changes[i+1]
		}
		return all
	}
	settings := oldTable(t, hash, []members{
		item(user), item("odd-", "hash", "odd-"+c.word), item("bad-", "email", "no-address-"+c.word),
	})
	comes := func(source, name, password string) []byte {
		return event(t, source, "", func(e, _ members) {
			e["userPoolId"], e["userName"] = canaryPool, name+c.word
			request := e["request"].(members)
			request["validationData"] = members{"token": "eyJ." + c.word + ".sig"}
			if password != "" {
				request["password"] = password
			}
		})
	}
	signIn := func(name, password string) []byte { return comes(cognito.UserMigrationAuthentication, name, password) }
	forgot := func(name string) []byte { return comes(cognito.UserMigrationForgotPassword, name, "") }
	echoing := with(settings, dynamoDB, echo(t)[dynamoDB])
	return map[string]canaryCase{
		"migration":                     passes(trigger, settings, signIn(user, password)),
		"migration, wrong password":     refuses(trigger, settings, signIn(user, "Wrong-"+c.word+"-1!")),
		"migration, unknown":            refuses(trigger, settings, signIn("nobody-", password)),
		"migration, hash not supported": refuses(trigger, settings, signIn("odd-", password)),
		"migration, no address":         refuses(trigger, settings, signIn("bad-", password)),
		"migration, DynamoDB echoes":    refuses(trigger, echoing, signIn(user, password)),
		"migration, forgot":             passes(trigger, settings, forgot(user)),
		"migration, forgot, echoes":     refuses(trigger, echoing, forgot(user)),
	}
}
