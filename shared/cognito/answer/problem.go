package answer

import (
	"fmt"
	"strings"
)

// Problem is one broken rule. Go by its code; its text is for people.
type Problem struct {
	Code  Code
	Place string // the member of the answer, for example "response.smsMessage"
	Args  []any  // what the text tells beside the place; no value of the event
}

// Code names a rule.
type Code string

// The rules.
const (
	BadEvent          Code = "bad_event"          // the event itself cannot be read
	NotAnObject       Code = "not_an_object"      // the answer is not a JSON object
	MemberChanged     Code = "member_changed"     // a member beside request and response did not come back as sent
	RequestChanged    Code = "request_changed"    // the request did not come back as sent
	ResponseMissing   Code = "response_missing"   // the answer has no response
	ResponseMalformed Code = "response_malformed" // the response is not an object
	UnknownMember     Code = "unknown_member"     // the response has a member that Cognito does not know
	WrongType         Code = "wrong_type"         // a member has another JSON type
	Overlooked        Code = "overlooked"         // a member has another JSON type, and Cognito reads it as nothing
	WrongValue        Code = "wrong_value"        // a text is none of those that Cognito takes
	TooLong           Code = "too_long"           // a text has too many characters
	AttributeMissing  Code = "attribute_missing"  // the user does not have the attribute to be verified
	NeedsSES          Code = "needs_ses"          // the pool does not send its e-mail through Amazon SES
	MessageLength     Code = "message_length"     // a message is too short or too long with the code in it
	MessageCharacter  Code = "message_character"  // a message holds a character that the API does not take
	CodeMissing       Code = "code_missing"       // a message lacks the placeholder of the code
	CodeRepeated      Code = "code_repeated"      // a message holds the placeholder of the code twice
	UsernameMissing   Code = "username_missing"   // an invitation lacks the placeholder of the user's name
	NoIDToken         Code = "no_id_token"        // a machine client has no ID token to change
	ClaimReserved     Code = "claim_reserved"     // the claim cannot be added
	ClaimValue        Code = "claim_value"        // the claim cannot have that value
	ClaimNotText      Code = "claim_not_text"     // a version 1 event carries texts only
	ClaimAudience     Code = "claim_audience"     // the audience is not the app client
	ClaimKept         Code = "claim_kept"         // the claim cannot be suppressed
	ScopeMalformed    Code = "scope_malformed"    // the scope cannot be added or suppressed
	GroupsLost        Code = "groups_lost"        // the user loses every group
	TooManyClaims     Code = "too_many_claims"    // the tokens carry more claims and scopes than Cognito takes
)

// String is the place and the rule as a sentence.
func (p Problem) String() string { return p.Place + ": " + p.Rule() }

// Rule is the broken rule as a sentence that follows the place.
func (p Problem) Rule() string {
	switch {
	case len(p.Args) == 0:
		return p.Code.format()
	case p.Code == UnknownMember && p.Args[0] == "":
		return "is unknown: this trigger's response has no members"
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
		return "is none of %s: Cognito ignores or refuses it"
	case WrongType, Overlooked:
		return "is not %s"
	case WrongValue:
		return "is none of %s"
	case TooLong:
		return "has %d characters; Cognito takes at most %d"
	case AttributeMissing:
		return "verifies %s, which the user does not have"
	case NeedsSES:
		return "is refused unless the pool sends e-mail through SES (EmailSendingAccount DEVELOPER)"
	case NoIDToken:
		return "a machine client gets no ID token"
	}
	return c.messageFormat()
}

func (c Code) messageFormat() string {
	switch c {
	case MessageLength:
		return "has %d characters with the code inserted; Cognito takes %d to %d"
	case MessageCharacter:
		return "holds a character that is no letter, mark, symbol, number, punctuation or white space"
	case CodeMissing:
		return "lacks the code placeholder %s"
	case CodeRepeated:
		return "holds the code placeholder %d times; an attribute may have smuggled one in"
	case UsernameMissing:
		return "lacks the username placeholder %s"
	case ClaimReserved, ClaimValue, ClaimNotText, ClaimKept, ScopeMalformed:
		return "%v"
	case ClaimAudience:
		return "takes only the id of the app client"
	case GroupsLost:
		return "takes the user out of every group: leave it out, or list the groups"
	case TooManyClaims:
		return "adds %d claims and scopes; Cognito takes %d over both tokens"
	}
	return string(c)
}

// Join lists problems as one text, a line each.
func Join(problems []Problem) string {
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}
