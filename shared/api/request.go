package api

import (
	"encoding/base64"
	"strings"
)

// Request is a request in the shape of payload format 2.0, as far as functions need it. Header names are in lower case.
// Several values of one name are joined with commas. Requests in payload format 1.0, which REST APIs send, are
// converted; only Version says so.
//
// See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
type Request struct {
	Version               string            `json:"version"`
	RouteKey              string            `json:"routeKey"` // as in the manifest, for example "GET /post/{id}"
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

// RequestContext holds what API Gateway adds to the request.
type RequestContext struct {
	RequestID  string      `json:"requestId"`
	HTTP       HTTP        `json:"http"`
	Authorizer *Authorizer `json:"authorizer,omitempty"` // nil if the route has none
}

// HTTP describes the request line and the client.
type HTTP struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

// Authorizer is the result of the route's authorizer.
type Authorizer struct {
	JWT JWT `json:"jwt"`
}

// JWT is a token whose signature, issuer, audience and times have been checked.
type JWT struct {
	Claims ClaimValues `json:"claims"`
	Scopes []string    `json:"scopes"` // the scopes that the route requires
}

// Header returns the value of a header, or "". The case of name is ignored.
func (r *Request) Header(name string) string { return r.Headers[strings.ToLower(name)] }

// Query returns a query parameter, or "". API Gateway joins several values of one name with commas.
func (r *Request) Query(name string) string { return r.QueryStringParameters[name] }

// Path returns the value of the path parameter {name}, or "".
func (r *Request) Path(name string) string { return r.PathParameters[name] }

// Bearer returns the token of the Authorization header, or "". Like API Gateway, it accepts the token with or without
// the word Bearer.
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

// body returns the decoded body.
func (r *Request) body() ([]byte, error) {
	if r.IsBase64Encoded {
		return base64.StdEncoding.DecodeString(r.Body)
	}
	return []byte(r.Body), nil
}
