package directory

import "testing"

// Text that mail programs read as two addresses, or terminals as a command, is not an address.
func TestEmailAddresses(t *testing.T) {
	for _, good := range []string{"a@b", "ines.moreau+x@mail.example.org", "o'neil@example.org", "é@bücher.example",
		"a_b-c@example.org"} {
		if !IsEmail(good) {
			t.Errorf("%q is refused", good)
		}
	}
	for _, bad := range []string{
		"", "a", "@b", "a@", "a@@b", "a@b@c", "a b@c", "a@b,c@d", "a@b;c@d", "Ines <a@b>", "<a@b>", "a@b\x00",
		"\x1b]0;x\x07@b", "a\u202eb@c", "a@b\r\nBcc: c@d", "a@b..c", "a@.b", "a@b.", `"a"@b`,
	} {
		if IsEmail(bad) {
			t.Errorf("%q is accepted", bad)
		}
	}
}
