package claims

import (
	"fmt"
	"slices"
	"strings"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// BudgetError reports that a token would be larger than its budget.
type BudgetError struct {
	Token  cognito.Token // "" where the number of claims over both tokens is meant
	Size   int           // what counts against the budget
	Budget int           // the most allowed
	Unit   string        // "bytes" or "claims and scopes"
}

func (e *BudgetError) Error() string {
	if e.Token == "" {
		return fmt.Sprintf("both tokens together would carry %d %s; at most %d are allowed", e.Size, e.Unit, e.Budget)
	}
	return fmt.Sprintf("the %s token would carry %d %s of claims, scopes and groups; at most %d are allowed", e.Token,
		e.Size,
		e.Unit, e.Budget)
}

// CheckBudget returns a *BudgetError if the claims, scopes, groups and roles of a token take more than the given number
// of bytes as compact JSON, or if both tokens together carry more than MaxClaims. The user's own groups count whether
// or not a rule changed them, because they enlarge the token too. Claims that Cognito adds by itself and the user's
// attributes do not count.
func (o *Override) CheckBudget(in *Input, bytes int) error {
	id, access := o.size(in, cognito.ID), o.size(in, cognito.Access)
	switch {
	case access > bytes:
		return &BudgetError{cognito.Access, access, bytes, "bytes"}
	case id > bytes:
		return &BudgetError{cognito.ID, id, bytes, "bytes"}
	}
	count := len(o.ID.Claims) + len(o.Access.Claims) + len(in.Attributes) + len(o.grantedScopes(in))
	if count > cognito.MaxClaims {
		return &BudgetError{"", count, cognito.MaxClaims, "claims and scopes"}
	}
	return nil
}

func (o *Override) size(in *Input, token cognito.Token) int {
	t := o.token(token)
	size := 0
	for _, claim := range t.Claims {
		size += memberSize(claim.Name, len(claim.Value))
	}
	if token == cognito.Access {
		if scopes := o.grantedScopes(in); len(scopes) > 0 {
			size += memberSize(cognito.ClaimScope, len(strings.Join(scopes, " "))+len(`""`))
		}
	}
	if !slices.Contains(t.Suppress, cognito.ClaimGroups) {
		size += groupsSize(o.finalGroups(in), token)
	}
	return size
}

func (o *Override) finalGroups(in *Input) events.GroupConfiguration {
	if o.Groups != nil {
		return *o.Groups
	}
	return in.Groups
}

func groupsSize(g events.GroupConfiguration, token cognito.Token) int {
	size := 0
	if len(g.GroupsToOverride) > 0 {
		size += memberSize(cognito.ClaimGroups, listSize(g.GroupsToOverride))
	}
	if token == cognito.ID && len(g.IAMRolesToOverride) > 0 {
		size += memberSize(cognito.ClaimRoles, listSize(g.IAMRolesToOverride))
	}
	if token == cognito.ID && g.PreferredRole != nil {
		size += memberSize(cognito.ClaimPreferredRole, len(quote(*g.PreferredRole)))
	}
	return size
}

func (o *Override) grantedScopes(in *Input) []string {
	granted := appendNew(slices.Clone(in.Scopes), o.Access.ScopesToAdd...)
	return slices.DeleteFunc(granted, func(scope string) bool { return slices.Contains(o.Access.ScopesToSuppress, scope) })
}

// memberSize is the length of `"name":value,`.
func memberSize(name string, value int) int { return len(quote(name)) + len(":,") + value }

func listSize(texts []string) int { return len(quoteList(texts)) }
