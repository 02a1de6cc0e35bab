package inbound

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/shared/claims"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/signup"
	"cognito-triggers/shared/strictjson"
)

// file and fileRule are a rule file as it is written.
type file struct {
	Schema  string     `json:"$schema"`
	Comment string     `json:"comment"`
	Rules   []fileRule `json:"rules"`
}

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

// maxFileBytes bounds a rule file, and maxText a text for the user, in characters: it becomes part of a URL.
const (
	maxFileBytes = 64 << 10
	maxText      = 200
)

// Compile reads and checks a rule file. The error joins one error per problem, each with the place of the mistake.
func Compile(text []byte) (*Set, error) {
	if len(text) > maxFileBytes {
		return nil, fmt.Errorf("the file has more than %d bytes", maxFileBytes)
	}
	var written file
	if err := strictjson.Unmarshal(text, &written); err != nil {
		return nil, err
	}
	if written.Rules == nil {
		return nil, errors.New("rules: is missing: give a list; it may be empty")
	}
	set, c := &Set{}, &compiler{}
	for i, r := range written.Rules {
		c.place = fmt.Sprintf("rules[%d]", i)
		set.rules = append(set.rules, c.rule(r))
	}
	return set, errors.Join(c.problems...)
}

// compiler collects the problems of a file.
type compiler struct {
	place    string
	problems []error
}

func (c *compiler) fail(member, format string, args ...any) {
	place := c.place
	if member != "" {
		place += "." + member
	}
	c.problems = append(c.problems, fmt.Errorf("%s: %s", place, fmt.Sprintf(format, args...)))
}

func (c *compiler) rule(written fileRule) rule {
	r := rule{place: c.place, to: written.To, value: written.Value, text: written.Text}
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
			c.fail("value", "must be a text of 1 to %d characters", maxValue)
		}
		c.authority(written.Authority, r.name)
	case keep:
		if !authoritative(r.name) {
			c.fail("keep", "%q passes without a rule", r.name)
		}
	case domains:
		r.allowed = c.domains(written.Allowed)
		c.text(r.text)
	case require:
		c.text(r.text)
	}
	if r.name == subject && r.action != require || r.action == rename && r.to == subject {
		c.fail(string(r.action), "sub identifies the user at the provider, and no rule may change it")
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
		c.fail("", "must do one thing, and does %d: give one of %s", len(found), strings.Join(words, ", "))
		return "", ""
	}
	return action(found[0]), named[action(found[0])]
}

// strangers refuses members that rules of other actions have.
func (c *compiler) strangers(a action, written fileRule) {
	given := map[string]bool{
		"to": written.To != "", "value": written.Value != "", "allowed": written.Allowed != nil,
		"text": written.Text != "", "authority": written.Authority,
	}
	for _, known := range actions() {
		if known.action != a {
			continue
		}
		for _, member := range []string{"to", "value", "allowed", "text", "authority"} {
			if given[member] && !slices.Contains(known.own, member) {
				c.fail(member, "is not for %s", a)
			}
		}
	}
}

func (c *compiler) name(member, name string) {
	odd := func(r rune) bool { return !unicode.IsPrint(r) }
	if name == "" || strings.TrimSpace(name) != name || strings.ContainsFunc(name, odd) {
		c.fail(member, "must be the name of an attribute, without surrounding spaces")
	}
}

// authority refuses rules that set authority without saying so.
func (c *compiler) authority(said bool, names ...string) {
	for _, name := range names {
		if !said && claims.AuthorityName(name) {
			c.fail("authority", "must be true: %q sounds like authority, which the provider would decide on", name)
			return
		}
	}
}

func (c *compiler) words(member string, words []string) []string {
	if words != nil && len(words) == 0 {
		c.fail(member, "must not be empty: leave the member out")
	}
	for i, word := range words {
		if strings.TrimSpace(word) != word || word == "" || slices.Contains(words[:i], word) {
			c.fail(fmt.Sprintf("%s[%d]", member, i), "must be a word that is not listed yet")
		}
	}
	return words
}

func (c *compiler) domains(allowed []string) signup.DomainList {
	list, err := signup.ParseDomainList(allowed)
	switch {
	case len(allowed) == 0:
		c.fail("allowed", "is missing: name the domains")
	case err != nil:
		c.fail("allowed", "%v", err)
	}
	return list
}

func (c *compiler) text(text string) {
	switch {
	case strings.TrimSpace(text) == "":
		c.fail("text", "is missing: say what the user reads")
	case utf8.RuneCountInString(text) > maxText:
		c.fail("text", "has more than %d characters", maxText)
	case strings.ContainsFunc(text, unicode.IsControl):
		c.fail("text", "has a line break or another control character")
	}
}

// Read compiles the rules in the setting, or those of a built-in file if it is empty. For invalid rules it returns an
// empty set and records the problems in env.
func Read(env *settings.Env, setting, builtInName string, builtIn []byte) *Set {
	origin, text := builtInName, builtIn
	if value := env.Lookup(setting); value != "" {
		origin, text = setting, []byte(value)
	}
	set, err := Compile(text)
	if err == nil {
		return set
	}
	problems := []error{err}
	if joined, several := err.(interface{ Unwrap() []error }); several {
		problems = joined.Unwrap()
	}
	for _, problem := range problems {
		env.Fail(origin, "is wrong: %v", problem)
	}
	return &Set{}
}
