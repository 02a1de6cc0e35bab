package answer

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Cognito's limits for a custom message, in characters.
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
const (
	maxSMS     = 140
	maxEmail   = 20_000
	maxSubject = 140
	minMessage = 6
	codeLength = 6 // of a verification code, which Cognito puts in place of the code placeholder
)

// customMessage: lengths, the placeholders of the trigger source, and e-mail members only where the pool sends mail
// through its own SES identity.
func (c *checker) customMessage(event []byte, response map[string]json.RawMessage, pool Pool) {
	e, err := events.Decode[events.CustomMessageRequest, events.CustomMessageResponse](event)
	if err != nil {
		c.fail("event", "%v", err)
		return
	}
	for _, member := range []struct {
		name   string
		limits [2]int
	}{{"smsMessage", [2]int{minMessage, maxSMS}}, {"emailMessage", [2]int{minMessage, maxEmail}}, {"emailSubject", [2]int{1, maxSubject}}} {
		name := member.name
		value := response[name]
		if isNull(value) {
			continue
		}
		place := "response." + name
		var text string
		if json.Unmarshal(value, &text) != nil {
			c.fail(place, "is not a text")
			continue
		}
		if name != "smsMessage" && !pool.SendsThroughSES {
			c.fail(place, "is refused unless the pool sends e-mail through SES (EmailSendingAccount DEVELOPER)")
		}
		c.length(place, inserted(text, e), member.limits)
		if name != "emailSubject" {
			c.placeholders(name, text, e)
		}
		if name == "emailMessage" && strings.ContainsFunc(text, notAllowed) {
			c.fail(place, "holds a character that is no letter, mark, symbol, number, punctuation or white space")
		}
	}
}

func (c *checker) length(place, text string, limits [2]int) {
	if n := utf8.RuneCountInString(text); n < limits[0] || n > limits[1] {
		c.fail(place, "has %d characters with the code inserted; Cognito takes %d to %d", n, limits[0], limits[1])
	}
}

// inserted is the text with a code of the usual length in place of its placeholder. A temporary password may be longer:
// the messages leave room for it, the rule cannot know.
func inserted(text string, e *events.CustomMessageEvent) string {
	text = replaceNonEmpty(text, string(e.Request.CodeParameter), strings.Repeat("0", codeLength))
	return replaceNonEmpty(text, string(e.Request.UsernameParameter), e.UserName)
}

func replaceNonEmpty(text, placeholder, with string) string {
	if placeholder == "" {
		return text
	}
	return strings.ReplaceAll(text, placeholder, with)
}

// placeholders: a text needs those that the event has. Link verification takes a link in place of the code, by e-mail only.
func (c *checker) placeholders(name, text string, e *events.CustomMessageEvent) {
	place := "response." + name
	code, user := string(e.Request.CodeParameter), string(e.Request.UsernameParameter)
	byLink := name == "emailMessage" && (e.TriggerSource == cognito.CustomMessageSignUp || e.TriggerSource == cognito.CustomMessageResendCode)
	if code != "" && count(text, code) == 0 && !(byLink && hasLink(text, string(e.Request.LinkParameter))) {
		c.fail(place, "lacks the code placeholder %s", code)
	}
	if count(text, code) > 1 {
		c.fail(place, "holds the code placeholder %d times; an attribute may have smuggled one in", count(text, code))
	}
	if user != "" && count(text, user) == 0 {
		c.fail(place, "lacks the username placeholder %s", user)
	}
}

// link is the link's placeholder, whose words a message may choose.
var link = regexp.MustCompile(`\{##[^#{}]+##\}`)

// hasLink tells whether the link's placeholder stands in the text: as it came, or with other words.
func hasLink(text, placeholder string) bool {
	return count(text, placeholder) > 0 || link.MatchString(text)
}

func count(text, placeholder string) int {
	if placeholder == "" {
		return 0
	}
	return strings.Count(text, placeholder)
}

// notAllowed follows the API's pattern for messages: [\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*.
func notAllowed(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.M, unicode.S, unicode.N, unicode.P) && !unicode.IsSpace(r)
}
