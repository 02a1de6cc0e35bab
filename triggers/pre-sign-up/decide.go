package main

import (
	"strings"
	"unicode"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/signup"
)

// identity is a user as an identity provider knows them.
type identity struct {
	Provider string // spelled as in the user pool
	Subject  string // the provider's own id of the user
}

// maxIdentities is how many identities Cognito links to one user.
const maxIdentities = 5

// The refusals of linking. Who reads them has proved to own the address, at the identity provider.
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
		Text: "Your account is linked to as many identity providers as possible",
	}
	cannotLink = signup.Refusal{
		Rule: "LinkImpossible",
		Text: "Your account cannot be linked to this identity provider. Please contact support",
	}
)

// identify reads a federated user's name, <Provider>_<subject>, by the longest listed provider that it begins with.
// Cognito may spell the provider in other case than the pool does (google_1234 for Google).
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

// foldedIn tells whether the user name spells the provider in other case than the pool: then its subject may be spelled
// otherwise than the provider has it, too.
func (id identity) foldedIn(userName string) bool {
	return !strings.HasPrefix(userName, id.Provider+"_")
}

// confirm checks that the event says who the user is and that the provider verified the address. Where the event has
// the identities attribute it must agree; its spelling of the subject counts where the user name's is folded.
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

// soundSubject tells a subject from what programs write where there is none.
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

// among finds the identity in a list. A folded one is found in other case as well, spelled as there, unless the list
// has several spellings: to some providers they are several people.
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

// spellingLost tells whether nothing says how the provider spells the subject. Figures have one spelling.
func (id identity) spellingLost(attributes events.Attributes, folded bool) bool {
	return folded && attributes[profile.IdentitiesAttribute] == "" && strings.ContainsFunc(id.Subject, unicode.IsLetter)
}

// linkedTo tells whether the user has the identity already. An identities attribute that cannot be read whole is an
// error.
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
	goOn       decision = iota // a new user, or one who is linked already
	makeLink                   // to the user that comes with it
	refuseLink                 // for the reason that comes with it
)

// decide chooses among the users that the pool has for an address. Users of identity providers have no password and are
// no account to link to. The account whose owner proved the address is the one, whatever others somebody opened with
// it: those must not lock its owner out.
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

// owns tells whether the user may sign in and has proved to own the address.
func (u user) owns() bool {
	return u.Enabled && u.Status == "CONFIRMED" && u.Attributes["email_verified"] == "true"
}

// judge decides about the one account. An account that somebody opened with an address which they never proved to own
// must not receive its owner's sign-ins.
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
