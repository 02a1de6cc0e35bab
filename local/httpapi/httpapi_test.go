package httpapi_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/httpapi"
	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/shared/manifest"
)

// raw sends bytes as they are and gives all that comes back.
func raw(t *testing.T, url, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

func TestRoutes(t *testing.T) {
	named := func(name string) *fake { return &fake{answer: fmt.Sprintf("%q", name)} }
	url := serve(t, httpapi.Options{Functions: []httpapi.Function{
		function("posts", named("posts"), open("GET /post/{id}", "GET /posts", "PUT /post/{id}/{part}", "GET /{room}/me/{x}")...),
		function("auth", named("auth"), open("GET /post/me", "POST /posts", "GET /a/{b}/c")...),
	}})
	for name, c := range map[string]struct{ method, path, want string }{
		"exact":                       {"GET", "/posts", "posts"},
		"exact over parameter":        {"GET", "/post/me", "auth"},
		"parameter":                   {"GET", "/post/01J", "posts"},
		"the other method":            {"POST", "/posts", "auth"},
		"two parameters":              {"PUT", "/post/1/2", "posts"},
		"first exact segment wins":    {"GET", "/a/me/c", "auth"},
		"no such path":                {"GET", "/nothing", ""},
		"no such method":              {"DELETE", "/posts", ""},
		"HEAD is not GET":             {"HEAD", "/posts", ""},
		"a slash at the end":          {"GET", "/posts/", ""},
		"an empty parameter":          {"GET", "/post/", ""},
		"two slashes":                 {"GET", "//posts", ""},
		"an encoded slash divides":    {"GET", "/post/a%2Fb", ""},
		"another case":                {"GET", "/Posts", ""},
		"OPTIONS without CORS is 404": {"OPTIONS", "/posts", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := call(t, c.method, url+c.path, "")
			switch {
			case c.want != "":
				got.wants(t, 200, c.want)
			case c.method == "HEAD":
				got.wants(t, 404, "")
			default:
				got.wants(t, 404, `{"message":"Not Found"}`)
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		functions []httpapi.Function
		want      string
	}{
		"a route twice":         {[]httpapi.Function{function("a", nil, open("GET /x/{id}")...), function("b", nil, open("GET /x/{name}")...)}, `b: the route "GET /x/{name}" is served by a already`},
		"no authorizer to have": {[]httpapi.Function{function("a", nil, manifest.Route{Route: "GET /x", Authorizer: "jwt"})}, `wants the authorizer "jwt"`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := httpapi.New(httpapi.Options{Functions: c.functions}); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestAnswers(t *testing.T) {
	const internal = `{"message":"Internal Server Error"}`
	for name, c := range map[string]struct {
		answer  string
		status  int
		body    string
		headers map[string]string
	}{
		"whole":                    {`{"statusCode":201,"headers":{"Content-Type":"application/json","ETag":"\"1\""},"body":"{}"}`, 201, "{}", map[string]string{"Content-Type": "application/json", "Etag": `"1"`}},
		"no type":                  {`{"statusCode":200,"body":"hello"}`, 200, "hello", map[string]string{"Content-Type": "text/plain;charset=UTF-8"}},
		"base64":                   {`{"statusCode":200,"headers":{"content-type":"image/png"},"body":"iVBORw==","isBase64Encoded":true}`, 200, "\x89PNG", map[string]string{"Content-Type": "image/png"}},
		"wrong base64":             {`{"statusCode":200,"body":"*","isBase64Encoded":true}`, 500, internal, nil},
		"cookies":                  {`{"statusCode":200,"cookies":["a=1; Secure","b=2"],"body":""}`, 200, "", map[string]string{"Set-Cookie": "a=1; Secure|b=2"}},
		"a number in a header":     {`{"statusCode":429,"headers":{"Retry-After":7}}`, 429, "", map[string]string{"Retry-After": "7"}},
		"a list in a header":       {`{"statusCode":200,"headers":{"x":["a"]}}`, 500, internal, nil},
		"JSON without status":      {`{ "message": "Hello from Lambda!" }`, 200, `{ "message": "Hello from Lambda!" }`, map[string]string{"Content-Type": "application/json"}},
		"a text":                   {`"Hello from Lambda!"`, 200, "Hello from Lambda!", map[string]string{"Content-Type": "application/json"}},
		"null":                     {`null`, 200, "null", map[string]string{"Content-Type": "application/json"}},
		"no JSON":                  {`hello`, 500, internal, map[string]string{"Content-Type": "application/json"}},
		"nothing":                  {``, 500, internal, nil},
		"a status that is a text":  {`{"statusCode":"ok"}`, 500, internal, nil},
		"a status out of range":    {`{"statusCode":99}`, 500, internal, nil},
		"a body that is an object": {`{"statusCode":200,"body":{}}`, 500, internal, nil},
		"204 has no body":          {`{"statusCode":204,"body":"x"}`, 204, "", nil},
		"the connection's headers": {`{"statusCode":200,"headers":{"Content-Length":"1","Transfer-Encoding":"chunked"},"body":"long"}`, 200, "long", map[string]string{"Content-Length": "4"}},
	} {
		t.Run(name, func(t *testing.T) {
			url := serve(t, httpapi.Options{Functions: []httpapi.Function{function("f", &fake{answer: c.answer}, open("GET /")...)}})
			got := call(t, "GET", url+"/", "")
			got.wants(t, c.status, c.body)
			for name, want := range c.headers {
				if value := strings.Join(got.header.Values(name), "|"); value != want {
					t.Errorf("%s is %q, want %q", name, value, want)
				}
			}
		})
	}
}

// What went wrong is in the access log; the function's own words are nowhere.
func TestFailures(t *testing.T) {
	const internal = `{"message":"Internal Server Error"}`
	const secret = "canary-of-the-function"
	for name, c := range map[string]struct {
		fake   *fake
		status int
		body   string
		log    string
	}{
		"error":      {&fake{err: &lambdaruntime.FunctionError{Type: "errorString", Message: secret}}, 500, internal, "errorString"},
		"crash":      {&fake{err: &lambdaruntime.CrashError{Status: "signal: killed", Log: []string{secret}}}, 500, internal, "signal: killed"},
		"no start":   {&fake{err: &lambdaruntime.InitError{Type: "Runtime.ExitError", Message: secret}}, 500, internal, "Runtime.ExitError"},
		"its time":   {&fake{err: fmt.Errorf("f: %w", lambdaruntime.ErrTimeout)}, 500, internal, "ran out of its time"},
		"our time":   {&fake{block: true}, 503, `{"message":"Service Unavailable"}`, "not answered in time"},
		"unreadable": {&fake{answer: `{"statusCode":200,"body":["` + secret + `"]}`}, 500, internal, "array in body"},
		"unknown":    {&fake{err: errors.New(secret)}, 500, internal, "cannot be invoked"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			api := httpapi.Options{Functions: []httpapi.Function{function("f", c.fake, open("GET /x")...)}, AccessLog: &log, Timeout: 50 * time.Millisecond}
			got := call(t, "GET", serve(t, api)+"/x?q="+secret, "", "Authorization", secret)
			got.wants(t, c.status, c.body)
			if text := log.String(); !strings.Contains(text, c.log) || !strings.Contains(text, `"routeKey":"GET /x"`) || strings.Contains(text, secret) {
				t.Errorf("log %s", text)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	f := &fake{answer: `{"statusCode":200}`}
	url := serve(t, httpapi.Options{Functions: []httpapi.Function{function("f", f, open("POST /", "GET /{id}")...)}})
	const tooLong = `{"message":"Request Header Fields Too Large"}`
	// "GET / HTTP/1.1" with a one-byte id, and the values of Host, User-Agent and Accept-Encoding.
	rest := len("GET /x HTTP/1.1") + len(strings.TrimPrefix(url, "http://")) + len("Go-http-client/1.1") + len("gzip")
	call(t, "GET", url+"/x", "", "X", strings.Repeat("x", 10_240-rest)).wants(t, 200, "")
	call(t, "GET", url+"/x", "", "X", strings.Repeat("x", 10_241-rest)).wants(t, 431, tooLong)
	call(t, "GET", url+"/x?q="+strings.Repeat("x", 10_240), "").wants(t, 431, tooLong)
	calls := f.calls
	call(t, "POST", url+"/", strings.Repeat("x", 10<<20+1), "Content-Type", "text/plain").wants(t, 413, `{"message":"Request Entity Too Large"}`)
	if f.calls != calls {
		t.Error("the function was called with too large a body")
	}
	call(t, "POST", url+"/", strings.Repeat("x", 10<<20), "Content-Type", "text/plain").wants(t, 200, "")
}

// A client that sends half a body holds nothing for ever.
func TestABodyThatDoesNotEnd(t *testing.T) {
	f := &fake{answer: `{"statusCode":200}`}
	url := serve(t, httpapi.Options{Functions: []httpapi.Function{function("f", f, open("POST /")...)}, Timeout: 50 * time.Millisecond})
	got := raw(t, url, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
	if !strings.HasPrefix(got, "HTTP/1.1 408 ") || f.calls != 0 {
		t.Errorf("answer %q, %d calls of the function", got, f.calls)
	}
}

func TestCORS(t *testing.T) {
	f := &fake{answer: `{"statusCode":200,"headers":{"access-control-allow-origin":"https://own.example","access-control-max-age":"9","x":"y"},"body":"b"}`}
	cors := httpapi.CORS{AllowOrigins: []string{"https://www.example.com", "http://*"}, AllowMethods: []string{"GET", "POST"},
		AllowHeaders: []string{"authorization", "content-type"}, ExposeHeaders: []string{"etag"}, MaxAgeSeconds: 300, AllowCredentials: true}
	guarded := httpapi.Options{Functions: []httpapi.Function{function("f", f, open("GET /")...)}, CORS: cors}
	anybody := guarded
	anybody.CORS = httpapi.CORS{AllowOrigins: []string{"*"}}
	none := guarded
	none.CORS = httpapi.CORS{}
	const origin, method = "Access-Control-Allow-Origin", "Access-Control-Request-Method"
	for name, c := range map[string]struct {
		api     httpapi.Options
		method  string
		path    string
		headers []string
		status  int
		want    string // of Access-Control-Allow-Origin
		methods string
	}{
		"preflight":                        {guarded, "OPTIONS", "/", []string{"Origin", "https://www.example.com", method, "POST"}, 204, "https://www.example.com", "GET,POST"},
		"preflight of no route":            {guarded, "OPTIONS", "/nowhere", []string{"Origin", "http://localhost:5173", method, "POST"}, 204, "http://localhost:5173", "GET,POST"},
		"preflight of another origin":      {guarded, "OPTIONS", "/", []string{"Origin", "https://evil.example", method, "POST"}, 204, "", ""},
		"OPTIONS without what to ask":      {guarded, "OPTIONS", "/", []string{"Origin", "https://www.example.com"}, 204, "https://www.example.com", ""},
		"OPTIONS without origin":           {guarded, "OPTIONS", "/", nil, 204, "", ""},
		"request":                          {guarded, "GET", "/", []string{"Origin", "https://www.example.com"}, 200, "https://www.example.com", ""},
		"request without origin":           {guarded, "GET", "/", nil, 200, "", ""},
		"request of another origin":        {guarded, "GET", "/", []string{"Origin", "https://www.example.com.evil.example"}, 200, "", ""},
		"the API's own answer":             {guarded, "GET", "/nowhere", []string{"Origin", "https://www.example.com"}, 404, "https://www.example.com", ""},
		"anybody":                          {anybody, "GET", "/", []string{"Origin", "https://evil.example"}, 200, "*", ""},
		"no CORS: the function's own pass": {none, "GET", "/", []string{"Origin", "https://www.example.com"}, 200, "https://own.example", ""},
	} {
		t.Run(name, func(t *testing.T) {
			before := f.calls
			got := call(t, c.method, serve(t, c.api)+c.path, "", c.headers...)
			if got.status != c.status || got.header.Get(origin) != c.want || got.header.Get("Access-Control-Allow-Methods") != c.methods {
				t.Errorf("status %d, headers %v", got.status, got.header)
			}
			if c.method == "OPTIONS" && f.calls != before {
				t.Error("a function answered the preflight request")
			}
			if len(c.api.CORS.AllowMethods) > 0 {
				if credentials := got.header.Get("Access-Control-Allow-Credentials"); (credentials == "true") != (c.want != "") {
					t.Errorf("credentials %q", credentials)
				}
				if age := got.header.Get("Access-Control-Max-Age"); (age == "300") != (c.methods != "") {
					t.Errorf("max age %q", age)
				}
			}
		})
	}
}
