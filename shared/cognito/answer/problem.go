package answer

import (
	"fmt"
	"strings"
)

// Problem is one broken rule. Programs should switch on Code; the text is for people and may change.
type Problem struct {
	Code  Code
	Place string // path of the member, for example "response.smsMessage"
	Args  []any  // details for the text; never a value of the event
}

// Code identifies a rule.
type Code string

// The rules.
const (
	BadEvent          Code = "bad_event"          // the event itself cannot be read
	NotAnObject       Code = "not_an_object"      // the answer is not a JSON object
	MemberChanged     Code = "member_changed"     // a member other than request and response did not come back as sent
	RequestChanged    Code = "request_changed"    // the request did not come back as sent
	ResponseMissing   Code = "response_missing"   // the answer has no response
	ResponseMalformed Code = "response_malformed" // the response is not an object
	UnknownMember     Code = "unknown_member"     // the response has a member that Cognito does not know
	WrongType         Code = "wrong_type"         // a member has the wrong JSON type
	Overlooked        Code = "overlooked"         // a member has the wrong JSON type, and Cognito treats it as absent
	WrongValue        Code = "wrong_value"        // a string is not one of those that Cognito accepts
	TooLong           Code = "too_long"           // a string has too many characters
	AttributeMissing  Code = "attribute_missing"  // the user does not have the attribute to be verified
	NeedsSES          Code = "needs_ses"          // the pool does not send its e-mail through Amazon SES
	MessageLength     Code = "message_length"     // a message is too short or too long, counted with the code in it
	MessageCharacter  Code = "message_character"  // a message has a character that the API does not allow
	CodeMissing       Code = "code_missing"       // a message lacks the code placeholder
	CodeRepeated      Code = "code_repeated"      // a message has the code placeholder more than once
	UsernameMissing   Code = "username_missing"   // an invitation lacks the username placeholder
	NoIDToken         Code = "no_id_token"        // the answer changes the ID token of a machine client, which gets none
	ClaimReserved     Code = "claim_reserved"     // the claim cannot be added
	ClaimValue        Code = "claim_value"        // the claim cannot have the value
	ClaimNotText      Code = "claim_not_text"     // a version 1 event can only add strings
	ClaimAudience     Code = "claim_audience"     // the audience is not the app client
	ClaimKept         Code = "claim_kept"         // the claim cannot be suppressed
	ScopeMalformed    Code = "scope_malformed"    // the scope cannot be added or suppressed
	GroupsLost        Code = "groups_lost"        // the answer removes the user from every group
	TooManyClaims     Code = "too_many_claims"    // the answer adds more claims and scopes than Cognito allows
)

// String returns the place and the broken rule, for example "response.smsMessage: is not a string".
func (p Problem) String() string { return p.Place + ": " + p.Rule() }

// Rule returns the broken rule, worded to follow the place: "is not a string".
func (p Problem) Rule() string {
	switch {
	case len(p.Args) == 0:
		return p.Code.format()
	case p.Code == UnknownMember && p.Args[0] == "":
		return "is unknown; the response of this trigger has no members"
	}
	return fmt.Sprintf(p.Code.format(), p.Args...)
}

func (c Code) format() string {
	switch c {
	case BadEvent:
		return "%v"
	case NotAnObject:
		return "is not a JSON object"
	case MemberChanged, RequestChanged:
		return "must come back as it was sent"
	case ResponseMissing:
		return "is missing"
	case ResponseMalformed:
		return "is not an object"
	case UnknownMember:
		return "is unknown, and Cognito ignores or refuses it; the members are %s"
	case WrongType, Overlooked:
		return "is not %s"
	case WrongValue:
		return "is not one of %s"
	case TooLong:
		return "has %d characters; Cognito allows at most %d"
	case AttributeMissing:
		return "verifies %s, which the user does not have"
	case NeedsSES:
		return "is refused unless the pool sends e-mail through SES (EmailSendingAccount DEVELOPER)"
	case NoIDToken:
		return "is set for a machine client, which gets no ID token"
	}
	return c.messageFormat()
}

func (c Code) messageFormat() string {
	switch c {
	case MessageLength:
		return "has %d characters with the code inserted; Cognito allows %d to %d"
	case MessageCharacter:
		return "has a character that is not a letter, mark, symbol, number, punctuation or white space"
	case CodeMissing:
		return "lacks the code placeholder %s"
	case CodeRepeated:
		return "has the code placeholder %d times; a user attribute may contain it"
	case UsernameMissing:
		return "lacks the username placeholder %s"
	case ClaimReserved, ClaimValue, ClaimNotText, ClaimKept, ScopeMalformed:
		return "%v"
	case ClaimAudience:
		return "can only be the id of the app client"
	case GroupsLost:
		return "removes the user from every group; leave it out, or list the groups"
	case TooManyClaims:
		return "adds %d claims and scopes; Cognito allows %d in both tokens together"
	}
	return string(c)
}

// Join returns the problems as text, one per line.
func Join(problems []Problem) string {
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}
