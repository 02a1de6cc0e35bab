package httpapi

import (
	"encoding/base64"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Stand-ins for the account and the API ID.
const (
	accountID = "000000000000"
	apiID     = "local"
	stage     = "$default"
)

// event is a function's event in payload format 2.0.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
type event struct {
	Version         string            `json:"version"`
	RouteKey        string            `json:"routeKey"`
	RawPath         string            `json:"rawPath"`
	RawQueryString  string            `json:"rawQueryString"`
	Cookies         []string          `json:"cookies,omitempty"`
	Headers         map[string]string `json:"headers"`
	Query           map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext  requestContext    `json:"requestContext"`
	Body            *string           `json:"body,omitempty"`
	PathParameters  map[string]string `json:"pathParameters,omitempty"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
}

type requestContext struct {
	AccountID    string      `json:"accountId"`
	APIID        string      `json:"apiId"`
	Authorizer   *authorizer `json:"authorizer,omitempty"`
	DomainName   string      `json:"domainName"`
	DomainPrefix string      `json:"domainPrefix"`
	HTTP         httpFacts   `json:"http"`
	RequestID    string      `json:"requestId"`
	RouteKey     string      `json:"routeKey"`
	Stage        string      `json:"stage"`
	Time         string      `json:"time"`
	TimeEpoch    int64       `json:"timeEpoch"` // milliseconds
}

type authorizer struct {
	JWT *grant `json:"jwt"`
}

type httpFacts struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

// timeLayout is the layout of Apache's common log format, which API Gateway uses.
const timeLayout = "02/Jan/2006:15:04:05 -0700"

func newEvent(r *http.Request, x *exchange, parameters map[string]string, g *grant, body []byte) event {
	source, _, _ := net.SplitHostPort(r.RemoteAddr)
	domain := (&url.URL{Host: r.Host}).Hostname()
	prefix, _, _ := strings.Cut(domain, ".")
	e := event{
		Version: "2.0", RouteKey: x.route, RawPath: r.URL.Path, RawQueryString: r.URL.RawQuery,
		Cookies: cookies(r.Header), Headers: headers(r, source), Query: query(r.URL.RawQuery), PathParameters: parameters,
		RequestContext: requestContext{
			AccountID: accountID, APIID: apiID, DomainName: domain, DomainPrefix: prefix,
			HTTP: httpFacts{
				Method:    r.Method,
				Path:      r.URL.Path,
				Protocol:  r.Proto,
				SourceIP:  source,
				UserAgent: r.UserAgent(),
			},
			RequestID: x.id, RouteKey: x.route, Stage: stage,
			Time: x.began.UTC().Format(timeLayout), TimeEpoch: x.began.UnixMilli(),
		},
	}
	if g != nil {
		e.RequestContext.Authorizer = &authorizer{g}
	}
	if len(body) > 0 {
		text := string(body)
		if e.IsBase64Encoded = !isText(r.Header.Get("Content-Type")); e.IsBase64Encoded {
			text = base64.StdEncoding.EncodeToString(body)
		}
		e.Body = &text
	}
	return e
}

// headers returns the headers with lower-case names, values joined with commas, and the load balancer's additions.
// Cookies are separate.
func headers(r *http.Request, source string) map[string]string {
	all := make(map[string]string, len(r.Header)+4)
	for name, values := range r.Header {
		all[strings.ToLower(name)] = strings.Join(values, ",")
	}
	delete(all, "cookie")
	all["host"] = r.Host
	if r.ContentLength >= 0 {
		all["content-length"] = strconv.FormatInt(r.ContentLength, 10)
	}
	if before := all["x-forwarded-for"]; before != "" {
		source = before + ", " + source
	}
	all["x-forwarded-for"] = source
	all["x-forwarded-proto"] = "http"
	if _, port, err := net.SplitHostPort(r.Host); err == nil {
		all["x-forwarded-port"] = port
	}
	return all
}

// cookies returns the request's cookies as they were sent.
func cookies(h http.Header) []string {
	var list []string
	for _, line := range h.Values("Cookie") {
		for cookie := range strings.SplitSeq(line, ";") {
			if cookie = strings.TrimSpace(cookie); cookie != "" {
				list = append(list, cookie)
			}
		}
	}
	return list
}

// query returns the decoded parameters, values of the same name joined with commas, without malformed ones.
func query(raw string) map[string]string {
	if raw == "" {
		return nil
	}
	values, _ := url.ParseQuery(raw)
	all := make(map[string]string, len(values))
	for name, list := range values {
		all[name] = strings.Join(list, ",")
	}
	return all
}

// isText reports whether API Gateway passes on a body of this type as text. It treats forms, and bodies without a type,
// as binary.
func isText(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind, _, _ = strings.Cut(contentType, ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
	}
	switch kind {
	case "application/json", "application/xml", "application/javascript":
		return true
	}
	return strings.HasPrefix(kind, "text/")
}
