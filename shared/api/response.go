package api

import (
	"encoding/json"
	"strings"
)

// Response is a response in payload format 2.0, which is one in format 1.0, too: it has no cookies, and Body is always
// text.
type Response struct {
	StatusCode int               `json:"statusCode"`
	Headers    map[string]string `json:"headers,omitempty"`
	Body       string            `json:"body,omitempty"`
}

// JSON returns a response with a JSON body. It panics if body cannot be encoded, which is a bug in the handler; the
// runtime then answers 500.
func JSON(status int, body any) Response {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return Response{StatusCode: status, Headers: map[string]string{"content-type": "application/json"}, Body: string(text)}
}

// NoContent returns a response with status 204.
func NoContent() Response { return Response{StatusCode: 204} }

// With returns the response with a header added or replaced.
func (r Response) With(name, value string) Response {
	headers := map[string]string{strings.ToLower(name): value}
	for other, value := range r.Headers {
		if _, same := headers[strings.ToLower(other)]; !same {
			headers[strings.ToLower(other)] = value
		}
	}
	r.Headers = headers
	return r
}

// security are the headers of every response: it is not a page, belongs to one user, and is served over HTTPS only. See
// https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html
var security = map[string]string{
	"cache-control":             "no-store",
	"content-security-policy":   "default-src 'none'; frame-ancestors 'none'",
	"referrer-policy":           "no-referrer",
	"strict-transport-security": "max-age=63072000; includeSubDomains",
	"x-content-type-options":    "nosniff",
}

// secured returns the response with the security headers, which handlers cannot override.
func (r Response) secured() Response {
	headers := make(map[string]string, len(r.Headers)+len(security))
	for name, value := range r.Headers {
		headers[strings.ToLower(name)] = value
	}
	for name, value := range security {
		headers[name] = value
	}
	r.Headers = headers
	return r
}
