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
		{name: "plain", address: "ines@example.org", want: Email{Local: "ines", Domain: "example.org"}},
		{
			name:    "case folded in the domain alone",
			address: "Ines@Example.ORG",
			want:    Email{Local: "Ines", Domain: "example.org"},
		},
		{name: "tag kept", address: "ines+news@example.org", want: Email{Local: "ines+news", Domain: "example.org"}},
		{
			name:    "dots and signs",
			address: "i.m_o'r-e!u#$%&*/=?^`{|}~@example.org",
			want:    Email{Local: "i.m_o'r-e!u#$%&*/=?^`{|}~", Domain: "example.org"},
		},
		{name: "deep domain", address: "a@b.c.d.example.org", want: Email{Local: "a", Domain: "b.c.d.example.org"}},
		{name: "IDN", address: "minsu@한국.example", want: Email{Local: "minsu", Domain: "xn--3e0b707e.example"}},
		{
			name:    "IDN in ASCII form",
			address: "minsu@XN--3E0B707E.example",
			want:    Email{Local: "minsu", Domain: "xn--3e0b707e.example"},
		},
		{
			name:    "decomposed IDN is composed",
			address: "a@bu\u0308cher.example",
			want:    Email{Local: "a", Domain: "xn--bcher-kva.example"},
		},
		{
			name:    "IDN in both forms",
			address: "a@한국.XN--bcher-kva.example",
			want:    Email{Local: "a", Domain: "xn--3e0b707e.xn--bcher-kva.example"},
		},
		{name: "IDN in capitals", address: "a@BÜCHER.example", want: Email{Local: "a", Domain: "xn--bcher-kva.example"}},
		{name: "sharp s", address: "a@faß.example", want: Email{Local: "a", Domain: "xn--fa-hia.example"}},
		{
			name:    "script whose plain letters are capitals",
			address: "a@Ꭰ.example",
			want:    Email{Local: "a", Domain: "xn--58d.example"},
		},
		{
			name:    "hyphens in third and fourth place",
			address: "a@ab--cd.example",
			want:    Email{Local: "a", Domain: "ab--cd.example"},
		},
		{
			name:    "longest local part",
			address: strings.Repeat("l", 64) + "@example.org",
			want:    Email{Local: strings.Repeat("l", 64), Domain: "example.org"},
		},
		{name: "local part too long", address: strings.Repeat("l", 65) + "@example.org", want: Email{}},
		{name: "address too long", address: "l@" + longDomain, want: Email{}},
		{name: "label too long", address: "a@" + strings.Repeat("d", 64) + ".example", want: Email{}},
		{name: "empty", want: Email{}},
		{name: "no at", address: "ines.example.org", want: Email{}},
		{name: "no local part", address: "@example.org", want: Email{}},
		{name: "no domain", address: "ines@", want: Email{}},
		{name: "two at", address: "ines@example.org@evil.example", want: Email{}},
		{name: "leading dot", address: ".ines@example.org", want: Email{}},
		{name: "trailing dot in local part", address: "ines.@example.org", want: Email{}},
		{name: "two dots", address: "i..nes@example.org", want: Email{}},
		{name: "quoted local part", address: `"ines moreau"@example.org`, want: Email{}},
		{name: "quoted at", address: `"ines@example.org"@evil.example`, want: Email{}},
		{name: "backslash", address: `in\es@example.org`, want: Email{}},
		{name: "comment", address: "ines(home)@example.org", want: Email{}},
		{name: "display name", address: "Ines <ines@example.org>", want: Email{}},
		{name: "two addresses", address: "ines@example.org,eve@evil.example", want: Email{}},
		{name: "space around", address: " ines@example.org", want: Email{}},
		{name: "line break before a header", address: "ines@example.org\r\nBcc: eve@evil.example", want: Email{}},
		{name: "line feed at the end", address: "ines@example.org\n", want: Email{}},
		{name: "NUL", address: "ines\x00@example.org", want: Email{}},
		{name: "C1 control", address: "ines@exa\u0085mple.org", want: Email{}},
		{name: "right-to-left override", address: "ines@example\u202e.org", want: Email{}},
		{name: "local part beyond ASCII", address: "민수@example.org", want: Email{}},
		{name: "zero-width space in local part", address: "ines\u200b@example.org", want: Email{}},
		{name: "invalid UTF-8", address: "ines@ex\xffample.org", want: Email{}},
		{name: "one label", address: "ines@localhost", want: Email{}},
		{name: "address literal", address: "ines@[192.0.2.1]", want: Email{}},
		{name: "figures", address: "ines@192.0.2.1", want: Email{}},
		{name: "trailing dot in domain", address: "ines@example.org.", want: Email{}},
		{name: "empty label", address: "ines@example..org", want: Email{}},
		{name: "leading hyphen", address: "ines@-example.org", want: Email{}},
		{name: "trailing hyphen", address: "ines@example-.org", want: Email{}},
		{name: "underscore in domain", address: "ines@ex_ample.org", want: Email{}},
		{name: "punycode that decodes to nothing sound", address: "ines@xn--0.example", want: Email{}},
		{name: "punycode of plain ASCII", address: "ines@xn--example-.org", want: Email{}},
		{name: "dotted capital I", address: "ines@mİcrosoft.com", want: Email{}},
		{name: "dotted capital I beside an IDN", address: "ines@İbücher.example", want: Email{}},
		{name: "Kelvin sign", address: "ines@\u212aakao.example", want: Email{}},
		{name: "full-width domain", address: "a@ｅｘａｍｐｌｅ.org", want: Email{}},
		{name: "ideographic full stop", address: "ines@example。org", want: Email{}},
		{name: "zero-width space in domain", address: "ines@exam\u200bple.org", want: Email{}},
		{name: "word joiner in domain", address: "ines@exam\u2060ple.org", want: Email{}},
		{name: "soft hyphen in domain", address: "ines@exam\u00adple.org", want: Email{}},
		{name: "soft hyphen in an IDN", address: "ines@bü\u00adcher.example", want: Email{}},
		{name: "soft hyphen in an A-label", address: "ines@xn--bch\u00ader-kva.example", want: Email{}},
		{name: "grapheme joiner in domain", address: "ines@exa\u034fmple.org", want: Email{}},
		{name: "variation selector in domain", address: "ines@exa\ufe0fmple.org", want: Email{}},
		{name: "ligature in domain", address: "ines@ﬁrma.example", want: Email{}},
		{name: "double-struck letter in domain", address: "ines@ℂorp.example", want: Email{}},
		{name: "placeholder as domain", address: "ines@{####}", want: Email{}},
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
	// 190 octets
	domain := strings.Repeat("d", 63) + "." + strings.Repeat("d", 63) + "." + strings.Repeat("d", 54) + ".example"
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
		{address: "Ines@Example.ORG", want: []string{"Ines@example.org"}},
		{address: "ines@BÜCHER.example", want: []string{"ines@xn--bcher-kva.example", "ines@bücher.example"}},
		{address: "ines@xn--bcher-kva.example", want: []string{"ines@xn--bcher-kva.example", "ines@bücher.example"}},
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
	for other, want := range map[string]bool{
		"INES@example.org":   true,
		"ines@example.com":   false,
		"ines+a@example.org": false,
	} {
		email, err := ParseEmail(other)
		if err != nil || email.Same(Email{Local: "ines", Domain: "example.org"}) != want {
			t.Errorf("%s: want %v (error %v)", other, want, err)
		}
	}
}

func FuzzParseEmail(f *testing.F) {
	for _, seed := range []string{
		"ines@example.org", "i+n@한국.example", "a@xn--3e0b707e.example", "a@ｅxample。org", "a\r\n@b.c", `"a"@b.c`,
		"a@b.c.",
		"@", "a@раураl.example",
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
	if !utf8.ValidString(address) || strings.ContainsFunc(address, func(r rune) bool {
		return r < ' ' || r == 0x7f || r == '"' || r == '\\'
	}) {
		t.Errorf("%q passes", address)
	}
	again, err := ParseEmail(email.Address())
	if err != nil || again != email {
		t.Errorf("%q: the parsed form reads as %+v, error %v", address, again, err)
	}
	upper, err := ParseEmail(email.Local + "@" + strings.ToUpper(email.Domain))
	if err != nil || upper != email {
		t.Errorf("%q: upper case gives %+v, error %v", address, upper, err)
	}
}
