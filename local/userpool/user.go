package userpool

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// maxIdentities is how many federated identities a user can have.
const maxIdentities = 5

// User is one user of the pool.
type User struct {
	Name       string
	Status     string // for example CONFIRMED
	Disabled   bool
	Attributes map[string]string // identities among them, as a text that holds a JSON list
}

func (u User) clone() *User {
	u.Attributes = maps.Clone(u.Attributes)
	if u.Attributes == nil {
		u.Attributes = map[string]string{}
	}
	return &u
}

// identity is one entry of the identities attribute.
type identity struct {
	UserID       string  `json:"userId"`
	ProviderName string  `json:"providerName"`
	ProviderType string  `json:"providerType"`
	Issuer       *string `json:"issuer"`
	Primary      bool    `json:"primary"`
	DateCreated  int64   `json:"dateCreated"`
}

func (u *User) identities() []identity {
	var list []identity
	_ = json.Unmarshal([]byte(u.Attributes["identities"]), &list) // no attribute: no identities
	return list
}

func (u *User) addIdentity(added identity) error {
	text, err := json.Marshal(append(u.identities(), added))
	if err != nil {
		return err
	}
	u.Attributes["identities"] = string(text)
	return nil
}

type attribute struct{ Name, Value string }

func (u *User) attributeList() []attribute {
	list := make([]attribute, 0, len(u.Attributes))
	for _, name := range slices.Sorted(maps.Keys(u.Attributes)) {
		list = append(list, attribute{name, u.Attributes[name]})
	}
	return list
}

// find looks a user up as the Admin operations do: by name, or by sub. Names do not count their case.
func (s *Server) find(name string) (*User, error) {
	for _, user := range s.users {
		if strings.EqualFold(user.Name, name) || user.Attributes["sub"] == name && name != "" {
			return user, nil
		}
	}
	return nil, userNotFound()
}
