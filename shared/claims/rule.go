package claims

import (
	"encoding/json"
	"slices"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/internal/rulefile"
)

// Set is a compiled rule file. It never changes and is safe for parallel use.
type Set struct {
	rules        []rule
	readsProfile bool
}

// ReadsProfile reports whether a rule takes a value from the user's profile.
func (s *Set) ReadsProfile() bool { return s.readsProfile }

// Len is the number of rules.
func (s *Set) Len() int { return len(s.rules) }

// rule is one compiled rule: a condition and exactly one action.
type rule struct {
	place string // "rules[3]"
	when  condition

	claim         *claimAction
	suppress      *suppressAction
	scopes        *scopesAction
	groups        *listEdit
	iamRoles      *listEdit
	preferredRole *preferredRoleAction
}

// condition holds if each of its parts holds; an empty part always holds.
type condition struct {
	clients []string // any of them
	groups  []string // the user is in any of them
	scopes  []string // the token has any of them
	grant   string   // "", grantUser or grantMachine
}

const (
	grantUser    = "user"
	grantMachine = "client_credentials"
)

func (c condition) always() bool {
	return len(c.clients)+len(c.groups)+len(c.scopes) == 0 && c.grant == ""
}

func (c condition) holds(in *Input) bool {
	switch {
	case c.grant == grantUser && in.Machine, c.grant == grantMachine && !in.Machine:
		return false
	case len(c.clients) > 0 && !slices.Contains(c.clients, in.ClientID):
		return false
	case len(c.groups) > 0 && !rulefile.Overlap(c.groups, in.Groups.GroupsToOverride):
		return false
	case len(c.scopes) > 0 && !rulefile.Overlap(c.scopes, in.Scopes):
		return false
	}
	return true
}

// claimAction gives a claim a value.
type claimAction struct {
	name   string
	tokens []cognito.Token
	source source

	kind       string // the type that a text is read as
	encodeJSON bool
	fallback   json.RawMessage // nil: without a value, the next rule decides the claim
	failDown   bool            // the sign-in fails while the profile cannot be read
	// never leave the claim to the user's attribute of that name, even if the rule does not apply
	guarded bool
}

// alwaysSets reports whether the action has a value for every event.
func (a *claimAction) alwaysSets() bool {
	return a.source.kind == fromConstant || (a.fallback != nil && !a.source.ofUser())
}

type suppressAction struct {
	tokens []cognito.Token
	names  []string
}

type scopesAction struct{ add, suppress []string }

// listEdit changes the groups or the IAM roles.
type listEdit struct {
	replace     bool
	set         []string
	add, remove []string
}

// apply returns an edited copy of the list.
func (e *listEdit) apply(list []string) []string {
	if e.replace {
		return slices.Clone(e.set)
	}
	edited := slices.DeleteFunc(slices.Clone(list), func(word string) bool { return slices.Contains(e.remove, word) })
	return appendNew(edited, e.add...)
}

// appendNew appends the words that the list lacks.
func appendNew(list []string, words ...string) []string {
	for _, word := range words {
		if !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return list
}

type preferredRoleAction struct{ arn *string }
