// Package route holds a route of an API function as written in function.json. It is separate from shared/manifest so
// that a function can read its own routes at its start without linking what triggers need.
package route

import (
	"fmt"
	"slices"
	"strings"
)

// JWT is the only authorizer of routes: it requires a token of the user pool.
const JWT = "jwt"

// Route is one route of an API function.
type Route struct {
	Route      string   `json:"route"`                // "PATCH /auth/me", API Gateway's route key
	Authorizer string   `json:"authorizer,omitempty"` // JWT, or "" for a route that needs no token
	Scopes     []string `json:"scopes,omitempty"`     // the token must have one of them
	Groups     []string `json:"groups,omitempty"`     // the user must be in one of them
	IDTokens   bool     `json:"id_tokens,omitempty"`  // also accept ID tokens, not only access tokens
}

// Methods lists the methods of routes. OPTIONS is not one of them: an HTTP API with CORS settings answers it itself.
func Methods() []string { return []string{"GET", "POST", "PUT", "PATCH", "DELETE"} }

// Method returns the route's method.
func (r Route) Method() string {
	method, _, _ := strings.Cut(r.Route, " ")
	return method
}

// Path returns the route's path, with parameters in braces, such as {id}.
func (r Route) Path() string {
	_, path, _ := strings.Cut(r.Route, " ")
	return path
}

// Shape returns the route without the names of its parameters. Two routes of the same shape serve the same requests.
func (r Route) Shape() string {
	segments := strings.Split(r.Path(), "/")
	for i, segment := range segments {
		if strings.HasPrefix(segment, "{") {
			segments[i] = "{}"
		}
	}
	return r.Method() + " " + strings.Join(segments, "/")
}

// Guarded reports whether a request needs a token.
func (r Route) Guarded() bool { return r.Authorizer == JWT }

// Check returns the route's problems. Each begins with the name of the member.
func (r Route) Check() (problems []error) {
	fail := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if problem := checkKey(r.Route); problem != "" {
		fail("route: %q %s; write it as \"POST /path\" or \"GET /path/{id}\"", r.Route, problem)
	}
	switch {
	case r.Authorizer != "" && r.Authorizer != JWT:
		fail("authorizer: %q is not an authorizer; use %q, or leave it out for an open route", r.Authorizer, JWT)
	case r.Authorizer == "" && len(r.Scopes) > 0:
		fail("scopes: an open route has no token that could carry them; add \"authorizer\": %q", JWT)
	case r.Authorizer == "" && len(r.Groups) > 0:
		fail("groups: an open route has no token that could carry them; add \"authorizer\": %q", JWT)
	case r.Authorizer == "" && r.IDTokens:
		fail("id_tokens: an open route takes no token; add \"authorizer\": %q", JWT)
	}
	for _, list := range []struct {
		member string
		names  []string
	}{{"scopes", r.Scopes}, {"groups", r.Groups}} {
		if err := checkNames(list.member, list.names); err != nil {
			problems = append(problems, err)
		}
	}
	return problems
}

// checkNames refuses names with white space, which separates names in tokens and in the claims that API Gateway passes.
func checkNames(member string, names []string) error {
	for i, name := range names {
		if name == "" || strings.ContainsAny(name, " \t\r\n") {
			return fmt.Errorf("%s[%d]: %q is not a valid name; use one without white space", member, i, name)
		}
		if slices.Contains(names[:i], name) {
			return fmt.Errorf("%s[%d]: %q occurs twice", member, i, name)
		}
	}
	return nil
}

// checkKey uses no regular expressions, since compiling them is slower than the rest of a function's start.
func checkKey(key string) string {
	method, path, found := strings.Cut(key, " ")
	if !found || !slices.Contains(Methods(), method) {
		return "does not begin with one of " + strings.Join(Methods(), ", ")
	}
	if path == "/" {
		return ""
	}
	rest, rooted := strings.CutPrefix(path, "/")
	if !rooted {
		return "has a path that does not begin with /"
	}
	var parameters []string
	for segment := range strings.SplitSeq(rest, "/") {
		name, parameter := strings.CutPrefix(segment, "{")
		if parameter {
			if name, parameter = strings.CutSuffix(name, "}"); !parameter || !consistsOf(name, isNameByte) {
				return "has a parameter that is not a name in braces"
			}
			if slices.Contains(parameters, name) {
				return "has the parameter {" + name + "} twice"
			}
			parameters = append(parameters, name)
		} else if !consistsOf(segment, isPathByte) {
			return "has a segment with other characters than letters, digits and - . _ ~, or an empty one"
		}
	}
	return ""
}

func consistsOf(text string, allowed func(byte) bool) bool {
	for i := range len(text) {
		if !allowed(text[i]) {
			return false
		}
	}
	return text != ""
}

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

func isPathByte(c byte) bool { return isNameByte(c) || c == '-' || c == '.' || c == '~' }
