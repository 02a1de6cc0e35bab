package answer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// preTokenGeneration checks that the override has the shape of its version, and that Cognito lets a trigger change
// every claim and scope in it.
func (c *checker) preTokenGeneration(response map[string]json.RawMessage) {
	e, err := events.Decode[events.PreTokenGenerationRequest, events.PreTokenGenerationResponse](c.event)
	if err != nil {
		c.fail(BadEvent, "event", err)
		return
	}
	t := tokenChecker{
		checker: c, version: events.TokenVersionOf(e), client: e.CallerContext.ClientID,
		machine: e.TriggerSource == cognito.TokenGenerationClientCredentials,
	}
	for _, m := range cognito.PreTokenGeneration.Contract().ResponseMembers(fmt.Sprintf("V%d_0", t.version)) {
		raw, place := response[m.Name], "response."+m.Name
		if before, _ := events.Response(c.event); t.version != cognito.V1 && equal(raw, members(before)[m.Name]) {
			return // unchanged; AWS's own samples have a list here
		}
		if string(bytes.TrimSpace(raw)) == "[]" {
			c.fail(Overlooked, place, m.Type)
			continue
		}
		if t.version == cognito.V1 {
			t.token(place, cognito.ID, m, raw)
		} else {
			t.both(place, m, raw)
		}
		if t.added > cognito.MaxClaims {
			c.fail(TooManyClaims, place, t.added, cognito.MaxClaims)
		}
	}
}

type tokenChecker struct {
	*checker
	version cognito.TokenVersion
	client  string
	machine bool
	added   int
}

// both checks the override of versions 2 and 3, which has a member for each token.
func (t *tokenChecker) both(place string, m cognito.Member, raw json.RawMessage) {
	override, ok := t.object(place, m, raw)
	if !ok {
		return
	}
	for _, part := range m.Members {
		value, at := override[part.Name], place+"."+part.Name
		switch part.Name {
		case "idTokenGeneration":
			if t.machine && members(value) != nil {
				t.fail(NoIDToken, at)
			}
			t.token(at, cognito.ID, part, value)
		case "accessTokenGeneration":
			t.token(at, cognito.Access, part, value)
		case "groupOverrideDetails":
			t.groups(at, part, override)
		}
	}
}

// token checks the changes to one token. In version 1 they are the whole override, with the groups.
func (t *tokenChecker) token(place string, token cognito.Token, m cognito.Member, raw json.RawMessage) {
	override, ok := t.object(place, m, raw)
	if !ok {
		return
	}
	for _, part := range m.Members {
		value, at := override[part.Name], place+"."+part.Name
		switch part.Name {
		case "claimsToAddOrOverride":
			t.claims(at, token, value)
		case "groupOverrideDetails":
			t.groups(at, part, override)
		default:
			t.list(at, token, part, value)
		}
	}
}

// object reads an optional object and reports whether there is one. Any other type is a problem.
func (t *tokenChecker) object(place string, m cognito.Member, raw json.RawMessage) (map[string]json.RawMessage, bool) {
	if isNull(raw) {
		return nil, false
	}
	object := members(raw)
	if object == nil {
		t.fail(WrongType, place, cognito.Object)
	}
	t.known(place, object, nil, m.Members)
	return object, object != nil
}

func (t *tokenChecker) claims(place string, token cognito.Token, raw json.RawMessage) {
	if isNull(raw) {
		return
	}
	added := members(raw)
	if added == nil {
		t.fail(WrongType, place, cognito.Object)
	}
	for _, name := range slices.Sorted(maps.Keys(added)) {
		t.added++
		t.claim(place+"."+name, token, name, added[name])
	}
}

func (t *tokenChecker) claim(place string, token cognito.Token, name string, value json.RawMessage) {
	kind := cognito.TypeOf(value)
	reserved := cognito.CheckClaim(t.version, token, name)
	wrong := cognito.CheckValue(t.version, token, name, value)
	switch {
	case t.version == cognito.V1 && kind != cognito.TypeString && kind != "":
		t.fail(ClaimNotText, place, wrong)
	case reserved != nil:
		t.fail(ClaimReserved, place, reserved)
	case wrong != nil:
		t.fail(ClaimValue, place, wrong)
	case token == cognito.Access && name == cognito.ClaimAudience && cognito.CheckAudience(value, t.client) != nil:
		t.fail(ClaimAudience, place)
	}
}

// list checks a list of claims to suppress, or of scopes to add or suppress.
func (t *tokenChecker) list(place string, token cognito.Token, m cognito.Member, raw json.RawMessage) {
	for i, text := range t.texts(WrongType, place, raw) {
		at := fmt.Sprintf("%s[%d]", place, i)
		if m.Name == "claimsToSuppress" {
			if err := cognito.CheckSuppress(t.version, token, text); err != nil {
				t.fail(ClaimKept, at, err)
			}
			continue
		}
		if m.Name == "scopesToAdd" {
			t.added++
		}
		if err := cognito.CheckScope(t.version, text); err != nil {
			t.fail(ScopeMalformed, at, err)
		}
	}
}

// groups checks the group override. Cognito accepts null and an empty object, which remove the user from every group;
// that is reported, since it is hardly ever meant. Values of the wrong type also count as no groups.
func (t *tokenChecker) groups(place string, m cognito.Member, override map[string]json.RawMessage) {
	raw, there := override[m.Name]
	if !there {
		return
	}
	group := members(raw)
	if group == nil && !isNull(raw) {
		t.fail(Overlooked, place, m.Type)
	}
	t.known(place, group, nil, m.Members)
	if isNull(group["groupsToOverride"]) {
		t.fail(GroupsLost, place)
		return
	}
	t.texts(Overlooked, place+".groupsToOverride", group["groupsToOverride"])
	t.texts(Overlooked, place+".iamRolesToOverride", group["iamRolesToOverride"])
	var role *string
	if raw := group["preferredRole"]; raw != nil && json.Unmarshal(raw, &role) != nil {
		t.fail(Overlooked, place+".preferredRole", cognito.Text)
	}
}

func (t *tokenChecker) texts(wrong Code, place string, raw json.RawMessage) []string {
	var list []string
	if !isNull(raw) && json.Unmarshal(raw, &list) != nil {
		t.fail(wrong, place, cognito.TextList)
	}
	return list
}
