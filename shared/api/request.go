package api

import (
	"encoding/base64"
	"strings"
)

// Request is an event of an HTTP API in payload format 2.0, as far as functions need it. Names of headers are in lower
// case, and several values of one name are joined by commas.
//
// See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
type Request struct {
	Version               string            `json:"version"`
	RouteKey              string            `json:"routeKey"` // "GET /post/{id}", as the manifest writes it
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Cookies               []string          `json:"cookies,omitempty"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	PathParameters        map[string]string `json:"pathParameters,omitempty"`
	RequestContext        RequestContext    `json:"requestContext"`
	Body                  string            `json:"body,omitempty"`
	IsBase64Encoded       bool              `json:"isBase64Encoded"`
}

// RequestContext is what API Gateway knows about the request.
type RequestContext struct {
	RequestID  string      `json:"requestId"`
	HTTP       HTTP        `json:"http"`
	Authorizer *Authorizer `json:"authorizer,omitempty"` // nil on a route without one
}

// HTTP describes the request line and the caller.
type HTTP struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

// Authorizer is what the route's authorizer found.
type Authorizer struct {
	JWT JWT `json:"jwt"`
}

// JWT is a token whose signature, issuer, audience and times were checked.
type JWT struct {
	Claims ClaimValues `json:"claims"`
	Scopes []string    `json:"scopes"` // those that the route asks for
}

// Header returns a header's value by its name in any case, "" where it is absent.
func (r *Request) Header(name string) string { return r.Headers[strings.ToLower(name)] }

// Query returns a parameter of the query, "" where it is absent. API Gateway joins several of one name by commas.
func (r *Request) Query(name string) string { return r.QueryStringParameters[name] }

// Path returns the value of a path parameter that the route has as {name}.
func (r *Request) Path(name string) string { return r.PathParameters[name] }

// Bearer returns the raw token of the Authorization header, "" where there is none. As API Gateway does, it takes the
// token with the word Bearer before it and without.
func (r *Request) Bearer() string {
	text := strings.TrimSpace(r.Header("authorization"))
	if scheme, token, found := strings.Cut(text, " "); found {
		if !strings.EqualFold(scheme, "Bearer") {
			return ""
		}
		return strings.TrimSpace(token)
	}
	return text
}

// body returns the body's bytes.
func (r *Request) body() ([]byte, error) {
	if r.IsBase64Encoded {
		return base64.StdEncoding.DecodeString(r.Body)
	}
	return []byte(r.Body), nil
}
