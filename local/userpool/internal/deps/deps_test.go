package deps

import "testing"

func TestCheck(t *testing.T) {
	t.Parallel()
	type parts struct {
		Store any
		Now   func()
		Name  string
	}
	now := func() {}
	for name, c := range map[string]struct {
		parts parts
		want  string
	}{
		"complete":         {parts: parts{Store: 1, Now: now, Name: "n"}},
		"one is missing":   {parts: parts{Store: 1, Name: "n"}, want: "the room cannot work without Now"},
		"more are missing": {parts: parts{Now: now}, want: "the room cannot work without Store, Name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := Check("the room", c.parts)
			if c.want == "" && err != nil || c.want != "" && (err == nil || err.Error() != c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}
