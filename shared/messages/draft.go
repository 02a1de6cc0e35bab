package messages

import (
	"strings"
	"unicode/utf8"
)

// draft is a message that is being written.
type draft struct {
	blocks       blocks
	fields       *Fields
	placeholders []string    // all placeholders in the event
	code, mailed []insertion // what an SMS and a mail must contain
	linked       bool        // the mail verifies by link
}

func (c *Composer) draft(r Request, locale string, blocks blocks) *draft {
	d := &draft{
		blocks: blocks,
		fields: &Fields{
			Brand: c.brand.Name, Support: c.brand.SupportAddress, SignInURL: c.brand.SignInURL,
			Locale: locale, Code: r.Code, Username: r.Username,
		},
		placeholders: []string{r.Code, r.Username, r.Link},
	}
	d.fields.name(r.Attributes, d.placeholders)
	d.code = []insertion{{r.Code, ReserveCode}}
	if r.Kind == AdminCreateUser {
		d.code = []insertion{{r.Code, ReservePassword}, {r.Username, usernameLength(r)}}
	}
	d.mailed = d.code
	if d.linked = r.ByLink && r.Kind.VerifiesByLink(); d.linked {
		d.fields.Link = linkWithText(r.Link, blocks.text(blockLinkText, d.fields))
		d.mailed = []insertion{{d.fields.Link, 0}}
	}
	return d
}

// usernameLength is the length of the longest name that Cognito may insert for the user: in pools with sign-in by
// e-mail address or phone number, that is not the event's user name.
func usernameLength(r Request) int {
	n := 0
	for _, name := range []string{r.UserName, r.Attributes["email"], r.Attributes["phone_number"]} {
		n = max(n, utf8.RuneCountInString(name))
	}
	if n == 0 {
		return ReserveUsername
	}
	return n
}

// linkWithText replaces the text in a link placeholder such as {##Click Here##}. It returns a placeholder of another
// form unchanged, and "" for one that is not usable.
func linkWithText(placeholder, text string) string {
	if !usable(placeholder) {
		return ""
	}
	inner, opens := strings.CutPrefix(placeholder, "{##")
	inner, closes := strings.CutSuffix(inner, "##}")
	text = unbrace.Replace(oneLine(text))
	if !opens || !closes || strings.Contains(inner, "##") || !usable(text) {
		return placeholder
	}
	return "{##" + text + "##}"
}

// subject returns the subject line, without the user's name if it would be too long with it.
func (d *draft) subject(m *Message) string {
	s := d.first(m, MaxSubject, 1, nil,
		func() string { return oneLine(d.blocks.text(blockSubject, d.fields)) },
		func() string { return oneLine(d.blocks.text(blockSubject, d.fields.anonymous())) },
		func() string { return d.fields.Brand },
	)
	d.fields.Subject = s
	return s
}

// mail returns the mail, or "" if it needs a link and the event has none.
func (d *draft) mail(m *Message) string {
	if d.linked && d.fields.Link == "" {
		return ""
	}
	return d.first(m, MaxHTML, minMessage, d.mailed,
		func() string { return permit(d.blocks.html(blockMail, d.fields)) },
		func() string { return permit(d.blocks.html(blockMail, d.fields.anonymous())) },
		func() string { return permit(d.blocks.html(blockHTMLShort, d.fields.anonymous())) },
		func() string {
			return "<p>" + escape.Replace(d.fields.Brand) + "</p><p>" + bare(d.mailed, "</p><p>") + "</p>"
		},
	)
}

func (d *draft) sms(m *Message) string {
	return d.first(m, MaxSMS, minMessage, d.code,
		func() string { return oneLine(d.blocks.text(blockSMS, d.fields)) },
		func() string { return oneLine(d.blocks.text(blockSMSShort, d.fields.anonymous())) },
		func() string { return d.fields.Brand + " " + bare(d.code, " ") },
		func() string { return bare(d.code, " ") },
	)
}

// bare is the last resort when every template is too long: just the placeholders, the code last.
func bare(insertions []insertion, separator string) string {
	var out string
	for _, in := range insertions {
		if out != "" {
			out = separator + out
		}
		out = in.placeholder + out
	}
	return out
}

// first returns the first text that Cognito accepts: within the length limits, with each placeholder exactly once. Any
// text but the first counts as shortened. It returns "" if Cognito accepts none.
func (d *draft) first(m *Message, longest, shortest int, insertions []insertion, texts ...func() string) string {
	for i, write := range texts {
		text := write()
		if fits(text, insertions, shortest, longest) && holdsOnce(text, insertions, d.placeholders) {
			m.Shortened = m.Shortened || i > 0
			return text
		}
	}
	return ""
}
