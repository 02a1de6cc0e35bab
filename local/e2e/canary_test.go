package e2e

import (
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	"cognito-triggers/local/stack"
	"cognito-triggers/local/userpool"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/profile"
)

// canary is a user all of whose data holds one word that nothing else holds. No value is the bare word: taking that one out
// of a log would hide what is left of the others.
type canary struct{ word string }

func newCanary() canary { return canary{"canary" + strings.ToLower(rand.Text()[:10])} }

func (c canary) email() string { return "First." + c.word + "@" + c.word + ".example" }

func (c canary) sub() string { return "sub-" + c.word }

// event gives an event of the source all of the user's data, and what only callers know: a code, a password, a token.
func (c canary) event(t *testing.T, source, version string, changes ...func(event, attributes members)) []byte {
	return event(t, source, version, func(e, attributes members) {
		person("eu-west-1_Canary", c.sub(), c.email())(e, attributes)
		for name, value := range map[string]string{
			"name": "Ünal " + c.word + " Ω", "given_name": "Given-" + c.word, "family_name": "Family " + strings.ToUpper(c.word), "locale": "ko",
			"phone_number": "+33 7 " + c.word, "birthdate": "1990-" + c.word, "custom:note": `"quoted" <` + c.word + `> \ ` + c.word,
			"email_verified": "true",
			"identities":     `[{"userId":"id-` + c.word + `","providerName":"Google","providerType":"Google","issuer":null,"primary":true,"dateCreated":1767225600000}]`,
		} {
			attributes[name] = value
		}
		request := e["request"].(members)
		secret := members{"password": "Pass-" + c.word + "-1!", "code": "482913-" + c.word, "token": "eyJ." + c.word + ".sig", "locale": "xx-" + c.word}
		request["clientMetadata"], request["validationData"] = secret, secret
		for _, change := range changes {
			change(e, attributes)
		}
	})
}

func attribute(name, value string) func(event, attributes members) {
	return func(_, attributes members) { attributes[name] = value }
}

// canaryCase is one way that an event can go.
type canaryCase struct {
	function string
	binary   string // in place of the function's own
	settings map[string]string
	event    []byte
	refused  bool
}

func TestNoPersonalDataInAnyLog(t *testing.T) {
	c := newCanary()
	local.Pool.Reset(userpool.User{Name: c.sub(), Status: "CONFIRMED", Attributes: map[string]string{
		"email": c.email(), "email_verified": "true", "name": "Owner " + c.word, "sub": c.sub()}})
	cases := c.signUps(t)
	maps.Copy(cases, c.messages(t))
	maps.Copy(cases, c.confirmations(t))
	maps.Copy(cases, c.signIns(t))
	for name, one := range cases {
		t.Run(name, func(t *testing.T) {
			settings := map[string]string{"LOG_LEVEL": "debug"}
			maps.Copy(settings, one.settings)
			binary := one.binary
			if binary == "" {
				binary = stack.Bootstrap(local.Root, one.function)
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

// echo is a service whose errors hold all that it was asked.
func echo(t *testing.T) map[string]string {
	return at(trouble{http.StatusBadRequest, "ValidationException", "cannot take ECHO"}.serve(t))
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
	signUp := func(changes ...func(event, attributes members)) []byte {
		return c.event(t, events.PreSignUpSignUp, "", changes...)
	}
	federated := c.event(t, events.PreSignUpExternalProvider, "", func(e, _ members) { e["userName"] = "Google_id-" + c.word })
	link := map[string]string{"LINK_PROVIDERS": "Google"}
	return map[string]canaryCase{
		"sign-up":                       {function: trigger, event: signUp()},
		"sign-up, domain denied":        {function: trigger, settings: map[string]string{"DENIED_EMAIL_DOMAINS": c.word + ".example"}, event: signUp(), refused: true},
		"sign-up, no address":           {function: trigger, event: signUp(attribute("email", "no-address-"+c.word)), refused: true},
		"sign-up, control character":    {function: trigger, event: signUp(attribute("email", "a\r\nBcc: "+c.email())), refused: true},
		"sign-up, mixed scripts":        {function: trigger, event: signUp(attribute("email", "a@\u0430"+c.word+".example")), refused: true},
		"sign-up, protected attribute":  {function: trigger, event: signUp(attribute("custom:role", "role-"+c.word)), refused: true},
		"sign-up, user name's pattern":  {function: trigger, settings: map[string]string{"USERNAME_PATTERN": "[0-9]+"}, event: signUp(), refused: true},
		"sign-up, user name of a list":  {function: trigger, event: signUp(func(e, _ members) { e["userName"] = []string{"item-" + c.word} }), refused: true},
		"sign-up, attributes of a list": {function: trigger, event: signUp(func(e, _ members) { e["request"].(members)["userAttributes"] = []string{"item-" + c.word} })},
		"sign-up, attribute of an object": {function: trigger, event: signUp(func(_, attributes members) {
			attributes["email"] = members{"mail-" + c.word: c.email()}
		}), refused: true},
		"sign-up, panic":                  {function: trigger, binary: buildPanics(t), event: signUp(), refused: true},
		"sign-up, another hook's event":   {function: trigger, event: c.event(t, "PostAuthentication_Authentication", "")},
		"federated, linked":               {function: trigger, settings: link, event: federated},
		"federated, contradictory":        {function: trigger, settings: link, event: c.event(t, events.PreSignUpExternalProvider, "", func(e, _ members) { e["userName"] = "Google_other-" + c.word }), refused: true},
		"federated, the API echoes":       {function: trigger, settings: with(echo(t), "LINK_PROVIDERS", "Google"), event: federated, refused: true},
		"federated, address not verified": {function: trigger, settings: link, event: c.event(t, events.PreSignUpExternalProvider, "", func(e, a members) { e["userName"] = "Google_id-" + c.word; a["email_verified"] = "false" }), refused: true},
	}
}

func (c canary) messages(t *testing.T) map[string]canaryCase {
	const trigger = "custom-message"
	mail := map[string]string{"EMAIL_SENDING_ACCOUNT": "DEVELOPER"}
	message := func(source string, changes ...func(event, attributes members)) []byte {
		return c.event(t, source, "", changes...)
	}
	return map[string]canaryCase{
		"message":           {function: trigger, settings: mail, event: message(events.CustomMessageSignUp)},
		"message, no code":  {function: trigger, settings: mail, event: message(events.CustomMessageForgotPassword, func(e, _ members) { delete(e["request"].(members), "codeParameter") })},
		"message, password": {function: trigger, settings: mail, event: message(events.CustomMessageAdminCreateUser)},
		"message, long user name": {function: trigger, settings: mail, event: message(events.CustomMessageAdminCreateUser, func(e, _ members) {
			e["userName"] = strings.Repeat(c.word, 6)
		})},
		"message, unknown source": {function: trigger, settings: mail, event: message(events.CustomMessageSignUp, func(e, _ members) { e["triggerSource"] = "CustomMessage_Future" })},
	}
}

func (c canary) confirmations(t *testing.T) map[string]canaryCase {
	const trigger = "post-confirmation"
	confirmed := func(changes ...func(event, attributes members)) []byte {
		return c.event(t, events.PostConfirmationConfirmSignUp, "", changes...)
	}
	if err := local.Emulator.VerifyEmailIdentity(t.Context(), sender); err != nil {
		t.Fatal(err)
	}
	everything := map[string]string{"WELCOME_EMAIL_FROM": sender, "DEFAULT_GROUP": "members"}
	echoing := echo(t)
	sesEchoes := with(everything, ses, echoing[ses])
	fresh := attribute("sub", "other-"+c.sub())
	return map[string]canaryCase{
		"confirmation":                        {function: trigger, settings: everything, event: confirmed()},
		"confirmation, DynamoDB echoes":       {function: trigger, settings: with(echoing, "WELCOME_EMAIL_FROM", sender, "DEFAULT_GROUP", "members"), event: confirmed()},
		"confirmation, SES echoes":            {function: trigger, settings: sesEchoes, event: confirmed(fresh)},
		"confirmation, no account":            {function: trigger, settings: everything, event: confirmed(func(_, attributes members) { delete(attributes, "sub") })},
		"confirmation, unreadable identities": {function: trigger, settings: everything, event: confirmed(attribute("identities", "["+c.word))},
		"confirmation, no address for mail":   {function: trigger, settings: everything, event: confirmed(attribute("sub", "third-"+c.sub()), attribute("email", "no-address-"+c.word))},
		"password reset":                      {function: trigger, settings: everything, event: c.event(t, events.PostConfirmationConfirmForgotPassword, "")},
	}
}

func (c canary) signIns(t *testing.T) map[string]canaryCase {
	const trigger = "pre-token-generation"
	signIn := func(changes ...func(event, attributes members)) []byte {
		return c.event(t, events.TokenGenerationAuthentication, "V2_0", changes...)
	}
	rules := func(rule string) map[string]string {
		return map[string]string{"CLAIM_RULES": `{"rules":[` + rule + `]}`}
	}
	groups := func(e, _ members) {
		var names []string
		for range 60 {
			names = append(names, strings.Repeat(c.word, 5)+rand.Text())
		}
		e["request"].(members)["groupConfiguration"] = members{"groupsToOverride": names}
	}
	p := profile.Profile{Key: profile.Key{UserPoolID: "eu-west-1_Canary", Sub: "kept-" + c.sub()}, Attributes: map[string]string{"plan": "plan-" + c.word}}
	if _, err := local.Profiles.Create(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	var ofVersion1 members
	if err := json.Unmarshal(c.event(t, events.TokenGenerationAuthentication, "V1_0"), &ofVersion1); err != nil {
		t.Fatal(err)
	}
	return map[string]canaryCase{
		"sign-in":                    {function: trigger, event: signIn()},
		"sign-in, stored profile":    {function: trigger, event: signIn(attribute("sub", p.Sub))},
		"sign-in, DynamoDB echoes":   {function: trigger, settings: echo(t), event: signIn()},
		"sign-in, needs DynamoDB":    {function: trigger, settings: with(echo(t), "CLAIM_RULES", neverWithoutProfile), event: signIn(), refused: true},
		"sign-in, no number":         {function: trigger, settings: rules(`{"claim":"n","token":"id","from":"attribute.custom:note","type":"number","trust":"user"}`), event: signIn()},
		"sign-in, caller's token":    {function: trigger, settings: rules(`{"claim":"t","token":"id","from":"clientMetadata.token","type":"object","trust":"user"}`), event: signIn()},
		"sign-in, over budget":       {function: trigger, event: signIn(groups), refused: true},
		"sign-in, list in version 1": {function: trigger, settings: rules(`{"claim":"g","token":"id","from":"groups"}`), event: mustJSON(t, ofVersion1)},
	}
}

func mustJSON(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
