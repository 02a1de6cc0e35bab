package token

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// SelfService is the scope of every access token from the user pools API. The operations that users call on their own
// account require it.
const SelfService = "aws.cognito.signin.user.admin"

// Subject is the user and the sign-in that tokens are about.
type Subject struct {
	Username   string
	Attributes map[string]string // sub, and the attributes that the app client may read
	Groups     events.GroupConfiguration
	ClientID   string
	Scopes     []string // of the access token
	AuthTime   time.Time
	OriginJTI  string // of the sign-in; empty if the app client has token revocation disabled
	EventID    string // of the sign-in
	DeviceKey  string // of the sign-in; empty if it has none
	Nonce      string // of the request to /oauth2/authorize; empty if it had none
	Resource   string // that the app asked for, the aud claim of the access token; empty if it asked for none

	Granted     bool     // by the endpoints of OAuth 2.0, and not by the API
	Level       string   // the claim acr; empty for none
	Methods     []string // the claim amr
	AccessToken string   // beside which an ID token is granted, for at_hash; empty without
	Audience    string   // of an exchanged ID token; empty for the app client
	Actor       any      // the claim act of an exchanged token; nil for none
}

// Signer creates a pool's tokens.
type Signer struct {
	Keys   *Keys
	Issuer string
}

// ID creates an ID token. The override may be nil.
func (s Signer) ID(subject Subject, override *Override, now time.Time, lifetime time.Duration) (string, error) {
	set, err := s.common(subject, "id", now, lifetime)
	if err != nil {
		return "", err
	}
	for name, value := range subject.Attributes {
		if name != "sub" && !strings.HasPrefix(name, "cognito:") { // internal to the pool
			set[name] = attributeClaim(name, value)
		}
	}
	set["aud"] = cmp.Or(subject.Audience, subject.ClientID)
	if subject.Nonce != "" {
		set["nonce"] = subject.Nonce
	}
	if subject.Granted && subject.AccessToken != "" {
		set["at_hash"] = hashOf(subject.AccessToken)
	}
	set["cognito:username"] = subject.Username
	groups := override.groups(subject.Groups)
	setList(set, "cognito:groups", groups.GroupsToOverride)
	setList(set, "cognito:roles", groups.IAMRolesToOverride)
	if groups.PreferredRole != nil && *groups.PreferredRole != "" {
		set["cognito:preferred_role"] = *groups.PreferredRole
	}
	if subject.OriginJTI == "" {
		delete(set, "jti") // only with token revocation
	}
	override.apply(set, cognito.ID, subject.ClientID)
	return s.Keys.id.sign(set)
}

// Access creates an access token. The override may be nil.
func (s Signer) Access(subject Subject, override *Override, now time.Time, lifetime time.Duration) (string, error) {
	set, err := s.common(subject, "access", now, lifetime)
	if err != nil {
		return "", err
	}
	set["client_id"] = subject.ClientID
	if subject.Granted {
		set["version"] = accessVersion
	}
	if subject.Resource != "" {
		set["aud"] = subject.Resource
	}
	set["username"] = subject.Username
	if subject.DeviceKey != "" {
		set["device_key"] = subject.DeviceKey
	}
	setList(set, "cognito:groups", override.groups(subject.Groups).GroupsToOverride)
	if scopes := override.scopes(subject.Scopes); len(scopes) > 0 {
		set["scope"] = strings.Join(scopes, " ")
	}
	override.apply(set, cognito.Access, subject.ClientID)
	return s.Keys.access.sign(set)
}

func (s Signer) common(subject Subject, use string, now time.Time, lifetime time.Duration) (map[string]any, error) {
	sub := subject.Attributes["sub"]
	if sub == "" || subject.ClientID == "" || s.Issuer == "" {
		return nil, errors.New("a token needs a sub, a client id and an issuer")
	}
	set := map[string]any{
		"sub":       sub,
		"iss":       s.Issuer,
		"token_use": use,
		"auth_time": subject.AuthTime.Unix(),
		"iat":       now.Unix(),
		"exp":       now.Add(lifetime).Unix(),
		"jti":       uuid.NewString(),
		"event_id":  subject.EventID,
	}
	if subject.OriginJTI != "" {
		set["origin_jti"] = subject.OriginJTI
	}
	if subject.Level != "" {
		set["acr"] = subject.Level
	}
	setList(set, "amr", subject.Methods)
	if subject.Actor != nil {
		set["act"] = subject.Actor
	}
	return set, nil
}

// accessVersion is the claim version of access tokens that the endpoints of OAuth 2.0 grant.
const accessVersion = 2

// hashOf returns the claim at_hash for an access token.
//
// See https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken
func hashOf(accessToken string) string {
	sum := sha256.Sum256([]byte(accessToken))
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}

func setList(set map[string]any, name string, list []string) {
	if len(list) > 0 {
		set[name] = list
	}
}

// attributeClaim converts an attribute, which is a string, to the JSON type of its claim.
func attributeClaim(name, value string) any {
	switch name {
	case "email_verified", "phone_number_verified":
		return cognito.IsTrue(value)
	case "updated_at":
		if number, err := strconv.ParseInt(value, 10, 64); err == nil {
			return number
		}
	case "address":
		return map[string]string{"formatted": value}
	case "identities":
		if list, ok := identitiesClaim(value); ok {
			return list
		}
	}
	return value
}

// identitiesClaim parses the attribute's JSON list. In the claim, every value is a string or null.
func identitiesClaim(value string) ([]map[string]any, bool) {
	var list []map[string]json.RawMessage
	if json.Unmarshal([]byte(value), &list) != nil {
		return nil, false
	}
	identities := make([]map[string]any, 0, len(list))
	for _, members := range list {
		identity := make(map[string]any, len(members))
		for name, raw := range members {
			var text *string
			if json.Unmarshal(raw, &text) != nil {
				identity[name] = string(raw)
			} else if text != nil {
				identity[name] = *text
			} else {
				identity[name] = nil
			}
		}
		identities = append(identities, identity)
	}
	return identities, true
}
