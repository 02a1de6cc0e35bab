package manifest

import (
	"slices"
	"strings"
)

// Grant is a permission of the function's role. With When, the role has it only while that setting is on: the setting's
// value is neither empty nor false. A grant that is listed twice holds if either entry does.
type Grant struct {
	Name string `json:"grant"`          // one of Grants
	When string `json:"when,omitempty"` // a setting in the manifest's environment; "" means always
}

// actions are the IAM actions of each grant, in the order of Grants.
func actions() []struct {
	grant   string
	actions []string
} {
	return []struct {
		grant   string
		actions []string
	}{
		{"profiles:read", []string{"dynamodb:GetItem"}},
		{"profiles:write", []string{"dynamodb:PutItem", "dynamodb:UpdateItem"}},
		{"posts:read", []string{"dynamodb:GetItem", "dynamodb:Query"}},
		{"posts:write", []string{
			"dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem",
		}},
		{"ses:send", []string{"ses:SendEmail"}},
		{"cognito:link-provider", []string{
			"cognito-idp:AdminGetUser", "cognito-idp:AdminLinkProviderForUser", "cognito-idp:ListUsers",
		}},
		{"cognito:add-to-group", []string{"cognito-idp:AdminAddUserToGroup"}},
		{"cognito:sign-out", []string{"cognito-idp:AdminUserGlobalSignOut"}},
	}
}

// Grants lists the names that a manifest's grants may use.
func Grants() []string {
	var names []string
	for _, entry := range actions() {
		names = append(names, entry.grant)
	}
	return names
}

// Actions lists the IAM actions of a grant, sorted; none if the grant is unknown.
func Actions(grant string) []string {
	for _, entry := range actions() {
		if entry.grant == grant {
			return entry.actions
		}
	}
	return nil
}

// GrantsWith returns the manifest's grants that hold with a function's settings, and those that do not because their
// setting is off. Settings that are not in the map have the manifest's defaults.
func (f Function) GrantsWith(settings map[string]string) (held []string, off []Grant) {
	env := f.EnvironmentWith(settings)
	for _, grant := range f.Grants {
		if (grant.When == "" || on(env[grant.When])) && !slices.Contains(held, grant.Name) {
			held = append(held, grant.Name)
		}
	}
	for _, grant := range f.Grants {
		if !slices.Contains(held, grant.Name) {
			off = append(off, grant)
		}
	}
	return held, off
}

// on reads a setting as shared/settings does: white space counts as nothing, and a boolean may be false in any case.
func on(value string) bool {
	value = strings.ToLower(strings.TrimSpace(value))
	return value != "" && value != "false" && value != "0"
}
