package claims

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/shared/cognito"
)

func (c *compiler) suppressAction(o object) *suppressAction {
	a := &suppressAction{tokens: c.tokens(o)}
	a.names = c.texts(o, "suppress", false, func(name string) error {
		for _, token := range c.checkable(a.tokens) {
			if err := cognito.CheckSuppress(c.version, token, name); err != nil {
				return err
			}
		}
		return nil
	})
	return a
}

func (c *compiler) scopesAction(o object) *scopesAction {
	scopes, ok := c.object(o.at("scopes"), o.get("scopes"), "add", "suppress")
	if !ok {
		return nil
	}
	if c.version == cognito.V1 {
		c.fail(o.at("scopes"), "a V1_0 event cannot change scopes")
		return nil
	}
	check := func(scope string) error { return cognito.CheckScope(c.version, scope) }
	a := &scopesAction{add: c.texts(scopes, "add", false, check), suppress: c.texts(scopes, "suppress", false, check)}
	if !scopes.has("add") && !scopes.has("suppress") {
		c.fail(scopes.place, "changes nothing: give add, suppress or both")
	}
	c.disjoint(scopes, "suppress", a.add, a.suppress)
	return a
}

// listEdit reads a change to the list of groups or roles.
func (c *compiler) listEdit(o object, name string, check func(string) error) *listEdit {
	edit, ok := c.object(o.at(name), o.get(name), "set", "add", "remove")
	if !ok {
		return nil
	}
	e := &listEdit{
		replace: edit.has("set"),
		set:     c.texts(edit, "set", true, check),
		add:     c.texts(edit, "add", false, check),
		remove:  c.texts(edit, "remove", false, check),
	}
	switch {
	case e.replace && (edit.has("add") || edit.has("remove")):
		c.fail(edit.at("set"), "is the whole list: leave add and remove out")
	case !e.replace && !edit.has("add") && !edit.has("remove"):
		c.fail(edit.place, "changes nothing: give set, add or remove")
	}
	c.disjoint(edit, "remove", e.add, e.remove)
	return e
}

func (c *compiler) disjoint(o object, name string, add, remove []string) {
	for _, word := range remove {
		if slices.Contains(add, word) {
			c.fail(o.at(name), "%q is in add as well", word)
		}
	}
}

func (c *compiler) preferredRole(o object) *preferredRoleAction {
	if string(o.get("preferredRole")) == "null" {
		return &preferredRoleAction{}
	}
	arn := c.text(o, "preferredRole")
	if err := checkRoleARN(arn); arn != "" && err != nil {
		c.fail(o.at("preferredRole"), "%v", err)
	}
	return &preferredRoleAction{&arn}
}

// conflicts finds claim rules that never apply, because an earlier rule always does, or whose claim is always
// suppressed.
func (c *compiler) conflicts(rules []rule) {
	for i := range rules {
		if a := rules[i].claim; a != nil {
			if before := covers(rules[:i], a); before != "" {
				c.fail(rules[i].place+".claim", "is never reached: %s always sets %q first", before, a.name)
			}
			if by := undoes(rules, a); by != "" {
				c.fail(rules[i].place+".claim", "has no effect: %s always suppresses %q", by, a.name)
			}
		}
	}
}

// covers returns the place of the first rule that sets the claim in all the action's tokens whenever the action would.
func covers(rules []rule, a *claimAction) string {
	for _, r := range rules {
		if r.claim == nil || r.claim.name != a.name || !r.when.always() || !containsAll(r.claim.tokens, a.tokens) {
			continue
		}
		if r.claim.alwaysSets() || (a.source.ofUser() && r.claim.fallback != nil) {
			return r.place
		}
	}
	return ""
}

func undoes(rules []rule, a *claimAction) string {
	for _, r := range rules {
		if r.suppress != nil && r.when.always() && slices.Contains(r.suppress.names, a.name) &&
			containsAll(r.suppress.tokens, a.tokens) {
			return r.place
		}
	}
	return ""
}

func containsAll(have, wanted []cognito.Token) bool {
	return len(wanted) > 0 && !slices.ContainsFunc(wanted, func(t cognito.Token) bool { return !slices.Contains(have, t) })
}

func checkGroup(name string) error {
	if name == "" || utf8.RuneCountInString(name) > 128 || strings.ContainsFunc(name, unicode.IsControl) {
		return errors.New("a group name has 1 to 128 characters and no control characters")
	}
	return nil
}

func checkClientID(id string) error {
	for _, c := range id {
		if c != '_' && c != '+' && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return fmt.Errorf("%q is not an app client id: use only letters, digits, _ and +", id)
		}
	}
	if len(id) > 128 {
		return errors.New("an app client id has at most 128 characters")
	}
	return nil
}

func checkRoleARN(arn string) error {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "iam" || !strings.HasPrefix(parts[5], "role/") ||
		len(arn) > 2048 ||
		strings.ContainsFunc(arn, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return errors.New("must be the ARN of an IAM role, such as arn:aws:iam::123456789012:role/name")
	}
	return nil
}
