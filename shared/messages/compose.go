package messages

import (
	"errors"
	"fmt"
	"strings"
)

// Request describes the message of one event. Attributes, metadata and user name come from the event and are not
// trusted.
type Request struct {
	Kind                 Kind
	Attributes, Metadata map[string]string
	UserName             string

	// The placeholders that Cognito replaces, as the event has them; "" if it has none. Username is for AdminCreateUser
	// only.
	Code, Username, Link string

	Email  bool // also write subject and mail, not only the SMS
	ByLink bool // the pool verifies addresses by link
}

// Message is the texts for a user. An empty text was not requested or could not be written, and is left to the pool's
// own template.
type Message struct {
	Locale    string // locale of the templates used
	Subject   string
	HTML      string
	SMS       string
	Shortened bool // a text was too long, and a shorter one replaced it
	Omitted   bool // a requested text could not be written
}

// Mail is a message that the caller sends.
type Mail struct {
	Locale, Subject, HTML, Text string
	SMS                         string // of SignInCode
}

var errPlaceholder = errors.New("the event has no usable code or user name placeholder")

// Composer writes the messages of one brand. It is safe for concurrent use.
type Composer struct {
	set           *Set
	brand         Brand
	defaultLocale string
	metadataKey   string
}

// NewComposer makes a composer. It chooses a locale by the user's locale attribute, then by the client metadata under
// metadataKey, then defaultLocale, which must be in the set.
func NewComposer(set *Set, brand Brand, defaultLocale, metadataKey string) *Composer {
	return &Composer{set, brand, defaultLocale, metadataKey}
}

// Locale returns the locale of a user's messages.
func (c *Composer) Locale(attributes, metadata map[string]string) string {
	return c.set.Match(c.defaultLocale, attributes["locale"], metadata[c.metadataKey])
}

// Compose writes a message. It returns an error if the placeholders or the templates are unusable; any other problem
// shortens or empties a text.
func (c *Composer) Compose(r Request) (m Message, err error) {
	defer recovered(&err)
	if r.Kind.Own() || !usable(r.Code) || r.Kind == AdminCreateUser && (!usable(r.Username) || r.Username == r.Code) {
		return Message{}, errPlaceholder
	}
	m.Locale = c.Locale(r.Attributes, r.Metadata)
	blocks, err := c.set.blocks(m.Locale, r.Kind)
	if err != nil {
		return Message{}, err
	}
	d := c.draft(r, m.Locale, blocks)
	m.SMS = d.sms(&m)
	if r.Email {
		m.Subject = d.subject(&m)
		m.HTML = d.mail(&m)
		if m.Subject == "" || m.HTML == "" {
			m.Subject, m.HTML = "", ""
		}
	}
	m.Omitted = m.SMS == "" || r.Email && m.HTML == ""
	return m, nil
}

// Welcome writes the welcome mail of a confirmed user.
func (c *Composer) Welcome(attributes, metadata map[string]string) (Mail, error) {
	return c.Write(Welcome, attributes, metadata, Insertions{})
}

// Insertions are the values of a message that a trigger sends itself.
type Insertions struct {
	Code string // of SignInCode: digits
	Link string // of SignInLink: an https URL
}

// Write writes a message that a trigger sends itself; see Kind.Own.
func (c *Composer) Write(kind Kind, attributes, metadata map[string]string, in Insertions) (mail Mail, err error) {
	defer recovered(&err)
	if !kind.Own() || kind == SignInCode && !usable(in.Code) || kind == SignInLink && in.Link == "" {
		return Mail{}, errPlaceholder
	}
	locale := c.Locale(attributes, metadata)
	blocks, err := c.set.blocks(locale, kind)
	if err != nil {
		return Mail{}, err
	}
	d := c.draft(Request{Kind: kind, Attributes: attributes, Code: in.Code}, locale, blocks)
	if kind == SignInLink {
		d.fields.SignInURL = in.Link
	}
	var m Message
	mail = Mail{Locale: locale, Subject: d.subject(&m)}
	mail.HTML, mail.Text = permit(blocks.html(blockMail, d.fields)), lines(blocks.text(blockText, d.fields))
	if kind == SignInCode {
		mail.SMS = oneLine(blocks.text(blockSMS, d.fields))
	}
	return mail, nil
}

// recovered turns a panic into an error: no message is worth a failed sign-up.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("compose: panic: %v", p)
	}
}

// usable reports whether a placeholder can be written into HTML and text unescaped.
func usable(placeholder string) bool {
	const longest = 128 // characters; Cognito's own have 6 and 10
	return placeholder != "" && len(placeholder) <= longest && placeholder == oneLine(placeholder) &&
		!strings.ContainsAny(placeholder, `<>&"'`)
}
