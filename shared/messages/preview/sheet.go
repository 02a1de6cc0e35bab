package preview

import (
	"strings"
	"unicode/utf8"

	"cognito-triggers/shared/messages"
)

// sheet is one message in one locale, in all the forms that a user may get.
type sheet struct {
	Locale string
	Kind   messages.Kind
	Mails  []mail
	SMS    []bubble
	Text   string // the mail for programs without HTML

	set      *messages.Set
	composer *messages.Composer
	fields   messages.Fields
}

// Main is the mail that most pools send.
func (s *sheet) Main() mail { return s.Mails[0] }

// File is the name of the sheet's page in its locale's folder.
func (s *sheet) File() string { return string(s.Kind) + ".html" }

// mail is one form of the message's mail.
type mail struct {
	Label, File, HTML  string
	Subject, Preheader string
	Short              bool
	Length, Limit      int // in characters; no limit: 0
}

// bubble is one form of the message's SMS.
type bubble struct {
	Label, Text   string
	Length, Limit int // in characters
}

// person is the user that the samples greet.
func person(locale string) map[string]string {
	if strings.HasPrefix(locale, "ko") {
		return map[string]string{"locale": locale, "family_name": "김", "given_name": "서연"}
	}
	return map[string]string{"locale": locale, "given_name": "Ines", "family_name": "Moreau"}
}

func newSheet(set *messages.Set, brand messages.Brand, locale string, kind messages.Kind) (*sheet, error) {
	s := &sheet{Locale: locale, Kind: kind, set: set, composer: messages.NewComposer(set, brand, locale, "locale")}
	s.fields = messages.Fields{
		Brand: brand.Name, Support: brand.SupportAddress, SignInURL: brand.SignInURL, Locale: locale, Code: code,
		Username: user,
	}
	if kind.Own() {
		return s, s.own()
	}
	if err := s.compose("Mail", "mail", ""); err != nil {
		return nil, err
	}
	if kind.VerifiesByLink() {
		if err := s.compose("Mail of a pool that verifies by link", "link", "{##Click Here##}"); err != nil {
			return nil, err
		}
	}
	return s, s.short()
}

// own adds a message that a trigger sends itself.
func (s *sheet) own() error {
	m, err := s.composer.Write(s.Kind, person(s.Locale), nil, messages.Insertions{Code: sampleCode, Link: sampleLink})
	if err != nil {
		return err
	}
	s.Text = m.Text
	if m.SMS != "" {
		s.addSMS("SMS", m.SMS)
	}
	return s.addMail("Mail", "mail", m.Subject, m.HTML)
}

// compose adds the message of a pool that verifies by code or, if link is set, by link.
func (s *sheet) compose(label, suffix, link string) error {
	m, err := s.composer.Compose(messages.Request{
		Kind: s.Kind, Attributes: person(s.Locale), UserName: username, Code: code, Username: user, Link: link, Email: true,
		ByLink: link != "",
	})
	if err != nil {
		return err
	}
	if len(s.SMS) == 0 {
		s.addSMS("SMS", m.SMS)
	}
	s.fields.Link = link
	defer func() { s.fields.Link = "" }()
	return s.addMail(label, suffix, m.Subject, m.HTML)
}

// short adds the texts that are used if the full ones are too long.
func (s *sheet) short() error {
	html, err := s.set.Block(s.Locale, s.Kind, "html-short", s.fields, true)
	if err != nil {
		return err
	}
	sms, err := s.set.Block(s.Locale, s.Kind, "sms-short", s.fields, false)
	if err != nil {
		return err
	}
	s.addSMS("SMS where the full one is too long", sms)
	return s.addMail("Mail where the full one is too long", shortMail, s.Mails[0].Subject, html)
}

// The placeholders that Cognito replaces, and their samples in the preview.
const (
	code, user         = "{####}", "{username}"
	sampleCode         = "394017"
	sampleLink         = "https://app.example.org/sign-in#user=ines.moreau&token=xv3Jk8wQ"
	username, password = "ines.moreau", "Xk4-tPz9"
)

// shortMail is the suffix of files with the short form of a mail.
const shortMail = "short"

// filled replaces the placeholders by samples.
func (s *sheet) filled(text string) string {
	secret := sampleCode
	if s.Kind == messages.AdminCreateUser {
		secret = password
	}
	return strings.NewReplacer(code, secret, user, username, "{##", `<a href="#">`, "##}", "</a>").Replace(text)
}

func (s *sheet) addMail(label, suffix, subject, html string) error {
	preheader := ""
	if suffix != shortMail {
		var err error
		if preheader, err = s.set.Block(s.Locale, s.Kind, "preheader", s.fields, false); err != nil {
			return err
		}
	}
	limit := messages.MaxHTML
	if s.Kind.Own() {
		limit = 0
	}
	text := s.filled(html)
	s.Mails = append(s.Mails, mail{
		Label: label, File: string(s.Kind) + "." + suffix + ".html", HTML: text, Subject: subject, Preheader: preheader,
		Short: suffix == shortMail, Length: utf8.RuneCountInString(text), Limit: limit,
	})
	return nil
}

func (s *sheet) addSMS(label, text string) {
	text = s.filled(text)
	s.SMS = append(s.SMS, bubble{label, text, utf8.RuneCountInString(text), messages.MaxSMS})
}
