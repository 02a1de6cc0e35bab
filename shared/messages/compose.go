package messages

import (
	"errors"
	"fmt"
	"strings"
)

// Request asks for the message of one event. Attributes, metadata and user name are the event's, and not trusted.
type Request struct {
	Kind                 Kind
	Attributes, Metadata map[string]string
	UserName             string

	// What Cognito replaces, as the event has it; "" where it has none. Username is for AdminCreateUser alone.
	Code, Username, Link string

	Email  bool // write subject and mail as well; else the SMS alone
	ByLink bool // the pool verifies addresses by link
}

// Message is what a user is sent. An empty text could not be written, or was not asked for: leave it to the pool's own
// template.
type Message struct {
	Locale    string // of the templates that were used
	Subject   string
	HTML      string
	SMS       string
	Shortened bool // a text was too long and a shorter one took its place
	Omitted   bool // a text that was asked for could not be written
}

// Mail is a message that the caller sends by itself.
type Mail struct {
	Locale, Subject, HTML, Text string
}

var errPlaceholder = errors.New("the event has no usable code or user name placeholder")

// Composer writes messages in the name of one brand. It is safe for parallel use.
type Composer struct {
	set           *Set
	brand         Brand
	defaultLocale string
	metadataKey   string
}

// NewComposer makes a composer. Locales are chosen by the user's locale attribute, then by the metadata of that key,
// then by defaultLocale, which must be one of the set's.
func NewComposer(set *Set, brand Brand, defaultLocale, metadataKey string) *Composer {
	return &Composer{set, brand, defaultLocale, metadataKey}
}

// Locale chooses the locale for a user.
func (c *Composer) Locale(attributes, metadata map[string]string) string {
	return c.set.Match(c.defaultLocale, attributes["locale"], metadata[c.metadataKey])
}

// Compose writes a message. It fails where the placeholders or the templates cannot be used; any other trouble shortens
// or empties a text.
func (c *Composer) Compose(r Request) (m Message, err error) {
	defer recovered(&err)
	if r.Kind == Welcome || !usable(r.Code) || r.Kind == AdminCreateUser && (!usable(r.Username) || r.Username == r.Code) {
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

// Welcome writes the mail that greets a confirmed user.
func (c *Composer) Welcome(attributes, metadata map[string]string) (mail Mail, err error) {
	defer recovered(&err)
	locale := c.Locale(attributes, metadata)
	blocks, err := c.set.blocks(locale, Welcome)
	if err != nil {
		return Mail{}, err
	}
	d := c.draft(Request{Kind: Welcome, Attributes: attributes}, locale, blocks)
	var m Message
	subject, html := d.subject(&m), permit(blocks.html(blockMail, d.fields))
	return Mail{locale, subject, html, lines(blocks.text(blockText, d.fields))}, nil
}

// recovered turns a panic into an error: no message is worth a failed sign-up.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("compose: panic: %v", p)
	}
}

// usable tells whether a placeholder can be written into HTML and text as it is.
func usable(placeholder string) bool {
	const longest = 128 // characters; Cognito's own have 6 and 10
	return placeholder != "" && len(placeholder) <= longest && placeholder == oneLine(placeholder) &&
		!strings.ContainsAny(placeholder, `<>&"'`)
}
