package signup

import "testing"

// The corpus: look-alikes that mix scripts must be refused, and what people really write must pass.
func TestScripts(t *testing.T) {
	cases := []struct {
		name, text       string
		domain, username bool // whether it passes as a label, and as a user name
	}{
		{"ASCII", "paypal-24", true, true},
		{"Latin with accents", "müller-çelik", true, true},
		{"Vietnamese", "nguyễn", true, true},
		{"Cyrillic", "почта", true, true},
		{"Greek", "παράδειγμα", true, true},
		{"Arabic", "مثال", true, true},
		{"Arabic with its digits", "مثال٣", true, true},
		{"Hebrew", "דוגמה", true, true},
		{"Thai", "ตัวอย่าง", true, true},
		{"Devanagari", "उदाहरण", true, true},
		{"Korean", "한국은행", true, true},
		{"Korean with Han", "大韓민국", true, true},
		{"Korean with digits", "서울24", true, true},
		{"Japanese, three scripts", "日本のサーバー", true, true},
		{"Katakana alone with its long-vowel sign", "サーバー", true, true},
		{"Japanese iteration mark", "佐々木", true, true},
		{"Chinese", "银行", true, true},
		{"Chinese with phonetic signs", "銀行ㄅ", true, true},

		{"Cyrillic a in Latin", "pаypal", false, false},
		{"Latin p in Cyrillic", "пpивет", false, false},
		{"Greek omicron in Latin", "gοοgle", false, false},
		{"Armenian in Latin", "հhello", false, false},
		{"Cyrillic and Greek", "приβετ", false, false},
		{"Cyrillic beside Han", "почта銀行", false, false},
		{"Hangul and kana", "한국の", false, false},
		{"Katakana and phonetic signs", "カㄅ", false, false},
		{"Hangul, Han and kana", "한大カ", false, false},
		{"Arabic digits in Latin", "bank٣", false, false},

		{"Latin beside Hangul", "삼성tv", false, true},
		{"Latin beside Japanese", "tシャツ", false, true},
		{"Latin beside Chinese", "abc銀行", false, true},
		{"long-vowel sign as a dash", "payーpal", false, true},
		{"Latin beside Hangul and kana", "a한カ", false, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			domain, err := ParseDomain(c.text + ".example")
			if got := err == nil && domainScripts(domain); got != c.domain {
				t.Errorf("as a label of %s: %v", domain, got)
			}
			if got := usernameScripts(c.text); got != c.username {
				t.Errorf("as a user name: %v", got)
			}
		})
	}
}

func TestScriptsGoByParts(t *testing.T) {
	if !domainScripts("xn--80a1acny.example") { // почта
		t.Error("a Cyrillic label is refused for the Latin one beside it")
	}
	if domainScripts("good.xn--pypal-4ve.example") { // pаypal
		t.Error("a mixed label passes behind a good one")
	}
	if domainScripts("xn--0.example") {
		t.Error("a label that cannot be decoded passes")
	}
	if !usernameScripts("ines@почта.example") || !usernameScripts("иван.petrov") {
		t.Error("parts of a name are mixed up")
	}
	if usernameScripts("good@pаypal.example") {
		t.Error("a mixed part passes behind a good one")
	}
}
