package apitest_test

import (
	"context"
	"os"
	"testing"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
	"cognito-triggers/shared/settings"
)

const manifest = `{"routes":[{"route":"PUT /post/{id}","authorizer":"jwt"}],"timeout_seconds":10,"memory_mb":128,` +
	`"environment":{"TABLE":"default","MODE":"calm"},"grants":[{"grant":"posts:write"}]}`

// setup builds a handler that answers with the parts of its request.
func setup(env *settings.Env) (api.Routes, error) {
	table, mode := env.String("TABLE", ""), env.String("MODE", "")
	return api.Routes{"PUT /post/{id}": func(_ context.Context, r *api.Request) (api.Response, error) {
		body, err := api.Decode[map[string]string](r)
		c := r.Claims()
		return api.JSON(200, []any{
			table, mode, r.RawPath, r.Path("id"), r.Query("q"), r.Header("If-Match"), r.Bearer(),
			c.Sub, c.TokenUse, c.Groups, c.Get("plan"), body,
		}), err
	}}, nil
}

func TestCall(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("function.json", []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	a := apitest.New(t, setup, map[string]string{"TABLE": "posts"})
	got := a.Call(t, "PUT /post/{id}", apitest.Path("id", "7"), apitest.Query("q", "x"), apitest.Header("If-Match", `"1"`),
		apitest.User("sub-1", "admins", "staff"), apitest.Claims(map[string]string{"plan": "gold"}),
		apitest.Body(map[string]string{"a": "b"})).Want(t, 200)
	const want = `["posts","calm","/post/7","7","x","\"1\"","header.payload.signature","sub-1","access",["admins",` +
		`"staff"],"gold",{"a":"b"}]`
	if got.Body != want || got.Header("Content-Type") != "application/json" {
		t.Errorf("got  %s\nwant %s", got.Body, want)
	}
	var list []any
	if got.Decode(t, &list); len(list) != 12 {
		t.Errorf("list %v", list)
	}
	problem := a.Call(t, "PUT /post/{id}", apitest.User("s"), apitest.RawBody(`{"a":1}`)).
		WantProblem(t, 400, api.CodeInvalidRequest)
	if problem.Instance != apitest.RequestID || problem.Fields == nil && problem.Detail == "" {
		t.Errorf("problem %+v", problem)
	}
}
