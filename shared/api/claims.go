package api

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// ClaimValues are a token's claims as API Gateway passes them: each one a text, an array as "[a b]". A claim of another
// type, as emulators pass them, becomes the text that API Gateway would make of it.
type ClaimValues map[string]string

// UnmarshalJSON never fails on an object.
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
	text, _ := json.Marshal(value) // what JSON gave has an encoding
	return string(text)
}

// The values of token_use.
const (
	AccessToken = "access"
	IDToken     = "id"
)

// Claims are those of the token that came with a request. Those of an open route are empty.
type Claims struct {
	Sub      string   // the user's id, which no other user ever has
	Username string   // the user's name in the pool
	ClientID string   // the app client
	TokenUse string   // AccessToken or IDToken
	Groups   []string // the pool's groups that the user is in; Cognito allows no white space in their names
	Scopes   []string // of an access token
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
		Groups:   list(values["cognito:groups"]),
		Scopes:   strings.Fields(values["scope"]),
		values:   values,
	}
	if c.TokenUse == IDToken { // ID tokens have other names for them
		c.Username, c.ClientID = values["cognito:username"], values["aud"]
	}
	return c
}

// Get returns a claim as API Gateway passes it, "" where it is absent: of the claims that a trigger added, an array is
// "[a b]".
func (c Claims) Get(name string) string { return c.values[name] }

// List returns a claim that is an array of texts without white space. API Gateway passes ["a b","c"] and ["a","b","c"]
// alike, and the text "[a b]" like both: use it for claims whose texts no user can choose. A claim without brackets
// gives nothing.
func (c Claims) List(name string) []string { return list(c.values[name]) }

// InGroup tells whether the user is in the group.
func (c Claims) InGroup(name string) bool { return slices.Contains(c.Groups, name) }

// list parses "[a b]". Brackets inside belong to the names.
func list(text string) []string {
	inner, opened := strings.CutPrefix(text, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	if !opened || !closed {
		return nil
	}
	return strings.Fields(inner)
}
