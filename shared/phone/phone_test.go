package phone

import (
	"strings"
	"testing"
)

func TestCountries(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"+14325551212": "US", "+14165551212": "CA", "+18765551212": "JM", "+18095551212": "DO", "+19005551212": "",
		"+18005551212": "", "+447400123456": "GB", "+447781123456": "GG", "+821012345678": "KR", "+8613800138000": "CN",
		"+79161234567": "RU", "+77012345678": "KZ", "+3584012345": "FI", "+390612345678": "IT", "+3906698123456": "VA",
		"+38344123456": "XK", "+999123456789": "", "+210123456789": "",
	} {
		n, err := Parse(number)
		if err != nil || n.String() != number {
			t.Errorf("%s: %v, error %v", number, n, err)
		}
		if got := n.Country(); got != want {
			t.Errorf("%s: country %q, want %q", number, got, want)
		}
	}
	for country, want := range map[string]bool{"US": true, "KR": true, "": false, "-": false, "us": false, "ZZ": false} {
		if KnownCountry(country) != want {
			t.Errorf("%q is known: %v", country, !want)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{"", "+", "14325551212", "+0123456789", "+123456", "+1234567890123456", "+1432555121a",
		"+1 432 555 1212", "+١٤٣٢٥٥٥١٢١٢", "+14325551212\n"} {
		if n, err := Parse(wrong); err == nil || strings.Contains(err.Error(), "432 555") {
			t.Errorf("%q: %v, error %v", wrong, n, err)
		}
	}
	if n, _ := Parse("+14325551212"); n.Block() != "1432555" {
		t.Errorf("block %s", n.Block())
	}
}
