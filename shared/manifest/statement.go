package manifest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Statement is an IAM statement of a function's own, for what no grant covers. It allows; nothing can be denied. Its
// resources and the values of its condition may contain Placeholders.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
type Statement struct {
	Sid       string   `json:"sid,omitempty"` // letters and digits
	Actions   []string `json:"actions"`       // for example "s3:GetObject"
	Resources []string `json:"resources"`     // ARNs
	// Condition holds, by operator and condition key, a string or a list of strings.
	Condition map[string]map[string]any `json:"condition,omitempty"`
	When      string                    `json:"when,omitempty"`     // as for Grant
	Reviewed  string                    `json:"reviewed,omitempty"` // why a wildcard is needed
}

// Placeholders are what a statement writes for a value that only the deployment knows: the Region, the account, the
// partition ("aws" in most Regions), the pool's ID and ARN, and the prefix of the deployment's names.
func Placeholders() []string {
	return []string{"{region}", "{account}", "{partition}", "{pool_id}", "{pool_arn}", "{prefix}"}
}

const (
	sidPattern       = `^[A-Za-z0-9]+$`
	actionPattern    = `^[a-z0-9-]+:[A-Za-z0-9*?]+$`
	resourcePattern  = `^(\*|arn:[^ ]+|\{pool_arn\})$`
	conditionPattern = `^[A-Za-z0-9-]+:[^ ]+$`
)

var (
	sidForm       = regexp.MustCompile(sidPattern)
	actionForm    = regexp.MustCompile(actionPattern)
	resourceForm  = regexp.MustCompile(resourcePattern)
	conditionForm = regexp.MustCompile(conditionPattern)
	braced        = regexp.MustCompile(`\{[^{}]*\}`)
)

// Service returns the service prefix of an action, for example "dynamodb".
func Service(action string) string {
	service, _, _ := strings.Cut(action, ":")
	return service
}

// check returns what is wrong with a statement of a function with these settings.
func (s Statement) check(settings map[string]string) []error {
	var problems []error
	fail := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if s.Sid != "" && !sidForm.MatchString(s.Sid) {
		fail("sid: %q: use letters and digits", s.Sid)
	}
	if len(s.Actions) == 0 {
		fail(`actions: missing; write ["service:Action"]`)
	}
	reviewed := strings.TrimSpace(s.Reviewed) != ""
	for i, action := range s.Actions {
		switch {
		case !actionForm.MatchString(action):
			fail("actions[%d]: %q is not an action; write service:Action, for example s3:GetObject", i, action)
		case strings.ContainsAny(action, "*?") && !reviewed:
			fail("actions[%d]: %q has a wildcard; name each action, or say in reviewed why it has to be", i, action)
		}
	}
	if len(s.Resources) == 0 {
		fail(`resources: missing; write ["arn:{partition}:service:{region}:{account}:name"]`)
	}
	for i, resource := range s.Resources {
		switch {
		case !resourceForm.MatchString(resource):
			fail("resources[%d]: %q is not an ARN; begin with arn:, or write {pool_arn}", i, resource)
		case strings.ContainsAny(resource, "*?") && !reviewed:
			fail("resources[%d]: %q has a wildcard; name the resource, or say in reviewed why it has to be", i, resource)
		}
		if wrong := wrongPlaceholder(resource); wrong != "" {
			fail("resources[%d]: %s is not a placeholder; use one of %s", i, wrong, join(Placeholders()))
		}
	}
	problems = append(problems, s.checkCondition()...)
	if _, known := settings[s.When]; s.When != "" && !known {
		fail("when: %q is not in environment; name a setting of the function", s.When)
	}
	return problems
}

// StatementsWith returns the manifest's own statements that hold with a function's settings, and those that do not
// because their setting is off. Settings that are not in the map have the manifest's defaults.
func (f Function) StatementsWith(settings map[string]string) (held, off []Statement) {
	env := f.EnvironmentWith(settings)
	for _, statement := range f.Statements {
		if isOn(env, statement.When) {
			held = append(held, statement)
		} else {
			off = append(off, statement)
		}
	}
	return held, off
}

func (s Statement) checkCondition() []error {
	var problems []error
	fail := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	for _, operator := range slices.Sorted(maps.Keys(s.Condition)) {
		keys := s.Condition[operator]
		if len(keys) == 0 {
			fail(`condition.%s: is empty; write { "service:Key": "value" }`, operator)
		}
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			values, isText := conditionValues(keys[key])
			if !conditionForm.MatchString(key) || !isText {
				fail(`condition.%s.%s: write "service:Key", and as its value a string or a list of strings`, operator, key)
			}
			for _, value := range values {
				if wrong := wrongPlaceholder(value); wrong != "" {
					fail("condition.%s.%s: %s is not a placeholder; use one of %s", operator, key, wrong, join(Placeholders()))
				}
			}
		}
	}
	return problems
}

// conditionValues returns the strings of a condition's value, and whether it consists of strings.
func conditionValues(value any) ([]string, bool) {
	switch value := value.(type) {
	case string:
		return []string{value}, true
	case []any:
		var all []string
		for _, one := range value {
			text, isText := one.(string)
			if !isText {
				return nil, false
			}
			all = append(all, text)
		}
		return all, len(all) > 0
	}
	return nil, false
}

// wrongPlaceholder returns the first part of a text in braces that is no placeholder, "" if there is none. "${" would
// be Terraform's or IAM's way to write a variable, and is neither here.
func wrongPlaceholder(text string) string {
	if strings.Contains(text, "${") {
		return "${"
	}
	for _, placeholder := range Placeholders() {
		text = strings.ReplaceAll(text, placeholder, "")
	}
	if found := braced.FindString(text); found != "" {
		return found
	}
	if at := strings.IndexAny(text, "{}"); at >= 0 {
		return text[at : at+1]
	}
	return ""
}
