package api_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
	"cognito-triggers/shared/settings"
)

const manifest = `{"timeout_seconds": 10, "routes": [
	{"route": "GET /open/{id}"},
	{"route": "POST /guarded", "authorizer": "jwt"},
	{"route": "POST /any-token", "authorizer": "jwt", "id_tokens": true},
	{"route": "POST /scoped", "authorizer": "jwt", "scopes": ["posts/write", "posts/admin"]},
	{"route": "POST /grouped", "authorizer": "jwt", "groups": ["admins", "editors"]}]}`

// serve sets up a function that has the same handler for every route.
func serve(t *testing.T, handle api.Handler) *apitest.API {
	t.Helper()
	return apitest.NewWith(t, []byte(manifest), func(*settings.Env) (api.Routes, error) {
		routes := api.Routes{}
		for _, key := range []string{"GET /open/{id}", "POST /guarded", "POST /any-token", "POST /scoped", "POST /grouped"} {
			routes[key] = handle
		}
		return routes, nil
	}, map[string]string{"LOG_LEVEL": "debug"})
}

func ok(context.Context, *api.Request) (api.Response, error) {
	return api.JSON(200, map[string]any{"done": true}), nil
}

func TestAccess(t *testing.T) {
	a := serve(t, ok)
	claims := func(pairs ...string) apitest.Option {
		c := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			c[pairs[i]] = pairs[i+1]
		}
		return apitest.Claims(c)
	}
	none := func(*api.Request) {}
	cases := map[string]struct {
		route     string
		option    apitest.Option
		status    int
		challenge string
		onlyHTTP  bool // not from a REST API
	}{
		"open without token": {route: "GET /open/{id}", option: none, status: 200},
		"open with token":    {route: "GET /open/{id}", option: apitest.User("s"), status: 200},
		"access token":       {route: "POST /guarded", option: apitest.User("s"), status: 200},
		"no authorizer":      {route: "POST /guarded", option: none, status: 401, challenge: `Bearer`},
		"header alone": {
			route:     "POST /guarded",
			option:    apitest.Token("a.b.c"),
			status:    401,
			challenge: `Bearer`,
		},
		"no claims": {route: "POST /guarded", option: claims(), status: 401, challenge: `Bearer`},
		"no sub": {
			route:     "POST /guarded",
			option:    claims("token_use", "access"),
			status:    401,
			challenge: `Bearer error="invalid_token"`,
		},
		"ID token": {
			route:     "POST /guarded",
			option:    claims("sub", "s", "token_use", "id"),
			status:    401,
			challenge: `Bearer error="invalid_token"`,
		},
		"ID token where taken": {route: "POST /any-token", option: claims("sub", "s", "token_use", "id"), status: 200},
		"access token there":   {route: "POST /any-token", option: apitest.User("s"), status: 200},
		"no token_use": {
			route:     "POST /any-token",
			option:    claims("sub", "s"),
			status:    401,
			challenge: `Bearer error="invalid_token"`,
		},
		"other token_use": {
			route:     "POST /any-token",
			option:    claims("sub", "s", "token_use", "refresh"),
			status:    401,
			challenge: `Bearer error="invalid_token"`,
		},
		"one of the scopes": {
			route:  "POST /scoped",
			option: claims("sub", "s", "token_use", "access", "scope", "openid posts/admin"),
			status: 200,
		},
		"other scopes": {
			route:     "POST /scoped",
			option:    apitest.User("s"),
			status:    403,
			challenge: `Bearer error="insufficient_scope"`,
		},
		"part of a scope": {
			route:     "POST /scoped",
			option:    claims("sub", "s", "token_use", "access", "scope", "posts/writer"),
			status:    403,
			challenge: `Bearer error="insufficient_scope"`,
		},
		"one of the groups": {route: "POST /grouped", option: apitest.User("s", "staff", "editors"), status: 200},
		"no group":          {route: "POST /grouped", option: apitest.User("s"), status: 403},
		"other group":       {route: "POST /grouped", option: apitest.User("s", "admins2"), status: 403},
		"text in place of the array": {
			route:  "POST /grouped",
			option: claims("sub", "s", "token_use", "access", "cognito:groups", "admins"),
			status: 403, onlyHTTP: true, // a REST API passes one group like this
		},
	}
	codes := map[int]string{401: api.CodeUnauthorized, 403: api.CodeForbidden}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			request := apitest.NewRequest(c.route, apitest.Path("id", "1"), c.option)
			answers := []apitest.Answer{a.Send(t, request)}
			if !c.onlyHTTP {
				answers = append(answers, a.SendEvent(t, apitest.FromREST(t, request)))
			}
			for _, got := range answers {
				if c.status == 200 {
					got.Want(t, 200)
				} else {
					got.WantProblem(t, c.status, codes[c.status])
				}
				if got.Header("WWW-Authenticate") != c.challenge {
					t.Errorf("challenge %q, want %q", got.Header("WWW-Authenticate"), c.challenge)
				}
			}
		})
	}
}

func TestOutcomes(t *testing.T) {
	var missing *api.Problem
	cases := map[string]struct {
		handle       api.Handler
		want, retry  string
		statusClass  string
		wantLogLines int
	}{
		"answer": {handle: ok, want: `200 application/json {"done":true}`, statusClass: "2xx"},
		"nothing": {
			handle:      func(context.Context, *api.Request) (api.Response, error) { return api.NoContent(), nil },
			want:        "204  ",
			statusClass: "2xx",
		},
		"problem": {handle: fails(api.Fail(409, api.CodeUserExists, "This address has an account.")),
			want: `409 application/problem+json {"type":"about:blank","title":"Conflict","status":409,"detail":"This address ` +
				`has an account.","code":"user_exists","instance":"request-1"}`, statusClass: "4xx"},
		"unauthorised by the handler": {handle: fails(api.Fail(401, api.CodeUnauthorized, "Sign in again.")),
			want: `401 application/problem+json {"type":"about:blank","title":"Unauthorized","status":401,"detail":"Sign in ` +
				`again.","code":"unauthorized","instance":"request-1"}`, statusClass: "4xx"},
		"wrapped": {handle: fails(fmt.Errorf("table: %w", api.Fail(404, api.CodeNotFound, "No such post."))),
			want: `404 application/problem+json {"type":"about:blank","title":"Not Found","status":404,"detail":"No such ` +
				`post.","code":"not_found","instance":"request-1"}`, statusClass: "4xx"},
		"field": {handle: fails(api.FailField(400, api.CodeInvalidParameter, "email", "must be an address")),
			want: `400 application/problem+json {"type":"about:blank","title":"Bad Request","status":400,"detail":"email: ` +
				`must be an address","code":"invalid_parameter","instance":"request-1","fields":{"email":"must be an address"}}`,
			statusClass: "4xx"},
		"too many": {
			handle: fails(&api.Problem{
				Status:     429,
				Code:       api.CodeTooManyRequests,
				Title:      "Slow down",
				RetryAfter: 1500 * time.Millisecond,
			}),
			want: `429 application/problem+json {"type":"about:blank","title":"Slow down","status":429,` +
				`"code":"too_many_requests","instance":"request-1"}`,
			retry:       "2",
			statusClass: "4xx",
		},
		"other error": {
			handle:       fails(errors.New("table arn:aws:dynamodb:eu-west-1:1:table/secret is gone")),
			want:         internal,
			statusClass:  "5xx",
			wantLogLines: 1,
		},
		"panic": {
			handle:       func(context.Context, *api.Request) (api.Response, error) { panic("boom") },
			want:         internal,
			statusClass:  "5xx",
			wantLogLines: 1,
		},
		"no answer": {
			handle:       func(context.Context, *api.Request) (api.Response, error) { return api.Response{}, nil },
			want:         internal,
			statusClass:  "5xx",
			wantLogLines: 1,
		},
		"nil problem": {handle: fails(missing), want: internal, statusClass: "5xx", wantLogLines: 1},
		"no encoding": {
			handle:       func(context.Context, *api.Request) (api.Response, error) { return api.JSON(200, func() {}), nil },
			want:         internal,
			statusClass:  "5xx",
			wantLogLines: 1,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a := serve(t, c.handle)
			got := a.Call(t, "GET /open/{id}", apitest.Path("id", "1"))
			if text := fmt.Sprintf("%d %s %s", got.Status, got.Header("content-type"), got.Body); text != c.want {
				t.Errorf("got\n%s\nwant\n%s", text, c.want)
			}
			if got.Header("retry-after") != c.retry {
				t.Errorf("retry-after %q, want %q", got.Header("retry-after"), c.retry)
			}
			if challenge := got.Header("www-authenticate"); (got.Status == 401) != (challenge == "Bearer") {
				t.Errorf("challenge %q", challenge)
			}
			if n := strings.Count(a.Log(), "\n"); n != c.wantLogLines {
				t.Errorf("%d log lines, want %d: %s", n, c.wantLogLines, a.Log())
			}
			if want := `"Route":"GET /open/{id}","StatusClass":"` + c.statusClass + `"`; strings.Count(a.Metrics(), "\n") != 1 ||
				!strings.Contains(a.Metrics(), want) {
				t.Errorf("metrics %s lack %s", a.Metrics(), want)
			}
		})
	}
}

const internal = `500 application/problem+json {"type":"about:blank","title":"Internal Server Error","status":500,` +
	`"code":"internal","instance":"request-1"}`

func fails(err error) api.Handler {
	return func(context.Context, *api.Request) (api.Response, error) { return api.Response{}, err }
}

func TestEventsThatAreNoRequestOfTheFunction(t *testing.T) {
	cases := map[string]struct {
		event, want string
		log         string
	}{
		"unknown route": {
			event: `{"routeKey":"GET /secret-path","requestContext":{"requestId":"r"}}`,
			want:  `"code":"not_found"`,
			log:   "check what it is attached to",
		},
		"default route": {event: `{"routeKey":"$default"}`, want: `"code":"not_found"`, log: "check what it is attached to"},
		"no object":     {event: `[1]`, want: `"code":"internal","instance":"lambda-request-1"`, log: "format 2.0 or 1.0"},
		"other shape": {
			event: `{"routeKey":{"canary":1},"headers":"canary"}`,
			want:  `"code":"internal"`,
			log:   "payload format 2.0 or 1.0",
		},
		"empty": {event: ``, want: `"code":"internal"`, log: "format 2.0 or 1.0"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a := serve(t, ok)
			if got := a.SendEvent(t, []byte(c.event)); !strings.Contains(got.Body, c.want) {
				t.Errorf("got %d %s, want %s", got.Status, got.Body, c.want)
			}
			if !strings.Contains(a.Log(), c.log) || strings.Contains(a.Log(), "canary") {
				t.Errorf("log: %s", a.Log())
			}
			if !strings.Contains(a.Metrics(), `"Route":"other"`) {
				t.Errorf("metrics: %s", a.Metrics())
			}
		})
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	answers := map[string]api.Handler{
		"answer": func(context.Context, *api.Request) (api.Response, error) {
			return api.JSON(200, 1).With("ETag", `"1"`).With("Cache-Control", "public"), nil
		},
		"own headers": func(context.Context, *api.Request) (api.Response, error) {
			return api.Response{StatusCode: 200, Headers: map[string]string{"X-Content-Type-Options": "", "Etag": `"1"`}}, nil
		},
		"problem": fails(&api.Problem{Status: 404, Code: api.CodeNotFound}),
		"error":   fails(errors.New("x")),
	}
	want := map[string]string{
		"cache-control": "no-store", "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
		"referrer-policy":           "no-referrer",
		"strict-transport-security": "max-age=63072000; includeSubDomains", "x-content-type-options": "nosniff",
	}
	for name, handle := range answers {
		t.Run(name, func(t *testing.T) {
			got := serve(t, handle).Call(t, "GET /open/{id}")
			for header, value := range want {
				if got.Headers[header] != value {
					t.Errorf("%s: %q, want %q", header, got.Headers[header], value)
				}
			}
			for header := range got.Headers {
				if header != strings.ToLower(header) {
					t.Errorf("the header %s is not in lower case, so it could stand there twice", header)
				}
			}
		})
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		options   []api.Option
		left      time.Duration // that the handler has
		namespace string
	}{
		"none": {left: 9 * time.Second, namespace: "CognitoTriggers"},
		"margin": {
			options:   []api.Option{api.WithMargin(4 * time.Second)},
			left:      6 * time.Second,
			namespace: "CognitoTriggers",
		},
		"namespace": {options: []api.Option{api.WithNamespace("Shop")}, left: 9 * time.Second, namespace: "Shop"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			var left time.Duration
			var metrics bytes.Buffer
			handler, err := api.New([]byte(`{"routes":[{"route":"GET /"}]}`), func(*settings.Env) (api.Routes, error) {
				return api.Routes{"GET /": func(ctx context.Context, _ *api.Request) (api.Response, error) {
					end, _ := ctx.Deadline()
					left = end.Sub(began)
					return api.NoContent(), nil
				}}, nil
			}, settings.FromMap(nil), &metrics, c.options...)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithDeadline(t.Context(), began.Add(time.Minute))
			defer cancel()
			if _, err := handler.Invoke(ctx, []byte(`{"routeKey":"GET /"}`)); err != nil {
				t.Fatal(err)
			}
			if left < c.left-100*time.Millisecond || left > c.left+100*time.Millisecond {
				t.Errorf("handler has %v, want about %v", left, c.left)
			}
			if want := `"Namespace":"` + c.namespace + `"`; !strings.Contains(metrics.String(), want) {
				t.Errorf("metrics line %s lacks %s", &metrics, want)
			}
		})
	}
}

func TestWhatKeepsAFunctionFromStarting(t *testing.T) {
	routes := func(keys ...string) api.Setup {
		return func(env *settings.Env) (api.Routes, error) {
			env.Int("LIMIT", 1, 1, 10)
			r := api.Routes{}
			for _, key := range keys {
				r[key] = ok
			}
			return r, nil
		}
	}
	const two = `{"routes":[{"route":"GET /a"},{"route":"GET /b"}]}`
	cases := map[string]struct {
		manifest string
		setup    api.Setup
		limit    string
		want     string
	}{
		"agreeing": {manifest: two, setup: routes("GET /a", "GET /b"), want: ""},
		"no handler": {
			manifest: two,
			setup:    routes("GET /a"),
			want:     `function.json has the route "GET /b", which has no handler`,
		},
		"nil handler": {
			manifest: two,
			setup:    func(*settings.Env) (api.Routes, error) { return api.Routes{"GET /a": ok, "GET /b": nil}, nil },
			want:     `which has no handler`,
		},
		"no route": {
			manifest: two,
			setup:    routes("GET /a", "GET /b", "GET /c"),
			want:     `the handler for "GET /c" has no route in function.json; its routes are GET /a, GET /b`,
		},
		"wrong setting": {manifest: two, setup: routes("GET /a", "GET /b"), limit: "11", want: "LIMIT is out of range"},
		"setup fails": {
			manifest: two,
			setup:    func(*settings.Env) (api.Routes, error) { return nil, errors.New("no table") },
			want:     "no table",
		},
		"manifest no JSON": {manifest: `{`, setup: routes(), want: "function.json"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := api.New([]byte(c.manifest), c.setup, settings.FromMap(map[string]string{"LIMIT": c.limit}), io.Discard)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error = %v, want %q", err, c.want)
			}
		})
	}
}

// The test is for the race detector.
func TestParallelRequests(t *testing.T) {
	a := serve(t, func(ctx context.Context, r *api.Request) (api.Response, error) {
		api.Hide(ctx, "hidden")
		slog.InfoContext(ctx, "with context "+r.Body)
		slog.Info("without context")
		return api.NoContent(), nil
	})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			a.Call(t, "GET /open/{id}", apitest.RawBody(fmt.Sprintf(`{"secret":"canary-%d"}`, i))).Want(t, 204)
		})
	}
	all.Wait()
	if strings.Contains(a.Log(), "canary") || strings.Count(a.Metrics(), "\n") != 8 {
		t.Errorf("log %s, metrics %s", a.Log(), a.Metrics())
	}
}
