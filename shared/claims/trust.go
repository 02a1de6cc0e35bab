package claims

import (
	"fmt"
	"slices"
	"strings"
)

// standardAttribute tells whether the name is one of a user pool's standard attributes, all of which an app client can
// write unless its settings say otherwise. See
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
func standardAttribute(name string) bool {
	switch name {
	case "address", "birthdate", "email", "email_verified", "family_name", "gender", "given_name", "locale", "middle_name",
		"name", "nickname", "phone_number", "phone_number_verified", "picture", "preferred_username", "profile",
		"updated_at", "website", "zoneinfo":
		return true
	}
	return false
}

func customAttribute(name string) bool {
	for _, prefix := range []string{"custom:", "dev:custom:"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "" {
			return true
		}
	}
	return false
}

// cognitoAttribute tells whether only Cognito itself writes the attribute. cognito:mfa_enabled is not among them: users
// switch it.
func cognitoAttribute(name string) bool {
	switch name {
	case "sub", "cognito:user_status":
		return true
	}
	return false
}

// poolAttribute tells whether the name can be a user's attribute in an event.
func poolAttribute(name string) bool {
	return standardAttribute(name) || customAttribute(name) || name == "sub" || name == "identities" ||
		strings.HasPrefix(name, "cognito:")
}

func checkAttribute(name string) error {
	if poolAttribute(name) {
		return nil
	}
	return fmt.Errorf("%q is no standard attribute: a custom one is written with its prefix, as custom:%s", name, name)
}

// trust knows which attributes only administrators write, and which come from an identity provider.
type trust struct{ adminOnly, mapped []string }

// writer tells who can choose what a source says.
type writer int

const (
	byOperator writer = iota // administrators, the back office or Cognito
	byUserOnce               // the user, before the account was made: a user name
	byUser                   // the user, at any time, through an app client
	byProvider               // the identity provider; the app client can write it as well
	byCaller                 // whoever calls Cognito
)

func (w writer) String() string {
	switch w {
	case byUserOnce:
		return "is chosen by the user"
	case byUser:
		return "can be written by the user through an app client"
	case byProvider:
		return "is mapped from an identity provider, so app clients can write it"
	case byCaller:
		return "is the caller's own input"
	}
	return "is written by administrators"
}

// needsMark tells whether a rule must say that it knows whose input this is.
func (w writer) needsMark() bool { return w >= byUser }

func (t trust) writerOf(s source) writer {
	switch s.kind {
	case fromMetadata:
		return byCaller
	case fromAttribute:
		return t.writerOfAttribute(s.name)
	case fromProfileAttribute:
		// A profile starts as a copy of the user's attributes. Names that no attribute has come from the back office.
		if poolAttribute(s.name) {
			return t.writerOfAttribute(s.name)
		}
	case fromProfileField:
		if s.name == "username" {
			return byUserOnce
		}
	}
	return byOperator
}

func (t trust) writerOfAttribute(name string) writer {
	switch {
	case slices.Contains(t.mapped, name):
		return byProvider
	case cognitoAttribute(name), slices.Contains(t.adminOnly, name):
		return byOperator
	}
	return byUser
}

// authorityClaim tells whether readers of a token may grant something because of the claim. It errs on the safe side: a
// claim that only sounds like authority can be named differently, or taken from what administrators write.
func authorityClaim(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "email_verified", "phone_number_verified":
		return true
	}
	return containsAny(name, "role", "group", "scope", "perm", "entitlement", "privilege", "authorit", "admin",
		"superuser",
		"owner", "right", "acl", "capabilit", "root", "sudo", "polic")
}

// identityClaim tells whether readers of a token may take the claim for who the user, the app client or the customer
// is: it has an attribute's name, or one that the access token or common libraries use for that.
func identityClaim(name string) bool {
	name = strings.ToLower(name)
	return poolAttribute(name) || containsAny(strings.NewReplacer("_", "", "-", "").Replace(name),
		"username", "userid", "clientid", "tenant")
}

func containsAny(name string, words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(name, word) })
}
