// Package lint checks that a template set is complete and safe. It compares package messages with html/template: every
// value must be at a place where html/template uses the same escaping, and both must write the same bytes. Tests and
// the preview use it; functions do not link it.
package lint

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"cognito-triggers/shared/messages"
)

// hostile are values whose output differs if they are not escaped.
const hostile = `<b title='x'>"&+</b>`

// Set reports all problems of a template set: missing blocks, values at places where escaping for HTML is not enough,
// elements that are not closed, characters that Cognito refuses, and texts that are too long for an ordinary user.
func Set(set *messages.Set) error {
	if err := set.Check(); err != nil {
		return err
	}
	var problems []error
	for _, locale := range set.Locales() {
		for _, kind := range messages.Kinds() {
			for _, check := range []func(*messages.Set, string, messages.Kind) error{escaping, elements, composed} {
				if err := check(set, locale, kind); err != nil {
					problems = append(problems, fmt.Errorf("message %s/%s: %w", locale, kind, err))
				}
			}
		}
	}
	return errors.Join(problems...)
}

// variants are fields that reach every branch of a message: with and without optional values, with a code and with a
// link.
func variants(locale, value string) []messages.Fields {
	full := messages.Fields{
		Brand: value, Support: "help@example.org", SignInURL: "https://app.example.org/sign-in?from=mail", Locale: locale,
		Subject:   value,
		GivenName: value, FamilyName: value, FullName: value, Code: "{####}", Username: "{username}",
		Link: "{##Click Here##}",
	}
	byCode, fullName, bare := full, full, full
	byCode.Link = ""
	fullName.GivenName, fullName.FamilyName = "", ""
	bare.Support, bare.SignInURL, bare.GivenName, bare.FamilyName, bare.FullName = "", "", "", "", ""
	return []messages.Fields{full, byCode, fullName, bare}
}

// longestBrand is the longest name that BRAND_NAME accepts.
var longestBrand = strings.Repeat("N", 40)

// composed writes the message as the functions do, for the shortest and the longest brand.
func composed(set *messages.Set, locale string, kind messages.Kind) error {
	for _, name := range []string{"Example", longestBrand} {
		brand := messages.Brand{Name: name, SupportAddress: "help@example.org", SignInURL: "https://app.example.org/"}
		composer := messages.NewComposer(set, brand, locale, "locale")
		if kind.Own() {
			if err := own(composer, kind); err != nil {
				return err
			}
			continue
		}
		for _, link := range []string{"", "{##Click Here##}"} {
			m, err := composer.Compose(messages.Request{
				Kind: kind, UserName: "ines.moreau", Code: "{####}", Username: "{username}", Link: link, Email: true,
				ByLink: link != "",
			})
			if err != nil {
				return err
			}
			if m.Shortened || m.Omitted {
				return fmt.Errorf("with a brand of %d characters, a text is too long or lacks its code: use at most %d "+
					"characters in subject and SMS, and one code, user name or link each", len(name), messages.MaxSMS)
			}
		}
	}
	return nil
}

// own writes a message that a trigger sends itself, and checks the length of its texts.
func own(composer *messages.Composer, kind messages.Kind) error {
	m, err := composer.Write(kind, nil, nil, messages.Insertions{Code: "12345678", Link: "https://app.example.org/#t"})
	if err == nil && max(utf8.RuneCountInString(m.Subject), utf8.RuneCountInString(m.SMS)) > messages.MaxSMS {
		err = fmt.Errorf("subject or SMS is too long: use at most %d characters", messages.MaxSMS)
	}
	return err
}
