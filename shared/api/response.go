package api

import (
	"encoding/json"
	"strings"
)

// Response is a function's answer in payload format 2.0.
type Response struct {
	StatusCode int               `json:"statusCode"`
	Headers    map[string]string `json:"headers,omitempty"`
	Body       string            `json:"body,omitempty"`
}

// JSON answers with a body. It panics where the body has no encoding, which is a mistake in the program and answered as
// such.
func JSON(status int, body any) Response {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return Response{StatusCode: status, Headers: map[string]string{"content-type": "application/json"}, Body: string(text)}
}

// NoContent answers 204.
func NoContent() Response { return Response{StatusCode: 204} }

// With returns the answer with one more header.
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

// security are the headers of every answer: an API is no page, its answers are one user's, and it is HTTPS alone.
// See https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html
var security = map[string]string{
	"cache-control":             "no-store",
	"content-security-policy":   "default-src 'none'; frame-ancestors 'none'",
	"referrer-policy":           "no-referrer",
	"strict-transport-security": "max-age=63072000; includeSubDomains",
	"x-content-type-options":    "nosniff",
}

// secured returns the answer with the headers of every answer, which no handler can weaken.
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
