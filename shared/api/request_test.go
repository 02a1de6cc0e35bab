package api_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"

	"cognito-triggers/shared/api"
)

// event is a request as API Gateway sends it to a function with a JWT authorizer.
const event = `{"version":"2.0","routeKey":"PATCH /auth/me","rawPath":"/auth/me","rawQueryString":"a=1&a=2",
	"cookies":["c=1"],
	"headers":{"authorization":"Bearer a.b.c","content-type":"application/json"},"queryStringParameters":{"a":"1,2"},
	"requestContext":{"accountId":"123456789012","apiId":"api",
	"authorizer":{"jwt":{"claims":{"sub":"sub-1","username":"ada","client_id":"client-1","token_use":"access",
	"scope":"openid posts/write",
	"cognito:groups":"[admins editors]","plan":"gold","exp":"1795390884"},"scopes":null}},
	"domainName":"api.execute-api.eu-west-1.amazonaws.com",
	"http":{"method":"PATCH","path":"/auth/me","protocol":"HTTP/1.1",
	"sourceIp":"192.0.2.1","userAgent":"agent"},
	"requestId":"JKJaXmPLvHcESHA=","stage":"$default","time":"10/Mar/2020:05:16:23 +0000","timeEpoch":1583817383220},
	"pathParameters":{"id":"1"},"stageVariables":{"x":"y"},"body":"{}","isBase64Encoded":false}`

func read(t *testing.T, text string) *api.Request {
	t.Helper()
	var r api.Request
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	return &r
}

func TestRequest(t *testing.T) {
	r := read(t, event)
	c := r.Claims()
	got := []string{r.Version, r.RouteKey, r.RawPath, r.RawQueryString, r.Cookies[0], r.Header("Content-Type"),
		r.Query("a"), r.Path("id"), r.Body, r.Bearer(),
		r.RequestContext.RequestID, r.RequestContext.HTTP.Method, r.RequestContext.HTTP.Path, r.RequestContext.HTTP.SourceIP,
		r.RequestContext.HTTP.UserAgent,
		c.Sub, c.Username, c.ClientID, c.TokenUse, strings.Join(c.Groups, "+"), strings.Join(c.Scopes, "+"), c.Get("plan"),
		c.Get("absent")}
	want := []string{"2.0", "PATCH /auth/me", "/auth/me", "a=1&a=2", "c=1", "application/json", "1,2", "1", "{}", "a.b.c",
		"JKJaXmPLvHcESHA=", "PATCH", "/auth/me", "192.0.2.1", "agent",
		"sub-1", "ada", "client-1", "access", "admins+editors", "openid+posts/write", "gold", ""}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	if !c.InGroup("admins") || c.InGroup("admin") {
		t.Errorf("groups %q", c.Groups)
	}
}

func TestClaimsOfOtherTokens(t *testing.T) {
	id := read(t,
		`{"requestContext":{"authorizer":{"jwt":{"claims":{"sub":"s","cognito:username":"ada","aud":"client-1",`+
			`"token_use":"id"}}}}}`).Claims()
	if id.Username != "ada" || id.ClientID != "client-1" || id.TokenUse != api.IDToken || id.Groups != nil {
		t.Errorf("ID token: %+v", id)
	}
	open := read(t, `{"requestContext":{}}`).Claims()
	if open.Sub != "" || open.Get("sub") != "" || open.List("x") != nil || open.InGroup("") {
		t.Errorf("open route: %+v", open)
	}
	// Emulators pass claims with their types.
	typed := read(t,
		`{"requestContext":{"authorizer":{"jwt":{"claims":{"exp":1795390884,"cognito:groups":["a","b"],`+
			`"email_verified":true,"n":null,"o":{"k":1}}}}}}`).Claims()
	got := []string{typed.Get("exp"), typed.Get("cognito:groups"), typed.Get("email_verified"), typed.Get("n"),
		typed.Get("o"), strings.Join(typed.Groups, "+")}
	if want := []string{"1795390884", "[a b]", "true", "null", `{"k":1}`, "a+b"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBearer(t *testing.T) {
	cases := map[string]struct{ header, want string }{
		"usual":        {header: "Bearer a.b.c", want: "a.b.c"},
		"other case":   {header: "bearer a.b.c", want: "a.b.c"},
		"token alone":  {header: "a.b.c", want: "a.b.c"},
		"more space":   {header: "  Bearer   a.b.c ", want: "a.b.c"},
		"other scheme": {header: "Basic dXNlcg==", want: ""},
		"none":         {header: "", want: ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := &api.Request{Headers: map[string]string{"authorization": c.header}}
			if got := r.Bearer(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestList(t *testing.T) {
	cases := map[string]struct {
		text string
		want []string
	}{
		"two":             {text: "[a b]", want: []string{"a", "b"}},
		"one":             {text: "[a]", want: []string{"a"}},
		"none":            {text: "[]", want: nil},
		"absent":          {text: "", want: nil},
		"more space":      {text: "[ a  b ]", want: []string{"a", "b"}},
		"no brackets":     {text: "admins", want: nil},
		"opened alone":    {text: "[admins", want: nil},
		"closed alone":    {text: "admins]", want: nil},
		"one bracket":     {text: "[", want: nil},
		"brackets inside": {text: "[[a] b]", want: []string{"[a]", "b"}},
		"commas stay":     {text: "[a,b]", want: []string{"a,b"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := claim(c.text).List("c"); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func claim(text string) api.Claims {
	r := &api.Request{
		RequestContext: api.RequestContext{Authorizer: &api.Authorizer{JWT: api.JWT{Claims: api.ClaimValues{"c": text}}}},
	}
	return r.Claims()
}

// FuzzList checks that names without white space come back unchanged, and that other texts give no names.
func FuzzList(f *testing.F) {
	for _, text := range []string{"[a b]", "[]", "[[x] y]", "admins", "[", "[a\tb]", "[a\u00a0b]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		names := claim(text).List("c")
		if len(names) > 0 && (text[0] != '[' || text[len(text)-1] != ']') {
			t.Errorf("%q has no brackets and gave %q", text, names)
		}
		for _, name := range names {
			if name == "" || strings.ContainsFunc(name, unicode.IsSpace) || !strings.Contains(text, name) {
				t.Errorf("%q gave %q", text, name)
			}
		}
		if again := claim("[" + strings.Join(names, " ") + "]").List("c"); !slices.Equal(again, names) {
			t.Errorf("%q came back as %q", names, again)
		}
	})
}
