package messages

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzCompose sends hostile attributes through every template of every locale.
func FuzzCompose(f *testing.F) {
	for _, seed := range []string{
		"Ines", "김서연", `<script>alert(1)</script>`, "{####}", "{username}", "{##Click Here##}",
		"a\r\nBcc: b@example.org",
		"https://example.org",
		strings.Repeat("가", 64), strings.Repeat("🌻", 2048), "{{.Code}}", `"><img src=x onerror=alert(1)>`,
		"\u202E{\u200B####}", "\xff\x00",
	} {
		f.Add(seed, seed, seed, seed, seed)
	}
	set, err := Embedded()
	if err != nil {
		f.Fatal(err)
	}
	composer := NewComposer(set, Brand{
		Name:           "Example",
		SupportAddress: "help@example.org",
		SignInURL:      "https://app.example.org/",
	}, "en", "locale")
	f.Fuzz(func(t *testing.T, given, family, name, userName, metadata string) {
		for _, locale := range set.Locales() {
			attributes := map[string]string{
				"given_name":  given,
				"family_name": family,
				"name":        name,
				"locale":      locale,
				"email":       userName,
			}
			for _, kind := range Kinds() {
				if kind.Own() {
					mail, err := composer.Write(kind, attributes, map[string]string{"locale": metadata},
						Insertions{Code: "12345678", Link: "https://app.example.org/#t"})
					if err != nil {
						t.Fatal(err)
					}
					inert(t, mail.Subject, mail.HTML)
					continue
				}
				for _, byLink := range []bool{false, true} {
					m, err := composer.Compose(Request{
						Kind: kind, Attributes: attributes, Metadata: map[string]string{"locale": metadata}, UserName: userName,
						Code: "{####}", Username: "{username}", Link: "{##Click Here##}", Email: true, ByLink: byLink,
					})
					if err != nil {
						t.Fatal(err)
					}
					checkMessage(t, kind, m, byLink && kind.VerifiesByLink())
				}
			}
		}
	})
}

func checkMessage(t *testing.T, kind Kind, m Message, linked bool) {
	t.Helper()
	inert(t, m.Subject, m.HTML)
	if m.HTML == "" || m.SMS == "" && kind != AdminCreateUser {
		t.Errorf("%s: a text is missing", kind)
	}
	within(t, "subject", m.Subject, 1, MaxSubject)
	within(t, "mail", m.HTML, 6, MaxHTML)
	if m.SMS != "" {
		within(t, "SMS", m.SMS, 6, MaxSMS)
		count(t, m.SMS, "{####}", 1)
	}
	codes, links, users := 1, 0, 0
	if linked {
		codes, links = 0, 1
	}
	if kind == AdminCreateUser {
		users = 1
	}
	count(t, m.HTML, "{####}", codes)
	count(t, m.HTML, "{##", codes+links)
	count(t, m.HTML, "{username}", users)
	count(t, m.Subject, "{", 0)
}

func inert(t *testing.T, subject, html string) {
	t.Helper()
	if strings.ContainsAny(subject, "\r\n") || subject == "" {
		t.Errorf("subject %q", subject)
	}
	for _, text := range []string{subject, html} {
		for _, r := range text {
			if !permitted(r) {
				t.Errorf("holds %q, which Cognito refuses", r)
			}
		}
	}
	for _, raw := range []string{"<script", "<img", "onerror=alert(1)>"} {
		if strings.Contains(html, raw) {
			t.Errorf("mail holds %s: %s", raw, html)
		}
	}
}

func within(t *testing.T, what, text string, low, high int) {
	t.Helper()
	if n := utf8.RuneCountInString(text); n < low || n > high {
		t.Errorf("%s has %d characters, want %d to %d: %s", what, n, low, high, text)
	}
}

func count(t *testing.T, text, part string, want int) {
	t.Helper()
	if n := strings.Count(text, part); n != want {
		t.Errorf("%s occurs %d times, want %d: %s", part, n, want, text)
	}
}
