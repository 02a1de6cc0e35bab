package signup

import "testing"

// The corpus: look-alikes that mix scripts must be refused, and what people really write must pass.
func TestScripts(t *testing.T) {
	cases := []struct {
		name, text       string
		domain, username bool // whether it passes as a label, and as a user name
	}{
		{name: "ASCII", text: "paypal-24", domain: true, username: true},
		{name: "Latin with accents", text: "müller-çelik", domain: true, username: true},
		{name: "Vietnamese", text: "nguyễn", domain: true, username: true},
		{name: "Cyrillic", text: "почта", domain: true, username: true},
		{name: "Greek", text: "παράδειγμα", domain: true, username: true},
		{name: "Arabic", text: "مثال", domain: true, username: true},
		{name: "Arabic with its digits", text: "مثال٣", domain: true, username: true},
		{name: "Hebrew", text: "דוגמה", domain: true, username: true},
		{name: "Thai", text: "ตัวอย่าง", domain: true, username: true},
		{name: "Devanagari", text: "उदाहरण", domain: true, username: true},
		{name: "Korean", text: "한국은행", domain: true, username: true},
		{name: "Korean with Han", text: "大韓민국", domain: true, username: true},
		{name: "Korean with digits", text: "서울24", domain: true, username: true},
		{name: "Japanese, three scripts", text: "日本のサーバー", domain: true, username: true},
		{name: "Katakana alone with its long-vowel sign", text: "サーバー", domain: true, username: true},
		{name: "Japanese iteration mark", text: "佐々木", domain: true, username: true},
		{name: "Chinese", text: "银行", domain: true, username: true},
		{name: "Chinese with phonetic signs", text: "銀行ㄅ", domain: true, username: true},

		{name: "Cyrillic a in Latin", text: "pаypal"},
		{name: "Latin p in Cyrillic", text: "пpивет"},
		{name: "Greek omicron in Latin", text: "gοοgle"},
		{name: "Armenian in Latin", text: "հhello"},
		{name: "Cyrillic and Greek", text: "приβετ"},
		{name: "Cyrillic beside Han", text: "почта銀行"},
		{name: "Hangul and kana", text: "한국の"},
		{name: "Katakana and phonetic signs", text: "カㄅ"},
		{name: "Hangul, Han and kana", text: "한大カ"},
		{name: "Arabic digits in Latin", text: "bank٣"},

		{name: "Latin beside Hangul", text: "삼성tv", username: true},
		{name: "Latin beside Japanese", text: "tシャツ", username: true},
		{name: "Latin beside Chinese", text: "abc銀行", username: true},
		{name: "long-vowel sign as a dash", text: "payーpal", username: true},
		{name: "Latin beside Hangul and kana", text: "a한カ"},
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
