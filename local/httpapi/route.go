package httpapi

import (
	"errors"
	"fmt"
	"strings"

	"cognito-triggers/shared/manifest"
)

// served is one route of a manifest and its function.
type served struct {
	manifest.Route
	invoker  Invoker
	segments []string // of its path; parameters are in braces
}

// routes maps methods to routes.
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

// find returns the route of a request and its path parameters. Like API Gateway it matches the decoded path, so an
// encoded slash separates segments. Of two matching routes, the one wins that first has a literal segment where the
// other has a parameter.
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

// moreExact reports whether a wins over b, given that both match.
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
