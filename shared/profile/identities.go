package profile

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// IdentitiesAttribute is the user attribute with a federated user's identities: a JSON array as a string.
const IdentitiesAttribute = "identities"

// maxIdentitiesBytes limits what is parsed. Cognito limits an attribute's value to 2,048 bytes and a user's linked
// identities to five.
const maxIdentitiesBytes = 32 << 10

// Identity is one external identity of a federated or linked user.
type Identity struct {
	ProviderName string    `json:"provider_name"` // the provider's name in the pool
	ProviderType string    `json:"provider_type"` // Google, SAML, OIDC, …
	UserID       string    `json:"user_id"`       // the provider's id of the user
	Issuer       string    `json:"issuer,omitempty"`
	Primary      bool      `json:"primary"`
	DateCreated  time.Time `json:"date_created,omitzero"`
}

// ParseIdentities reads the value of the identities attribute. It accepts both spellings that Cognito uses: "true" and
// true, a date as a string or a number. It leaves out what it cannot read and then returns both the readable identities
// and an error, which names the kind of problem but no value. An empty value has no identities.
func ParseIdentities(value string) ([]Identity, error) {
	if strings.TrimSpace(value) == "" {
		return nil, nil
	}
	if len(value) > maxIdentitiesBytes {
		return nil, fmt.Errorf("identities: %d bytes, more than %d", len(value), maxIdentitiesBytes)
	}
	var elements []json.RawMessage
	if err := json.Unmarshal([]byte(value), &elements); err != nil {
		return nil, errors.New("identities: not a JSON array")
	}
	var identities []Identity
	dropped := 0
	for _, element := range elements {
		identity, ok := parseIdentity(element)
		if !ok {
			dropped++
			continue
		}
		identities = append(identities, identity)
	}
	if dropped > 0 {
		return identities, fmt.Errorf("identities: %d of %d entries without a provider and a user id", dropped, len(elements))
	}
	return identities, nil
}

func parseIdentity(element json.RawMessage) (Identity, bool) {
	var members map[string]any
	decoder := json.NewDecoder(strings.NewReader(string(element)))
	decoder.UseNumber() // a numeric user id must not become 1.0e+20
	if err := decoder.Decode(&members); err != nil {
		return Identity{}, false
	}
	identity := Identity{
		ProviderName: text(members["providerName"]),
		ProviderType: text(members["providerType"]),
		UserID:       text(members["userId"]),
		Issuer:       text(members["issuer"]),
		Primary:      strings.EqualFold(text(members["primary"]), "true"),
		DateCreated:  date(text(members["dateCreated"])),
	}
	return identity, identity.ProviderName != "" && identity.UserID != ""
}

// text returns the text of a JSON scalar, or "" for null, arrays and objects.
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// lastMilli is the end of the year 9999, the last one in RFC 3339.
const lastMilli = 253402300799999

// date reads milliseconds since 1970, Cognito's form of dateCreated. It returns the zero time for anything else.
func date(milliseconds string) time.Time {
	ms, err := strconv.ParseInt(milliseconds, 10, 64)
	if err != nil || ms <= 0 || ms > lastMilli {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
