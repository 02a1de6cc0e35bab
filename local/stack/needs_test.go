package stack

import (
	"slices"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/manifest"
)

// What a function may call in any setting, and its tables, decide what the stack starts.
func TestNeedsOf(t *testing.T) {
	t.Parallel()
	grant := func(name string) manifest.Function {
		return manifest.Function{Grants: []manifest.Grant{{Name: name, When: "SWITCH"}}}
	}
	statement := func(action string) manifest.Function {
		return manifest.Function{Statements: []manifest.Statement{{Actions: []string{action}}}}
	}
	with := func(services ...string) needs { return needs{emulator: true, services: services} }
	for name, c := range map[string]struct {
		function manifest.Function
		want     needs
	}{
		"nothing":         {},
		"the pool":        {function: grant("cognito:list-groups")},
		"a pool's action": {function: statement("cognito-idp:AdminGetUser")},
		"profiles":        {function: grant("profiles:read"), want: needs{emulator: true, profiles: true}},
		"posts":           {function: grant("posts:write"), want: needs{emulator: true, posts: true}},
		"mail":            {function: grant("ses:send"), want: with()},
		"text messages":   {function: grant("sns:publish"), want: with()},
		"keys":            {function: grant("kms:decrypt"), want: with()},
		"keys of a sender": {
			function: manifest.Function{Hook: cognito.CustomEmailSender, Grants: []manifest.Grant{{Name: "kms:decrypt"}}},
			want:     needs{keys: true},
		},
		"secrets":            {function: grant("secrets:read"), want: with("secretsmanager")},
		"events":             {function: grant("events:put"), want: with("events")},
		"a service's action": {function: statement("s3:GetObject"), want: with("s3")},
		"a table":            {function: manifest.Function{Tables: []manifest.Table{{Name: "codes"}}}, want: with()},
		"a setting for the profiles": {
			function: manifest.Function{Environment: map[string]string{"PROFILE_TABLE": ""}},
			want:     needs{emulator: true, profiles: true},
		},
	} {
		got := needsOf([]manifest.Function{c.function})
		if got.emulator != c.want.emulator || got.profiles != c.want.profiles || got.posts != c.want.posts ||
			got.keys != c.want.keys ||
			!slices.Equal(got.services, c.want.services) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
