package api

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// ClaimValues holds a token's claims as API Gateway passes them: as strings, an array as "[a b]". Emulators pass other
// types, which decode as the string that API Gateway would send.
type ClaimValues map[string]string

// UnmarshalJSON decodes an object whose members may have any type.
func (v *ClaimValues) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var values map[string]any
	if err := dec.Decode(&values); err != nil {
		return err
	}
	*v = make(ClaimValues, len(values))
	for name, value := range values {
		(*v)[name] = claimText(value)
	}
	return nil
}

func claimText(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case []any:
		texts := make([]string, len(v))
		for i, item := range v {
			texts[i] = claimText(item)
		}
		return "[" + strings.Join(texts, " ") + "]"
	}
	text, _ := json.Marshal(value) // cannot fail, since value was decoded from JSON
	return string(text)
}

// The values of the claim token_use.
const (
	AccessToken = "access"
	IDToken     = "id"
)

const groupsClaim = "cognito:groups"

// Claims holds the claims of a request's token. On a route without authorizer they are empty.
type Claims struct {
	Sub      string   // the user's id, unique and never reused
	Username string   // the user's name in the pool
	ClientID string   // the app client
	TokenUse string   // AccessToken or IDToken
	Groups   []string // the user's groups; their names have no white space
	Scopes   []string // only of an access token
	values   ClaimValues
}

// Claims returns the claims of the request's token.
func (r *Request) Claims() Claims {
	if r.RequestContext.Authorizer == nil {
		return Claims{}
	}
	values := r.RequestContext.Authorizer.JWT.Claims
	c := Claims{
		Sub:      values["sub"],
		Username: values["username"],
		ClientID: values["client_id"],
		TokenUse: values["token_use"],
		Groups:   list(values[groupsClaim]),
		Scopes:   strings.Fields(values["scope"]),
		values:   values,
	}
	if c.TokenUse == IDToken { // ID tokens use other names
		c.Username, c.ClientID = values["cognito:username"], values["aud"]
	}
	return c
}

// Get returns a claim as API Gateway passes it, or "". An array is "[a b]".
func (c Claims) Get(name string) string { return c.values[name] }

// List returns a claim that is an array of strings without white space, or nil if it is not an array. API Gateway
// passes the arrays ["a b"] and ["a","b"] and the string "[a b]" all as "[a b]", so use List only for claims that users
// cannot choose.
func (c Claims) List(name string) []string { return list(c.values[name]) }

// InGroup reports whether the user is in the group.
func (c Claims) InGroup(name string) bool { return slices.Contains(c.Groups, name) }

// list parses "[a b]". Inner brackets belong to the names.
func list(text string) []string {
	inner, opened := strings.CutPrefix(text, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	if !opened || !closed {
		return nil
	}
	return strings.Fields(inner)
}
