package claims

import (
	"encoding/json"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Override is what the rules change in the tokens of one event.
type Override struct {
	ID, Access TokenOverride
	Groups     *events.GroupConfiguration // the whole configuration; nil leaves the user's groups and roles untouched
	Omitted    []Omission                 // rules that could not be applied to this event
}

// TokenOverride is the change to one token. Names in Claims are unique, and none is in Suppress.
type TokenOverride struct {
	Claims           []Claim
	Suppress         []string
	ScopesToAdd      []string // access token only
	ScopesToSuppress []string // access token only
}

// Claim is a claim with its value as JSON.
type Claim struct {
	Name  string
	Value json.RawMessage
}

// Omission is a rule that was left out, and why. It contains no value of the event, so it may be logged.
type Omission struct {
	Place  string
	Reason string
}

func (o *Override) token(t cognito.Token) *TokenOverride {
	if t == cognito.ID {
		return &o.ID
	}
	return &o.Access
}

func (t *TokenOverride) empty() bool {
	return len(t.Claims)+len(t.Suppress)+len(t.ScopesToAdd)+len(t.ScopesToSuppress) == 0
}

// Empty reports whether there is nothing to change.
func (o *Override) Empty() bool { return o.ID.empty() && o.Access.empty() && o.Groups == nil }

// Response returns the override as the response to an event of that version. It has only the members that change
// something; an empty override gives an empty response, so that the event goes back unchanged.
func (o *Override) Response(version cognito.TokenVersion) events.PreTokenGenerationResponse {
	switch {
	case o.Empty():
		return events.PreTokenGenerationResponse{}
	case version == cognito.V1:
		return events.PreTokenGenerationResponse{ClaimsOverrideDetails: o.detailsV1()}
	}
	details := &events.ClaimsAndScopeOverrideDetails{GroupOverrideDetails: o.Groups}
	if !o.ID.empty() {
		details.IDTokenGeneration = &events.IDTokenGeneration{
			ClaimsToAddOrOverride: o.ID.values(),
			ClaimsToSuppress:      o.ID.Suppress,
		}
	}
	if !o.Access.empty() {
		details.AccessTokenGeneration = &events.AccessTokenGeneration{
			ClaimsToAddOrOverride: o.Access.values(),
			ClaimsToSuppress:      o.Access.Suppress,
			ScopesToAdd:           o.Access.ScopesToAdd,
			ScopesToSuppress:      o.Access.ScopesToSuppress,
		}
	}
	return events.PreTokenGenerationResponse{ClaimsAndScopeOverrideDetails: details}
}

func (o *Override) detailsV1() *events.ClaimsOverrideDetails {
	details := &events.ClaimsOverrideDetails{ClaimsToSuppress: o.ID.Suppress, GroupOverrideDetails: o.Groups}
	if len(o.ID.Claims) > 0 {
		details.ClaimsToAddOrOverride = make(map[string]string, len(o.ID.Claims))
	}
	for _, claim := range o.ID.Claims {
		if text, ok := cognito.TextOf(claim.Value); ok {
			details.ClaimsToAddOrOverride[claim.Name] = text
		}
	}
	return details
}

func (t *TokenOverride) values() map[string]json.RawMessage {
	if len(t.Claims) == 0 {
		return nil
	}
	values := make(map[string]json.RawMessage, len(t.Claims))
	for _, claim := range t.Claims {
		values[claim.Name] = claim.Value
	}
	return values
}
