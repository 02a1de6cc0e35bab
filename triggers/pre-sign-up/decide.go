package main

import (
	"strings"
	"unicode"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/signup"
)

// identity is a user of an identity provider.
type identity struct {
	Provider string // spelled as in the user pool
	Subject  string // the provider's id of the user
}

// maxIdentities is how many identities Cognito can link to one user.
const maxIdentities = 5

// The refusals of linking. Their readers have proved to the identity provider that they own the address.
var (
	noSubject       = signup.Refusal{Rule: "LinkNoSubject", Text: "The identity provider did not say who you are"}
	subjectSpelling = signup.Refusal{
		Rule: "LinkSubjectSpelling",
		Text: "Your account cannot be linked to this identity provider. Please contact support",
	}
	subjectMismatch = signup.Refusal{
		Rule: "LinkSubjectMismatch",
		Text: "The identity provider's answer is contradictory",
	}
	emailUnverified = signup.Refusal{
		Rule: "LinkEmailUnverified",
		Text: "The identity provider has not verified your e-mail address",
	}
	severalAccounts = signup.Refusal{
		Rule: "LinkSeveralAccounts",
		Text: "Several accounts have this e-mail address. Please contact support",
	}
	accountUnverified = signup.Refusal{
		Rule: "LinkAccountUnverified",
		Text: "An account with this e-mail address exists but is not verified. Please contact support",
	}
	accountDisabled = signup.Refusal{
		Rule: "LinkAccountDisabled",
		Text: "The account with this e-mail address is disabled",
	}
	otherIdentity = signup.Refusal{
		Rule: "LinkOtherIdentity",
		Text: "Your account is linked to another user of this identity provider",
	}
	tooManyIdentities = signup.Refusal{
		Rule: "LinkTooManyIdentities",
		Text: "Your account is linked to the maximum number of identity providers",
	}
	cannotLink = signup.Refusal{
		Rule: "LinkImpossible",
		Text: "Your account cannot be linked to this identity provider. Please contact support",
	}
)

// identify splits a federated user's name, <Provider>_<subject>, at the longest listed provider that it begins with.
// Cognito may write the provider in a different case than the pool (google_1234 for Google).
func identify(providers []string, userName string) (identity, bool) {
	var id identity
	for _, provider := range providers {
		end := len(provider) + 1
		if len(provider) > len(id.Provider) && len(userName) >= end && strings.EqualFold(userName[:end], provider+"_") {
			id = identity{provider, userName[end:]}
		}
	}
	return id, id.Provider != ""
}

// foldedIn reports whether the user name has the provider in a different case than the pool. Then the case of the
// subject may differ from the provider's, too.
func (id identity) foldedIn(userName string) bool {
	return !strings.HasPrefix(userName, id.Provider+"_")
}

// confirm checks that the event identifies the user and that the provider verified the address. If the event has the
// identities attribute, it must agree; it also gives the spelling of the subject if the user name is folded.
func (id identity) confirm(attributes events.Attributes, folded bool) (identity, signup.Refusal) {
	if !soundSubject(id.Subject) {
		return id, noSubject
	}
	if value := attributes[profile.IdentitiesAttribute]; value != "" {
		identities, err := profile.ParseIdentities(value)
		spelled, found := id.among(identities, folded)
		if err != nil || !found {
			return id, subjectMismatch
		}
		id = spelled
	}
	if signup.EmailOf(attributes) == "" || attributes["email_verified"] != "true" {
		return id, emailUnverified
	}
	return id, signup.Refusal{}
}

// soundSubject reports whether subject is real, and not what programs write if there is none.
func soundSubject(subject string) bool {
	lower := strings.ToLower(subject)
	switch strings.Trim(lower, "()<>[]{}") {
	case "", "null", "undefined", "none", "nil":
		return false
	}
	return !strings.HasPrefix(lower, "[object") && !strings.ContainsFunc(subject, func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r)
	})
}

// among finds the identity in a list. A folded identity also matches in another case and is returned in the list's
// spelling, unless the list has several spellings: for some providers, those are different people.
func (id identity) among(identities []profile.Identity, folded bool) (identity, bool) {
	var found identity
	for _, other := range identities {
		if other.ProviderName != id.Provider || other.UserID != id.Subject &&
			!(folded && strings.EqualFold(other.UserID, id.Subject)) {
			continue
		}
		if found != (identity{}) && found.Subject != other.UserID {
			return identity{}, false
		}
		found = identity{id.Provider, other.UserID}
	}
	return found, found != identity{}
}

// spellingLost reports whether the provider's spelling of the subject is unknown. A subject of digits has only one.
func (id identity) spellingLost(attributes events.Attributes, folded bool) bool {
	return folded && attributes[profile.IdentitiesAttribute] == "" && strings.ContainsFunc(id.Subject, unicode.IsLetter)
}

// linkedTo reports whether the user already has the identity. It returns an error if part of the identities attribute
// is unreadable.
func (id identity) linkedTo(u user) (bool, error) {
	identities, err := profile.ParseIdentities(u.Attributes[profile.IdentitiesAttribute])
	if err != nil {
		return false, err
	}
	for _, other := range identities {
		if other.ProviderName == id.Provider && other.UserID == id.Subject {
			return true, nil
		}
	}
	return false, nil
}

// decision is what to do with a federated user whose address is verified.
type decision int

const (
	goOn       decision = iota // a new user, or one who is already linked
	makeLink                   // to the returned user
	refuseLink                 // for the returned reason
)

// decide chooses among the pool's users with an address. Users of identity providers have no password, so nothing is
// linked to them. The account whose owner has proved the address wins over other accounts with it, which must not lock
// the owner out.
func decide(found []user, email string, id identity) (user, decision, signup.Refusal) {
	var native, owners []user
	for _, u := range found {
		if u.Status == "EXTERNAL_PROVIDER" || !sameAddress(u.Attributes["email"], email) {
			continue
		}
		native = append(native, u)
		if u.owns() {
			owners = append(owners, u)
		}
	}
	if len(owners) > 0 {
		native = owners
	}
	switch {
	case len(native) == 0:
		return user{}, goOn, signup.Refusal{}
	case len(native) > 1:
		return user{}, refuseLink, severalAccounts
	}
	return judge(native[0], id)
}

func sameAddress(a, b string) bool {
	x, errX := signup.ParseEmail(a)
	y, errY := signup.ParseEmail(b)
	return errX == nil && errY == nil && x.Same(y)
}

// owns reports whether the user may sign in and has proved ownership of the address.
func (u user) owns() bool {
	return u.Enabled && u.Status == "CONFIRMED" && cognito.IsTrue(u.Attributes["email_verified"])
}

// judge decides about the only account. Somebody may have opened it without proving to own the address; it must not
// receive the sign-ins of the address's owner.
func judge(owner user, id identity) (user, decision, signup.Refusal) {
	switch {
	case !owner.Enabled:
		return user{}, refuseLink, accountDisabled
	case !owner.owns():
		return user{}, refuseLink, accountUnverified
	}
	identities, err := profile.ParseIdentities(owner.Attributes[profile.IdentitiesAttribute])
	if err != nil {
		return user{}, refuseLink, cannotLink
	}
	if linked, _ := id.linkedTo(owner); linked {
		return owner, goOn, signup.Refusal{}
	}
	for _, other := range identities {
		if strings.EqualFold(other.ProviderName, id.Provider) {
			return user{}, refuseLink, otherIdentity
		}
	}
	if len(identities) >= maxIdentities {
		return user{}, refuseLink, tooManyIdentities
	}
	return owner, makeLink, signup.Refusal{}
}
