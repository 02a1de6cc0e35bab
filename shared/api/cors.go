package api

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"cognito-triggers/shared/internal/weburl"
	"cognito-triggers/shared/settings"
)

// corsSetting lists the origins whose pages may call the API behind a REST API, which leaves CORS to the functions. An
// HTTP API does it by itself and replaces these headers.
const corsSetting = "CORS_ORIGINS"

// cors is what the function adds for pages of other origins. Tokens are in a header that pages set themselves, so
// credentials are never allowed.
type cors struct {
	origins []string // none: the function adds nothing
	methods string
}

// readCORS reads the origins, for example "https://app.example.com,http://localhost:3000".
func readCORS(env *settings.Env, routes Routes) cors {
	c := cors{origins: env.List(corsSetting)}
	for _, origin := range c.origins {
		if !isOrigin(origin) {
			env.Fail(corsSetting, "%q is not an origin: write https:// and a host without a path, or http://localhost and a "+
				"port", origin)
		}
	}
	methods := map[string]bool{}
	for key := range routes {
		method, _, _ := strings.Cut(key, " ")
		methods[method] = true
	}
	c.methods = strings.Join(slices.Sorted(maps.Keys(methods)), ",")
	return c
}

// isOrigin reports whether a page can have the origin. A page on this machine may be served without TLS.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme+"://"+u.Host != text || strings.Contains(u.Host, "*") {
		return false
	}
	return weburl.SecureOrLocal(u)
}

// asks reports whether a browser asks beforehand whether a page may send a request.
func (c cors) asks(r *Request) bool {
	return len(c.origins) > 0 && r.RequestContext.HTTP.Method == http.MethodOptions &&
		r.Header("access-control-request-method") != ""
}

// preflight answers such a question. Without the headers, the browser does not send the page's request.
func (c cors) preflight(r *Request) Response {
	if !c.allows(r) {
		return NoContent()
	}
	return NoContent().
		With("access-control-allow-methods", c.methods).
		With("access-control-allow-headers", "authorization,content-type,idempotency-key,if-match").
		With("access-control-max-age", "600")
}

// decorate adds the headers that let a page of an allowed origin read the answer.
func (c cors) decorate(response Response, r *Request) Response {
	if len(c.origins) == 0 || r == nil || r.Version != "1.0" {
		return response
	}
	response = response.With("vary", "origin")
	if c.allows(r) {
		response = response.
			With("access-control-allow-origin", r.Header("origin")).
			With("access-control-expose-headers", "x-amzn-requestid,etag,location,retry-after")
	}
	return response
}

func (c cors) allows(r *Request) bool { return slices.Contains(c.origins, r.Header("origin")) }
