package messages

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

// tiny returns a set of one locale whose blocks are the given ones, short elsewhere.
func tiny(t *testing.T, blocks map[string]string) *Set {
	t.Helper()
	all := map[string]string{
		"mail": "<p>{{template `html` .}}</p>", "subject": "s", "preheader": "", "heading": "",
		"html":       "{{if .Link}}{{.Link}}{{else}}{{.Code}}{{end}}",
		"html-short": "short {{.Code}}", "sms": "long {{.Code}}", "sms-short": "short {{.Code}}", "text": "t",
		"link-text": "Go",
	}
	var common strings.Builder
	for name, text := range all {
		if own, ok := blocks[name]; ok {
			text = own
		}
		fmt.Fprintf(&common, "{{define %q}}%s{{end}}", name, text)
	}
	files := fstest.MapFS{
		"layout.tmpl":    &fstest.MapFile{},
		"en/common.tmpl": &fstest.MapFile{Data: []byte(common.String())},
	}
	for _, kind := range Kinds() {
		files["en/"+string(kind)+".tmpl"] = &fstest.MapFile{}
	}
	set, err := Open(files)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func compose(t *testing.T, set *Set, r Request) Message {
	t.Helper()
	r.Code = "{####}"
	m, err := NewComposer(set, Brand{Name: "Example"}, "en", "locale").Compose(r)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestLimits counts in characters, with room for a code of ReserveCode ones in place of the placeholder's six.
func TestLimits(t *testing.T) {
	fill := func(total, code int) string { return strings.Repeat("가", total-code) }
	for name, c := range map[string]struct {
		blocks map[string]string
		text   func(Message) string
		want   string
	}{
		"SMS one below": {
			blocks: map[string]string{"sms": fill(139, ReserveCode) + "{{.Code}}"},
			text:   sms,
			want:   fill(139, ReserveCode) + "{####}",
		},
		"SMS at the limit": {
			blocks: map[string]string{"sms": fill(140, ReserveCode) + "{{.Code}}"},
			text:   sms,
			want:   fill(140, ReserveCode) + "{####}",
		},
		"SMS one above": {
			blocks: map[string]string{"sms": fill(141, ReserveCode) + "{{.Code}}"},
			text:   sms,
			want:   "short {####}",
		},
		"both SMS above": {
			blocks: map[string]string{"sms": fill(141, 0) + "{{.Code}}", "sms-short": fill(141, 0) + "{{.Code}}"},
			text:   sms,
			want:   "Example {####}",
		},
		"subject one below":    {blocks: map[string]string{"subject": fill(139, 0)}, text: subject, want: fill(139, 0)},
		"subject at the limit": {blocks: map[string]string{"subject": fill(140, 0)}, text: subject, want: fill(140, 0)},
		"subject one above":    {blocks: map[string]string{"subject": fill(141, 0)}, text: subject, want: "Example"},
		"subject with name fits": {
			blocks: map[string]string{"subject": fill(136, 0) + "{{.GivenName}}"},
			text:   subject,
			want:   fill(136, 0) + "Ines",
		},
		"subject without name": {
			blocks: map[string]string{"subject": fill(137, 0) + "{{.GivenName}}"},
			text:   subject,
			want:   fill(137, 0),
		},
		"empty subject": {blocks: map[string]string{"subject": " "}, text: subject, want: "Example"},
		"mail one below": {
			blocks: map[string]string{"mail": fill(19999, ReserveCode) + "{{.Code}}"},
			text:   mail,
			want:   fill(19999, ReserveCode) + "{####}",
		},
		"mail at the limit": {
			blocks: map[string]string{"mail": fill(20000, ReserveCode) + "{{.Code}}"},
			text:   mail,
			want:   fill(20000, ReserveCode) + "{####}",
		},
		"mail one above": {
			blocks: map[string]string{"mail": fill(20001, ReserveCode) + "{{.Code}}"},
			text:   mail,
			want:   "short {####}",
		},
		"mail without name": {
			blocks: map[string]string{"mail": fill(19999, ReserveCode) + "{{.GivenName}}{{.Code}}"},
			text:   mail,
			want:   fill(19999, ReserveCode) + "{####}",
		},
		"both mails above": {
			blocks: map[string]string{"mail": fill(20001, 0) + "{{.Code}}", "html-short": fill(20001, 0) + "{{.Code}}"},
			text:   mail,
			want:   "<p>Example</p><p>{####}</p>",
		},
		"mail without a code":   {blocks: map[string]string{"mail": "no code"}, text: mail, want: "short {####}"},
		"mail with two codes":   {blocks: map[string]string{"mail": "{{.Code}}{{.Code}}"}, text: mail, want: "short {####}"},
		"mail with a user name": {blocks: map[string]string{"mail": "{{.Code}}{username}"}, text: mail, want: "short {####}"},
		"SMS below the minimum": {
			blocks: map[string]string{"sms": "no", "sms-short": "no"},
			text:   sms,
			want:   "Example {####}",
		},
		"line break in subject": {blocks: map[string]string{"subject": "a\r\n\r\nBcc:\tb"}, text: subject, want: "a Bcc: b"},
		"control character": {
			blocks: map[string]string{"mail": "a\x01\u200B\u00A0{{.Code}}"},
			text:   mail,
			want:   "a {####}",
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := compose(t, tiny(t, c.blocks), Request{
				Kind:       ForgotPassword,
				Email:      true,
				Attributes: map[string]string{"given_name": "Ines"},
			})
			if got := c.text(m); got != c.want {
				t.Errorf("got %d characters %.60q, want %d characters %.60q", utf8.RuneCountInString(got), got,
					utf8.RuneCountInString(c.want), c.want)
			}
			if m.Omitted {
				t.Error("a text was omitted")
			}
		})
	}
}

func sms(m Message) string     { return m.SMS }
func subject(m Message) string { return m.Subject }
func mail(m Message) string    { return m.HTML }

// TestInvitation: an SMS has room for the user's name and for a temporary password of ReservePassword characters.
func TestInvitation(t *testing.T) {
	set := tiny(t, map[string]string{
		"sms": "long {{.Username}} {{.Code}}", "sms-short": "{{.Username}} {{.Code}}", "html": "{{.Username}} {{.Code}}",
		"html-short": "{{.Username}} {{.Code}}",
	})
	fits := MaxSMS - ReservePassword - len("long  ")
	for name, c := range map[string]struct {
		userName string
		email    string
		want     string
	}{
		"one below":             {userName: strings.Repeat("나", fits-1), want: "long {username} {####}"},
		"at the limit":          {userName: strings.Repeat("나", fits), want: "long {username} {####}"},
		"one above":             {userName: strings.Repeat("나", fits+1), want: "{username} {####}"},
		"short at the limit":    {userName: strings.Repeat("나", fits+5), want: "{username} {####}"},
		"none fits":             {userName: strings.Repeat("나", fits+6), want: ""},
		"address as user name":  {userName: "1f0c", email: strings.Repeat("a", fits) + "@", want: "{username} {####}"},
		"unknown user name":     {userName: "", want: ""},
		"short name, long room": {userName: "a", want: "long {username} {####}"},
	} {
		t.Run(name, func(t *testing.T) {
			r := Request{
				Kind:       AdminCreateUser,
				UserName:   c.userName,
				Username:   "{username}",
				Email:      true,
				Attributes: map[string]string{"email": c.email},
			}
			m := compose(t, set, r)
			if m.SMS != c.want || m.Omitted != (c.want == "") {
				t.Errorf("SMS %q, omitted %t, want %q", m.SMS, m.Omitted, c.want)
			}
			if m.HTML != "<p>{username} {####}</p>" {
				t.Errorf("mail %q", m.HTML)
			}
		})
	}
}

func TestPlaceholders(t *testing.T) {
	set, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	composer := NewComposer(set, Brand{Name: "Example"}, "en", "locale")
	for name, c := range map[string]struct {
		kind                 Kind
		code, username, link string
		byLink               bool
		mail, sms            []string // each once; nil: the text is omitted
		fails                bool
	}{
		"code": {kind: SignUp, code: "{####}", mail: []string{"{####}"}, sms: []string{"{####}"}},
		"code with other text": {
			kind: SignUp,
			code: "#{####}-x",
			mail: []string{"#{####}-x"},
			sms:  []string{"#{####}-x"},
		},
		"code without braces":      {kind: SignUp, code: "####", mail: []string{"####"}, sms: []string{"####"}},
		"code that the text holds": {kind: SignUp, code: "code", mail: []string{"code"}, sms: []string{"code"}},
		"code of one letter":       {kind: SignUp, code: "e", mail: nil, sms: nil},
		"no code":                  {kind: SignUp, fails: true},
		"code with markup":         {kind: SignUp, code: "<script>{####}", fails: true},
		"code with a line break":   {kind: SignUp, code: "{####}\r\n", fails: true},
		"huge code":                {kind: SignUp, code: strings.Repeat("#", 1000), fails: true},
		"user name": {
			kind:     AdminCreateUser,
			code:     "{####}",
			username: "{username}",
			mail:     []string{"{####}", "{username}"},
			sms:      []string{"{####}", "{username}"},
		},
		"no user name":            {kind: AdminCreateUser, code: "{####}", fails: true},
		"user name like the code": {kind: AdminCreateUser, code: "{####}", username: "{####}", fails: true},
		"user name not asked for": {
			kind:     SignUp,
			code:     "{####}",
			username: "{username}",
			mail:     []string{"{####}"},
			sms:      []string{"{####}"},
		},
		"link with own text": {
			kind:   SignUp,
			code:   "{####}",
			link:   "{##Click Here##}",
			byLink: true,
			mail:   []string{"{##Confirm my email address##}"},
			sms:    []string{"{####}"},
		},
		"link of another form": {
			kind:   ResendCode,
			code:   "{####}",
			link:   "{link}",
			byLink: true,
			mail:   []string{"{link}"},
			sms:    []string{"{####}"},
		},
		"link missing": {kind: SignUp, code: "{####}", byLink: true, mail: nil, sms: []string{"{####}"}},
		"link in a pool of codes": {
			kind: SignUp,
			code: "{####}",
			link: "{##Click Here##}",
			mail: []string{"{####}"},
			sms:  []string{"{####}"},
		},
		"kind that has only a code": {
			kind:   ForgotPassword,
			code:   "{####}",
			link:   "{##Click Here##}",
			byLink: true,
			mail:   []string{"{####}"},
			sms:    []string{"{####}"},
		},
		"welcome is not Cognito's": {kind: Welcome, code: "{####}", fails: true},
		"unknown kind":             {kind: "Other", code: "{####}", fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := composer.Compose(Request{
				Kind:     c.kind,
				UserName: "ines",
				Code:     c.code,
				Username: c.username,
				Link:     c.link,
				ByLink:   c.byLink,
				Email:    true,
			})
			if c.fails {
				if err == nil {
					t.Errorf("got %+v, want an error", m)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if (m.Subject == "") != (m.HTML == "") {
				t.Errorf("subject %q without mail, or mail without subject", m.Subject)
			}
			holds(t, "mail", m.HTML, c.mail)
			holds(t, "SMS", m.SMS, c.sms)
		})
	}
}

func holds(t *testing.T, what, text string, placeholders []string) {
	t.Helper()
	if (text == "") != (placeholders == nil) {
		t.Errorf("%s is %q, want placeholders %q", what, text, placeholders)
	}
	for _, p := range placeholders {
		if n := strings.Count(text, p); n != 1 {
			t.Errorf("%s holds %s %d times, want once: %s", what, p, n, text)
		}
	}
}

// panicking is a file system that a message must survive.
type panicking struct{ fstest.MapFS }

func (p panicking) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, ".tmpl") {
		panic("broken")
	}
	return p.MapFS.Open(name)
}

func TestPanicIsAnError(t *testing.T) {
	set, err := Open(panicking{MapFS: fstest.MapFS{"en/common.tmpl": &fstest.MapFile{}}})
	if err != nil {
		t.Fatal(err)
	}
	composer := NewComposer(set, Brand{Name: "Example"}, "en", "locale")
	if _, err := composer.Compose(Request{Kind: SignUp, Code: "{####}"}); err == nil {
		t.Error("Compose gave no error")
	}
	if _, err := composer.Welcome(nil, nil); err == nil {
		t.Error("Welcome gave no error")
	}
}

func TestWelcome(t *testing.T) {
	set, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	composer := NewComposer(set, Brand{
		Name:           "Example",
		SupportAddress: "help@example.org",
		SignInURL:      "https://app.example.org/?a=1",
	}, "en", "locale")
	mail, err := composer.Welcome(map[string]string{"locale": "ko", "family_name": "김", "given_name": "<b>서연"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if mail.Locale != "ko" || !strings.HasPrefix(mail.Subject, "[Example] ") {
		t.Errorf("locale %q, subject %q", mail.Locale, mail.Subject)
	}
	for _, want := range []string{"&lt;b&gt;서연", `href="https://app.example.org/?a=1"`,
		`href="mailto:help@example.org"`} {
		if !strings.Contains(mail.HTML, want) {
			t.Errorf("HTML lacks %s: %s", want, mail.HTML)
		}
	}
	for _, want := range []string{"<b>서연", "https://app.example.org/?a=1", "help@example.org"} {
		if !strings.Contains(mail.Text, want) {
			t.Errorf("text lacks %s: %s", want, mail.Text)
		}
	}
	if strings.Contains(mail.HTML, "{####}") || strings.Contains(mail.HTML, "{##") {
		t.Error("a welcome mail has no placeholder")
	}
}

func TestSignInMessages(t *testing.T) {
	set, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	composer := NewComposer(set, Brand{Name: "Example", SignInURL: "https://app.example.org/"}, "en", "locale")
	const code, link = "40721938", "https://app.example.org/in#user=a%40b&token=x"
	for _, locale := range set.Locales() {
		user := map[string]string{"locale": locale, "given_name": "<b>Ines"}
		byCode, err := composer.Write(SignInCode, user, nil, Insertions{Code: code})
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"HTML": byCode.HTML, "text": byCode.Text, "SMS": byCode.SMS} {
			if strings.Count(text, code) != 1 {
				t.Errorf("%s: the code is not once in %s: %s", locale, name, text)
			}
		}
		if strings.Contains(byCode.Subject, code) {
			t.Errorf("%s: the code is in the subject, which locked phones show", locale)
		}
		byLink, err := composer.Write(SignInLink, user, nil, Insertions{Link: link})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(byLink.HTML, `href="https://app.example.org/in#user=a%40b&amp;token=x"`) != 1 ||
			strings.Count(byLink.Text, link) != 1 || strings.Contains(byLink.HTML, "<b>Ines") {
			t.Errorf("%s: link %s\n%s", locale, byLink.HTML, byLink.Text)
		}
	}
	for name, wrong := range map[string]func() (Mail, error){
		"no code":    func() (Mail, error) { return composer.Write(SignInCode, nil, nil, Insertions{}) },
		"no link":    func() (Mail, error) { return composer.Write(SignInLink, nil, nil, Insertions{}) },
		"Cognito's":  func() (Mail, error) { return composer.Write(SignUp, nil, nil, Insertions{Code: code}) },
		"not a kind": func() (Mail, error) { return composer.Write("Other", nil, nil, Insertions{Code: code}) },
	} {
		if mail, err := wrong(); err == nil {
			t.Errorf("%s: got %+v, want an error", name, mail)
		}
	}
}
