// Package answer knows Cognito's rules for what a trigger answers. Tests, replays and the local user pool check answers
// with it, where Cognito itself would refuse them or silently drop a part.
package answer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Pool is what the rules need to know about the user pool.
type Pool struct {
	SendsThroughSES bool // EmailSendingAccount is DEVELOPER
}

// Problem is one broken rule.
type Problem struct {
	Place string // the member of the answer, for example "response.smsMessage"
	Rule  string
}

func (p Problem) String() string { return p.Place + ": " + p.Rule }

// Check compares an answer with the event it belongs to and lists the rules that it breaks.
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
func Check(event, answer []byte, pool Pool) []Problem {
	c := &checker{}
	envelope, err := events.DecodeEnvelope(event)
	if err != nil {
		return []Problem{{"event", "is not one: " + err.Error()}}
	}
	before, after := members(event), members(answer)
	if after == nil {
		return []Problem{{"answer", "is not a JSON object"}}
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if name != "response" && !equal(before[name], after[name]) {
			c.fail(name, "must come back as it was sent")
		}
	}
	response, there := after["response"]
	if equal(response, before["response"]) {
		return c.problems // as it came: the default behaviour, whatever shape Cognito sent
	}
	if !there || isNull(response) {
		c.fail("response", "is missing")
		return c.problems
	}
	if members(response) == nil {
		c.fail("response", "is not an object")
		return c.problems
	}
	hook := cognito.HookOf(envelope.TriggerSource)
	c.known("response", members(response), members(before["response"]), known(hook, event))
	switch hook {
	case cognito.PreSignUp:
		if envelope.TriggerSource != cognito.PreSignUpAdminCreateUser { // ignores the flags
			c.preSignUp(event, members(response))
		}
	case cognito.CustomMessage:
		c.customMessage(event, members(response), pool)
	case cognito.PreTokenGeneration:
		c.preTokenGeneration(event, members(response))
	}
	return c.problems
}

// Join lists problems as one text, a line each.
func Join(problems []Problem) string {
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

type checker struct{ problems []Problem }

func (c *checker) fail(place, format string, args ...any) {
	c.problems = append(c.problems, Problem{place, fmt.Sprintf(format, args...)})
}

// preSignUp: the three flags are truth values, and an attribute can only be verified where it is there.
func (c *checker) preSignUp(event []byte, response map[string]json.RawMessage) {
	e, err := events.Decode[events.PreSignUpRequest, events.PreSignUpResponse](event)
	if err != nil {
		c.fail("event", "%v", err)
		return
	}
	attributes := map[string]string{"autoConfirmUser": "", "autoVerifyEmail": "email", "autoVerifyPhone": "phone_number"}
	for _, flag := range slices.Sorted(maps.Keys(attributes)) {
		attribute := attributes[flag]
		value := response[flag]
		if isNull(value) {
			continue
		}
		var on bool
		if json.Unmarshal(value, &on) != nil {
			c.fail("response."+flag, "is not true or false")
		} else if on && attribute != "" && e.Request.UserAttributes[attribute] == "" {
			c.fail("response."+flag, "verifies %s, which the user does not have", attribute)
		}
	}
}

// members reads a JSON object, nil for anything else.
func members(raw []byte) map[string]json.RawMessage {
	if trimmed := bytes.TrimSpace(raw); len(trimmed) == 0 || trimmed[0] != '{' {
		return nil
	}
	object := map[string]json.RawMessage{}
	if json.Unmarshal(raw, &object) != nil {
		return nil
	}
	return object
}

func isNull(raw []byte) bool {
	trimmed := bytes.TrimSpace(raw)
	return len(trimmed) == 0 || string(trimmed) == "null"
}

// equal compares JSON by value, numbers by their spelling.
func equal(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	return canonical(a) == canonical(b)
}

func canonical(raw []byte) string {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var value any
	if dec.Decode(&value) != nil {
		return "invalid: " + string(raw)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return "invalid: " + string(raw)
	}
	return string(text)
}

// known names what a response can hold; Cognito drops or refuses the rest, such as a name in other case. nil: anything.
func known(hook cognito.Hook, event []byte) []string {
	switch hook {
	case cognito.PreSignUp:
		return []string{"autoConfirmUser", "autoVerifyEmail", "autoVerifyPhone"}
	case cognito.CustomMessage:
		return []string{"smsMessage", "emailMessage", "emailSubject"}
	case cognito.PreTokenGeneration:
		e, err := events.Decode[events.PreTokenGenerationRequest, events.PreTokenGenerationResponse](event)
		if err == nil && events.TokenVersionOf(e) == cognito.V1 {
			return []string{"claimsOverrideDetails"}
		}
		return []string{"claimsAndScopeOverrideDetails"}
	}
	return nil
}

func (c *checker) known(place string, object, before map[string]json.RawMessage, names []string) {
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if _, came := before[name]; names != nil && !came && !slices.Contains(names, name) {
			c.fail(place+"."+name, "is none of %s: Cognito ignores or refuses it", strings.Join(names, ", "))
		}
	}
}
