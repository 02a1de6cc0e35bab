package migration

import (
	"strings"

	"cognito-triggers/shared/signup"
)

// Rules are how accounts become users of the pool.
type Rules struct {
	Mapping Mapping
	Policy  Policy // the pool's: Cognito does not apply it to a password that comes by migration
	// DropSecondFactor lets users with a second factor come, who then have none.
	DropSecondFactor bool
}

// Outcome is what becomes of a user.
type Outcome string

// The outcomes.
const (
	Migrates      Outcome = "migrates"       // the user is made, with the password of the sign-in
	ResetRequired Outcome = "reset required" // the user is made, and has to reset the password
	Refused       Outcome = "refused"        // nobody is made
)

// Reason says why a user is refused, or has to reset the password.
type Reason string

// The reasons.
const (
	Disabled      Reason = "Disabled"      // the account is disabled in the source
	SecondFactor  Reason = "SecondFactor"  // the source asks for a second factor
	OtherAddress  Reason = "OtherAddress"  // the account's address is not the one that was typed
	BadAddress    Reason = "BadAddress"    // the account's e-mail address or phone number is none
	NoAttributes  Reason = "NoAttributes"  // the mapping leaves nothing over, and Cognito needs something
	Unverified    Reason = "Unverified"    // no address is verified that a code could be sent to
	WeakPassword  Reason = "WeakPassword"  // the password is below the policy
	SourceDemands Reason = "SourceDemands" // the source wants another password, or cannot check it
	Forgotten     Reason = "Forgotten"     // the user forgot the password
)

// Decision is what becomes of one user.
type Decision struct {
	Outcome Outcome
	Reason  Reason // "" for Migrates
	// Attributes of the user pool, unless the outcome is Refused. The verified flags are there only if they are true.
	Attributes map[string]string
}

// SignIn decides about a user who signs in with a password that the source has found right.
//
// A password below the policy, or one that the source wants replaced, is not taken over: the user is made and has to
// reset it. That needs an address that the source has verified; without one the user could never sign in, so nobody is
// made.
func (r Rules) SignIn(name, password string, a Account) Decision {
	d := r.describe(name, a)
	if d.Outcome == Refused {
		return d
	}
	switch {
	case a.ResetRequired:
		d.Outcome, d.Reason = ResetRequired, SourceDemands
	case !r.Policy.Allows(password):
		d.Outcome, d.Reason = ResetRequired, WeakPassword
	default:
		return d
	}
	if !reachable(d.Attributes) {
		return refused(Unverified)
	}
	return d
}

// Forgot decides about a user who forgot the password, and so has proved nothing. Only a code that reaches an address
// which the source has verified can show that it is the user.
func (r Rules) Forgot(name string, a Account) Decision {
	d := r.describe(name, a)
	switch {
	case d.Outcome == Refused:
		return d
	case !reachable(d.Attributes):
		return refused(Unverified)
	}
	d.Outcome, d.Reason = ResetRequired, Forgotten
	return d
}

// Owns reports whether the account keeps its names and addresses in the source from being registered by others.
func (a Account) Owns() bool { return !a.Disabled }

// describe decides what does not depend on the password.
func (r Rules) describe(name string, a Account) Decision {
	switch {
	case a.Disabled:
		return refused(Disabled)
	case a.SecondFactor && !r.DropSecondFactor:
		return refused(SecondFactor)
	}
	attributes := r.Mapping.Apply(a)
	email, phone := attributes[emailAttribute], attributes[phoneAttribute]
	switch {
	case len(attributes) == 0:
		return refused(NoAttributes)
	case email != "" && !isEmail(email), phone != "" && !isPhone(phone):
		return refused(BadAddress)
	case !sameAddress(name, email, phone):
		return refused(OtherAddress)
	}
	return Decision{Outcome: Migrates, Attributes: attributes}
}

func refused(why Reason) Decision { return Decision{Outcome: Refused, Reason: why} }

func reachable(attributes map[string]string) bool {
	return attributes[emailAttribute+verifiedSuffix] != "" || attributes[phoneAttribute+verifiedSuffix] != ""
}

// sameAddress reports whether an address that was typed is the account's. Otherwise somebody could sign in as one user
// and get another user's address, in a pool whose users sign in with their address.
func sameAddress(name, email, phone string) bool {
	switch {
	case email != "" && strings.Contains(name, "@"):
		typed, err := signup.ParseEmail(name)
		own, _ := signup.ParseEmail(email) // describe has parsed it
		return err == nil && typed.Same(own)
	case phone != "" && isPhone(name):
		return name == phone
	}
	return true
}

func isEmail(text string) bool {
	_, err := signup.ParseEmail(text)
	return err == nil
}

// isPhone reports whether the text is a phone number as Cognito takes it: a plus sign and up to 15 digits (E.164).
func isPhone(text string) bool {
	digits, plus := strings.CutPrefix(text, "+")
	other := func(r rune) bool { return r < '0' || r > '9' }
	return plus && len(digits) >= 2 && len(digits) <= 15 && digits[0] != '0' && !strings.ContainsFunc(digits, other)
}
