// Package apitest serves an HTTP API for tests of whoever calls one: a route that takes the ID tokens of a user pool.
package apitest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"cognito-triggers/local/httpapi"
	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/shared/api"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/settings"
)

// takesIDTokens is the manifest of a function whose route takes ID tokens, too.
const takesIDTokens = `{"timeout_seconds": 10, "memory_mb": 128, "routes": [
	{"route": "POST /post", "authorizer": "jwt", "id_tokens": true}]}`

type invoked struct{ lambda.Handler }

func (i invoked) Invoke(ctx context.Context, event []byte) (lambdaruntime.Result, error) {
	answer, err := i.Handler.Invoke(ctx, event)
	return lambdaruntime.Result{Payload: answer}, err
}

// Posts serves POST /post behind the authorizer of a pool with this issuer, for tokens of an app client, and returns
// its URL. It answers with status 201 and the caller's sub. Pages of this machine may call it.
func Posts(t testing.TB, issuer, client string, now func() time.Time) string {
	t.Helper()
	handler, err := api.New([]byte(takesIDTokens), func(*settings.Env) (api.Routes, error) {
		return api.Routes{"POST /post": func(_ context.Context, r *api.Request) (api.Response, error) {
			return api.JSON(http.StatusCreated, map[string]string{"owner": r.Claims().Sub}), nil
		}}, nil
	}, settings.FromMap(map[string]string{}), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	function, err := manifest.Parse([]byte(takesIDTokens))
	if err != nil {
		t.Fatal(err)
	}
	served, err := httpapi.New(httpapi.Options{
		Functions: []httpapi.Function{{Function: function, Invoker: invoked{handler}}}, Now: now,
		Authorizer: &httpapi.Authorizer{
			Issuer: issuer, Audience: []string{client}, Keys: httpapi.NewKeys(issuer + "/.well-known/jwks.json"),
		},
		CORS: httpapi.CORS{
			AllowLoopback: true, AllowMethods: []string{http.MethodPost}, AllowHeaders: []string{"authorization"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(served)
	t.Cleanup(server.Close)
	return server.URL + "/post"
}
