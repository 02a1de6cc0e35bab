package signup

import (
	"strings"
	"testing"
)

func TestDomainListContains(t *testing.T) {
	list := func(entries ...string) DomainList {
		l, err := ParseDomainList(entries)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	cases := []struct {
		name   string
		list   DomainList
		domain string
		want   bool
	}{
		{name: "empty list", list: DomainList{}, domain: "example.com", want: false},
		{name: "exact", list: list("example.com"), domain: "example.com", want: true},
		{name: "written in capitals", list: list("Example.COM"), domain: "example.com", want: true},
		{name: "one of many", list: list("z.example", "example.com", "a.example"), domain: "z.example", want: true},
		{name: "exact entry and a subdomain", list: list("example.com"), domain: "mail.example.com", want: false},
		{name: "wildcard and a subdomain", list: list("*.example.com"), domain: "mail.example.com", want: true},
		{name: "wildcard and a deep subdomain", list: list("*.example.com"), domain: "a.b.mail.example.com", want: true},
		{name: "wildcard and the domain itself", list: list("*.example.com"), domain: "example.com", want: false},
		{name: "wildcard and a longer label", list: list("*.example.com"), domain: "evilexample.com", want: false},
		{
			name:   "wildcard and the domain as prefix",
			list:   list("*.example.com"),
			domain: "example.com.evil.example",
			want:   false,
		},
		{name: "exact entry as suffix", list: list("example.com"), domain: "notexample.com", want: false},
		{name: "IDN entry in Unicode", list: list("한국.example"), domain: "xn--3e0b707e.example", want: true},
		{name: "IDN entry in ASCII", list: list("xn--3e0b707e.example"), domain: "xn--3e0b707e.example", want: true},
		{name: "IDN wildcard", list: list("*.bücher.example"), domain: "mail.xn--bcher-kva.example", want: true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := c.list.Contains(c.domain); got != c.want {
				t.Errorf("Contains(%q) = %v", c.domain, got)
			}
		})
	}
}

func TestParseDomainListNamesTheEntry(t *testing.T) {
	for _, entry := range []string{".example.com", "*", "*.com", "*.*.example.com", "@example.com", "a@example.com",
		"exa mple.com", "localhost", "example.com."} {
		t.Run(entry, func(t *testing.T) {
			list, err := ParseDomainList([]string{"good.example", entry})
			if err == nil || !strings.Contains(err.Error(), entry) {
				t.Errorf("error %v, want one that names the entry", err)
			}
			if !list.Empty() {
				t.Error("a list beside an error")
			}
		})
	}
}

func FuzzParseDomain(f *testing.F) {
	for _, seed := range []string{
		"example.com", "EXAMPLE.com", "한국.example", "xn--3e0b707e.example", "xn--.example", "a。b.example",
		"faß.example",
		"ｅxample.com",
		"a.b", "-.a", "1.2.3.4", "a\u200db.example", "\u0131.example", "xn--a.xn--a", "i\u0307.example",
		strings.Repeat("한", 80) + ".example",
		"mİcrosoft.com", "\u212a.example", "a\u00adb.example", "a\u200bb.example", "ﬁrma.example", "bu\u0308cher.example",
		"xn--bch\u00ader-kva.example", "Ꭰ.example",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		domain, err := ParseDomain(name)
		if err != nil {
			if domain != "" {
				t.Errorf("%q beside an error", domain)
			}
			return
		}
		if !hostname(domain) || domain != strings.ToLower(domain) || !isASCII(domain) {
			t.Errorf("%q gives %q, which is no host name", name, domain)
		}
		if again, err := ParseDomain(domain); err != nil || again != domain {
			t.Errorf("%q gives %q, which gives %q, error %v", name, domain, again, err)
		}
		if !isASCII(name) && !strings.Contains(domain, "xn--") {
			t.Errorf("%q reads as the plain %q", name, domain)
		}
		domainScripts(domain) // must not panic
		exact, err := ParseDomainList([]string{name})
		if err != nil || !exact.Contains(domain) || exact.Contains("x."+domain) {
			t.Errorf("a list of %q misses itself or holds more", name)
		}
		below, err := ParseDomainList([]string{"*." + name})
		if err != nil || below.Contains(domain) || !below.Contains("x."+domain) {
			t.Errorf("a list of *.%q holds itself or misses what is below", name)
		}
	})
}
