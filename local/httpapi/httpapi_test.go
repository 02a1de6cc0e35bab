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

// raw sends bytes as they are and returns the whole response.
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
		function("posts", named("posts"), open("GET /post/{id}",
			"GET /posts", "PUT /post/{id}/{part}", "GET /{room}/me/{x}")...),
		function("auth", named("auth"), open("GET /post/me", "POST /posts", "GET /a/{b}/c")...),
	}})
	for name, c := range map[string]struct{ method, path, want string }{
		"exact":                       {method: "GET", path: "/posts", want: "posts"},
		"exact over parameter":        {method: "GET", path: "/post/me", want: "auth"},
		"parameter":                   {method: "GET", path: "/post/01J", want: "posts"},
		"the other method":            {method: "POST", path: "/posts", want: "auth"},
		"two parameters":              {method: "PUT", path: "/post/1/2", want: "posts"},
		"first exact segment wins":    {method: "GET", path: "/a/me/c", want: "auth"},
		"no such path":                {method: "GET", path: "/nothing", want: ""},
		"no such method":              {method: "DELETE", path: "/posts", want: ""},
		"HEAD is not GET":             {method: "HEAD", path: "/posts", want: ""},
		"a slash at the end":          {method: "GET", path: "/posts/", want: ""},
		"an empty parameter":          {method: "GET", path: "/post/", want: ""},
		"two slashes":                 {method: "GET", path: "//posts", want: ""},
		"an encoded slash divides":    {method: "GET", path: "/post/a%2Fb", want: ""},
		"another case":                {method: "GET", path: "/Posts", want: ""},
		"OPTIONS without CORS is 404": {method: "OPTIONS", path: "/posts", want: ""},
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
		"a route twice": {
			functions: []httpapi.Function{function("a", nil, open("GET /x/{id}")...),
				function("b", nil, open("GET /x/{name}")...)},
			want: `b: the route "GET /x/{name}" is already served by a`,
		},
		"no authorizer": {
			functions: []httpapi.Function{function("a", nil, manifest.Route{Route: "GET /x", Authorizer: "jwt"})},
			want:      `needs the authorizer "jwt"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := httpapi.New(httpapi.Options{Functions: c.functions}); err == nil ||
				!strings.Contains(err.Error(), c.want) {
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
		"whole": {
			answer:  `{"statusCode":201,"headers":{"Content-Type":"application/json","ETag":"\"1\""},"body":"{}"}`,
			status:  201,
			body:    "{}",
			headers: map[string]string{"Content-Type": "application/json", "Etag": `"1"`},
		},
		"no type": {
			answer:  `{"statusCode":200,"body":"hello"}`,
			status:  200,
			body:    "hello",
			headers: map[string]string{"Content-Type": "text/plain;charset=UTF-8"},
		},
		"base64": {
			answer:  `{"statusCode":200,"headers":{"content-type":"image/png"},"body":"iVBORw==","isBase64Encoded":true}`,
			status:  200,
			body:    "\x89PNG",
			headers: map[string]string{"Content-Type": "image/png"},
		},
		"wrong base64": {
			answer: `{"statusCode":200,"body":"*","isBase64Encoded":true}`,
			status: 500,
			body:   internal,
		},
		"cookies": {
			answer:  `{"statusCode":200,"cookies":["a=1; Secure","b=2"],"body":""}`,
			status:  200,
			headers: map[string]string{"Set-Cookie": "a=1; Secure|b=2"},
		},
		"a number in a header": {
			answer:  `{"statusCode":429,"headers":{"Retry-After":7}}`,
			status:  429,
			headers: map[string]string{"Retry-After": "7"},
		},
		"a list in a header": {answer: `{"statusCode":200,"headers":{"x":["a"]}}`, status: 500, body: internal},
		"JSON without status": {
			answer:  `{ "message": "Hello from Lambda!" }`,
			status:  200,
			body:    `{ "message": "Hello from Lambda!" }`,
			headers: map[string]string{"Content-Type": "application/json"},
		},
		"a text": {
			answer:  `"Hello from Lambda!"`,
			status:  200,
			body:    "Hello from Lambda!",
			headers: map[string]string{"Content-Type": "application/json"},
		},
		"null": {
			answer:  `null`,
			status:  200,
			body:    "null",
			headers: map[string]string{"Content-Type": "application/json"},
		},
		"no JSON": {
			answer:  `hello`,
			status:  500,
			body:    internal,
			headers: map[string]string{"Content-Type": "application/json"},
		},
		"nothing":                  {answer: ``, status: 500, body: internal},
		"a status that is a text":  {answer: `{"statusCode":"ok"}`, status: 500, body: internal},
		"a status out of range":    {answer: `{"statusCode":99}`, status: 500, body: internal},
		"a body that is an object": {answer: `{"statusCode":200,"body":{}}`, status: 500, body: internal},
		"204 has no body":          {answer: `{"statusCode":204,"body":"x"}`, status: 204},
		"the connection's headers": {
			answer:  `{"statusCode":200,"headers":{"Content-Length":"1","Transfer-Encoding":"chunked"},"body":"long"}`,
			status:  200,
			body:    "long",
			headers: map[string]string{"Content-Length": "4"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			url := serve(t, httpapi.Options{
				Functions: []httpapi.Function{function("f", &fake{answer: c.answer}, open("GET /")...)},
			})
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

// The access log says what went wrong; the function's own texts appear nowhere.
func TestFailures(t *testing.T) {
	const internal = `{"message":"Internal Server Error"}`
	const secret = "canary-of-the-function"
	for name, c := range map[string]struct {
		fake   *fake
		status int
		body   string
		log    string
	}{
		"error": {
			fake:   &fake{err: &lambdaruntime.FunctionError{Type: "errorString", Message: secret}},
			status: 500,
			body:   internal,
			log:    "errorString",
		},
		"crash": {
			fake:   &fake{err: &lambdaruntime.CrashError{Status: "signal: killed", Log: []string{secret}}},
			status: 500,
			body:   internal,
			log:    "signal: killed",
		},
		"no start": {
			fake:   &fake{err: &lambdaruntime.InitError{Type: "Runtime.ExitError", Message: secret}},
			status: 500,
			body:   internal,
			log:    "Runtime.ExitError",
		},
		"its time": {
			fake:   &fake{err: fmt.Errorf("f: %w", lambdaruntime.ErrTimeout)},
			status: 500,
			body:   internal,
			log:    "the function timed out",
		},
		"our time": {
			fake:   &fake{block: true},
			status: 503,
			body:   `{"message":"Service Unavailable"}`,
			log:    "did not answer in time",
		},
		"unreadable": {
			fake:   &fake{answer: `{"statusCode":200,"body":["` + secret + `"]}`},
			status: 500,
			body:   internal,
			log:    "JSON array in body",
		},
		"unknown": {fake: &fake{err: errors.New(secret)}, status: 500, body: internal, log: "cannot be invoked"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			api := httpapi.Options{
				Functions: []httpapi.Function{function("f", c.fake, open("GET /x")...)},
				AccessLog: &log,
				Timeout:   50 * time.Millisecond,
			}
			got := call(t, "GET", serve(t, api)+"/x?q="+secret, "", "Authorization", secret)
			got.wants(t, c.status, c.body)
			if text := log.String(); !strings.Contains(text, c.log) || !strings.Contains(text, `"routeKey":"GET /x"`) ||
				strings.Contains(text, secret) {
				t.Errorf("log %s", text)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	f := &fake{answer: `{"statusCode":200}`}
	url := serve(t, httpapi.Options{Functions: []httpapi.Function{function("f", f, open("POST /", "GET /{id}")...)}})
	const tooLong = `{"message":"Request Header Fields Too Large"}`
	// The request line with a one-byte ID, and the values of Host, User-Agent and Accept-Encoding.
	rest := len("GET /x HTTP/1.1") + len(strings.TrimPrefix(url, "http://")) + len("Go-http-client/1.1") + len("gzip")
	call(t, "GET", url+"/x", "", "X", strings.Repeat("x", 10_240-rest)).wants(t, 200, "")
	call(t, "GET", url+"/x", "", "X", strings.Repeat("x", 10_241-rest)).wants(t, 431, tooLong)
	call(t, "GET", url+"/x?q="+strings.Repeat("x", 10_240), "").wants(t, 431, tooLong)
	calls := f.calls
	call(t, "POST", url+"/", strings.Repeat("x", 10<<20+1), "Content-Type", "text/plain").wants(t, 413,
		`{"message":"Request Entity Too Large"}`)
	if f.calls != calls {
		t.Error("the function was called with too large a body")
	}
	call(t, "POST", url+"/", strings.Repeat("x", 10<<20), "Content-Type", "text/plain").wants(t, 200, "")
}

// A client that sends half a body does not block a request forever.
func TestABodyThatDoesNotEnd(t *testing.T) {
	f := &fake{answer: `{"statusCode":200}`}
	url := serve(t, httpapi.Options{
		Functions: []httpapi.Function{function("f", f, open("POST /")...)},
		Timeout:   50 * time.Millisecond,
	})
	got := raw(t, url, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
	if !strings.HasPrefix(got, "HTTP/1.1 408 ") || f.calls != 0 {
		t.Errorf("answer %q, %d calls of the function", got, f.calls)
	}
}

func TestCORS(t *testing.T) {
	f := &fake{
		answer: `{"statusCode":200,"headers":{"access-control-allow-origin":"https://own.example",` +
			`"access-control-max-age":"9","x":"y"},"body":"b"}`,
	}
	cors := httpapi.CORS{
		AllowOrigins:     []string{"https://www.example.com", "http://*"},
		AllowMethods:     []string{"GET", "POST"},
		AllowHeaders:     []string{"authorization", "content-type"},
		ExposeHeaders:    []string{"etag"},
		MaxAgeSeconds:    300,
		AllowCredentials: true,
	}
	guarded := httpapi.Options{Functions: []httpapi.Function{function("f", f, open("GET /")...)}, CORS: cors}
	anybody := guarded
	anybody.CORS = httpapi.CORS{AllowOrigins: []string{"*"}}
	none := guarded
	none.CORS = httpapi.CORS{}
	here := guarded
	here.CORS.AllowOrigins, here.CORS.AllowLoopback = []string{"https://www.example.com"}, true
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
		"preflight": {
			api:     guarded,
			method:  "OPTIONS",
			path:    "/",
			headers: []string{"Origin", "https://www.example.com", method, "POST"},
			status:  204,
			want:    "https://www.example.com",
			methods: "GET,POST",
		},
		"preflight of no route": {
			api:     guarded,
			method:  "OPTIONS",
			path:    "/nowhere",
			headers: []string{"Origin", "http://localhost:5173", method, "POST"},
			status:  204,
			want:    "http://localhost:5173",
			methods: "GET,POST",
		},
		"preflight of a page on this machine": {
			api:     here,
			method:  "OPTIONS",
			path:    "/",
			headers: []string{"Origin", "http://localhost:3000", method, "GET"},
			status:  204,
			want:    "http://localhost:3000",
			methods: "GET,POST",
		},
		"page on this machine by address": {
			api:     here,
			method:  "GET",
			path:    "/",
			headers: []string{"Origin", "https://127.0.0.1:8443"},
			status:  200,
			want:    "https://127.0.0.1:8443",
		},
		"page on this machine by IPv6": {
			api:     here,
			method:  "GET",
			path:    "/",
			headers: []string{"Origin", "http://[::1]"},
			status:  200,
			want:    "http://[::1]",
		},
		"configured origin besides this machine": {
			api:     here,
			method:  "GET",
			path:    "/",
			headers: []string{"Origin", "https://www.example.com"},
			status:  200,
			want:    "https://www.example.com",
		},
		"name that begins like this machine": {
			api:     here,
			method:  "GET",
			path:    "/",
			headers: []string{"Origin", "http://localhost.evil.example:3000"},
			status:  200,
			want:    "",
		},
		"user name like this machine": {
			api:     here,
			method:  "GET",
			path:    "/",
			headers: []string{"Origin", "http://localhost@evil.example"},
			status:  200,
			want:    "",
		},
		"null origin": {api: here, method: "GET", path: "/", headers: []string{"Origin", "null"}, status: 200, want: ""},
		"preflight of another origin": {
			api:     guarded,
			method:  "OPTIONS",
			path:    "/",
			headers: []string{"Origin", "https://evil.example", method, "POST"},
			status:  204,
			want:    "",
		},
		"OPTIONS without a requested method": {
			api:     guarded,
			method:  "OPTIONS",
			path:    "/",
			headers: []string{"Origin", "https://www.example.com"},
			status:  204,
			want:    "https://www.example.com",
		},
		"OPTIONS without origin": {api: guarded, method: "OPTIONS", path: "/", status: 204, want: ""},
		"request": {
			api:     guarded,
			method:  "GET",
			path:    "/",
			headers: []string{"Origin", "https://www.example.com"},
			status:  200,
			want:    "https://www.example.com",
		},
		"request without origin": {api: guarded, method: "GET", path: "/", status: 200, want: ""},
		"request of another origin": {
			api:     guarded,
			method:  "GET",
			path:    "/",
			headers: []string{"Origin", "https://www.example.com.evil.example"},
			status:  200,
			want:    "",
		},
		"the API's own answer": {
			api:     guarded,
			method:  "GET",
			path:    "/nowhere",
			headers: []string{"Origin", "https://www.example.com"},
			status:  404,
			want:    "https://www.example.com",
		},
		"anybody": {
			api:     anybody,
			method:  "GET",
			path:    "/",
			headers: []string{"Origin", "https://evil.example"},
			status:  200,
			want:    "*",
		},
		"no CORS: the function's own pass": {
			api:     none,
			method:  "GET",
			path:    "/",
			headers: []string{"Origin", "https://www.example.com"},
			status:  200,
			want:    "https://own.example",
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := f.calls
			got := call(t, c.method, serve(t, c.api)+c.path, "", c.headers...)
			if got.status != c.status || got.header.Get(origin) != c.want ||
				got.header.Get("Access-Control-Allow-Methods") != c.methods {
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
