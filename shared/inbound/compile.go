package inbound

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/shared/claims"
	"cognito-triggers/shared/internal/rulefile"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/signup"
)

// fileRule is a rule as it is written.
type fileRule struct {
	Comment   string   `json:"comment"`
	When      fileWhen `json:"when"`
	Rename    string   `json:"rename"`
	To        string   `json:"to"`
	LowerCase string   `json:"lowerCase"`
	Drop      string   `json:"drop"`
	Keep      string   `json:"keep"`
	Constant  string   `json:"constant"`
	Value     string   `json:"value"`
	Require   string   `json:"require"`
	Domains   string   `json:"domains"`
	Allowed   []string `json:"allowed"`
	Text      string   `json:"text"`
	Authority bool     `json:"authority"`
}

type fileWhen struct {
	Providers []string `json:"providers"`
	Types     []string `json:"types"`
}

// action is what a rule does.
type action string

const (
	rename    action = "rename"
	lowerCase action = "lowerCase"
	drop      action = "drop"
	keep      action = "keep"
	constant  action = "constant"
	require   action = "require"
	domains   action = "domains"
)

// actions lists every action with the members that only its rules have.
func actions() []struct {
	action action
	own    []string
} {
	return []struct {
		action action
		own    []string
	}{
		{rename, []string{"to", "authority"}}, {lowerCase, nil}, {drop, nil}, {keep, nil},
		{constant, []string{"value", "authority"}}, {require, []string{"text"}}, {domains, []string{"allowed", "text"}},
	}
}

// rule is a compiled rule.
type rule struct {
	place            string
	action           action
	name, to, value  string
	text             string
	allowed          signup.DomainList
	providers, types []string
}

// Set is a compiled rule file. The zero Set has no rules.
type Set struct{ rules []rule }

// Compile reads and checks a rule file. The error joins one error per problem, each with the place of the mistake.
func Compile(text []byte) (*Set, error) {
	rules, err := rulefile.Compile(text, func(c *rulefile.Compiler, written fileRule) rule {
		return (&compiler{c}).rule(written)
	})
	if err != nil {
		return nil, err
	}
	return &Set{rules}, nil
}

// compiler compiles one rule after the other.
type compiler struct{ *rulefile.Compiler }

func (c *compiler) rule(written fileRule) rule {
	r := rule{place: c.Place, to: written.To, value: written.Value, text: written.Text}
	r.providers, r.types = c.words("when.providers", written.When.Providers), c.words("when.types", written.When.Types)
	r.action, r.name = c.action(written)
	if r.action == "" {
		return r
	}
	c.strangers(r.action, written)
	c.name(string(r.action), r.name)
	switch r.action {
	case rename:
		c.name("to", r.to)
		c.authority(written.Authority, r.name, r.to)
	case constant:
		if r.value == "" || utf8.RuneCountInString(r.value) > maxValue {
			c.Fail("value", "must be a text of 1 to %d characters", maxValue)
		}
		c.authority(written.Authority, r.name)
	case keep:
		if !authoritative(r.name) {
			c.Fail("keep", "%q passes without a rule", r.name)
		}
	case domains:
		r.allowed = c.domains(written.Allowed)
		c.Text(r.text)
	case require:
		c.Text(r.text)
	}
	if r.name == subject && r.action != require || r.action == rename && r.to == subject {
		c.Fail(string(r.action), "sub identifies the user at the provider, and no rule may change it")
	}
	return r
}

// action returns the one thing that a rule does, and the attribute.
func (c *compiler) action(written fileRule) (action, string) {
	named := map[action]string{
		rename: written.Rename, lowerCase: written.LowerCase, drop: written.Drop, keep: written.Keep,
		constant: written.Constant, require: written.Require, domains: written.Domains,
	}
	var found []string
	var words []string
	for _, a := range actions() {
		words = append(words, string(a.action))
		if named[a.action] != "" {
			found = append(found, string(a.action))
		}
	}
	if len(found) != 1 {
		c.Fail("", "must do one thing, and does %d: give one of %s", len(found), strings.Join(words, ", "))
		return "", ""
	}
	return action(found[0]), named[action(found[0])]
}

// strangers refuses members that rules of other actions have.
func (c *compiler) strangers(a action, written fileRule) {
	var own []string
	for _, known := range actions() {
		if known.action == a {
			own = known.own
		}
	}
	c.Strangers([]rulefile.Member{
		{Name: "to", Given: written.To != ""}, {Name: "value", Given: written.Value != ""},
		{Name: "allowed", Given: written.Allowed != nil}, {Name: "text", Given: written.Text != ""},
		{Name: "authority", Given: written.Authority},
	}, own, string(a))
}

func (c *compiler) name(member, name string) {
	odd := func(r rune) bool { return !unicode.IsPrint(r) }
	if name == "" || strings.TrimSpace(name) != name || strings.ContainsFunc(name, odd) {
		c.Fail(member, "must be the name of an attribute, without surrounding spaces")
	}
}

// authority refuses rules that set authority without saying so.
func (c *compiler) authority(said bool, names ...string) {
	for _, name := range names {
		if !said && claims.AuthorityName(name) {
			c.Fail("authority", "must be true: %q sounds like authority, which the provider would decide on", name)
			return
		}
	}
}

func (c *compiler) words(member string, words []string) []string {
	if words != nil && len(words) == 0 {
		c.Fail(member, "must not be empty: leave the member out")
	}
	for i, word := range words {
		if strings.TrimSpace(word) != word || word == "" || slices.Contains(words[:i], word) {
			c.Fail(fmt.Sprintf("%s[%d]", member, i), "must be a word that is not listed yet")
		}
	}
	return words
}

func (c *compiler) domains(allowed []string) signup.DomainList {
	list, err := signup.ParseDomainList(allowed)
	switch {
	case len(allowed) == 0:
		c.Fail("allowed", "is missing: name the domains")
	case err != nil:
		c.Fail("allowed", "%v", err)
	}
	return list
}

// Read compiles the rules in the setting, or those of a built-in file if it is empty. For invalid rules it returns an
// empty set and records the problems in env.
func Read(env *settings.Env, setting, builtInName string, builtIn []byte) *Set {
	set, _ := rulefile.Read(env, setting, builtInName, builtIn, Compile)
	return set
}
