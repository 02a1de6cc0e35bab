// Package settings reads a function's settings from its environment variables and collects all problems, so that a
// misconfigured function reports at its cold start which variables are wrong and how to fix them.
package settings

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Env is a function's environment and the problems found in it so far.
type Env struct {
	lookup   func(string) (string, bool)
	problems []error
}

// FromEnvironment reads the process's environment variables.
func FromEnvironment() *Env { return &Env{lookup: os.LookupEnv} }

// FromMap reads a map, for tests and for replaying events.
func FromMap(m map[string]string) *Env {
	return &Env{lookup: func(name string) (string, bool) {
		value, ok := m[name]
		return value, ok
	}}
}

// Lookup returns a variable's text without surrounding white space, or "" if it is unset.
func (e *Env) Lookup(name string) string {
	value, _ := e.lookup(name)
	return strings.TrimSpace(value)
}

// String returns a variable's text, or def if it is unset or empty.
func (e *Env) String(name, def string) string {
	if value := e.Lookup(name); value != "" {
		return value
	}
	return def
}

// Required returns a variable's text. An unset or empty one is a problem; hint says what to set.
func (e *Env) Required(name, hint string) string {
	value := e.Lookup(name)
	if value == "" {
		e.Fail(name, "is not set: %s", hint)
	}
	return value
}

// List returns the comma-separated parts of a variable, trimmed and without empty parts.
func (e *Env) List(name string) []string {
	var parts []string
	for part := range strings.SplitSeq(e.Lookup(name), ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// Bool returns a boolean variable: true or false in upper or lower case, or 1 or 0.
func (e *Env) Bool(name string, def bool) bool {
	switch strings.ToLower(e.Lookup(name)) {
	case "":
		return def
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	e.Fail(name, "is not a boolean: use true or false")
	return def
}

// Int returns a variable that must be a whole number from low to high.
func (e *Env) Int(name string, def, low, high int) int {
	value := e.Lookup(name)
	if value == "" {
		return def
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < low || n > high {
		e.Fail(name, "is out of range: use a whole number from %d to %d", low, high)
		return def
	}
	return n
}

// OneOf returns a variable that must be one of the allowed values, in that spelling.
func (e *Env) OneOf(name, def string, allowed ...string) string {
	value := e.String(name, def)
	if !slices.Contains(allowed, value) {
		e.Fail(name, "is unknown: use one of %s", strings.Join(allowed, ", "))
		return def
	}
	return value
}

// Fail records a problem with a variable, once. The text follows the variable's name and should say what to do.
func (e *Env) Fail(name, format string, args ...any) {
	problem := fmt.Errorf("%s %s", name, fmt.Sprintf(format, args...))
	same := func(other error) bool { return other.Error() == problem.Error() }
	if !slices.ContainsFunc(e.problems, same) {
		e.problems = append(e.problems, problem)
	}
}

// Err returns all problems found so far, or nil.
func (e *Env) Err() error { return errors.Join(e.problems...) }
