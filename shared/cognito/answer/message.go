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

// codeLength is the length of the verification code that Cognito inserts for the code placeholder.
const codeLength = 6

// customMessage checks the lengths, characters and placeholders of the messages, and that e-mail members are set only
// if the pool sends through its own SES identity.
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

// inserted returns the text with a code of the usual length and the user's name inserted. A temporary password may be
// longer than a code; its length is not known here.
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

// placeholders checks that the text has each placeholder that the event has. In the e-mails of a sign-up, a link may
// stand in for the code.
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

// link matches the link placeholder with any wording, for example {##Verify Email##}.
var link = regexp.MustCompile(`\{##[^#{}]+##\}`)

// hasLink reports whether the text has the link placeholder, with the event's wording or its own.
func hasLink(text, placeholder string) bool {
	return count(text, placeholder) > 0 || link.MatchString(text)
}

func count(text, placeholder string) int {
	if placeholder == "" {
		return 0
	}
	return strings.Count(text, placeholder)
}

// notAllowed reports whether the API's pattern for messages, [\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*, excludes the character.
func notAllowed(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.M, unicode.S, unicode.N, unicode.P) && !unicode.IsSpace(r)
}
