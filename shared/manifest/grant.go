package manifest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Grant is a permission of the function's role. With When, the role has it only while that setting is on: the setting's
// value is neither empty nor false. A grant that is listed twice holds if either entry does.
type Grant struct {
	Name string `json:"grant"`          // one of Grants
	When string `json:"when,omitempty"` // a setting in the manifest's environment; "" means always
	// Resource is the setting whose value is the ARN that the grant is for, or several separated by commas. Some grants
	// need it, see NeedsResource; most have a resource of their own.
	Resource string `json:"resource,omitempty"`
}

// grantKind is what a grant means.
type grantKind struct {
	name    string
	actions []string
	arn     string // pattern of the ARNs in the setting that the grant's resource names; "" for a grant without one
	alone   bool   // whether the grant also means something without a resource
}

// kinds are all grants, in the order of Grants.
func kinds() []grantKind {
	arn := func(service, resource string) string {
		return `^arn:[a-z-]+:` + service + `:[a-z0-9-]+:[0-9]{12}:` + resource + `[^*?]+$`
	}
	return []grantKind{
		{name: "profiles:read", actions: []string{"dynamodb:GetItem"}},
		{name: "profiles:write", actions: []string{"dynamodb:PutItem", "dynamodb:UpdateItem"}},
		{name: "posts:read", actions: []string{"dynamodb:GetItem", "dynamodb:Query"}},
		{name: "posts:write", actions: []string{
			"dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem",
		}},
		{name: "ses:send", actions: []string{"ses:SendEmail"}},
		{name: "cognito:link-provider", actions: []string{
			"cognito-idp:AdminGetUser", "cognito-idp:AdminLinkProviderForUser", "cognito-idp:ListUsers",
		}},
		{name: "cognito:add-to-group", actions: []string{"cognito-idp:AdminAddUserToGroup"}},
		{name: "cognito:sign-out", actions: []string{"cognito-idp:AdminUserGlobalSignOut"}},
		{name: "cognito:get-user", actions: []string{"cognito-idp:AdminGetUser"}},
		{name: "cognito:list-groups", actions: []string{"cognito-idp:AdminListGroupsForUser"}},
		{name: "secrets:read", actions: []string{"secretsmanager:GetSecretValue"}, arn: arn("secretsmanager", "secret:")},
		// Without a resource: text messages to phone numbers, and no topic.
		{name: "sns:publish", actions: []string{"sns:Publish"}, arn: arn("sns", ""), alone: true},
		{name: "events:put", actions: []string{"events:PutEvents"}, arn: arn("events", "event-bus/")},
		{name: "kms:decrypt", actions: []string{"kms:Decrypt"}, arn: arn("kms", "key/")},
		// Tables and pools of others, which old users come from.
		{name: "dynamodb:read", actions: []string{"dynamodb:GetItem", "dynamodb:Query"}, arn: arn("dynamodb", "table/")},
		{name: "cognito:migrate-from", actions: []string{
			"cognito-idp:AdminGetUser", "cognito-idp:AdminInitiateAuth",
		}, arn: arn("cognito-idp", "userpool/")},
	}
}

func kindOf(grant string) (grantKind, bool) {
	for _, kind := range kinds() {
		if kind.name == grant {
			return kind, true
		}
	}
	return grantKind{}, false
}

// Grants lists the names that a manifest's grants may use.
func Grants() []string {
	var names []string
	for _, kind := range kinds() {
		names = append(names, kind.name)
	}
	return names
}

// Actions lists the IAM actions of a grant, sorted; none if the grant is unknown.
func Actions(grant string) []string {
	kind, _ := kindOf(grant)
	return kind.actions
}

// NeedsResource reports whether a grant has to name the setting with the ARN that it is for.
func NeedsResource(grant string) bool {
	kind, _ := kindOf(grant)
	return kind.arn != "" && !kind.alone
}

// check returns what is wrong with a grant of a function with these settings.
func (g Grant) check(settings map[string]string) []error {
	var problems []error
	fail := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	kind, known := kindOf(g.Name)
	if !known {
		fail("grant: %q is unknown; use one of %s, or write a statement of your own in statements", g.Name, join(Grants()))
	}
	if _, there := settings[g.When]; g.When != "" && !there {
		fail("when: %q is not in environment; name a setting of the function", g.When)
	}
	value, there := settings[g.Resource]
	switch {
	case !known:
	case g.Resource == "" && NeedsResource(g.Name):
		fail("resource: missing; %s needs the name of the setting that holds the ARN", g.Name)
	case g.Resource != "" && kind.arn == "":
		fail("resource: %s has a resource of its own; leave this out", g.Name)
	case g.Resource != "" && !there:
		fail("resource: %q is not in environment; name the setting that holds the ARN", g.Resource)
	default:
		for _, arn := range arns(value) {
			if !regexp.MustCompile(kind.arn).MatchString(arn) {
				fail("resource: the setting %s has %q, which is no ARN for %s without wildcards", g.Resource, arn, g.Name)
			}
		}
	}
	return problems
}

// arns returns the entries of a setting that holds ARNs.
func arns(value string) []string {
	var all []string
	for arn := range strings.SplitSeq(value, ",") {
		if arn = strings.TrimSpace(arn); arn != "" {
			all = append(all, arn)
		}
	}
	return all
}

// GrantsWith returns the manifest's grants that hold with a function's settings, and those that do not because their
// setting is off. Settings that are not in the map have the manifest's defaults.
func (f Function) GrantsWith(settings map[string]string) (held []string, off []Grant) {
	env := f.EnvironmentWith(settings)
	for _, grant := range f.Grants {
		if isOn(env, grant.When) && !slices.Contains(held, grant.Name) {
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

// ResourcesOf returns the ARNs that a function's settings give for a grant that holds; none for a grant that has a
// resource of its own.
func (f Function) ResourcesOf(grant string, settings map[string]string) []string {
	env := f.EnvironmentWith(settings)
	var all []string
	for _, g := range f.Grants {
		if g.Name == grant && g.Resource != "" && isOn(env, g.When) {
			all = append(all, arns(env[g.Resource])...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// isOn reports whether a permission holds whose setting is when, "" for none. It reads the setting as shared/settings
// does: white space counts as nothing, and a boolean may be false in any case.
func isOn(env map[string]string, when string) bool {
	value := strings.ToLower(strings.TrimSpace(env[when]))
	return when == "" || value != "" && value != "false" && value != "0"
}
