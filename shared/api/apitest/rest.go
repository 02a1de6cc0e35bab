package apitest

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"cognito-triggers/shared/api"
)

// FromREST returns the event of a request as a REST API with a Cognito user pool authorizer sends it: payload format
// 1.0, with groups separated by commas. Send it with SendEvent.
//
// See https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
func FromREST(t testing.TB, r *api.Request) []byte {
	t.Helper()
	method, resource, _ := strings.Cut(r.RouteKey, " ")
	context := map[string]any{
		"resourcePath": resource, "httpMethod": method, "path": "/live" + r.RawPath, "stage": "live",
		"requestId": r.RequestContext.RequestID,
		"identity":  map[string]any{"sourceIp": r.RequestContext.HTTP.SourceIP, "userAgent": r.RequestContext.HTTP.UserAgent},
	}
	if a := r.RequestContext.Authorizer; a != nil {
		claims := maps.Clone(a.JWT.Claims)
		if inner, isList := strings.CutPrefix(claims["cognito:groups"], "["); isList {
			claims["cognito:groups"] = strings.ReplaceAll(strings.TrimSuffix(inner, "]"), " ", ",")
		}
		context["authorizer"] = map[string]any{"claims": claims}
	}
	headers, lists := map[string]string{}, map[string][]string{}
	for name, value := range r.Headers {
		name = strings.ToUpper(name[:1]) + name[1:]
		headers[name], lists[name] = value, []string{value}
	}
	event, err := json.Marshal(map[string]any{
		"resource": resource, "path": r.RawPath, "httpMethod": method, "headers": headers, "multiValueHeaders": lists,
		"queryStringParameters": orNull(r.QueryStringParameters), "multiValueQueryStringParameters": nil,
		"pathParameters": orNull(r.PathParameters), "stageVariables": nil, "requestContext": context,
		"body": r.Body, "isBase64Encoded": r.IsBase64Encoded,
	})
	if err != nil {
		t.Fatal(err)
	}
	return event
}

// orNull returns nil for an empty map, which a REST API sends as null.
func orNull(values map[string]string) map[string]string {
	if len(values) == 0 {
		return nil
	}
	return values
}
