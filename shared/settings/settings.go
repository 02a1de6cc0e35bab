// Package settings reads a function's settings from its environment variables and collects every problem, so that a
// misconfigured function says at its cold start which variables are wrong and what to do about them.
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

// FromMap reads the map; for tests and for replaying events.
func FromMap(m map[string]string) *Env {
	return &Env{lookup: func(name string) (string, bool) {
		value, ok := m[name]
		return value, ok
	}}
}

// Lookup returns a variable's text without surrounding white space, "" where it is unset.
func (e *Env) Lookup(name string) string {
	value, _ := e.lookup(name)
	return strings.TrimSpace(value)
}

// String returns a variable's text, or def where it is unset or empty.
func (e *Env) String(name, def string) string {
	if value := e.Lookup(name); value != "" {
		return value
	}
	return def
}

// Required returns a variable's text; an unset or empty one is a problem, explained by hint.
func (e *Env) Required(name, hint string) string {
	value := e.Lookup(name)
	if value == "" {
		e.Fail(name, "is not set: %s", hint)
	}
	return value
}

// List returns the comma-separated parts of a variable, trimmed, empty parts left out.
func (e *Env) List(name string) []string {
	var parts []string
	for part := range strings.SplitSeq(e.Lookup(name), ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// Bool returns a variable as a truth value: true or false, in any case, or 1 or 0.
func (e *Env) Bool(name string, def bool) bool {
	switch strings.ToLower(e.Lookup(name)) {
	case "":
		return def
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	e.Fail(name, "is not a truth value: use true or false")
	return def
}

// Int returns a variable as a whole number between low and high, both included.
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

// OneOf returns a variable that must be one of the allowed values, spelled exactly.
func (e *Env) OneOf(name, def string, allowed ...string) string {
	value := e.String(name, def)
	if !slices.Contains(allowed, value) {
		e.Fail(name, "is unknown: use one of %s", strings.Join(allowed, ", "))
		return def
	}
	return value
}

// Fail records a problem with a variable, once. The text should say what to do; it reads on after the variable's name.
func (e *Env) Fail(name, format string, args ...any) {
	problem := fmt.Errorf("%s %s", name, fmt.Sprintf(format, args...))
	same := func(other error) bool { return other.Error() == problem.Error() }
	if !slices.ContainsFunc(e.problems, same) {
		e.problems = append(e.problems, problem)
	}
}

// Err returns all problems found so far, or nil.
func (e *Env) Err() error { return errors.Join(e.problems...) }
