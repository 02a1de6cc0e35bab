package httpapi

import (
	"errors"
	"fmt"
	"strings"

	"cognito-triggers/shared/manifest"
)

// served is one route of a manifest and what serves it.
type served struct {
	manifest.Route
	invoker  Invoker
	segments []string // of its path; a parameter is in braces
}

// routes are the table, by method.
type routes map[string][]*served

func newRoutes(functions []Function, canAuthorize bool) (routes, error) {
	table, owners := routes{}, map[string]string{}
	var problems []error
	for _, f := range functions {
		for _, r := range f.Routes {
			if other, taken := owners[r.Shape()]; taken {
				problems = append(problems, fmt.Errorf("%s: the route %q is already served by %s", f.Name, r.Route, other))
			}
			if r.Guarded() && !canAuthorize {
				problems = append(problems, fmt.Errorf("%s: the route %q needs the authorizer %q, and the API has none",
					f.Name, r.Route, r.Authorizer))
			}
			owners[r.Shape()] = f.Name
			table[r.Method()] = append(table[r.Method()], &served{r, f.Invoker, strings.Split(r.Path(), "/")})
		}
	}
	return table, errors.Join(problems...)
}

func isParameter(segment string) bool {
	return strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}")
}

// find is the route of a request, and its path parameters. The path is decoded already, as API Gateway matches it: an
// encoded slash divides segments. The route with the first exact segment where another has a parameter wins.
func (t routes) find(method, path string) (*served, map[string]string) {
	segments := strings.Split(path, "/")
	var best *served
	for _, candidate := range t[method] {
		if candidate.matches(segments) && (best == nil || candidate.moreExact(best)) {
			best = candidate
		}
	}
	if best == nil {
		return nil, nil
	}
	return best, best.parameters(segments)
}

func (r *served) matches(segments []string) bool {
	if len(segments) != len(r.segments) {
		return false
	}
	for i, segment := range r.segments {
		if isParameter(segment) && segments[i] == "" || !isParameter(segment) && segment != segments[i] {
			return false
		}
	}
	return true
}

// moreExact compares two routes that match the same path.
func (r *served) moreExact(other *served) bool {
	for i, segment := range r.segments {
		if mine, theirs := isParameter(segment), isParameter(other.segments[i]); mine != theirs {
			return theirs
		}
	}
	return false
}

func (r *served) parameters(segments []string) map[string]string {
	var values map[string]string
	for i, segment := range r.segments {
		if isParameter(segment) {
			if values == nil {
				values = map[string]string{}
			}
			values[segment[1:len(segment)-1]] = segments[i]
		}
	}
	return values
}
