package visible

import (
	"testing"
	"unicode"
)

func TestAny(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want bool
	}{
		"letter": {text: "a", want: true}, "Hangul": {text: "가", want: true}, "emoji": {text: "👩‍🚀", want: true},
		"letter with a mark":  {text: "e\u0301", want: true},
		"among what is blank": {text: "\u200b \u3164x", want: true},
		"nothing":             {text: ""},
		"white space":         {text: " \t\n\u00a0\u3000\u2028\u2029"},
		"zero width space":    {text: "\u200b\u200d\ufeff"}, "Hangul fillers": {text: "\u3164\uffa0\u115f\u1160"},
		"soft hyphen": {text: "\u00ad"}, "braille blank": {text: "\u2800"},
		"variation selector": {text: "\ufe0f"}, "tags": {text: "\U000e0041\U000e007f"},
		"bidirectional controls": {text: "\u202e\u2066\u200f"}, "control characters": {text: "\x00\x1b"},
		"Khmer vowels that show nothing": {text: "\u17b4\u17b5"}, "Mongolian separator": {text: "\u180e"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Any(c.text); got != c.want {
				t.Errorf("Any(%+q) = %v", c.text, got)
			}
		})
	}
}

// The property is derived in DerivedCoreProperties.txt; its count there guards against a wrong derivation.
func TestIgnorable(t *testing.T) {
	assigned := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if Ignorable(r) && unicode.In(r, unicode.L, unicode.M, unicode.Cf) {
			assigned++
			if Any(string(r)) {
				t.Errorf("%U is ignorable and shows something", r)
			}
		}
	}
	for r, want := range map[rune]bool{
		0x00AD: true, 0x034F: true, 0x061C: true, 0x115F: true, 0x17B4: true, 0x180B: true, 0x200B: true, 0x2060: true,
		0x2065: true, 0x3164: true, 0xFE00: true, 0xFEFF: true, 0xFFA0: true, 0x1BCA0: true, 0x1D173: true, 0xE0001: true,
		0xE0100: true, 0xE0FFF: true,
		'a': false, ' ': false, 0x0301: false, 0x0600: false, 0xFFF9: false, 0x13430: false, 0x2028: false,
	} {
		if Ignorable(r) != want {
			t.Errorf("Ignorable(%U) is not %v", r, want)
		}
	}
	if assigned < 400 || assigned > 420 {
		t.Errorf("%d assigned characters are ignorable", assigned)
	}
}

func TestReorders(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		control := unicode.Is(unicode.Bidi_Control, r)
		mark := r == 0x200E || r == 0x200F || r == 0x061C
		if Reorders(r) != (control && !mark) {
			t.Errorf("Reorders(%U) is not %v", r, control && !mark)
		}
	}
}
