// Package answer checks a trigger's answers against Cognito's rules. Cognito refuses an answer that breaks a rule, or
// silently drops a part of it; unit tests, replay and the local user pool use this package to find such answers first.
package answer

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Pool holds the settings of the user pool that the rules depend on.
type Pool struct {
	SendsThroughSES bool // whether EmailSendingAccount is DEVELOPER
}

// Check returns the rules that an answer breaks, in a stable order, or nil. event and answer are the JSON that the
// trigger received and returned.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
func Check(event, answer []byte, pool Pool) []Problem {
	c := &checker{event: event, pool: pool}
	envelope, err := events.DecodeEnvelope(event)
	if err != nil {
		return []Problem{{Code: BadEvent, Place: "event", Args: []any{fmt.Errorf("is not valid: %w", err)}}}
	}
	before, after := members(event), members(answer)
	if after == nil {
		return []Problem{{Code: NotAnObject, Place: "answer"}}
	}
	c.unchanged(before, after)
	response, there := after["response"]
	switch {
	case equal(response, before["response"]):
		// The trigger changed nothing, which is always accepted.
	case !there, isNull(response):
		c.fail(ResponseMissing, "response")
	case members(response) == nil:
		c.fail(ResponseMalformed, "response")
	default:
		c.response(envelope, members(response), members(before["response"]))
	}
	return c.problems
}

type checker struct {
	event    []byte
	pool     Pool
	problems []Problem
}

func (c *checker) fail(code Code, place string, args ...any) {
	c.problems = append(c.problems, Problem{code, place, args})
}

// unchanged checks that every member except the response is as it was sent. Cognito ignores changes to the request.
func (c *checker) unchanged(before, after map[string]json.RawMessage) {
	for _, name := range slices.Sorted(maps.Keys(before)) {
		code := MemberChanged
		if name == "request" {
			code = RequestChanged
		}
		if name != "response" && !equal(before[name], after[name]) {
			c.fail(code, name)
		}
	}
}

// response checks the names and types of the response's members. Unknown members that came with the event may stay.
func (c *checker) response(envelope events.Envelope, response, before map[string]json.RawMessage) {
	hook := cognito.HookOf(envelope.TriggerSource)
	if hook == "" {
		return // a hook that this package does not know yet
	}
	known := hook.Contract().ResponseMembers(c.version(hook, envelope))
	c.known("response", response, before, known)
	if hook == cognito.PreTokenGeneration {
		c.preTokenGeneration(response)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(response)) {
		if m, is := cognito.Find(known, name); is && !isNull(response[name]) {
			c.value("response."+name, m, response[name])
		}
	}
	switch {
	case envelope.TriggerSource == cognito.PreSignUpAdminCreateUser: // Cognito ignores the flags
	case hook == cognito.PreSignUp:
		c.preSignUp(known, response)
	case hook == cognito.CustomMessage:
		c.customMessage(known, response)
	}
}

// version returns the event's version: for pre token generation as LambdaConfig spells it, otherwise as the event does.
func (c *checker) version(hook cognito.Hook, envelope events.Envelope) string {
	if hook != cognito.PreTokenGeneration {
		return envelope.Version
	}
	e, err := events.Decode[events.PreTokenGenerationRequest, events.PreTokenGenerationResponse](c.event)
	if err != nil {
		return envelope.Version
	}
	return fmt.Sprintf("V%d_0", events.TokenVersionOf(e))
}

// known checks that Cognito knows the members: it drops or refuses others, also if only the case of a letter differs.
func (c *checker) known(place string, object, before map[string]json.RawMessage, known []cognito.Member) {
	for _, name := range slices.Sorted(maps.Keys(object)) {
		_, came := before[name]
		if _, is := cognito.Find(known, name); !came && !is {
			c.fail(UnknownMember, place+"."+name, namesOf(known))
		}
	}
}

func namesOf(members []cognito.Member) string {
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = m.Name
	}
	return strings.Join(names, ", ")
}

// value checks a member's type, values and length. Messages are measured elsewhere, since their length includes the
// code.
func (c *checker) value(place string, m cognito.Member, raw json.RawMessage) {
	var text string
	var list []string
	var texts map[string]string
	var object map[string]json.RawMessage
	into := map[cognito.Type]any{
		cognito.Boolean: new(bool), cognito.Text: &text, cognito.TextList: &list, cognito.TextMap: &texts,
		cognito.Object: &object,
	}[m.Type]
	if into == nil {
		return
	}
	if json.Unmarshal(raw, into) != nil {
		c.fail(WrongType, place, m.Type)
		return
	}
	if m.Type == cognito.Text {
		list = []string{text}
	}
	if m.Values != nil && slices.ContainsFunc(list, func(value string) bool { return !slices.Contains(m.Values, value) }) {
		c.fail(WrongValue, place, strings.Join(m.Values, ", "))
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if n := utf8.RuneCountInString(texts[name]); m.Max > 0 && n > m.Max {
			c.fail(TooLong, place+"."+name, n, m.Max)
		}
	}
}

// preSignUp checks that the user has the attributes that the answer marks as verified.
func (c *checker) preSignUp(known []cognito.Member, response map[string]json.RawMessage) {
	e, err := events.Decode[events.PreSignUpRequest, events.PreSignUpResponse](c.event)
	if err != nil {
		c.fail(BadEvent, "event", err)
		return
	}
	for _, m := range known {
		var on bool
		if json.Unmarshal(response[m.Name], &on) != nil || !on || m.Verifies == "" {
			continue
		}
		if e.Request.UserAttributes[m.Verifies] == "" {
			c.fail(AttributeMissing, "response."+m.Name, m.Verifies)
		}
	}
}
