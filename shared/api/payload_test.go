package api_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
)

// restEvent is a request as a REST API with a Cognito user pool authorizer sends it, after the example in AWS's guide:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
const restEvent = `{"resource":"/open/{id}","path":"/open/7","httpMethod":"GET",
	"headers":{"Accept":"*/*","Authorization":"a.b.c","Cookie":"one=1; two=2","X-Twice":"2"},
	"multiValueHeaders":{"Accept":["*/*"],"Authorization":["a.b.c"],"Cookie":["one=1; two=2"],"X-Twice":["1","2"]},
	"queryStringParameters":{"a":"2","b":"x y"},"multiValueQueryStringParameters":{"a":["1","2"],"b":["x y"]},
	"pathParameters":{"id":"7"},"stageVariables":null,
	"requestContext":{"resourceId":"2gxmpl","resourcePath":"/open/{id}","httpMethod":"GET","path":"/live/open/7",
	"accountId":"123456789012","protocol":"HTTP/1.1","stage":"live","requestId":"rest-1",
	"authorizer":{"claims":{"sub":"s","cognito:username":"ada","aud":"c","token_use":"id",
	"cognito:groups":"admins,editors","email_verified":"true","exp":"Mon Nov 30 12:00:00 UTC 2026"}},
	"identity":{"sourceIp":"192.0.2.1","userAgent":"agent","cognitoIdentityId":null},"apiId":"api"},
	"body":null,"isBase64Encoded":false}`

// received returns the request that the handler gets.
func received(t *testing.T, event string) *api.Request {
	t.Helper()
	var got *api.Request
	a := serve(t, func(ctx context.Context, r *api.Request) (api.Response, error) {
		got = r
		return ok(ctx, r)
	})
	if answer := a.SendEvent(t, []byte(event)); got == nil {
		t.Fatalf("no handler was called: %d %s", answer.Status, answer.Body)
	}
	return got
}

func TestRequestOfRESTAPI(t *testing.T) {
	r := received(t, restEvent)
	c := r.Claims()
	got := []string{r.Version, r.RouteKey, r.RawPath, r.RawQueryString, strings.Join(r.Cookies, "+"), r.Header("Accept"),
		r.Header("cookie"), r.Header("x-twice"), r.Query("a"), r.Query("b"), r.Path("id"), r.Body, r.Bearer(),
		r.RequestContext.RequestID, r.RequestContext.HTTP.Method, r.RequestContext.HTTP.Path, r.RequestContext.HTTP.SourceIP,
		r.RequestContext.HTTP.UserAgent,
		c.Sub, c.Username, c.ClientID, c.TokenUse, strings.Join(c.Groups, "+"), c.Get("email_verified")}
	want := []string{"1.0", "GET /open/{id}", "/open/7", "a=1&a=2&b=x+y", "one=1+two=2", "*/*",
		"", "1,2", "1,2", "x y", "7", "", "a.b.c",
		"rest-1", "GET", "/open/7", "192.0.2.1", "agent",
		"s", "ada", "c", "id", "admins+editors", "true"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func TestRoutesOfFormat1(t *testing.T) {
	for name, c := range map[string]struct{ event, route, id string }{
		"resource": {
			event: `{"resource":"/open/{id}","path":"/open/7","httpMethod":"GET","pathParameters":{"id":"7"}}`,
			route: "GET /open/{id}", id: "7",
		},
		"greedy resource": {
			event: `{"resource":"/{proxy+}","path":"/open/7","httpMethod":"GET","pathParameters":{"proxy":"open/7"}}`,
			route: "GET /open/{id}", id: "7",
		},
		"test event without resource": {
			event: `{"path":"/open/7","httpMethod":"GET","headers":null,"queryStringParameters":null,"pathParameters":null}`,
			route: "GET /open/{id}", id: "7",
		},
		"HTTP API with format 1.0": {
			event: `{"version":"1.0","resource":"/open/{id}","path":"/open/7","httpMethod":"GET","pathParameters":{"id":"7"}}`,
			route: "GET /open/{id}", id: "7",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if r := received(t, c.event); r.RouteKey != c.route || r.Path("id") != c.id {
				t.Errorf("route %q with id %q", r.RouteKey, r.Path("id"))
			}
		})
	}
}

// Groups arrive in other forms, but grant the same.
func TestGroupsOfFormat1(t *testing.T) {
	for name, c := range map[string]struct {
		version, groups string
		want            []string
	}{
		"one group":                     {groups: `"admins"`, want: []string{"admins"}},
		"two groups":                    {groups: `"admins,editors"`, want: []string{"admins", "editors"}},
		"brackets are a part of a name": {groups: `"[admins]"`, want: []string{"[admins]"}},
		"list in a test event":          {groups: `["admins","editors"]`, want: []string{"admins", "editors"}},
		"none":                          {groups: `""`},
		"HTTP API": {
			version: "1.0", groups: `"[admins editors]"`, want: []string{"admins", "editors"},
		},
		"text of an HTTP API is no group": {version: "1.0", groups: `"admins"`},
	} {
		t.Run(name, func(t *testing.T) {
			var event map[string]any
			if err := json.Unmarshal([]byte(strings.Replace(restEvent, `"admins,editors"`, c.groups, 1)), &event); err != nil {
				t.Fatal(err)
			}
			if c.version != "" {
				event["version"] = c.version
			}
			text, err := json.Marshal(event)
			if err != nil {
				t.Fatal(err)
			}
			if got := received(t, string(text)).Claims().Groups; !slices.Equal(got, c.want) {
				t.Errorf("groups %q, want %q", got, c.want)
			}
		})
	}
}

// A Lambda authorizer's context grants nothing, whatever it is called.
func TestOtherAuthorizersOfRESTAPI(t *testing.T) {
	for name, authorizer := range map[string]string{
		"none": `null`, "principal": `{"principalId":"ada"}`, "claims as text": `{"claims":"{\"sub\":\"s\"}"}`,
		"null claims": `{"claims":null,"scopes":null}`,
	} {
		t.Run(name, func(t *testing.T) {
			event := `{"resource":"/guarded","path":"/guarded","httpMethod":"POST","requestContext":{"authorizer":` +
				authorizer + `}}`
			serve(t, ok).SendEvent(t, []byte(event)).WantProblem(t, 401, api.CodeUnauthorized)
		})
	}
}

// A request of either format is refused or answered, never with an error of the function.
func FuzzEvents(f *testing.F) {
	f.Add([]byte(event))
	f.Add([]byte(restEvent))
	f.Add(apitest.FromREST(f, apitest.NewRequest("POST /grouped", apitest.User("s", "admins"))))
	f.Fuzz(func(t *testing.T, event []byte) {
		a := serve(t, ok)
		if answer := a.SendEvent(t, event); answer.Status < 200 || answer.Status > 500 {
			t.Errorf("status %d", answer.Status)
		}
	})
}
