package events

import (
	"encoding/json"

	"cognito-triggers/shared/cognito"
)

// PreTokenGenerationEvent asks for changes to the claims, scopes and groups of the tokens.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
type PreTokenGenerationEvent = Event[PreTokenGenerationRequest, PreTokenGenerationResponse]

// PreTokenGenerationRequest describes the user who signs in. For a machine client (TokenGeneration_ClientCredentials)
// it has no attributes and no groups.
type PreTokenGenerationRequest struct {
	UserAttributes     Attributes         `json:"userAttributes"`
	GroupConfiguration GroupConfiguration `json:"groupConfiguration"`
	Scopes             []string           `json:"scopes,omitempty"`         // versions 2 and 3 only
	ClientMetadata     Attributes         `json:"clientMetadata,omitempty"` // untrusted; absent when tokens are refreshed
}

// UnmarshalJSON decodes leniently, as the package comment describes. Anything but an object decodes as an empty
// request.
func (r *PreTokenGenerationRequest) UnmarshalJSON(data []byte) error {
	*r = PreTokenGenerationRequest{}
	_ = readMembers(data, place{"userAttributes", &r.UserAttributes}, place{"groupConfiguration", &r.GroupConfiguration},
		place{"scopes", (*stringList)(&r.Scopes)}, place{"clientMetadata", &r.ClientMetadata}) // these never fail
	return nil
}

// MarshalJSON encodes the request as Cognito does, with null for an absent preferred role.
func (r PreTokenGenerationRequest) MarshalJSON() ([]byte, error) {
	groups := r.GroupConfiguration.lists()
	groups.PreferredRole = json.RawMessage("null")
	if err := groups.setRole(r.GroupConfiguration.PreferredRole); err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		UserAttributes     Attributes             `json:"userAttributes"`
		GroupConfiguration groupConfigurationJSON `json:"groupConfiguration"`
		Scopes             []string               `json:"scopes,omitempty"`
		ClientMetadata     Attributes             `json:"clientMetadata,omitempty"`
	}{r.UserAttributes, groups, r.Scopes, r.ClientMetadata})
}

// GroupConfiguration holds the user's groups and IAM roles. As an override it replaces them in the ID and the access
// token: an empty one removes the user from every group.
type GroupConfiguration struct {
	GroupsToOverride   []string
	IAMRolesToOverride []string
	PreferredRole      *string // ARN; nil if there is none
}

type groupConfigurationJSON struct {
	Groups        stringList      `json:"groupsToOverride"`
	Roles         stringList      `json:"iamRolesToOverride"`
	PreferredRole json.RawMessage `json:"preferredRole,omitempty"`
}

// UnmarshalJSON decodes an object. Anything else decodes as no groups. The preferred role may be a string, null, or a
// list, of which the first string counts.
func (g *GroupConfiguration) UnmarshalJSON(data []byte) error {
	*g = GroupConfiguration{}
	doc, err := scan(data)
	if err != nil {
		return nil
	}
	g.GroupsToOverride = listOf(doc.value("groupsToOverride"))
	g.IAMRolesToOverride = listOf(doc.value("iamRolesToOverride"))
	role := doc.value("preferredRole")
	if roles := listOf(role); len(roles) > 0 {
		g.PreferredRole = &roles[0]
	} else if name, ok := text(role); ok && role[0] == '"' {
		g.PreferredRole = &name
	}
	return nil
}

func listOf(value []byte) []string {
	var list stringList
	if len(value) > 0 {
		_ = list.UnmarshalJSON(value) // never fails
	}
	return list
}

// MarshalJSON encodes both lists, even if they are empty, and the preferred role if there is one.
func (g GroupConfiguration) MarshalJSON() ([]byte, error) {
	out := g.lists()
	if err := out.setRole(g.PreferredRole); err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

func (g GroupConfiguration) lists() groupConfigurationJSON {
	out := groupConfigurationJSON{Groups: stringList{}, Roles: stringList{}}
	out.Groups = append(out.Groups, g.GroupsToOverride...)
	out.Roles = append(out.Roles, g.IAMRolesToOverride...)
	return out
}

func (out *groupConfigurationJSON) setRole(role *string) (err error) {
	if role != nil {
		out.PreferredRole, err = json.Marshal(*role)
	}
	return err
}

// PreTokenGenerationResponse holds the changes to the tokens. Set ClaimsOverrideDetails for version 1 events and
// ClaimsAndScopeOverrideDetails for versions 2 and 3; see TokenVersionOf.
type PreTokenGenerationResponse struct {
	ClaimsOverrideDetails         *ClaimsOverrideDetails         `json:"claimsOverrideDetails,omitempty"`
	ClaimsAndScopeOverrideDetails *ClaimsAndScopeOverrideDetails `json:"claimsAndScopeOverrideDetails,omitempty"`
}

// ClaimsOverrideDetails changes claims of the ID token, which can only be strings, and the groups of both tokens.
type ClaimsOverrideDetails struct {
	ClaimsToAddOrOverride map[string]string   `json:"claimsToAddOrOverride,omitempty"`
	ClaimsToSuppress      []string            `json:"claimsToSuppress,omitempty"`
	GroupOverrideDetails  *GroupConfiguration `json:"groupOverrideDetails,omitempty"` // nil keeps the groups
}

// ClaimsAndScopeOverrideDetails changes the claims, scopes and groups of both tokens.
type ClaimsAndScopeOverrideDetails struct {
	IDTokenGeneration     *IDTokenGeneration     `json:"idTokenGeneration,omitempty"`
	AccessTokenGeneration *AccessTokenGeneration `json:"accessTokenGeneration,omitempty"`
	GroupOverrideDetails  *GroupConfiguration    `json:"groupOverrideDetails,omitempty"` // nil keeps the groups
}

// IDTokenGeneration changes the ID token. Claim values are raw JSON, so that large numbers keep all digits.
type IDTokenGeneration struct {
	ClaimsToAddOrOverride map[string]json.RawMessage `json:"claimsToAddOrOverride,omitempty"`
	ClaimsToSuppress      []string                   `json:"claimsToSuppress,omitempty"`
}

// AccessTokenGeneration changes the access token. Claim values are raw JSON.
type AccessTokenGeneration struct {
	ClaimsToAddOrOverride map[string]json.RawMessage `json:"claimsToAddOrOverride,omitempty"`
	ClaimsToSuppress      []string                   `json:"claimsToSuppress,omitempty"`
	ScopesToAdd           []string                   `json:"scopesToAdd,omitempty"`
	ScopesToSuppress      []string                   `json:"scopesToSuppress,omitempty"`
}

// TokenVersionOf returns the version of an event. If the envelope's version is unknown, the event is of version 2 if
// the request has scopes or the response has claimsAndScopeOverrideDetails, and otherwise of version 1.
func TokenVersionOf(e *PreTokenGenerationEvent) cognito.TokenVersion {
	if version, known := cognito.ParseTokenVersion(e.Version); known {
		return version
	}
	request, _ := parse(e.doc.value("request"))
	response, _ := parse(e.doc.value("response"))
	_, hasScopes := request.find("scopes")
	_, hasOverride := response.find("claimsAndScopeOverrideDetails")
	if hasScopes || hasOverride {
		return cognito.V2
	}
	return cognito.V1
}
