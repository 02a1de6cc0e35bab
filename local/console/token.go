package console

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/state"
)

// claim is a claim of a token with where it comes from.
type claim struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value,omitempty"` // absent if Left is set
	From  string          `json:"from"`            // one of the origins
	Note  string          `json:"note,omitempty"`
	Left  bool            `json:"left,omitempty"` // the trigger left it out
}

// The origins of claims.
const (
	fromCognito   = "Cognito"
	fromAttribute = "attribute"
	fromGroup     = "group"
	fromRequest   = "request"
	fromTrigger   = "trigger"
	fromProvider  = "identity provider"
	fromUnknown   = "unknown"
)

// tokenAnswer is a token, explained.
type tokenAnswer struct {
	Header  json.RawMessage `json:"header"`
	Use     string          `json:"use"` // id or access
	Valid   bool            `json:"valid"`
	Problem string          `json:"problem,omitempty"` // why it is not valid
	Expires time.Time       `json:"expires"`
	Minutes float64         `json:"minutesLeft"`
	Claims  []claim         `json:"claims"`
	Event   int             `json:"event,omitempty"` // number of the pre token generation event; 0 if there was none
}

// meanings say what Cognito's own claims are for.
var meanings = map[string]string{
	"iss": "the pool, whose keys verify the token", "aud": "the app client, or the resource that the app named",
	"client_id": "the app client", "token_use": "id or access: refuse the other one", "sub": "the user, for ever",
	"username": "the user name", "cognito:username": "the user name", "auth_time": "when the user signed in",
	"iat": "when the token was made", "exp": "when it ends", "jti": "the token's own ID",
	"origin_jti": "the sign-in: revoking its refresh token ends all of its tokens",
	"event_id":   "the request to Cognito", "version": "of the form of access tokens", "nonce": "what the app asked with",
	"at_hash": "binds the ID token to its access token", "device_key": "the device that signed in",
	"acr": "how strong the sign-in was", "amr": "the factors of the sign-in",
}

// token explains a token that somebody pastes. It is not kept.
func (c *console) token(w http.ResponseWriter, r *http.Request) {
	var in struct{ Token string }
	if !read(w, r, &in) {
		return
	}
	out, err := c.explain(strings.TrimSpace(in.Token), time.Now())
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	answer(w, out)
}

func (c *console) explain(text string, now time.Time) (*tokenAnswer, error) {
	signed, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return nil, errors.New("this is not a JSON Web Token with RS256, as Cognito's ID and access tokens are; refresh " +
			"tokens say nothing to anybody but the pool")
	}
	var set map[string]json.RawMessage
	if err := json.Unmarshal(signed.UnsafePayloadWithoutVerification(), &set); err != nil {
		return nil, errors.New("the token's claims are not a JSON object")
	}
	header, err := json.Marshal(map[string]string{
		"alg": signed.Signatures[0].Header.Algorithm, "kid": signed.Signatures[0].Header.KeyID,
	})
	if err != nil {
		return nil, err
	}
	out := &tokenAnswer{Header: header, Use: textIn(set, "token_use"), Claims: []claim{}}
	var expires int64
	_ = json.Unmarshal(set["exp"], &expires) // another type: expired long ago
	out.Expires = time.Unix(expires, 0).UTC()
	out.Minutes = out.Expires.Sub(now).Minutes()
	issuer := textIn(set, "iss")
	pool, err := c.pool.Store().Pool(issuer[strings.LastIndex(issuer, "/")+1:])
	if err != nil {
		out.Problem = "no pool here has issued it"
	} else {
		out.Problem = c.problemOf(signed, pool, out)
	}
	out.Valid = out.Problem == ""
	name := textIn(set, "username")
	if name == "" {
		name = textIn(set, "cognito:username")
	}
	user, _ := c.pool.Store().FindUser(pool.ID, name) // of a client, or gone: it has no attributes
	event := c.generation(pool.ID, name, set)
	out.Event = event.Number
	out.Claims = claimsOf(set, user, changesOf(event, out.Use))
	return out, nil
}

// problemOf says why a token of a pool is not valid, as far as anybody can see who has the pool's keys.
func (c *console) problemOf(signed *jose.JSONWebSignature, pool state.Pool, out *tokenAnswer) string {
	document, err := c.pool.KeySet(pool)
	if err != nil {
		return "the keys of the pool are not available"
	}
	var keys jose.JSONWebKeySet
	if err := json.Unmarshal(document, &keys); err != nil {
		return "the keys of the pool are not available"
	}
	found := keys.Key(signed.Signatures[0].Header.KeyID)
	if len(found) == 0 {
		return "the pool has no such key: it was signed by another run"
	}
	if _, err := signed.Verify(found[0]); err != nil {
		return "the signature is wrong: somebody changed the token"
	}
	if out.Minutes <= 0 {
		return "it has expired"
	}
	return ""
}

// generation returns the newest event of pre token generation about a user from before a token was made.
func (c *console) generation(pool, name string, set map[string]json.RawMessage) (found fire.Record) {
	var made int64
	_ = json.Unmarshal(set["iat"], &made) // another type: no event
	for _, e := range c.pool.Events().Records(0) {
		if e.PoolID == pool && e.UserName == name && strings.HasPrefix(e.Source, "TokenGeneration_") &&
			e.Outcome == "ok" && e.At.Unix() <= made {
			found = e
		}
	}
	return found
}

// changes are what a pre token generation trigger did to a token.
type changes struct {
	set, left []string
	scopes    []string
	groups    bool
}

// tokenChanges is a part of a trigger's answer about one token.
type tokenChanges struct {
	ClaimsToAddOrOverride map[string]json.RawMessage `json:"claimsToAddOrOverride"`
	ClaimsToSuppress      []string                   `json:"claimsToSuppress"`
	ScopesToAdd           []string                   `json:"scopesToAdd"`
	GroupOverrideDetails  json.RawMessage            `json:"groupOverrideDetails"`
}

func changesOf(event fire.Record, use string) changes {
	var response struct {
		V1 tokenChanges `json:"claimsOverrideDetails"`
		V2 struct {
			ID     tokenChanges    `json:"idTokenGeneration"`
			Access tokenChanges    `json:"accessTokenGeneration"`
			Groups json.RawMessage `json:"groupOverrideDetails"`
		} `json:"claimsAndScopeOverrideDetails"`
	}
	_ = json.Unmarshal(event.Answer, &response) // Cognito took it; without an event it is empty
	mine := response.V2.ID
	if use == "access" {
		mine = response.V2.Access
	}
	out := changes{
		set: slices.Collect(maps.Keys(mine.ClaimsToAddOrOverride)), left: mine.ClaimsToSuppress, scopes: mine.ScopesToAdd,
		groups: isObject(response.V1.GroupOverrideDetails) || isObject(response.V2.Groups),
	}
	if use == "id" {
		out.set = slices.AppendSeq(out.set, maps.Keys(response.V1.ClaimsToAddOrOverride))
		out.left = append(out.left, response.V1.ClaimsToSuppress...)
	}
	return out
}

func isObject(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

func claimsOf(set map[string]json.RawMessage, user state.User, by changes) []claim {
	all := []claim{}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		one := claim{Name: name, Value: set[name]}
		one.From, one.Note = originOf(name, user, by)
		all = append(all, one)
	}
	for _, name := range by.left {
		if _, there := set[name]; !there {
			all = append(all, claim{Name: name, From: fromTrigger, Note: "left out by pre token generation", Left: true})
		}
	}
	return all
}

func originOf(name string, user state.User, by changes) (from, note string) {
	switch {
	case slices.Contains(by.set, name):
		return fromTrigger, "set by pre token generation"
	case name == "cognito:groups" || name == "cognito:roles" || name == "cognito:preferred_role":
		if by.groups {
			return fromTrigger, "pre token generation replaced the user's groups"
		}
		return fromGroup, "of the user's groups in the pool"
	case name == "scope" && len(by.scopes) > 0:
		return fromTrigger, "asked for by the app; pre token generation added " + strings.Join(by.scopes, " ")
	case name == "scope":
		return fromRequest, "asked for by the app; a sign-in by the API has aws.cognito.signin.user.admin alone"
	case name == "identities":
		return fromProvider, "the identities that the user signs in with"
	case meanings[name] != "":
		return fromCognito, meanings[name]
	}
	if _, has := user.Attributes[name]; has {
		return fromAttribute, "the user's attribute, which the app client may read"
	}
	return fromUnknown, "neither the user nor the trigger has it now"
}

func textIn(set map[string]json.RawMessage, name string) string {
	var text string
	_ = json.Unmarshal(set[name], &text) // another type counts as empty
	return text
}
