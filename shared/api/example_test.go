package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/settings"
)

// A function embeds its function.json: //go:embed function.json
var functionJSON = []byte(`{
	"routes": [{"route": "PUT /name", "authorizer": "jwt"}],
	"timeout_seconds": 10, "memory_mb": 128
}`)

// setup reads what the function needs from its environment variables, and builds a handler for each route.
func setup(env *settings.Env) (api.Routes, error) {
	longest := env.Int("LONGEST_NAME", 40, 1, 200)
	return api.Routes{"PUT /name": func(_ context.Context, r *api.Request) (api.Response, error) {
		body, err := api.Decode[struct {
			Name string `json:"name"`
		}](r)
		switch {
		case err != nil:
			return api.Response{}, err
		case len(body.Name) > longest:
			return api.Response{}, api.FailField(http.StatusBadRequest, api.CodeInvalidParameter, "name", "is too long")
		}
		return api.JSON(http.StatusOK, map[string]string{"user": r.Claims().Sub, "name": body.Name}), nil
	}}, nil
}

// An API function's main is one call.
func ExampleStart() {
	api.Start(functionJSON, setup)
}

// What differs from the defaults goes after the set-up.
func ExampleStart_options() {
	api.Start(functionJSON, setup,
		api.WithNamespace("Shop"),
		api.WithMargin(2*time.Second),
		api.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, nil))))
}

// A test calls the function as Lambda would; package apitest has less to write.
func ExampleNew() {
	env := settings.FromMap(map[string]string{"LONGEST_NAME": "10"})
	function, err := api.New(functionJSON, setup, env, io.Discard)
	if err != nil {
		fmt.Println(err)
		return
	}
	event := []byte(`{"routeKey": "PUT /name", "headers": {"content-type": "application/json"},
		"body": "{\"name\":\"Ines\"}",
		"requestContext": {"authorizer": {"jwt": {"claims": {"sub": "1f3e", "token_use": "access"}}}}}`)
	answer, err := function.Invoke(context.Background(), event)
	if err != nil {
		fmt.Println(err)
		return
	}
	var response api.Response
	if err := json.Unmarshal(answer, &response); err != nil {
		fmt.Println(err)
	}
	fmt.Println(response.StatusCode, response.Body)
	// Output: 200 {"name":"Ines","user":"1f3e"}
}

// Decode takes what the type has, and says which field is wrong.
func ExampleDecode() {
	type post struct {
		Title string   `json:"title"`
		Tags  []string `json:"tags"`
	}
	for _, body := range []string{`{"title":"Hello","tags":["go"]}`, `{"Title":"Hello"}`, `{"tags":[1]}`} {
		r := &api.Request{Headers: map[string]string{"content-type": "application/json"}, Body: body}
		got, err := api.Decode[post](r)
		fmt.Println(got, err)
	}
	// Output:
	// {Hello [go]} <nil>
	// { []} invalid_request: Title: is unknown; the fields are tags, title
	// { []} invalid_request: tags: must be a string
}

// The caller reads a problem as it is, wherever in the chain of errors it stands.
func ExampleFail() {
	err := fmt.Errorf("post 7: %w", api.Fail(http.StatusNotFound, api.CodeNotFound, "There is no such post."))
	var problem *api.Problem
	fmt.Println(errors.As(err, &problem), problem.Status, problem.Detail)
	// Output: true 404 There is no such post.
}
