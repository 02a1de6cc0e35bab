package challenge

import (
	"strconv"
	"time"

	"cognito-triggers/shared/events"
)

// The keys of clientMetadata in RespondToAuthChallenge, by which a client answers Choose.
const (
	MetadataMethod = "sign_in_method" // a Method of those in the public parameter "methods"
	MetadataPage   = "link_page"      // the page that a link leads to; optional
)

// The parameters of challenges. Clients get the public ones, the same for every user, and
// verify-auth-challenge-response the private ones.
const (
	PublicChallenge = "challenge" // the Method
	PublicMethods   = "methods"   // of Choose: the methods to choose from, separated by spaces
	PublicDigits    = "digits"    // of a code: how many
	PublicWait      = "wait"      // seconds until another message can be asked for

	PrivateChallenge = "challenge"
	PrivateMethods   = "methods"
	PrivateID        = "id" // absent where an answer may be from another session than the link
)

// ChooseChallenge asks which method the client wants.
func ChooseChallenge(methods string) events.CreateAuthChallengeResponse {
	return events.CreateAuthChallengeResponse{
		PublicChallengeParameters:  map[string]string{PublicChallenge: string(Choose), PublicMethods: methods},
		PrivateChallengeParameters: map[string]string{PrivateChallenge: string(Choose), PrivateMethods: methods},
		ChallengeMetadata:          string(Choose),
	}
}

// Challenge asks for the code or link of a method.
func (p Policy) Challenge(m Method, o Offer) events.CreateAuthChallengeResponse {
	seconds := int64((o.Wait + time.Second - 1) / time.Second)
	public := map[string]string{PublicChallenge: string(m), PublicWait: strconv.FormatInt(seconds, 10)}
	private := map[string]string{PrivateChallenge: string(m)}
	if m != MagicLink {
		public[PublicDigits] = strconv.Itoa(p.Digits)
	}
	if m != MagicLink || !p.LinkOnOtherDevices {
		private[PrivateID] = o.ID
	}
	return events.CreateAuthChallengeResponse{
		PublicChallengeParameters: public, PrivateChallengeParameters: private, ChallengeMetadata: string(m),
	}
}
