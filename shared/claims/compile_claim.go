package claims

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"cognito-triggers/shared/cognito"
)

// claimAction reads the members of a rule that sets a claim.
func (c *compiler) claimAction(o object) *claimAction {
	a := &claimAction{name: c.text(o, "claim"), tokens: c.tokens(o), kind: cognito.TypeString}
	for _, token := range c.checkable(a.tokens) {
		if err := cognito.CheckClaim(c.version, token, a.name); a.name != "" && err != nil {
			c.fail(o.at("claim"), "%v", err)
			break
		}
	}
	a.encodeJSON = c.choice(o, "encode", "json") != ""
	if !c.source(o, a) {
		return a
	}
	c.readsAs(o, a)
	if o.has("default") {
		a.fallback = c.constant(o.at("default"), o.get("default"), a)
	}
	authority := c.truth(o, "authority") || AuthorityName(a.name)
	a.guarded = authority && customAttribute(a.name) && c.trust.writerOfAttribute(a.name) != byOperator
	c.trusted(o, a, authority)
	c.unavailable(o, a, authority)
	c.audience(o, a)
	return a
}

// source reads where the value comes from. It returns false if the rule has no valid source.
func (c *compiler) source(o object, a *claimAction) bool {
	from := c.text(o, "from")
	switch {
	case o.has("from") && o.has("value"):
		c.fail(o.at("value"), "a claim has one source, and this one already has from")
		return false
	case o.has("value"):
		a.source = source{kind: fromConstant, constant: c.constant(o.at("value"), o.get("value"), a)}
		for _, name := range []string{"type", "default"} {
			if o.has(name) {
				c.fail(o.at(name), "is only allowed with from: a constant has a type and a value of its own")
			}
		}
	case from != "":
		parsed, err := parseSource(from)
		if err != nil {
			c.fail(o.at("from"), "%v", err)
			return false
		}
		a.source = parsed
	case !o.has("from"):
		c.fail(o.place, "has no source: give from or value")
		return false
	default:
		return false
	}
	c.mapping(o, a)
	return true
}

// mapping reads the map from groups to values.
func (c *compiler) mapping(o object, a *claimAction) {
	if a.source.kind != fromGroups {
		for _, name := range []string{"map", "pick"} {
			if o.has(name) {
				c.fail(o.at(name), "is only allowed with from groups")
			}
		}
		return
	}
	if o.has("type") {
		c.fail(o.at("type"),
			"is not allowed with from groups: a group name is a string, and values in map have types of their own")
	}
	pick := c.choice(o, "pick", "first", "all")
	if pick != "" && !o.has("map") {
		c.fail(o.at("pick"), "is only allowed with map: a user's groups have no order")
	}
	a.source.first = pick == "first"
	var seen []string
	for i, raw := range c.list(o, "map", false) {
		place := fmt.Sprintf("%s[%d]", o.at("map"), i)
		entry, ok := c.object(place, raw, "group", "value")
		if !ok {
			continue
		}
		group := c.text(entry, "group")
		if err := checkGroup(group); err != nil || slices.Contains(seen, group) {
			c.fail(entry.at("group"), "must be a valid group name that is not in the map yet")
		}
		seen = append(seen, group)
		a.source.groups = append(a.source.groups, groupValue{group, c.groupValue(entry, a)})
	}
	if kind := cognito.TypeList; !a.source.first && !a.encodeJSON {
		c.checkType(o.at("from"), a, kind)
	}
}

// groupValue reads the value of one group. Values that become elements of a list must be scalars.
func (c *compiler) groupValue(entry object, a *claimAction) json.RawMessage {
	if !entry.has("value") {
		c.fail(entry.at("value"), "is missing")
		return nil
	}
	if a.source.first {
		return c.constant(entry.at("value"), entry.get("value"), a)
	}
	value := entry.get("value")
	switch cognito.TypeOf(value) {
	case cognito.TypeString, cognito.TypeNumber, cognito.TypeBoolean:
		return compact(value)
	}
	c.fail(entry.at("value"),
		"must be a string, number or boolean, since all values go into one list; pick first takes any value")
	return nil
}

// readsAs reads the type that the source's text is converted to.
func (c *compiler) readsAs(o object, a *claimAction) {
	kind := c.choice(o, "type", cognito.TypeString, cognito.TypeNumber, cognito.TypeBoolean, cognito.TypeList,
		cognito.TypeObject)
	if kind == "" {
		return
	}
	a.kind = kind
	if !a.encodeJSON {
		c.checkType(o.at("type"), a, kind)
	}
}

func (c *compiler) checkType(place string, a *claimAction, kind string) {
	for _, token := range c.checkable(a.tokens) {
		if err := cognito.CheckType(c.version, token, a.name, kind); err != nil {
			c.fail(place, "%v", err)
			return
		}
	}
}

// constant reads a value from the file. Numbers keep their digits.
func (c *compiler) constant(place string, value json.RawMessage, a *claimAction) json.RawMessage {
	if err := checkNesting(value); err != nil {
		c.fail(place, "%v", err)
		return nil
	}
	version, tokens := c.version, c.checkable(a.tokens)
	if a.encodeJSON {
		version, tokens = cognito.V2, []cognito.Token{cognito.Access} // any type: it becomes a string
	}
	for _, token := range tokens {
		if err := cognito.CheckValue(version, token, a.name, value); err != nil {
			c.fail(place, "%v", err)
			return nil
		}
	}
	return compact(value)
}

func compact(value json.RawMessage) json.RawMessage {
	var out bytes.Buffer
	if err := json.Compact(&out, value); err != nil {
		return value
	}
	return out.Bytes()
}

// trusted refuses a source that the wrong people can write.
func (c *compiler) trusted(o object, a *claimAction, authority bool) {
	marked := c.choice(o, "trust", "user") != ""
	writer := c.trust.writerOf(a.source)
	switch {
	case authority && writer >= byUserOnce:
		c.fail(o.at("from"),
			"%s, and %q is an authority claim: take it from groups, a constant or a source that only administrators write",
			writer, a.name)
	case writer == byCaller && identityClaim(a.name), writer.needsMark() && borrowsIdentity(a):
		c.fail(o.at("from"), "%s, and %q is an identity claim: give it another name", writer, a.name)
	case writer.needsMark() && !marked:
		c.fail(o.at("from"), "%s: add \"trust\": \"user\" if the claim may hold whatever they write%s", writer,
			adminHint(a.source))
	}
}

func adminHint(s source) string {
	if s.kind == fromMetadata {
		return ""
	}
	return ", or list it in adminOnlyAttributes if no app client can write it"
}

// unavailable reads what happens while the profile cannot be read. By default an authority claim fails the sign-in, and
// any other claim is left out.
func (c *compiler) unavailable(o object, a *claimAction, authority bool) {
	chosen := c.choice(o, "onUnavailable", "fail", "omit")
	if o.has("onUnavailable") && !a.source.ofProfile() {
		c.fail(o.at("onUnavailable"), "is only allowed with from profile: every other source is in the event")
	}
	a.failDown = chosen == "fail" || (chosen == "" && authority)
}

// audience refuses every value of the aud claim except the app client's own id.
func (c *compiler) audience(o object, a *claimAction) {
	if a.name == cognito.ClaimAudience && (a.source.kind != fromClientID || a.encodeJSON || a.fallback != nil) {
		c.fail(o.at("claim"),
			"aud takes only the id of the app client that gets the token: use \"from\": \"clientId\" and nothing else")
	}
}
