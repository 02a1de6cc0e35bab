package route

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	cases := map[string]struct {
		route Route
		want  string // in the problems; "" for none
	}{
		"open":               {Route{Route: "POST /auth/sign-up"}, ""},
		"root":               {Route{Route: "GET /"}, ""},
		"parameters":         {Route{Route: "PUT /users/{user_id}/posts/{id}"}, ""},
		"guarded":            {Route{Route: "GET /me", Authorizer: JWT, Scopes: []string{"posts/write"}, Groups: []string{"admins"}, IDTokens: true}, ""},
		"nothing":            {Route{}, `route: "" does not begin with one of GET`},
		"other method":       {Route{Route: "HEAD /"}, "does not begin with one of GET"},
		"method alone":       {Route{Route: "GET"}, "does not begin with one of GET"},
		"lower case":         {Route{Route: "get /"}, "does not begin with one of GET"},
		"no slash":           {Route{Route: "GET me"}, "does not begin with /"},
		"two spaces":         {Route{Route: "GET  /me"}, "does not begin with /"},
		"slash at the end":   {Route{Route: "GET /me/"}, "an empty one"},
		"two slashes":        {Route{Route: "GET //me"}, "an empty one"},
		"query":              {Route{Route: "GET /me?a=1"}, "other characters"},
		"space":              {Route{Route: "GET /a b"}, "other characters"},
		"greedy parameter":   {Route{Route: "GET /{path+}"}, "not a name in braces"},
		"empty parameter":    {Route{Route: "GET /{}"}, "not a name in braces"},
		"open brace":         {Route{Route: "GET /{id"}, "not a name in braces"},
		"part of a segment":  {Route{Route: "GET /post-{id}"}, "other characters"},
		"repeated parameter": {Route{Route: "GET /{id}/{id}"}, "{id} twice"},
		"other authorizer":   {Route{Route: "GET /", Authorizer: "iam"}, `authorizer: "iam" is none`},
		"open with scopes":   {Route{Route: "GET /", Scopes: []string{"a"}}, "scopes: an open route"},
		"open with groups":   {Route{Route: "GET /", Groups: []string{"a"}}, "groups: an open route"},
		"open for ID tokens": {Route{Route: "GET /", IDTokens: true}, "id_tokens: an open route"},
		"empty scope":        {Route{Route: "GET /", Authorizer: JWT, Scopes: []string{""}}, "scopes[0]: \"\" is no name"},
		"two scopes in one":  {Route{Route: "GET /", Authorizer: JWT, Scopes: []string{"a", "b c"}}, "scopes[1]"},
		"repeated group":     {Route{Route: "GET /", Authorizer: JWT, Groups: []string{"a", "a"}}, "groups[1]: \"a\" stands there twice"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := errors.Join(c.route.Check()...)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("problems = %v, want %q", err, c.want)
			}
		})
	}
}

func TestParts(t *testing.T) {
	r := Route{Route: "PUT /post/{id}/x/{y}", Authorizer: JWT}
	if got := []string{r.Method(), r.Path(), r.Shape()}; !slices.Equal(got, []string{"PUT", "/post/{id}/x/{y}", "PUT /post/{}/x/{}"}) || !r.Guarded() {
		t.Errorf("got %q", got)
	}
	if (Route{Route: "GET /"}).Guarded() {
		t.Error("an open route is guarded")
	}
}
