package token

import (
	"slices"
	"testing"
)

func TestConfiguration(t *testing.T) {
	at := func(n int) *int { return &n }
	for name, test := range map[string]struct {
		groups        []Group
		names, roles  []string
		preferredRole string
	}{
		"none":                       {nil, nil, nil, ""},
		"by precedence":              {[]Group{{"b", "rb", at(2)}, {"a", "ra", nil}, {"c", "rc", at(0)}}, []string{"c", "b", "a"}, []string{"rc", "rb", "ra"}, "rc"},
		"same precedence, two roles": {[]Group{{"b", "rb", at(1)}, {"a", "ra", at(1)}}, []string{"a", "b"}, []string{"ra", "rb"}, ""},
		"same precedence, one role":  {[]Group{{"b", "r", at(1)}, {"a", "r", at(1)}}, []string{"a", "b"}, []string{"r"}, "r"},
		"no roles":                   {[]Group{{"a", "", at(1)}}, []string{"a"}, nil, ""},
		"first without a role":       {[]Group{{"a", "", at(1)}, {"b", "rb", at(2)}}, []string{"a", "b"}, []string{"rb"}, "rb"},
	} {
		t.Run(name, func(t *testing.T) {
			got := Configuration(test.groups)
			role := ""
			if got.PreferredRole != nil {
				role = *got.PreferredRole
			}
			if !slices.Equal(got.GroupsToOverride, test.names) || !slices.Equal(got.IAMRolesToOverride, test.roles) || role != test.preferredRole {
				t.Errorf("got %v, %v, %q", got.GroupsToOverride, got.IAMRolesToOverride, role)
			}
		})
	}
}
