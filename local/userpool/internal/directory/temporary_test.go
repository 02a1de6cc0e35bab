package directory

import (
	"strings"
	"testing"

	"cognito-triggers/local/userpool/state"
)

func demanding(length int) state.PasswordPolicy {
	return state.PasswordPolicy{
		MinimumLength: length, RequireUppercase: true, RequireLowercase: true, RequireNumbers: true, RequireSymbols: true,
	}
}

func TestTemporaryPasswordsMeetPolicy(t *testing.T) {
	for name, test := range map[string]struct {
		policy state.PasswordPolicy
		length int
		has    []string
		lacks  []string
	}{
		"no requirements": {length: 12, has: []string{easyLower, easyNumbers}, lacks: []string{easySymbols}},
		"everything": {
			policy: demanding(8), length: 12, has: []string{easyLower, easyUpper, easyNumbers, easySymbols},
		},
		"long": {
			policy: demanding(99), length: 99, has: []string{easyLower, easyUpper, easyNumbers, easySymbols},
		},
		"above the limit": {
			policy: state.PasswordPolicy{MinimumLength: 1000}, length: 256, has: []string{easyLower},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for range 100 {
				got := TemporaryPassword(test.policy)
				if len(got) != test.length {
					t.Fatalf("%d characters, want %d", len(got), test.length)
				}
				for _, class := range test.has {
					if !strings.ContainsAny(got, class) {
						t.Fatalf("%q has no character of %q", got, class)
					}
				}
				for _, class := range test.lacks {
					if strings.ContainsAny(got, class) {
						t.Fatalf("%q has characters of %q", got, class)
					}
				}
			}
		})
	}
}

func TestTemporaryPasswordsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		seen[TemporaryPassword(state.PasswordPolicy{})] = true
	}
	if len(seen) != 100 {
		t.Errorf("%d different passwords out of 100", len(seen))
	}
}
