package api

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	"cognito-triggers/shared/route"
)

// payload is an event in payload format 2.0 or 1.0. REST APIs always send 1.0, HTTP APIs if the integration asks for
// it, and the test events of many tutorials are in it.
//
// See https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
type payload struct {
	Request
	RequestContext payloadContext `json:"requestContext"`

	// Only in format 1.0.
	Resource              string              `json:"resource"` // the path of the route, with parameters in braces
	Path                  string              `json:"path"`
	HTTPMethod            string              `json:"httpMethod"`
	MultiValueHeaders     map[string][]string `json:"multiValueHeaders"`
	MultiValueQueryValues map[string][]string `json:"multiValueQueryStringParameters"`
}

type payloadContext struct {
	RequestID  string             `json:"requestId"`
	HTTP       HTTP               `json:"http"`
	Authorizer *payloadAuthorizer `json:"authorizer"`

	// Only in format 1.0.
	Identity struct {
		SourceIP  string `json:"sourceIp"`
		UserAgent string `json:"userAgent"`
	} `json:"identity"`
}

// payloadAuthorizer is the result of a JWT authorizer, or in format 1.0 of a Cognito user pool authorizer.
type payloadAuthorizer struct {
	JWT    JWT             `json:"jwt"`
	Claims json.RawMessage `json:"claims"` // format 1.0; a Lambda authorizer may use the name for anything
	Scopes json.RawMessage `json:"scopes"`
}

// readRequest decodes an event in either format into a Request in the shape of format 2.0.
func readRequest(event []byte, rules map[string]route.Route) (*Request, error) {
	var p payload
	if err := json.Unmarshal(event, &p); err != nil {
		return nil, err
	}
	if p.Version != "2.0" && p.HTTPMethod != "" { // HTTP APIs write version 1.0, REST APIs none
		return p.fromFormat1(rules), nil
	}
	r := &p.Request
	r.RequestContext = RequestContext{RequestID: p.RequestContext.RequestID, HTTP: p.RequestContext.HTTP}
	if a := p.RequestContext.Authorizer; a != nil {
		r.RequestContext.Authorizer = &Authorizer{a.JWT}
	}
	return r, nil
}

// fromFormat1 returns the request of an event in format 1.0.
func (p *payload) fromFormat1(rules map[string]route.Route) *Request {
	r := &Request{
		Version: "1.0", RawPath: p.Path, PathParameters: p.PathParameters, Headers: map[string]string{},
		Body: p.Body, IsBase64Encoded: p.IsBase64Encoded,
		RequestContext: RequestContext{
			RequestID: p.RequestContext.RequestID,
			HTTP: HTTP{
				Method: p.HTTPMethod, Path: p.Path, SourceIP: p.RequestContext.Identity.SourceIP,
				UserAgent: p.RequestContext.Identity.UserAgent,
			},
			Authorizer: p.RequestContext.Authorizer.fromFormat1(p.Version == ""),
		},
	}
	for name, value := range joined(p.Headers, p.MultiValueHeaders) {
		r.Headers[strings.ToLower(name)] = value
	}
	if cookies := r.Headers["cookie"]; cookies != "" {
		r.Cookies = strings.Split(cookies, "; ")
		delete(r.Headers, "cookie")
	}
	r.QueryStringParameters = joined(p.QueryStringParameters, p.MultiValueQueryValues)
	r.RawQueryString = queryOf(p.QueryStringParameters, p.MultiValueQueryValues)
	r.RouteKey = p.HTTPMethod + " " + p.Resource
	if _, known := rules[r.RouteKey]; !known { // a resource such as /{proxy+}, or a test event without one
		if key, parameters := route.NewTable(slices.Collect(maps.Keys(rules))...).Find(p.HTTPMethod, p.Path); key != "" {
			r.RouteKey, r.PathParameters = key, parameters
		}
	}
	return r
}

// fromFormat1 returns what an authorizer of the user pool found. A Lambda authorizer's result has no claims.
func (a *payloadAuthorizer) fromFormat1(restAPI bool) *Authorizer {
	if a == nil {
		return nil
	}
	var claims ClaimValues
	if json.Unmarshal(a.Claims, &claims) != nil {
		return nil
	}
	if restAPI { // it joins the names with commas; an HTTP API writes "[a b]" in both formats
		var passed struct {
			Groups string `json:"cognito:groups"`
		}
		if json.Unmarshal(a.Claims, &passed) == nil && passed.Groups != "" {
			claims[groupsClaim] = "[" + strings.ReplaceAll(passed.Groups, ",", " ") + "]"
		}
	}
	var scopes []string
	_ = json.Unmarshal(a.Scopes, &scopes) // nil in every other form
	return &Authorizer{JWT{Claims: claims, Scopes: scopes}}
}

// joined returns the values of each name, joined with commas as in format 2.0. Format 1.0 has them in two members, of
// which either may be missing; single has only the last of several values.
func joined(single map[string]string, all map[string][]string) map[string]string {
	values := maps.Clone(single)
	if values == nil {
		values = make(map[string]string, len(all))
	}
	for name, list := range all {
		values[name] = strings.Join(list, ",")
	}
	return values
}

func queryOf(single map[string]string, all map[string][]string) string {
	values := url.Values{}
	for name, value := range single {
		values[name] = []string{value}
	}
	maps.Copy(values, all)
	return values.Encode()
}
