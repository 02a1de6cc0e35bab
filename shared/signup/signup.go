// Package signup holds the rules that decide whether an account may be created: who may sign up at all, which
// attributes a client may bring along, what a user name and an e-mail address may look like and which e-mail domains
// are welcome. Data goes in and a decision comes out; nothing here knows Cognito's events or calls AWS.
package signup

import (
	"cognito-triggers/shared/signup/disposable"
)

// Source tells who creates the account.
type Source int

// The three ways in which an account comes to be.
const (
	SelfSignUp   Source = iota // somebody registers through an app client
	AdminCreated               // an administrator creates the user
	Federated                  // an identity provider vouches for the user, on the first sign-in
)

// Applicant is the account to be.
type Applicant struct {
	Source     Source
	Username   string
	Attributes map[string]string // by Cognito's names: "email", "custom:role"
}

// Rules are what applicants are measured by. The zero value lets in everybody whose e-mail address, if any, is sane.
type Rules struct {
	InviteOnly          bool           // refuses self sign-up
	ProtectedAttributes AttributeNames // refused at self sign-up, where the client chose the value
	Username            UsernameRules  // for self sign-up
	RefuseMixedScripts  bool           // in e-mail domains, and in the names of self sign-up
	Allowed             DomainList     // if not empty, the only e-mail domains that are welcome
	Denied              DomainList     // wins over Allowed
	RefuseDisposable    bool           // for all but the accounts that an administrator creates
	NotDisposable       DomainList     // domains that the list of disposable ones names wrongly
}

// Refusal says which rule refused an applicant and what to tell them.
type Refusal struct {
	Rule string // stable and free of the applicant's data, for metrics and logs
	Text string // for the end user: no values, double quotes or line breaks, since it may travel in a URL
}

// The refusals. A list's content stays unsaid: the texts for a domain that is denied, not allowed or disposable are
// one.
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

// defaultValue is what Cognito puts into a required attribute that the identity provider did not supply.
const defaultValue = "cognito:default_val"

// EmailOf returns the e-mail attribute, "" where the account has none.
func EmailOf(attributes map[string]string) string {
	if email := attributes["email"]; email != defaultValue {
		return email
	}
	return ""
}

// Refuse tells whether the applicant is refused, and by which rule; the first rule that objects decides.
func (r Rules) Refuse(a Applicant) (Refusal, bool) {
	if a.Source == SelfSignUp {
		if refusal, refused := r.refuseClient(a); refused {
			return refusal, true
		}
	}
	email := EmailOf(a.Attributes)
	if email == "" {
		// Somebody who registers by phone proves no domain, which a list of allowed domains asks for.
		return emailRequired, !r.Allowed.Empty()
	}
	return r.refuseEmail(a.Source, email)
}

// refuseClient holds the rules for what an app client, and so anybody, may send.
func (r Rules) refuseClient(a Applicant) (Refusal, bool) {
	switch {
	case r.InviteOnly:
		return inviteOnly, true
	case r.ProtectedAttributes.containsAny(a.Attributes):
		return protectedAttribute, true
	case !r.Username.allow(a.Username), r.RefuseMixedScripts && !usernameScripts(a.Username):
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
		return Refusal{}, false // also where the list of disposable domains has it: naming a domain is the better knowledge
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
