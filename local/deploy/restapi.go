package deploy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
)

// restAPI is the example whose functions are behind a REST API. The emulator's authorizer accepts only tokens whose
// issuer is an address of AWS, so guarded routes are called with tokens that they must refuse. The emulator's guard
// refuses pages and takes the CORS headers off, but for Vary, so that one says whether the API was made for pages.
type restAPI struct{ example }

// exchange is a call of the API and what the answer must be.
type exchange struct {
	name, method, path, token, body string

	status int
	vary   string
}

const throwAway = `{"email":"somebody@mailinator.com","password":"Correct-horse-battery-7"}`

func exchanges() []exchange {
	const origin = "Origin"
	return []exchange{
		{name: "an open route", method: "GET", path: "/posts", status: http.StatusOK, vary: origin},
		{name: "a path parameter", method: "GET", path: "/post/nothing", status: http.StatusNotFound, vary: origin},
		{
			name: "what a trigger refuses", method: "POST", path: "/auth/sign-up", body: throwAway,
			status: http.StatusUnprocessableEntity, vary: origin,
		},
		{
			name: "no token", method: "POST", path: "/post", body: draft,
			status: http.StatusUnauthorized, vary: origin,
		},
		{
			name: "a text as token", method: "GET", path: "/auth/me", token: "mine",
			status: http.StatusUnauthorized, vary: origin,
		},
		{name: "a preflight request", method: "OPTIONS", path: "/post", status: http.StatusNoContent, vary: origin},
		{name: "no route", method: "GET", path: "/nothing", status: http.StatusForbidden, vary: origin},
	}
}

func (r restAPI) use(ctx context.Context, tf *terraform, o Options) error {
	out, err := tf.outputs(ctx)
	if err != nil {
		return err
	}
	endpoint := apiEndpoint(r.s.Emulator.Endpoint, out.API.Value) + "/" + path.Base(out.Endpoint.Value)
	var wrong []error
	for _, e := range exchanges() {
		if err := e.check(ctx, endpoint); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %s %s: %w", e.name, e.method, e.path, err))
		}
	}
	if len(wrong) > 0 {
		return errors.Join(wrong...)
	}
	fmt.Fprintf(o.Out, "%d calls of the REST API got the right status and headers.\n", len(exchanges()))
	return r.example.use(ctx, tf, o)
}

func (e exchange) check(ctx context.Context, endpoint string) error {
	request, err := http.NewRequestWithContext(ctx, e.method, endpoint+e.path, strings.NewReader(e.body))
	if err != nil {
		return err
	}
	for name, value := range map[string]string{
		"Authorization": e.token, "Content-Type": "application/json",
	} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	if e.method == http.MethodOptions {
		request.Header.Set("Access-Control-Request-Method", http.MethodPost)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	if err := response.Body.Close(); err != nil {
		return err
	}
	if vary := response.Header.Get("Vary"); response.StatusCode != e.status || !strings.EqualFold(vary, e.vary) {
		return fmt.Errorf("got %d with Vary %q, want %d with %q", response.StatusCode, vary, e.status, e.vary)
	}
	return nil
}
