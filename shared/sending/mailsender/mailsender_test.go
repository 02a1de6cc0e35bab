package mailsender

import "testing"

func TestValid(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"hello@example.org":                    true,
		"Example <hello@example.org>":          true,
		`"Example, Inc." <hello@example.org>`:  true,
		"":                                     false,
		"Example":                              false,
		"hello@example.org, other@example.org": false,
		`"two words"@example.org`:              false, // RFC 5322 has it, SES does not deliver to it
		"Example <hello@example.org>\r\nBcc: a@b.org": false,
	} {
		if got := Valid(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}
