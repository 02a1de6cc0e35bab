// Package signup holds the rules that decide whether an account may be created: who may sign up, which attributes a
// client may set, which user names and e-mail addresses are valid, and which e-mail domains are accepted. The rules are
// functions of data; the package neither knows Cognito's events nor calls AWS.
package signup

import (
	"cognito-triggers/shared/signup/disposable"
)

// Source is who creates the account.
type Source int

// The three ways to create an account.
const (
	SelfSignUp   Source = iota // somebody registers through an app client
	AdminCreated               // an administrator creates the user
	Federated                  // an identity provider vouches for the user, on the first sign-in
)

// Applicant is the account to be created.
type Applicant struct {
	Source     Source
	Username   string
	Attributes map[string]string // by Cognito's names: "email", "custom:role"
}

// Rules are the rules for applicants. The zero value accepts everybody whose e-mail address, if any, is valid.
type Rules struct {
	InviteOnly          bool           // refuses self sign-up
	ProtectedAttributes AttributeNames // refused at self sign-up, where the client sets attributes
	Username            UsernameRules  // for self sign-up
	RefuseMixedScripts  bool           // in e-mail domains, and in the names of self sign-up
	Allowed             DomainList     // if not empty, the only e-mail domains that are accepted
	Denied              DomainList     // wins over Allowed
	RefuseDisposable    bool           // except for accounts that an administrator creates
	NotDisposable       DomainList     // domains that are on the disposable list by mistake
}

// Refusal is the rule that refused an applicant and the text for them.
type Refusal struct {
	Rule string // stable and free of the applicant's data, for metrics and logs
	Text string // for the end user, without values, double quotes or line breaks, because it may be part of a URL
}

// The refusals. Denied, not allowed and disposable domains have the same text, so that it does not reveal a list's
// content.
var (
	inviteOnly         = Refusal{"InviteOnly", "Registration is by invitation only"}
	protectedAttribute = Refusal{"ProtectedAttribute", "An attribute in this registration may not be set by the user"}
	badUsername        = Refusal{"Username", "This user name is not allowed"}
	badEmail           = Refusal{"EmailSyntax", "The e-mail address is not valid"}
	mixedScripts       = Refusal{"MixedScripts", "The e-mail address mixes alphabets and is not accepted"}
	emailRequired      = Refusal{"EmailRequired", "An e-mail address is required"}
	domainDenied       = Refusal{"DomainDenied", domainText}
	domainNotAllowed   = Refusal{"DomainNotAllowed", domainText}
	domainDisposable   = Refusal{"DomainDisposable", domainText}
)

const domainText = "E-mail addresses of this domain are not accepted"

// defaultValue is Cognito's value of a required attribute that the identity provider did not supply.
const defaultValue = "cognito:default_val"

// EmailOf returns the e-mail attribute, or "" if the account has none.
func EmailOf(attributes map[string]string) string {
	if email := attributes["email"]; email != defaultValue {
		return email
	}
	return ""
}

// Refuse returns the first refusal of the rules, and whether there is one.
func (r Rules) Refuse(a Applicant) (Refusal, bool) {
	if a.Source == SelfSignUp {
		if refusal, refused := r.refuseClient(a); refused {
			return refusal, true
		}
	}
	email := EmailOf(a.Attributes)
	if email == "" {
		// A list of allowed domains requires an address; a user who registers by phone has no domain.
		return emailRequired, !r.Allowed.Empty()
	}
	return r.refuseEmail(a.Source, email)
}

// refuseClient applies the rules for values that an app client, and so anybody, can send.
func (r Rules) refuseClient(a Applicant) (Refusal, bool) {
	switch {
	case r.InviteOnly:
		return inviteOnly, true
	case r.ProtectedAttributes.containsAny(a.Attributes):
		return protectedAttribute, true
	case !r.Username.allow(a.Username), r.RefuseMixedScripts && !usernameScripts(a.Username):
		return badUsername, true
	}
	// A user may sign in by the preferred user name and be shown under it.
	preferred := a.Attributes["preferred_username"]
	if deceives(preferred) || r.RefuseMixedScripts && !usernameScripts(preferred) {
		return badUsername, true
	}
	return Refusal{}, false
}

func (r Rules) refuseEmail(source Source, email string) (Refusal, bool) {
	address, err := ParseEmail(email)
	switch {
	case err != nil:
		return badEmail, true
	case r.RefuseMixedScripts && !domainScripts(address.Domain):
		return mixedScripts, true
	case r.Denied.Contains(address.Domain):
		return domainDenied, true
	case r.Allowed.Contains(address.Domain):
		return Refusal{}, false // even if it is on the disposable list: the operator's own list wins
	case !r.Allowed.Empty():
		return domainNotAllowed, true
	case r.refusesDisposable(source) && disposable.Contains(address.Domain) && !r.NotDisposable.Contains(address.Domain):
		return domainDisposable, true
	}
	return Refusal{}, false
}

func (r Rules) refusesDisposable(source Source) bool {
	return r.RefuseDisposable && source != AdminCreated
}
