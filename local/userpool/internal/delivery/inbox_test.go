package delivery

import "testing"

// The code in a function's message is seen, and no other number is taken for one.
func TestCodesOfFunctions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ subject, body, want string }{
		"six digits":        {"Your code", "Your code is 962003.", "962003"},
		"in both":           {"962003 is your code", "Enter 962003", "962003"},
		"beside a year":     {"Your code", "962003\n© 2026 Shop", "962003"},
		"four digits":       {"Your code", "4711", "4711"},
		"two numbers":       {"Your code", "962003 or 123456", ""},
		"part of a word":    {"Welcome", "https://shop.example/x962003y", ""},
		"longer":            {"Welcome", "Call +33612345678", ""},
		"nothing like that": {"Welcome", "Hello", ""},
	} {
		var inbox Inbox
		inbox.AddSent(Sent{Function: "sign-in", To: "ines@example.org", Subject: c.subject, Body: c.body})
		if got := inbox.Messages(0)[0].Code; got != c.want {
			t.Errorf("%s: code %q, want %q", name, got, c.want)
		}
	}
}
