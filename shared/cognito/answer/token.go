package answer

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// maxClaims is how many claims and scopes an answer may add over both tokens; Cognito counts those it has itself, too.
const maxClaims = 5_000

// preTokenGeneration: the override has the shape of its version, and every claim and scope in it is one that Cognito
// lets a trigger change.
func (c *checker) preTokenGeneration(event []byte, response map[string]json.RawMessage) {
	e, err := events.Decode[events.PreTokenGenerationRequest, events.PreTokenGenerationResponse](event)
	if err != nil {
		c.fail("event", "%v", err)
		return
	}
	t := tokenChecker{checker: c, version: events.TokenVersionOf(e), client: e.CallerContext.ClientID}
	if t.version == cognito.V1 {
		const place = "response.claimsOverrideDetails"
		if override, ok := t.object(place, response["claimsOverrideDetails"], "claimsToAddOrOverride", "claimsToSuppress", "groupOverrideDetails"); ok {
			t.claims(place, cognito.ID, override)
			t.groups(place, override)
		}
		t.count(place)
		return
	}
	const place = "response.claimsAndScopeOverrideDetails"
	raw := response["claimsAndScopeOverrideDetails"]
	if before, _ := events.Response(event); equal(raw, members(before)["claimsAndScopeOverrideDetails"]) {
		return // as it came: AWS's own samples send a list here
	}
	override, ok := t.object(place, raw, "idTokenGeneration", "accessTokenGeneration", "groupOverrideDetails")
	if !ok {
		return
	}
	if id, ok := t.object(place+".idTokenGeneration", override["idTokenGeneration"], "claimsToAddOrOverride", "claimsToSuppress"); ok {
		if e.TriggerSource == cognito.TokenGenerationClientCredentials {
			c.fail(place+".idTokenGeneration", "a machine client gets no ID token")
		}
		t.claims(place+".idTokenGeneration", cognito.ID, id)
	}
	if access, ok := t.object(place+".accessTokenGeneration", override["accessTokenGeneration"],
		"claimsToAddOrOverride", "claimsToSuppress", "scopesToAdd", "scopesToSuppress"); ok {
		t.claims(place+".accessTokenGeneration", cognito.Access, access)
		t.scopes(place+".accessTokenGeneration", access)
	}
	t.groups(place, override)
	t.count(place)
}

func (t *tokenChecker) count(place string) {
	if t.added > maxClaims {
		t.fail(place, "adds %d claims and scopes; Cognito takes %d over both tokens", t.added, maxClaims)
	}
}

type tokenChecker struct {
	*checker
	version cognito.TokenVersion
	client  string
	added   int
}

// object reads an optional object; false where it is absent, null or, with a problem, something else. Where names are
// given, it can hold no others.
func (t *tokenChecker) object(place string, raw json.RawMessage, names ...string) (map[string]json.RawMessage, bool) {
	if isNull(raw) {
		return nil, false
	}
	object := members(raw)
	if object == nil {
		t.fail(place, "is not an object")
	}
	t.known(place, object, nil, names)
	return object, object != nil
}

func (t *tokenChecker) claims(place string, token cognito.Token, override map[string]json.RawMessage) {
	added, _ := t.object(place+".claimsToAddOrOverride", override["claimsToAddOrOverride"])
	for _, name := range slices.Sorted(maps.Keys(added)) {
		t.added++
		at := place + ".claimsToAddOrOverride." + name
		if err := cognito.CheckClaim(t.version, token, name); err != nil {
			t.fail(at, "%v", err)
		} else if err := cognito.CheckValue(t.version, token, name, added[name]); err != nil {
			t.fail(at, "%v", err)
		} else if token == cognito.Access && name == "aud" && cognito.CheckAudience(added[name], t.client) != nil {
			t.fail(at, "takes only the id of the app client")
		}
	}
	for i, name := range t.list(place+".claimsToSuppress", override["claimsToSuppress"]) {
		if err := cognito.CheckSuppress(t.version, token, name); err != nil {
			t.fail(fmt.Sprintf("%s.claimsToSuppress[%d]", place, i), "%v", err)
		}
	}
}

func (t *tokenChecker) scopes(place string, override map[string]json.RawMessage) {
	for _, member := range []string{"scopesToAdd", "scopesToSuppress"} {
		for i, scope := range t.list(place+"."+member, override[member]) {
			if member == "scopesToAdd" {
				t.added++
			}
			if err := cognito.CheckScope(t.version, scope); err != nil {
				t.fail(fmt.Sprintf("%s.%s[%d]", place, member, i), "%v", err)
			}
		}
	}
}

// groups: null and an empty object are legal and take the user out of every group, which nobody means by accident.
func (t *tokenChecker) groups(place string, override map[string]json.RawMessage) {
	raw, there := override["groupOverrideDetails"]
	if !there {
		return
	}
	place += ".groupOverrideDetails"
	group, ok := t.object(place, raw, "groupsToOverride", "iamRolesToOverride", "preferredRole")
	if !ok || isNull(group["groupsToOverride"]) {
		t.fail(place, "takes the user out of every group: leave it out, or list the groups")
		return
	}
	t.list(place+".groupsToOverride", group["groupsToOverride"])
	t.list(place+".iamRolesToOverride", group["iamRolesToOverride"])
	var role *string
	if raw := group["preferredRole"]; raw != nil && json.Unmarshal(raw, &role) != nil {
		t.fail(place+".preferredRole", "is not a text")
	}
}

func (t *tokenChecker) list(place string, raw json.RawMessage) []string {
	var list []string
	if !isNull(raw) && json.Unmarshal(raw, &list) != nil {
		t.fail(place, "is not a list of texts")
	}
	return list
}
