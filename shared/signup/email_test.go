package signup

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseEmail(t *testing.T) {
	label := strings.Repeat("d", 63)
	longDomain := label + "." + label + "." + label + "." + strings.Repeat("d", 53) + ".example" // 253 octets
	cases := []struct {
		name, address string
		want          Email // zero: an error
	}{
		{"plain", "ines@example.org", Email{"ines", "example.org"}},
		{"case folded in the domain alone", "Ines@Example.ORG", Email{"Ines", "example.org"}},
		{"tag kept", "ines+news@example.org", Email{"ines+news", "example.org"}},
		{"dots and signs", "i.m_o'r-e!u#$%&*/=?^`{|}~@example.org", Email{"i.m_o'r-e!u#$%&*/=?^`{|}~", "example.org"}},
		{"deep domain", "a@b.c.d.example.org", Email{"a", "b.c.d.example.org"}},
		{"IDN", "minsu@한국.example", Email{"minsu", "xn--3e0b707e.example"}},
		{"IDN in ASCII form", "minsu@XN--3E0B707E.example", Email{"minsu", "xn--3e0b707e.example"}},
		{"decomposed IDN is composed", "a@bu\u0308cher.example", Email{"a", "xn--bcher-kva.example"}},
		{"IDN in both forms", "a@한국.XN--bcher-kva.example", Email{"a", "xn--3e0b707e.xn--bcher-kva.example"}},
		{"IDN in capitals", "a@BÜCHER.example", Email{"a", "xn--bcher-kva.example"}},
		{"sharp s", "a@faß.example", Email{"a", "xn--fa-hia.example"}},
		{"script whose plain letters are capitals", "a@Ꭰ.example", Email{"a", "xn--58d.example"}},
		{"hyphens in third and fourth place", "a@ab--cd.example", Email{"a", "ab--cd.example"}},
		{"longest local part", strings.Repeat("l", 64) + "@example.org", Email{strings.Repeat("l", 64), "example.org"}},
		{"local part too long", strings.Repeat("l", 65) + "@example.org", Email{}},
		{"address too long", "l@" + longDomain, Email{}},
		{"label too long", "a@" + strings.Repeat("d", 64) + ".example", Email{}},
		{"empty", "", Email{}},
		{"no at", "ines.example.org", Email{}},
		{"no local part", "@example.org", Email{}},
		{"no domain", "ines@", Email{}},
		{"two at", "ines@example.org@evil.example", Email{}},
		{"leading dot", ".ines@example.org", Email{}},
		{"trailing dot in local part", "ines.@example.org", Email{}},
		{"two dots", "i..nes@example.org", Email{}},
		{"quoted local part", `"ines moreau"@example.org`, Email{}},
		{"quoted at", `"ines@example.org"@evil.example`, Email{}},
		{"backslash", `in\es@example.org`, Email{}},
		{"comment", "ines(home)@example.org", Email{}},
		{"display name", "Ines <ines@example.org>", Email{}},
		{"two addresses", "ines@example.org,eve@evil.example", Email{}},
		{"space around", " ines@example.org", Email{}},
		{"line break before a header", "ines@example.org\r\nBcc: eve@evil.example", Email{}},
		{"line feed at the end", "ines@example.org\n", Email{}},
		{"NUL", "ines\x00@example.org", Email{}},
		{"C1 control", "ines@exa\u0085mple.org", Email{}},
		{"right-to-left override", "ines@example\u202e.org", Email{}},
		{"local part beyond ASCII", "민수@example.org", Email{}},
		{"zero-width space in local part", "ines\u200b@example.org", Email{}},
		{"invalid UTF-8", "ines@ex\xffample.org", Email{}},
		{"one label", "ines@localhost", Email{}},
		{"address literal", "ines@[192.0.2.1]", Email{}},
		{"figures", "ines@192.0.2.1", Email{}},
		{"trailing dot in domain", "ines@example.org.", Email{}},
		{"empty label", "ines@example..org", Email{}},
		{"leading hyphen", "ines@-example.org", Email{}},
		{"trailing hyphen", "ines@example-.org", Email{}},
		{"underscore in domain", "ines@ex_ample.org", Email{}},
		{"punycode that decodes to nothing sound", "ines@xn--0.example", Email{}},
		{"punycode of plain ASCII", "ines@xn--example-.org", Email{}},
		{"dotted capital I", "ines@mİcrosoft.com", Email{}},
		{"dotted capital I beside an IDN", "ines@İbücher.example", Email{}},
		{"Kelvin sign", "ines@\u212aakao.example", Email{}},
		{"full-width domain", "a@ｅｘａｍｐｌｅ.org", Email{}},
		{"ideographic full stop", "ines@example。org", Email{}},
		{"zero-width space in domain", "ines@exam\u200bple.org", Email{}},
		{"word joiner in domain", "ines@exam\u2060ple.org", Email{}},
		{"soft hyphen in domain", "ines@exam\u00adple.org", Email{}},
		{"soft hyphen in an IDN", "ines@bü\u00adcher.example", Email{}},
		{"soft hyphen in an A-label", "ines@xn--bch\u00ader-kva.example", Email{}},
		{"grapheme joiner in domain", "ines@exa\u034fmple.org", Email{}},
		{"variation selector in domain", "ines@exa\ufe0fmple.org", Email{}},
		{"ligature in domain", "ines@ﬁrma.example", Email{}},
		{"double-struck letter in domain", "ines@ℂorp.example", Email{}},
		{"placeholder as domain", "ines@{####}", Email{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseEmail(c.address)
			if got != c.want || (err != nil) != (c.want == Email{}) {
				t.Errorf("ParseEmail(%q) = %+v, error %v", c.address, got, err)
			}
			if err != nil && c.address != "" && strings.Contains(err.Error(), c.address) {
				t.Errorf("the error holds the address: %v", err)
			}
		})
	}
}

func TestParseEmailAtTheLimit(t *testing.T) {
	domain := strings.Repeat("d", 63) + "." + strings.Repeat("d", 63) + "." + strings.Repeat("d", 54) + ".example" // 190 octets
	local := strings.Repeat("l", maxEmail-1-len(domain))
	if _, err := ParseEmail(local + "@" + domain); err != nil {
		t.Errorf("254 octets: %v", err)
	}
	if _, err := ParseEmail(local + "l@" + domain); err == nil {
		t.Error("255 octets pass")
	}
}

func TestSpellings(t *testing.T) {
	cases := []struct {
		address string
		want    []string
	}{
		{"Ines@Example.ORG", []string{"Ines@example.org"}},
		{"ines@BÜCHER.example", []string{"ines@xn--bcher-kva.example", "ines@bücher.example"}},
		{"ines@xn--bcher-kva.example", []string{"ines@xn--bcher-kva.example", "ines@bücher.example"}},
	}
	for _, c := range cases {
		email, err := ParseEmail(c.address)
		if err != nil {
			t.Fatal(err)
		}
		if got := email.Spellings(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.address, got)
		}
		for _, spelling := range c.want {
			if other, err := ParseEmail(spelling); err != nil || !other.Same(email) {
				t.Errorf("%s is not %s (error %v)", spelling, c.address, err)
			}
		}
	}
}

func TestSame(t *testing.T) {
	for other, want := range map[string]bool{"INES@example.org": true, "ines@example.com": false, "ines+a@example.org": false} {
		email, err := ParseEmail(other)
		if err != nil || email.Same(Email{"ines", "example.org"}) != want {
			t.Errorf("%s: want %v (error %v)", other, want, err)
		}
	}
}

func FuzzParseEmail(f *testing.F) {
	for _, seed := range []string{
		"ines@example.org", "i+n@한국.example", "a@xn--3e0b707e.example", "a@ｅxample。org", "a\r\n@b.c", `"a"@b.c`, "a@b.c.", "@", "a@раураl.example",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		email, err := ParseEmail(address)
		if err != nil {
			if (email != Email{}) {
				t.Errorf("%+v beside an error", email)
			}
			return
		}
		checkParsed(t, address, email)
	})
}

// checkParsed holds what must be true of every address that passes.
func checkParsed(t *testing.T, address string, email Email) {
	t.Helper()
	if !strings.HasPrefix(address, email.Local+"@") || strings.Count(address, "@") != 1 {
		t.Errorf("%q: the local part %q is not all before the only @", address, email.Local)
	}
	if !utf8.ValidString(address) || strings.ContainsFunc(address, func(r rune) bool { return r < ' ' || r == 0x7f || r == '"' || r == '\\' }) {
		t.Errorf("%q passes", address)
	}
	again, err := ParseEmail(email.Local + "@" + email.Domain)
	if err != nil || again != email {
		t.Errorf("%q: the parsed form reads as %+v, error %v", address, again, err)
	}
	upper, err := ParseEmail(email.Local + "@" + strings.ToUpper(email.Domain))
	if err != nil || upper != email {
		t.Errorf("%q: upper case gives %+v, error %v", address, upper, err)
	}
}
