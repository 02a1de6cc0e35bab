package state

import "encoding/json"

// Identity is one entry of the identities attribute: a user at an identity provider.
type Identity struct {
	UserID       string  `json:"userId"`
	ProviderName string  `json:"providerName"`
	ProviderType string  `json:"providerType"`
	Issuer       *string `json:"issuer"`
	Primary      bool    `json:"primary"`
	DateCreated  int64   `json:"dateCreated"` // milliseconds
}

// identityKey is what makes an identity unique in a pool.
type identityKey struct{ provider, user string }

func (id Identity) key() identityKey { return identityKey{id.ProviderName, id.UserID} }

const identities = "identities"

// Identities returns the user's linked identities.
func (u *User) Identities() []Identity {
	if u.Attributes[identities] == "" {
		return nil
	}
	var list []Identity
	_ = json.Unmarshal([]byte(u.Attributes[identities]), &list) // the attribute is written by SetIdentities alone
	return list
}

// SetIdentities replaces the user's linked identities.
func (u *User) SetIdentities(list []Identity) error {
	if len(list) == 0 {
		delete(u.Attributes, identities)
		return nil
	}
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	u.Attributes[identities] = string(text)
	return nil
}
