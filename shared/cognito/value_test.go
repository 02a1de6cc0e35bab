package cognito

import "testing"

func TestParseBoolean(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]struct{ is, ok bool }{
		"true": {true, true}, "True": {true, true}, "TRUE": {true, true},
		"false": {false, true}, "False": {false, true}, "FALSE": {false, true},
		"": {}, "1": {}, "yes": {}, " true": {}, "null": {}, "falſe": {},
	} {
		if is, ok := ParseBoolean(value); is != want.is || ok != want.ok {
			t.Errorf("%q: %v, %v, want %+v", value, is, ok, want)
		}
		if IsTrue(value) != want.is {
			t.Errorf("%q is true: %v", value, !want.is)
		}
	}
}
