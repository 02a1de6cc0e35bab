package messages

import (
	"html"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func embeddedComposer(t *testing.T) (*Set, *Composer) {
	t.Helper()
	set, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return set, NewComposer(set, Brand{Name: "Example", SignInURL: "https://app.example.org/"}, "en", "locale")
}

// Codes are digits, and styles hold digits too: 111827 is a colour of the layout.
func TestFill(t *testing.T) {
	t.Parallel()
	set, composer := embeddedComposer(t)
	for _, locale := range set.Locales() {
		for _, kind := range Kinds() {
			if kind.Own() || kind == AdminCreateUser {
				continue
			}
			t.Run(locale+"/"+string(kind), func(t *testing.T) {
				user := map[string]string{"locale": locale, "given_name": "Ines", "family_name": "Moreau"}
				mail, err := composer.Fill(Request{Kind: kind, Attributes: user}, "111827")
				if err != nil || mail.Locale != locale || mail.Subject == "" {
					t.Fatalf("%+v, error %v", mail, err)
				}
				cognitos, err := composer.Compose(Request{Kind: kind, Attributes: user, Code: "{####}", Email: true})
				if err != nil || cognitos.Shortened {
					t.Fatal(err)
				}
				if mail.HTML != strings.Replace(cognitos.HTML, "{####}", "111827", 1) || mail.Subject != cognitos.Subject ||
					mail.SMS != strings.Replace(cognitos.SMS, "{####}", "111827", 1) {
					t.Error("the texts are not those of custom message")
				}
				if strings.Count(mail.Text, "111827") != 1 || strings.Contains(mail.Text, "<") {
					t.Errorf("text %s", mail.Text)
				}
			})
		}
	}
}

// A temporary password must be readable as it is typed: escaped for HTML, and with nothing beside it that could be read
// as a part of it.
func TestFillATemporaryPassword(t *testing.T) {
	t.Parallel()
	set, composer := embeddedComposer(t)
	for _, password := range []string{`a<&>"b'+.`, `&lt;`, `{username}`, "Xk4-tPz9!"} {
		for _, locale := range set.Locales() {
			mail, err := composer.Fill(Request{Kind: AdminCreateUser, Attributes: map[string]string{"locale": locale},
				UserName: `<i>{####}`}, password)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(mail.HTML, "<i>") || strings.Contains(mail.Text+mail.SMS+mail.HTML, "{####}{####}") {
				t.Errorf("%s: the user's name is not escaped: %s", locale, mail.HTML)
			}
			for form, text := range map[string]string{"text": mail.Text, "SMS": mail.SMS, "HTML": mail.HTML} {
				written := password
				if form == "HTML" {
					written = escape.Replace(password)
					if html.UnescapeString(written) != password {
						t.Fatalf("%s does not survive HTML", password)
					}
				}
				before, after, found := strings.Cut(text, written)
				last, _ := utf8.DecodeLastRuneInString(before)
				next, _ := utf8.DecodeRuneInString(after)
				apart := func(r rune, tag rune) bool { return unicode.IsSpace(r) || r == tag }
				if !found || !apart(last, '>') || after != "" && !apart(next, '<') {
					t.Errorf("%s, %s: the password %s is not set apart: %s", locale, form, password, text)
				}
			}
		}
	}
}

func TestFillRefuses(t *testing.T) {
	t.Parallel()
	_, composer := embeddedComposer(t)
	for _, kind := range []Kind{Welcome, AccountTakeOver, "Other"} {
		if mail, err := composer.Fill(Request{Kind: kind}, "123456"); err == nil {
			t.Errorf("%s: %+v", kind, mail)
		}
	}
	if mail, err := composer.Fill(Request{Kind: SignUp}, ""); err == nil {
		t.Errorf("without a code: %+v", mail)
	}
}

func TestAccountTakeOver(t *testing.T) {
	t.Parallel()
	set, composer := embeddedComposer(t)
	signIn := SignIn{
		Time: "2026-11-30T09:41:00Z", Place: "Lyon, <b>France", Device: "Chrome 138.0.7204, Windows 10",
		Address: "203.0.113.7", WasMe: "https://example.org/me?a=1&b=2", WasNotMe: "https://example.org/not-me",
	}
	for _, locale := range set.Locales() {
		mail, err := composer.Write(AccountTakeOver, map[string]string{"locale": locale}, nil, Insertions{SignIn: signIn})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{signIn.Time, "Lyon, &lt;b&gt;France", signIn.Device, signIn.Address,
			`href="https://example.org/me?a=1&amp;b=2"`, `href="https://example.org/not-me"`} {
			if !strings.Contains(mail.HTML, want) {
				t.Errorf("%s: the mail lacks %s", locale, want)
			}
		}
		if mail.SMS == "" || utf8.RuneCountInString(mail.SMS) > MaxSMS || !strings.Contains(mail.Text, signIn.WasNotMe) {
			t.Errorf("%s: %s\n%s", locale, mail.SMS, mail.Text)
		}
		signIn := SignIn{Refused: true}
		refused, err := composer.Write(AccountTakeOver, map[string]string{"locale": locale}, nil, Insertions{SignIn: signIn})
		if err != nil || refused.Subject == mail.Subject || strings.Contains(refused.HTML, "IP") {
			t.Errorf("%s: %s, error %v", locale, refused.Subject, err)
		}
	}
}

func TestDetailsOfASignIn(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"Lyon":                       "Lyon",
		"Chrome 138.0, Windows 10":   "Chrome 138.0, Windows 10",
		"call +1 800 555 1234":       "",
		"call 18005551234":           "",
		"see evil.example.org":       "",
		"mail a@b":                   "",
		"https://e":                  "",
		"a\r\nb":                     "a b",
		"{####}":                     "",
		strings.Repeat("a", 65):      "",
		strings.Repeat("1 ", 15):     "",
		"2026-11-30T09:41:00Z":       "2026-11-30T09:41:00Z",
		strings.Repeat("\u200b", 99): "",
	} {
		if got := detail(value); got != want {
			t.Errorf("%q: got %q, want %q", value, got, want)
		}
	}
	for _, address := range []string{
		"http://example.org/", "https://a@example.org/", `https://example.org/"x`, "javascript:x",
		"https:///x", "https://example.org/ x", ""} {
		if got := plainLink(address); got != "" {
			t.Errorf("%q is accepted", got)
		}
	}
}
