package token

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Override holds the changes that a pre token generation trigger asks for, in any version. A nil Override changes
// nothing.
type Override struct {
	Version cognito.TokenVersion
	ID      events.IDTokenGeneration
	Access  events.AccessTokenGeneration // versions 2 and 3
	Groups  *events.GroupConfiguration   // replaces groups and roles in both tokens; nil keeps them
}

// OverrideOf reads the overrides from a trigger's response. It returns nil if there are none, and an error if a member
// has the wrong type.
func OverrideOf(version cognito.TokenVersion, response map[string]json.RawMessage) (*Override, error) {
	member := "claimsAndScopeOverrideDetails"
	if version == cognito.V1 {
		member = "claimsOverrideDetails"
	}
	raw := bytes.TrimSpace(response[member])
	if isNull(raw) || bytes.Equal(raw, []byte("[]")) { // some of AWS's samples return a list
		return nil, nil
	}
	override, err := readOverride(version, raw)
	if err != nil {
		return nil, fmt.Errorf("response.%s: %w", member, err)
	}
	return override, nil
}

func readOverride(version cognito.TokenVersion, raw []byte) (*Override, error) {
	o := &Override{Version: version}
	if version == cognito.V1 {
		var details events.ClaimsOverrideDetails
		if err := json.Unmarshal(raw, &details); err != nil {
			return nil, err
		}
		o.ID.ClaimsToSuppress = details.ClaimsToSuppress
		o.ID.ClaimsToAddOrOverride = make(map[string]json.RawMessage, len(details.ClaimsToAddOrOverride))
		for name, text := range details.ClaimsToAddOrOverride {
			value, err := json.Marshal(text)
			if err != nil {
				return nil, err
			}
			o.ID.ClaimsToAddOrOverride[name] = value
		}
		return o, o.readGroups(raw)
	}
	var details events.ClaimsAndScopeOverrideDetails
	if err := json.Unmarshal(raw, &details); err != nil {
		return nil, err
	}
	if details.IDTokenGeneration != nil {
		o.ID = *details.IDTokenGeneration
	}
	if details.AccessTokenGeneration != nil {
		o.Access = *details.AccessTokenGeneration
	}
	return o, o.readGroups(raw)
}

// readGroups handles the difference between an absent member, which keeps the user's groups, and null, which removes
// them all.
func (o *Override) readGroups(raw []byte) error {
	var details map[string]json.RawMessage
	if err := json.Unmarshal(raw, &details); err != nil {
		return err
	}
	groups, there := details["groupOverrideDetails"]
	if !there {
		return nil
	}
	o.Groups = &events.GroupConfiguration{}
	if isNull(groups) {
		return nil
	}
	return json.Unmarshal(groups, o.Groups)
}

func isNull(raw []byte) bool { return len(raw) == 0 || bytes.Equal(raw, []byte("null")) }

func (o *Override) groups(own events.GroupConfiguration) events.GroupConfiguration {
	if o == nil || o.Groups == nil {
		return own
	}
	return *o.Groups
}

// scopes returns the access token's scopes without duplicates. Suppressing a scope overrides adding it.
func (o *Override) scopes(own []string) []string {
	if o == nil {
		return own
	}
	var scopes []string
	keep := func(scope string) {
		if !slices.Contains(o.Access.ScopesToSuppress, scope) && !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	for _, scope := range own {
		keep(scope)
	}
	for _, scope := range o.Access.ScopesToAdd {
		if cognito.CheckScope(o.Version, scope) == nil {
			keep(scope)
		}
	}
	return scopes
}

// apply adds and suppresses claims. Suppressing a claim overrides adding it. AWS does not document what happens to
// changes of reserved claims, so apply ignores them.
func (o *Override) apply(set map[string]any, token cognito.Token, clientID string) {
	if o == nil {
		return
	}
	add, suppress := o.ID.ClaimsToAddOrOverride, o.ID.ClaimsToSuppress
	if token == cognito.Access {
		add, suppress = o.Access.ClaimsToAddOrOverride, o.Access.ClaimsToSuppress
	}
	for name, value := range add {
		if o.mayAdd(token, name, value, clientID) {
			set[name] = value
		}
	}
	for _, name := range suppress {
		if cognito.CheckSuppress(o.Version, token, name) != nil {
			continue
		}
		delete(set, name)
		if name == "cognito:groups" {
			delete(set, "cognito:roles")
			delete(set, "cognito:preferred_role")
		}
	}
}

func (o *Override) mayAdd(token cognito.Token, name string, value json.RawMessage, clientID string) bool {
	if cognito.CheckClaim(o.Version, token, name) != nil || cognito.CheckValue(o.Version, token, name, value) != nil {
		return false
	}
	return token == cognito.ID || name != "aud" || cognito.CheckAudience(value, clientID) == nil
}
