package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
)

func TestLogHoldsNoValueOfTheRequest(t *testing.T) {
	const token = "canary-header.canary-payload.canary-signature"
	a := serve(t, func(ctx context.Context, r *api.Request) (api.Response, error) {
		api.Hide(ctx, "canary-learned")
		claims := r.Claims()
		slog.InfoContext(ctx, "body "+r.Body, "token", r.Bearer(), "sub", claims.Sub, "email", claims.Get("email"), "ip",
			r.RequestContext.HTTP.SourceIP,
			"query", r.Query("next"), "path", r.Path("id"), "raw", r.RawQueryString, "key", r.Header("Idempotency-Key"),
			"learned", "canary-learned",
			"cookies", r.Cookies, "cookie", "canary-cookie", "second", "canary-second", "request", r, "group", claims.Groups)
		slog.Info("without context: canary-password")
		slog.Info("upper case: CANARY-PASSWORD and mail-of-canary@elsewhere.example, access denied")
		return api.Response{}, fmt.Errorf("Cognito says: password canary-password, code 123456 of %s", claims.Username)
	})
	a.Call(t, "POST /guarded", apitest.Path("id", "canary-id"), apitest.Query("next", "canary-query"),
		apitest.User("canary-sub", "admins"), apitest.Claims(map[string]string{"email": "mail-of-canary@example.org"}),
		apitest.Token(token),
		apitest.Header("Idempotency-Key", "canary-key"),
		apitest.Body(map[string]any{"password": "canary-password", "nested": []any{map[string]any{"code": "123456"}}}),
		func(r *api.Request) {
			r.RawQueryString = "next=canary-query&next=canary%2dsecond"
			r.Cookies = []string{"session=canary-cookie"}
		})
	log := strings.ToLower(a.Log() + a.Metrics())
	for _, value := range []string{"canary", "123456", "192.0.2.1"} {
		if strings.Contains(log, value) {
			t.Errorf("log holds %q:\n%s", value, log)
		}
	}
	for _, kept := range []string{"access denied", `"requestid":"request-1"`, `"route":"post /guarded"`,
		`"group":"admins"`, "cognito says: password [scrubbed]", `"request":"[*api.request]"`} {
		if !strings.Contains(log, kept) {
			t.Errorf("log lacks %q:\n%s", kept, log)
		}
	}
}

func TestLogHoldsNoBodyThatIsNoJSON(t *testing.T) {
	for _, body := range []string{"canary-text", `{"password":"canary-password"`, `{"a":1} canary-tail`} {
		a := serve(t, func(ctx context.Context, r *api.Request) (api.Response, error) {
			_, err := api.Decode[struct{}](r)
			return api.Response{}, fmt.Errorf("body %s: %v", r.Body, err)
		})
		a.Call(t, "GET /open/{id}", apitest.RawBody(body))
		if strings.Contains(a.Log(), "canary") || !strings.Contains(a.Log(), "body [scrubbed]: invalid_request") {
			t.Errorf("log: %s", a.Log())
		}
	}
}

func TestMetricsLine(t *testing.T) {
	a := serve(t, func(ctx context.Context, _ *api.Request) (api.Response, error) {
		api.Count(ctx, "PostsLost")
		api.Note(ctx, "Store", "down")
		return api.Response{}, api.Fail(403, api.CodeForbidden, "")
	})
	a.Call(t, "GET /open/{id}")
	var line map[string]any
	if err := json.Unmarshal([]byte(a.Metrics()), &line); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"FunctionName":    "api",
		"Route":           "GET /open/{id}",
		"StatusClass":     "4xx",
		"Status":          "403",
		"Code":            "forbidden",
		"RequestId":       "request-1",
		"LambdaRequestId": "lambda-request-1",
		"PostsLost":       1.0,
		"Store":           "down",
	}
	for name, value := range want {
		if line[name] != value {
			t.Errorf("%s = %v, want %v", name, line[name], value)
		}
	}
}
