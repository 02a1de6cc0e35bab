package userpool

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"cognito-triggers/local/userpool/state"
)

// maxIdentities is how many federated identities a user can have.
const maxIdentities = 5

// identity is one entry of the identities attribute.
type identity struct {
	UserID       string  `json:"userId"`
	ProviderName string  `json:"providerName"`
	ProviderType string  `json:"providerType"`
	Issuer       *string `json:"issuer"`
	Primary      bool    `json:"primary"`
	DateCreated  int64   `json:"dateCreated"`
}

func identities(u state.User) []identity {
	var list []identity
	_ = json.Unmarshal([]byte(u.Attributes["identities"]), &list) // no attribute: no identities
	return list
}

func setIdentities(u *state.User, list []identity) error {
	if len(list) == 0 {
		delete(u.Attributes, "identities")
		return nil
	}
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	u.Attributes["identities"] = string(text)
	return nil
}

func attributeList(all map[string]string) []attribute {
	list := make([]attribute, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, attribute{name, all[name]})
	}
	return list
}

// setAttributes changes a user's attributes; an empty value removes one. A changed address is no longer verified.
func setAttributes(u *state.User, values map[string]string) {
	for name, value := range values {
		if verified := name + "_verified"; (name == "email" || name == "phone_number") && u.Attributes[name] != value {
			if _, given := values[verified]; !given {
				u.Attributes[verified] = "false"
			}
		}
		if value == "" {
			delete(u.Attributes, name)
			if name == "email" || name == "phone_number" {
				delete(u.Attributes, name+"_verified")
			}
			continue
		}
		u.Attributes[name] = value
	}
}

// seconds is a time as the API writes it.
type seconds time.Time

// MarshalJSON writes seconds since 1970 with a fraction.
func (t seconds) MarshalJSON() ([]byte, error) {
	return json.Marshal(float64(time.Time(t).UnixMilli()) / 1000)
}

// userType is AWS's UserType.
type userType struct {
	Username             string
	Attributes           []attribute
	UserCreateDate       seconds
	UserLastModifiedDate seconds
	Enabled              bool
	UserStatus           string
}

func userTypeOf(u state.User) userType {
	return userType{u.Username, attributeList(u.Attributes), seconds(u.Created), seconds(u.Modified), !u.Disabled, u.Status}
}
