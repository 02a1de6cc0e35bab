// Package rulefile reads files with a list of rules, which packages admission and inbound compile. The file is strict
// JSON, and every problem has the place of the mistake.
package rulefile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/strictjson"
)

// MaxBytes bounds a rule file. Lambda allows 4 KB for all settings together.
const MaxBytes = 64 << 10

// maxText is the longest text for a user, in characters. It becomes part of a URL in managed login.
const maxText = 200

// File is a rule file as it is written.
type File[Rule any] struct {
	Schema  string `json:"$schema"`
	Comment string `json:"comment"`
	Rules   []Rule `json:"rules"`
}

// Compile reads a rule file and compiles each of its rules. The error joins one error per problem.
func Compile[Written, Rule any](text []byte, compile func(*Compiler, Written) Rule) ([]Rule, error) {
	if len(text) > MaxBytes {
		return nil, fmt.Errorf("the file has more than %d bytes", MaxBytes)
	}
	var written File[Written]
	if err := strictjson.Unmarshal(text, &written); err != nil {
		return nil, err
	}
	if written.Rules == nil {
		return nil, errors.New("rules: is missing: give a list; it may be empty")
	}
	var rules []Rule
	c := &Compiler{}
	for i, r := range written.Rules {
		c.Place = fmt.Sprintf("rules[%d]", i)
		rules = append(rules, compile(c, r))
	}
	if len(c.problems) > 0 {
		return nil, errors.Join(c.problems...)
	}
	return rules, nil
}

// Read compiles the rules in the setting, or those of a built-in file if it is empty. For invalid rules it returns an
// empty set and records the problems in env. It also reports whether the rules are the setting's.
func Read[Set any](env *settings.Env, setting, builtInName string, builtIn []byte,
	compile func([]byte) (*Set, error)) (set *Set, own bool) {
	origin, text := builtInName, builtIn
	if value := env.Lookup(setting); value != "" {
		origin, text, own = setting, []byte(value), true
	}
	set, err := compile(text)
	if err == nil {
		return set, own
	}
	problems := []error{err}
	if joined, several := err.(interface{ Unwrap() []error }); several {
		problems = joined.Unwrap()
	}
	for _, problem := range problems {
		env.Fail(origin, "is wrong: %v", problem)
	}
	return new(Set), own
}

// Compiler collects the problems of a file.
type Compiler struct {
	Place    string // of the rule in the file, such as rules[0]
	problems []error
}

// Fail records a problem with a member of the rule, or with the whole rule if member is empty.
func (c *Compiler) Fail(member, format string, args ...any) {
	place := c.Place
	if member != "" {
		place += "." + member
	}
	c.problems = append(c.problems, fmt.Errorf("%s: %s", place, fmt.Sprintf(format, args...)))
}

// Text checks what the user reads.
func (c *Compiler) Text(text string) {
	switch {
	case strings.TrimSpace(text) == "":
		c.Fail("text", "is missing: say what the user reads")
	case utf8.RuneCountInString(text) > maxText:
		c.Fail("text", "has more than %d characters", maxText)
	case strings.ContainsFunc(text, unicode.IsControl):
		c.Fail("text", "has a line break or another control character")
	}
}

// Member is a member that only some rules may have.
type Member struct {
	Name  string
	Given bool // whether the rule has it
}

// Strangers refuses members that the rule has and that are not its own. kind names such rules.
func (c *Compiler) Strangers(members []Member, own []string, kind string) {
	for _, m := range members {
		if m.Given && !slices.Contains(own, m.Name) {
			c.Fail(m.Name, "is not for %s", kind)
		}
	}
}

// Overlap reports whether a word is in both lists.
func Overlap(wanted, have []string) bool {
	return slices.ContainsFunc(wanted, func(word string) bool { return slices.Contains(have, word) })
}
