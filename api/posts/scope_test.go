package main

import (
	"testing"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
)

// A token for signing in alone, as managed login gives to every client by default, writes nothing.
func TestWritesNeedAScope(t *testing.T) {
	cases := map[string]struct {
		scopes string
		may    bool
	}{
		"none":                {scopes: ""},
		"sign-in alone":       {scopes: "openid email profile phone"},
		"another's":           {scopes: "orders/write posts/read posts"},
		"sign-in by the API":  {scopes: "aws.cognito.signin.user.admin", may: true},
		"write among several": {scopes: "openid posts/write email", may: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, nil)
			p := s.create(t, ines)
			scope, id := apitest.Claims(map[string]string{"scope": c.scopes}), apitest.Path("id", p.ID.String())
			for _, answer := range []apitest.Answer{
				s.Call(t, "POST /post", apitest.User(ines), scope, text("One", "more")),
				s.Call(t, "PUT /post/{id}", id, apitest.User(ines), scope, text("Changed", "anew")),
				s.Call(t, "DELETE /post/{id}", id, apitest.User(ines), scope),
			} {
				if c.may && answer.Status/100 != 2 {
					t.Errorf("status %d: %s", answer.Status, answer.Body)
				}
				if !c.may {
					answer.WantProblem(t, 403, api.CodeForbidden)
				}
			}
		})
	}
}
