package token

import (
	"cmp"
	"math"
	"slices"

	"cognito-triggers/shared/events"
)

// Group is one of the user's groups.
type Group struct {
	Name, RoleARN string
	Precedence    *int // the lowest comes first, nil last
}

// Configuration sorts a user's groups by precedence and picks the preferred role: the role of the first group that has
// one, unless another group with the same precedence has a different role.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-user-groups.html
func Configuration(groups []Group) events.GroupConfiguration {
	rank := func(g Group) int {
		if g.Precedence == nil {
			return math.MaxInt
		}
		return *g.Precedence
	}
	sorted := slices.Clone(groups)
	slices.SortStableFunc(sorted, func(a, b Group) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Name, b.Name))
	})
	var c events.GroupConfiguration
	var preferred []string
	best := 0
	for _, g := range sorted {
		c.GroupsToOverride = append(c.GroupsToOverride, g.Name)
		if g.RoleARN == "" {
			continue
		}
		if !slices.Contains(c.IAMRolesToOverride, g.RoleARN) {
			c.IAMRolesToOverride = append(c.IAMRolesToOverride, g.RoleARN)
		}
		if len(preferred) == 0 {
			best = rank(g)
		}
		if rank(g) == best && !slices.Contains(preferred, g.RoleARN) {
			preferred = append(preferred, g.RoleARN)
		}
	}
	if len(preferred) == 1 {
		c.PreferredRole = &preferred[0]
	}
	return c
}
