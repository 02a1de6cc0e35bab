package httpapi

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/route"
)

// served is one route of a manifest and its function.
type served struct {
	manifest.Route
	invoker Invoker
}

// routes finds the functions of requests.
type routes struct {
	table route.Table
	byKey map[string]*served
}

func newRoutes(functions []Function, canAuthorize bool) (routes, error) {
	byKey, owners := map[string]*served{}, map[string]string{}
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
			byKey[r.Route] = &served{r, f.Invoker}
		}
	}
	table := route.NewTable(slices.Sorted(maps.Keys(byKey))...)
	return routes{table, byKey}, errors.Join(problems...)
}

// find returns the route of a request and its path parameters.
func (t routes) find(method, path string) (*served, map[string]string) {
	key, parameters := t.table.Find(method, path)
	return t.byKey[key], parameters
}
