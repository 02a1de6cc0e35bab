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
		"open":       {route: Route{Route: "POST /auth/sign-up"}, want: ""},
		"root":       {route: Route{Route: "GET /"}, want: ""},
		"parameters": {route: Route{Route: "PUT /users/{user_id}/posts/{id}"}, want: ""},
		"guarded": {
			route: Route{
				Route:      "GET /me",
				Authorizer: JWT,
				Scopes:     []string{"posts/write"},
				Groups:     []string{"admins"},
				IDTokens:   true,
			},
			want: "",
		},
		"nothing":            {route: Route{}, want: `route: "" does not begin with one of GET`},
		"other method":       {route: Route{Route: "HEAD /"}, want: "does not begin with one of GET"},
		"method alone":       {route: Route{Route: "GET"}, want: "does not begin with one of GET"},
		"lower case":         {route: Route{Route: "get /"}, want: "does not begin with one of GET"},
		"no slash":           {route: Route{Route: "GET me"}, want: "does not begin with /"},
		"two spaces":         {route: Route{Route: "GET  /me"}, want: "does not begin with /"},
		"slash at the end":   {route: Route{Route: "GET /me/"}, want: "an empty one"},
		"two slashes":        {route: Route{Route: "GET //me"}, want: "an empty one"},
		"query":              {route: Route{Route: "GET /me?a=1"}, want: "other characters"},
		"space":              {route: Route{Route: "GET /a b"}, want: "other characters"},
		"greedy parameter":   {route: Route{Route: "GET /{path+}"}, want: "not a name in braces"},
		"empty parameter":    {route: Route{Route: "GET /{}"}, want: "not a name in braces"},
		"open brace":         {route: Route{Route: "GET /{id"}, want: "not a name in braces"},
		"part of a segment":  {route: Route{Route: "GET /post-{id}"}, want: "other characters"},
		"repeated parameter": {route: Route{Route: "GET /{id}/{id}"}, want: "{id} twice"},
		"other authorizer": {
			route: Route{Route: "GET /", Authorizer: "iam"},
			want:  `authorizer: "iam" is not an authorizer`,
		},
		"open with scopes":   {route: Route{Route: "GET /", Scopes: []string{"a"}}, want: "scopes: an open route"},
		"open with groups":   {route: Route{Route: "GET /", Groups: []string{"a"}}, want: "groups: an open route"},
		"open for ID tokens": {route: Route{Route: "GET /", IDTokens: true}, want: "id_tokens: an open route"},
		"empty scope": {
			route: Route{Route: "GET /", Authorizer: JWT, Scopes: []string{""}},
			want:  "scopes[0]: \"\" is not a valid name",
		},
		"two scopes in one": {route: Route{Route: "GET /", Authorizer: JWT, Scopes: []string{"a", "b c"}}, want: "scopes[1]"},
		"repeated group": {
			route: Route{Route: "GET /", Authorizer: JWT, Groups: []string{"a", "a"}},
			want:  "groups[1]: \"a\" occurs twice",
		},
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
	if got := []string{r.Method(), r.Path(), r.Shape()}; !slices.Equal(got,
		[]string{"PUT", "/post/{id}/x/{y}", "PUT /post/{}/x/{}"}) || !r.Guarded() {
		t.Errorf("got %q", got)
	}
	if (Route{Route: "GET /"}).Guarded() {
		t.Error("an open route is guarded")
	}
}
