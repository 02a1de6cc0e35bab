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
		"none": {groups: nil},
		"by precedence": {
			groups: []Group{{
				Name:       "b",
				RoleARN:    "rb",
				Precedence: at(2),
			}, {Name: "a", RoleARN: "ra"}, {Name: "c", RoleARN: "rc", Precedence: at(0)}},
			names:         []string{"c", "b", "a"},
			roles:         []string{"rc", "rb", "ra"},
			preferredRole: "rc",
		},
		"same precedence, two roles": {
			groups: []Group{{Name: "b", RoleARN: "rb", Precedence: at(1)}, {Name: "a", RoleARN: "ra", Precedence: at(1)}},
			names:  []string{"a", "b"},
			roles:  []string{"ra", "rb"},
		},
		"same precedence, one role": {
			groups:        []Group{{Name: "b", RoleARN: "r", Precedence: at(1)}, {Name: "a", RoleARN: "r", Precedence: at(1)}},
			names:         []string{"a", "b"},
			roles:         []string{"r"},
			preferredRole: "r",
		},
		"no roles": {groups: []Group{{Name: "a", Precedence: at(1)}}, names: []string{"a"}},
		"first without a role": {
			groups:        []Group{{Name: "a", Precedence: at(1)}, {Name: "b", RoleARN: "rb", Precedence: at(2)}},
			names:         []string{"a", "b"},
			roles:         []string{"rb"},
			preferredRole: "rb",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := Configuration(test.groups)
			role := ""
			if got.PreferredRole != nil {
				role = *got.PreferredRole
			}
			if !slices.Equal(got.GroupsToOverride, test.names) || !slices.Equal(got.IAMRolesToOverride, test.roles) ||
				role != test.preferredRole {
				t.Errorf("got %v, %v, %q", got.GroupsToOverride, got.IAMRolesToOverride, role)
			}
		})
	}
}
