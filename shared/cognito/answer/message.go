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

// codeLength is that of a verification code, which Cognito puts in place of the code placeholder.
const codeLength = 6

// customMessage: lengths, the placeholders of the trigger source, and e-mail members only where the pool sends mail
// through its own SES identity.
func (c *checker) customMessage(known []cognito.Member, response map[string]json.RawMessage) {
	e, err := events.Decode[events.CustomMessageRequest, events.CustomMessageResponse](c.event)
	if err != nil {
		c.fail(BadEvent, "event", err)
		return
	}
	for _, m := range known {
		var text *string
		if json.Unmarshal(response[m.Name], &text) != nil || text == nil {
			continue
		}
		place := "response." + m.Name
		if m.NeedsSES && !c.pool.SendsThroughSES {
			c.fail(NeedsSES, place)
		}
		if n := utf8.RuneCountInString(inserted(*text, e)); n < m.Min || n > m.Max {
			c.fail(MessageLength, place, n, m.Min, m.Max)
		}
		if m.Name != "emailSubject" {
			c.placeholders(m.Name, *text, e)
		}
		if m.Name == "emailMessage" && strings.ContainsFunc(*text, notAllowed) {
			c.fail(MessageCharacter, place)
		}
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

// placeholders: a text needs those that the event has. Link verification takes a link in place of the code, by e-mail
// only.
func (c *checker) placeholders(name, text string, e *events.CustomMessageEvent) {
	place := "response." + name
	code, user := string(e.Request.CodeParameter), string(e.Request.UsernameParameter)
	signUp := e.TriggerSource == cognito.CustomMessageSignUp || e.TriggerSource == cognito.CustomMessageResendCode
	byLink := name == "emailMessage" && signUp
	if code != "" && count(text, code) == 0 && !(byLink && hasLink(text, string(e.Request.LinkParameter))) {
		c.fail(CodeMissing, place, code)
	}
	if count(text, code) > 1 {
		c.fail(CodeRepeated, place, count(text, code))
	}
	if user != "" && count(text, user) == 0 {
		c.fail(UsernameMissing, place, user)
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
