package manifest

import (
	"path/filepath"
	"slices"
	"testing"
)

// A role has what the settings use and nothing else.
func TestGrantsWith(t *testing.T) {
	function := Function{
		Environment: map[string]string{"TABLE": "", "SWITCH": "true", "LIST": "", "OTHER": ""},
		Grants: []Grant{
			{Name: "posts:read"}, {Name: "profiles:write", When: "TABLE"}, {Name: "cognito:add-to-group", When: "SWITCH"},
			{Name: "cognito:link-provider", When: "LIST"}, {Name: "cognito:link-provider", When: "OTHER"},
		},
	}
	cases := map[string]struct {
		settings map[string]string
		want     []string
	}{
		"defaults":      {settings: nil, want: []string{"posts:read", "cognito:add-to-group"}},
		"blank":         {settings: map[string]string{"TABLE": " "}, want: []string{"posts:read", "cognito:add-to-group"}},
		"off":           {settings: map[string]string{"SWITCH": "False"}, want: []string{"posts:read"}},
		"off by number": {settings: map[string]string{"SWITCH": "0"}, want: []string{"posts:read"}},
		"on": {
			settings: map[string]string{"TABLE": "t", "OTHER": "Google"},
			want:     []string{"posts:read", "profiles:write", "cognito:add-to-group", "cognito:link-provider"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			held, off := function.GrantsWith(c.settings)
			if !slices.Equal(held, c.want) {
				t.Errorf("held %v, want %v", held, c.want)
			}
			for _, grant := range off {
				if slices.Contains(held, grant.Name) || grant.When == "" {
					t.Errorf("%v is off", grant)
				}
			}
		})
	}
}

// With the settings of their manifests, the functions of this repository may call nothing, except that a password reset
// ends sign-ins.
func TestFunctionsMayDoNothingByDefault(t *testing.T) {
	functions, err := Find(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, function := range functions {
		held, _ := function.GrantsWith(nil)
		if function.Name == "auth" && slices.Equal(held, []string{"cognito:sign-out"}) {
			continue
		}
		if len(held) > 0 {
			t.Errorf("%s has %v whatever its settings are: name the setting in \"when\"", function.Name, held)
		}
	}
}
