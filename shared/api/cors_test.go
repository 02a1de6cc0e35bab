package api_test

import (
	"io"
	"strings"
	"testing"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
	"cognito-triggers/shared/settings"
)

func setUpOpen(*settings.Env) (api.Routes, error) {
	return api.Routes{"GET /open/{id}": ok, "PUT /open/{id}": ok}, nil
}

const openManifest = `{"routes":[{"route":"GET /open/{id}"},{"route":"PUT /open/{id}"}]}`

// Behind a REST API, the answers themselves must let pages of other origins read them.
func TestCORSBehindRESTAPI(t *testing.T) {
	t.Parallel()
	const app, other, local = "https://app.example.com", "https://app.example.com.evil.example", "http://localhost:3000"
	for name, c := range map[string]struct {
		origins, route, origin string
		rest, asks             bool
		status                 int
		allowed, methods, vary string
	}{
		"answer to a listed origin":     {app + "," + local, "GET /open/{id}", app, true, false, 200, app, "", "origin"},
		"answer to another origin":      {app, "GET /open/{id}", other, true, false, 200, "", "", "origin"},
		"answer without an origin":      {app, "GET /open/{id}", "", true, false, 200, "", "", "origin"},
		"error to a listed origin":      {app, "GET /none", app, true, false, 404, app, "", "origin"},
		"question of a listed origin":   {app, "OPTIONS /open/{id}", app, true, true, 204, app, "GET,PUT", "origin"},
		"question behind /{proxy+}":     {app, "OPTIONS /{proxy+}", app, true, true, 204, app, "GET,PUT", "origin"},
		"question of another origin":    {app, "OPTIONS /open/{id}", other, true, true, 204, "", "", "origin"},
		"OPTIONS that asks for nothing": {app, "OPTIONS /open/{id}", app, true, false, 404, app, "", "origin"},
		"no origins are set":            {"", "GET /open/{id}", app, true, false, 200, "", "", ""},
		"no origins, a question":        {"", "OPTIONS /open/{id}", app, true, true, 404, "", "", ""},
		"an HTTP API does it itself":    {app, "GET /open/{id}", app, false, false, 200, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := apitest.NewWith(t, []byte(openManifest), setUpOpen, map[string]string{"CORS_ORIGINS": c.origins})
			var options []apitest.Option
			if c.origin != "" {
				options = append(options, apitest.Header("origin", c.origin))
			}
			if c.asks {
				options = append(options, apitest.Header("access-control-request-method", "PUT"))
			}
			r := apitest.NewRequest(c.route, append(options, apitest.Path("id", "7"))...)
			answer := a.Send(t, r)
			if c.rest {
				answer = a.SendEvent(t, apitest.FromREST(t, r))
			}
			if answer.Status != c.status || answer.Header("access-control-allow-origin") != c.allowed ||
				answer.Header("access-control-allow-methods") != c.methods || answer.Header("vary") != c.vary {
				t.Errorf("got %d %v", answer.Status, answer.Headers)
			}
			if answer.Header("access-control-allow-credentials") != "" {
				t.Error("credentials are allowed")
			}
		})
	}
}

func TestOriginsThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, origin := range []string{
		"*", "https://*", "https://*.example.com", "example.com", "http://example.com", "https://example.com/",
		"https://example.com/a", "https://a@example.com", "https://", "http://localhost.example.com", "null",
		"https://example.com?a", "https://example.com#a",
	} {
		env := settings.FromMap(map[string]string{"CORS_ORIGINS": origin})
		_, err := api.New([]byte(openManifest), setUpOpen, env, io.Discard)
		if err == nil || !strings.Contains(err.Error(), "CORS_ORIGINS") {
			t.Errorf("%s: %v", origin, err)
		}
	}
}
