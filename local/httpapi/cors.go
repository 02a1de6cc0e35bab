package httpapi

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// CORS configures cross-origin access. API Gateway answers preflight requests itself, and its headers replace the
// functions' own. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
type CORS struct {
	AllowOrigins     []string // "https://www.example.com", "https://*", "http://*" or "*"; none: no CORS
	AllowLoopback    bool     // allows "http://localhost", 127.0.0.1 and [::1] with any port as well
	AllowMethods     []string
	AllowHeaders     []string
	ExposeHeaders    []string
	MaxAgeSeconds    int
	AllowCredentials bool
}

func (c CORS) enabled() bool { return len(c.AllowOrigins) > 0 || c.AllowLoopback }

// preflight answers an OPTIONS request, which never reaches a function.
func (c CORS) preflight(r *http.Request) response {
	out := response{http.StatusNoContent, http.Header{}, nil}
	if r.Header.Get("Access-Control-Request-Method") == "" || c.allowed(r.Header.Get("Origin")) == "" {
		return out
	}
	for name, list := range map[string][]string{
		"Access-Control-Allow-Methods": c.AllowMethods,
		"Access-Control-Allow-Headers": c.AllowHeaders,
	} {
		if len(list) > 0 {
			out.header.Set(name, strings.Join(list, ","))
		}
	}
	if c.MaxAgeSeconds > 0 {
		out.header.Set("Access-Control-Max-Age", strconv.Itoa(c.MaxAgeSeconds))
	}
	return out
}

// decorate sets the CORS headers of any response, replacing the function's.
func (c CORS) decorate(r *http.Request, h http.Header) {
	if !c.enabled() {
		return
	}
	if r.Method != http.MethodOptions {
		for name := range h {
			if strings.HasPrefix(http.CanonicalHeaderKey(name), "Access-Control-") {
				delete(h, name)
			}
		}
	}
	origin := c.allowed(r.Header.Get("Origin"))
	if origin == "" {
		return
	}
	h.Set("Access-Control-Allow-Origin", origin)
	if c.AllowCredentials {
		h.Set("Access-Control-Allow-Credentials", "true")
	}
	if len(c.ExposeHeaders) > 0 {
		h.Set("Access-Control-Expose-Headers", strings.Join(c.ExposeHeaders, ","))
	}
}

// allowed returns Access-Control-Allow-Origin for an origin; empty if it is not allowed.
func (c CORS) allowed(origin string) string {
	switch {
	case origin == "":
		return ""
	case slices.Contains(c.AllowOrigins, "*"):
		return "*"
	case slices.ContainsFunc(c.AllowOrigins, func(allowed string) bool { return matchesOrigin(allowed, origin) }):
		return origin
	case c.AllowLoopback && isLoopback(origin):
		return origin
	}
	return ""
}

// isLoopback reports whether the origin is a page that a server on this machine sent.
func isLoopback(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Scheme+"://"+u.Host != origin {
		return false
	}
	return slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname())
}

func matchesOrigin(allowed, origin string) bool {
	if scheme, any := strings.CutSuffix(allowed, "://*"); any {
		return strings.HasPrefix(origin, scheme+"://")
	}
	return allowed == origin
}
