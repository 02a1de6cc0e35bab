package httpapi_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/httpapi"
)

// sample is the payload format 2.0 event from AWS's guide with the values of the request below, without stage variables
// and other kinds of authentication, which the API does not have.
const sample = `{
  "version": "2.0",
  "routeKey": "POST /my/{parameter1}",
  "rawPath": "/my/a b",
  "rawQueryString": "parameter1=value1&parameter1=value2&parameter2=value%20three",
  "cookies": ["cookie1=x", "cookie2"],
  "headers": {
    "accept-encoding": "gzip",
    "content-length": "17",
    "content-type": "text/plain; charset=utf-8",
    "header1": "value1",
    "header2": "value1,value2",
    "host": "id.execute-api.us-east-1.amazonaws.com:443",
    "user-agent": "agent",
    "x-forwarded-for": "203.0.113.9, 127.0.0.1",
    "x-forwarded-port": "443",
    "x-forwarded-proto": "http"
  },
  "queryStringParameters": {"parameter1": "value1,value2", "parameter2": "value three"},
  "requestContext": {
    "accountId": "000000000000",
    "apiId": "local",
    "domainName": "id.execute-api.us-east-1.amazonaws.com",
    "domainPrefix": "id",
    "http": {"method": "POST", "path": "/my/a b", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "agent"},
    "requestId": "",
    "routeKey": "POST /my/{parameter1}",
    "stage": "$default",
    "time": "12/Mar/2020:19:03:58 +0000",
    "timeEpoch": 1584039838390
  },
  "body": "Hello from Lambda",
  "pathParameters": {"parameter1": "a b"},
  "isBase64Encoded": false
}`

func TestEventIsTheGuides(t *testing.T) {
	f := &fake{answer: `{"statusCode":204}`}
	url := serve(t, httpapi.Options{
		Functions: []httpapi.Function{function("f", f, open("POST /my/{parameter1}")...)},
		Now:       func() time.Time { return time.UnixMilli(1584039838390) },
	})
	// The request is written by hand, because Go's client would not send it like this.
	out := raw(t, url, "POST /my/a%20b?parameter1=value1&parameter1=value2&parameter2=value%20three HTTP/1.1\r\n"+
		"Host: id.execute-api.us-east-1.amazonaws.com:443\r\nAccept-Encoding: gzip\r\nContent-Length: 17\r\n"+
		"Content-Type: text/plain; charset=utf-8\r\nHeader1: value1\r\nHEADER2: value1\r\nheader2: value2\r\nUser-Agent: "+
		"agent\r\n"+
		"Cookie: cookie1=x; cookie2\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\nHello from Lambda")
	if !strings.HasPrefix(out, "HTTP/1.1 204 ") {
		t.Fatalf("answer %q", out)
	}
	got := f.got(t)
	context := got["requestContext"].(map[string]any)
	if id, _ := context["requestId"].(string); len(id) != 16 || !strings.Contains(out, "Apigw-Requestid: "+id+"\r\n") {
		t.Errorf("request id %q, answer %q", id, out)
	}
	context["requestId"] = ""
	delete(got["headers"].(map[string]any), "connection")
	var want map[string]any
	if err := json.Unmarshal([]byte(sample), &want); err != nil {
		t.Fatal(err)
	}
	for name := range want {
		if !reflect.DeepEqual(got[name], want[name]) {
			t.Errorf("%s is %v, want %v", name, got[name], want[name])
		}
	}
	for name := range got {
		if _, known := want[name]; !known {
			t.Errorf("unexpected member %s", name)
		}
	}
}

func TestEventLeavesOutWhatIsNotThere(t *testing.T) {
	f := &fake{answer: `{"statusCode":200}`}
	url := serve(t, httpapi.Options{Functions: []httpapi.Function{function("f", f, open("GET /")...)}})
	call(t, "GET", url+"/", "").wants(t, 200, "")
	got := f.got(t)
	for _, name := range []string{"cookies", "queryStringParameters", "pathParameters", "body"} {
		if value, there := got[name]; there {
			t.Errorf("%s is %v, want none", name, value)
		}
	}
	if got["rawQueryString"] != "" || got["isBase64Encoded"] != false {
		t.Errorf("event %v", got)
	}
	if value, there := got["requestContext"].(map[string]any)["authorizer"]; there {
		t.Errorf("authorizer is %v, want none", value)
	}
}

// Which types count as text was observed; AWS's guide only says "binary".
func TestBodyIsTextOrBase64(t *testing.T) {
	f := &fake{answer: `{"statusCode":200}`}
	url := serve(t, httpapi.Options{Functions: []httpapi.Function{function("f", f, open("POST /")...)}})
	for name, c := range map[string]struct {
		contentType string
		body        string
		want        string
		encoded     bool
	}{
		"JSON":                {contentType: "application/json", body: `{"a":"ü"}`, want: `{"a":"ü"}`},
		"JSON with a charset": {contentType: "Application/JSON; charset=utf-8", body: `{}`, want: `{}`},
		"XML":                 {contentType: "application/xml", body: "<a/>", want: "<a/>"},
		"JavaScript":          {contentType: "application/javascript", body: "a()", want: "a()"},
		"text":                {contentType: "text/csv", body: "a,b", want: "a,b"},
		"a form": {
			contentType: "application/x-www-form-urlencoded",
			body:        "a=b",
			want:        "YT1i",
			encoded:     true,
		},
		"a JSON of another type": {contentType: "application/merge-patch+json", body: "{}", want: "e30=", encoded: true},
		"an image":               {contentType: "image/png", body: "\x89PNG", want: "iVBORw==", encoded: true},
		"no type":                {contentType: "", body: "{}", want: "e30=", encoded: true},
		"a malformed type":       {contentType: "text/plain; charset", body: "a", want: "a"},
	} {
		t.Run(name, func(t *testing.T) {
			call(t, "POST", url+"/", c.body, "Content-Type", c.contentType).wants(t, 200, "")
			if got := f.got(t); got["body"] != c.want || got["isBase64Encoded"] != c.encoded {
				t.Errorf("body %v, encoded %v", got["body"], got["isBase64Encoded"])
			}
		})
	}
}
