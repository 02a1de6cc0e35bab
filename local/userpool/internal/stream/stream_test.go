package stream

import "testing"

// A position that cannot be read is the beginning: nothing is lost.
func TestPositionOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Position{
		"": {}, "1.2.3.4": {1, 2, 3, 4}, "7": {Call: 7}, "x.2": {Event: 2}, "1.2.3.4.5": {1, 2, 3, 4}, "..": {},
	} {
		if got := positionOf(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// A position that is read is one that can be written, whatever a client sends.
func FuzzPositionOf(f *testing.F) {
	f.Add("1.2.3.4")
	f.Add("-1..99999999999999999999.x")
	f.Fuzz(func(t *testing.T, text string) {
		p := positionOf(text)
		if again := positionOf(p.String()); again != p {
			t.Errorf("%q: %v, and written %v", text, p, again)
		}
	})
}
