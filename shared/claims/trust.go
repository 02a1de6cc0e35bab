package claims

import (
	"fmt"
	"slices"
	"strings"
)

// standardAttribute reports whether name is a standard attribute of user pools. An app client can write all of them
// unless its settings say otherwise. See
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

// cognitoAttribute reports whether only Cognito itself writes the attribute. cognito:mfa_enabled is not such an
// attribute: users can change it.
func cognitoAttribute(name string) bool {
	switch name {
	case "sub", "cognito:user_status":
		return true
	}
	return false
}

// poolAttribute reports whether name can be a user's attribute in an event.
func poolAttribute(name string) bool {
	return standardAttribute(name) || customAttribute(name) || name == "sub" || name == "identities" ||
		strings.HasPrefix(name, "cognito:")
}

func checkAttribute(name string) error {
	if poolAttribute(name) {
		return nil
	}
	return fmt.Errorf("%q is not a standard attribute; write a custom attribute with its prefix: custom:%s", name, name)
}

// trust lists the attributes that only administrators write, and those mapped from an identity provider.
type trust struct{ adminOnly, mapped []string }

// writer is who can choose the value of a source, from the most to the least trusted.
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

// needsMark reports whether a rule must say "trust": "user" to take such a value.
func (w writer) needsMark() bool { return w >= byUser }

func (t trust) writerOf(s source) writer {
	switch s.kind {
	case fromMetadata:
		return byCaller
	case fromAttribute:
		return t.writerOfAttribute(s.name)
	case fromProfileAttribute:
		// A profile starts as a copy of the user's attributes. Any other name comes from the back office.
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

// AuthorityName reports whether a reader of a token may grant something because of a claim of this name. It errs on the
// safe side: a claim that only sounds like authority can be renamed, or taken from a source that administrators write.
func AuthorityName(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "email_verified", "phone_number_verified":
		return true
	}
	return containsAny(name, "role", "group", "scope", "perm", "entitlement", "privilege", "authorit", "admin",
		"superuser", "owner", "right", "acl", "capabilit", "root", "sudo", "polic")
}

// identityClaim reports whether a reader of the token may identify the user, the app client or the customer by the
// claim: it is named like an attribute, or as access tokens or common libraries name an identity.
func identityClaim(name string) bool {
	name = strings.ToLower(name)
	return poolAttribute(name) || saysWho(name)
}

// borrowsIdentity reports whether a claim that says who the user or the customer is takes the value of something else.
// Under its own name, Cognito's attribute is what it says.
func borrowsIdentity(a *claimAction) bool {
	name := strings.ToLower(a.name)
	switch name {
	case "sub", "email", "phone_number", "preferred_username":
	default:
		if !saysWho(name) {
			return false
		}
	}
	return !standardAttribute(a.name) || a.source.name != a.name
}

// saysWho reports whether the name of a claim, in lower case, has a part that stands for the user, the app client or
// the customer.
func saysWho(name string) bool {
	return containsAny(strings.NewReplacer("_", "", "-", "").Replace(name), "username", "userid", "clientid", "tenant")
}

func containsAny(name string, words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(name, word) })
}
