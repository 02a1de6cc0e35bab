package messages

import (
	"fmt"
	"strings"
)

// Mail is a message that the caller sends.
type Mail struct {
	Locale, Subject, HTML, Text string
	SMS                         string // of kinds that have one; see Kind.HasSMS
}

// Welcome writes the welcome mail of a confirmed user.
func (c *Composer) Welcome(attributes, metadata map[string]string) (Mail, error) {
	return c.Write(Welcome, attributes, metadata, Insertions{})
}

// Insertions are the values of a message that a trigger sends itself.
type Insertions struct {
	Code   string // of SignInCode: digits
	Link   string // of SignInLink: an https URL
	SignIn SignIn // of AccountTakeOver and NewSignIn
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
	d.fields.signIn(in.SignIn)
	var m Message
	mail = Mail{Locale: locale, Subject: d.subject(&m)}
	mail.HTML, mail.Text = permit(blocks.html(blockMail, d.fields)), lines(blocks.text(blockText, d.fields))
	if kind.HasSMS() {
		mail.SMS = oneLine(blocks.text(blockSMS, d.fields))
	}
	return mail, nil
}

// The placeholders of messages that Fill writes.
const (
	codePlaceholder = "{####}"
	namePlaceholder = "{username}"
)

// Fill writes a message of one of Cognito's kinds for a custom sender, which sends it in Cognito's place: the texts of
// Compose, with the code or temporary password and the user's name where Cognito would insert them, and besides the
// mail for programs without HTML. Code and name are taken as the user must type them; HTML is escaped here. Of the
// request, Kind, Attributes, Metadata and UserName count.
func (c *Composer) Fill(r Request, code string) (Mail, error) {
	if code == "" {
		return Mail{}, errPlaceholder
	}
	r.Code, r.Username, r.Link, r.Email, r.ByLink = codePlaceholder, "", "", true, false
	if r.Kind == AdminCreateUser {
		r.Username = namePlaceholder
	}
	m, err := c.Compose(r)
	if err != nil {
		return Mail{}, err
	}
	if m.Omitted {
		return Mail{}, fmt.Errorf("message %s/%s: no text fits", m.Locale, r.Kind)
	}
	blocks, err := c.set.blocks(m.Locale, r.Kind)
	if err != nil {
		return Mail{}, err
	}
	text := lines(blocks.text(blockText, c.draft(r, m.Locale, blocks).fields))
	// One pass: a name that looks like a placeholder is not replaced again.
	plain := strings.NewReplacer(codePlaceholder, code, namePlaceholder, r.UserName)
	html := strings.NewReplacer(codePlaceholder, escape.Replace(code), namePlaceholder, escape.Replace(r.UserName))
	return Mail{
		Locale: m.Locale, Subject: m.Subject, HTML: html.Replace(m.HTML), Text: plain.Replace(text),
		SMS: plain.Replace(m.SMS),
	}, nil
}
