package api_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"cognito-triggers/shared/api"
)

type address struct {
	City string `json:"city"`
}

type Base struct {
	Version int `json:"version"`
}

type form struct {
	Base
	Email    string            `json:"email"`
	Age      int               `json:"age,omitempty"`
	Ratio    float64           `json:"ratio"`
	Agreed   bool              `json:"agreed"`
	Tags     []string          `json:"tags"`
	Homes    []address         `json:"homes"`
	Name     *string           `json:"name"`
	Metadata map[string]string `json:"metadata"`
	Any      json.RawMessage   `json:"any"`
	Ignored  string            `json:"-"`
	hidden   string
}

func request(body string) *api.Request {
	return &api.Request{Headers: map[string]string{"content-type": "application/json"}, Body: body}
}

func TestDecode(t *testing.T) {
	name := "Ada"
	cases := map[string]struct {
		body string
		want form
	}{
		"all fields": {
			body: `{"version":2,"email":"a@example.org","age":3,"ratio":0.5,"agreed":true,"tags":["x"],` +
				`"homes":[{"city":"Bern"}],"name":"Ada","metadata":{"A":"1","a":"2"},"any":{"x":{"x":1}}}`,
			want: form{
				Base:     Base{Version: 2},
				Email:    "a@example.org",
				Age:      3,
				Ratio:    0.5,
				Agreed:   true,
				Tags:     []string{"x"},
				Homes:    []address{{City: "Bern"}},
				Name:     &name,
				Metadata: map[string]string{"A": "1", "a": "2"},
				Any:      json.RawMessage(`{"x":{"x":1}}`),
			},
		},
		"nothing":        {body: `{}`, want: form{hidden: ""}},
		"null is absent": {body: `{"email":null,"name":null}`, want: form{}},
		"white space":    {body: " {\n} \n", want: form{}},
		"big number kept": {
			body: `{"any":123456789012345678901234567890}`,
			want: form{Any: json.RawMessage("123456789012345678901234567890")},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := api.Decode[form](request(c.body))
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	cases := map[string]struct {
		body, want string // the problem's detail
	}{
		"unknown field": {
			body: `{"emial":"x"}`,
			want: "emial: is unknown; the fields are age, agreed, any, email, homes, metadata, name, ratio, tags, version",
		},
		"other case":       {body: `{"Email":"x"}`, want: "Email: is unknown"},
		"ignored field":    {body: `{"Ignored":"x"}`, want: "Ignored: is unknown"},
		"minus":            {body: `{"-":"x"}`, want: "-: is unknown"},
		"unexported field": {body: `{"hidden":"x"}`, want: "hidden: is unknown"},
		"embedded by name": {body: `{"Base":{}}`, want: "Base: is unknown"},
		"nested unknown": {
			body: `{"homes":[{"city":"x"},{"town":"x"}]}`,
			want: "homes.town: is unknown; the fields are city",
		},
		"repeated":          {body: `{"email":"a","email":"b"}`, want: "email: appears twice"},
		"repeated escaped":  {body: `{"email":"a","\u0065mail":"b"}`, want: "email: appears twice"},
		"repeated deep":     {body: `{"metadata":{"k":"1","k":"2"}}`, want: "metadata.k: appears twice"},
		"repeated in any":   {body: `{"any":[{"k":1,"k":2}]}`, want: "any.k: appears twice"},
		"text for number":   {body: `{"age":"3"}`, want: "age: must be a whole number"},
		"number for text":   {body: `{"email":123456}`, want: "email: must be a string"},
		"number too large":  {body: `{"age":99999999999999999999}`, want: "age: must be a whole number"},
		"out of range":      {body: `{"ratio":1e999}`, want: "ratio: must be a number"},
		"text for truth":    {body: `{"agreed":"true"}`, want: "agreed: must be true or false"},
		"text for list":     {body: `{"tags":"x"}`, want: "tags: must be a list"},
		"list of others":    {body: `{"tags":[1]}`, want: "tags: must be a string"},
		"member of a map":   {body: `{"metadata":{"a":"1","b":2}}`, want: "metadata.b: must be a string"},
		"object in a map":   {body: `{"metadata":{"b":{"c":"1"}}}`, want: "metadata.b: must be a string"},
		"list for object":   {body: `{"metadata":[]}`, want: "metadata: must be an object"},
		"nested wrong type": {body: `{"homes":[{"city":1}]}`, want: "homes.city: must be a string"},
		"no object":         {body: `[]`, want: "The body must be an object."},
		"null":              {body: `null`, want: "The body must be an object."},
		"text":              {body: `"x"`, want: "The body must be an object."},
		"empty":             {body: ``, want: "The body is empty"},
		"white space alone": {body: " \n", want: "The body is empty"},
		"trailing text":     {body: `{} x`, want: "not valid JSON"},
		"second object":     {body: `{}{}`, want: "not valid JSON"},
		"broken":            {body: `{"email":"x`, want: "not valid JSON"},
		"broken name":       {body: `{email:"x"}`, want: "not valid JSON"},
		"form":              {body: `email=x`, want: "not valid JSON"},
		"no UTF-8":          {body: "{\"email\":\"\xff\"}", want: "not UTF-8"},
		"deep": {
			body: `{"any":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`,
			want: "nests too deep",
		},
		"long name": {body: `{"` + strings.Repeat("x", 5000) + `":1}`, want: strings.Repeat("x", 64) + "…: is unknown"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := api.Decode[form](request(c.body))
			wantProblem(t, err, 400, api.CodeInvalidRequest, c.want)
			if !reflect.DeepEqual(got, form{}) {
				t.Errorf("got %+v beside the error", got)
			}
			var problem *api.Problem
			if field, _, named := strings.Cut(c.want, ": "); errors.As(err, &problem) && named && problem.Fields[field] == "" {
				t.Errorf("fields are %v, want one for %s", problem.Fields, field)
			}
		})
	}
}

func wantProblem(t *testing.T, err error, status int, code, detail string) {
	t.Helper()
	var problem *api.Problem
	if !errors.As(err, &problem) || problem.Status != status || problem.Code != code ||
		!strings.Contains(problem.Detail, detail) || len(problem.Detail) > 300 {
		t.Errorf("error = %v, want %d %s with %q", err, status, code, detail)
	}
}

func TestDecodeLooksAtTypeSizeAndEncoding(t *testing.T) {
	const good = `{"email":"x"}`
	large := `{"email":"` + strings.Repeat("x", api.MaxBody-12) + `"}`
	cases := map[string]struct {
		contentType, body string
		base64            bool
		status            int
		code              string
	}{
		"JSON":    {contentType: "application/json", body: good},
		"charset": {contentType: `Application/JSON; Charset="UTF-8"`, body: good},
		"base64": {
			contentType: "application/json",
			body:        base64.StdEncoding.EncodeToString([]byte(good)),
			base64:      true,
		},
		"exactly the limit": {contentType: "application/json", body: large},
		"the limit in base64": {
			contentType: "application/json",
			body:        base64.StdEncoding.EncodeToString([]byte(large)),
			base64:      true,
		},
		"no type": {contentType: "", body: good, status: 415, code: api.CodeUnsupportedMediaType},
		"text":    {contentType: "text/plain", body: good, status: 415, code: api.CodeUnsupportedMediaType},
		"form": {
			contentType: "application/x-www-form-urlencoded",
			body:        "email=x",
			status:      415,
			code:        api.CodeUnsupportedMediaType,
		},
		"other JSON": {
			contentType: "application/json-patch+json",
			body:        good,
			status:      415,
			code:        api.CodeUnsupportedMediaType,
		},
		"two types": {
			contentType: "application/json, text/plain",
			body:        good,
			status:      415,
			code:        api.CodeUnsupportedMediaType,
		},
		"other charset": {
			contentType: "application/json; charset=latin1",
			body:        good,
			status:      415,
			code:        api.CodeUnsupportedMediaType,
		},
		"one byte too large": {
			contentType: "application/json",
			body:        large + " ",
			status:      413,
			code:        api.CodePayloadTooLarge,
		},
		"much too large": {
			contentType: "application/json",
			body:        strings.Repeat(" ", 1<<20),
			status:      413,
			code:        api.CodePayloadTooLarge,
		},
		"too large in base64": {
			contentType: "application/json",
			body:        base64.StdEncoding.EncodeToString([]byte(large + " ")),
			base64:      true,
			status:      413,
			code:        api.CodePayloadTooLarge,
		},
		"broken base64": {
			contentType: "application/json",
			body:        "!",
			base64:      true,
			status:      400,
			code:        api.CodeInvalidRequest,
		},
		"type before size": {
			contentType: "text/plain",
			body:        large + " ",
			status:      415,
			code:        api.CodeUnsupportedMediaType,
		},
		"base64 of something": {
			contentType: "application/json",
			body:        "AAAA",
			base64:      true,
			status:      400,
			code:        api.CodeInvalidRequest,
		},
		"not marked as base64": {
			contentType: "application/json",
			body:        base64.StdEncoding.EncodeToString([]byte(good)),
			status:      400,
			code:        api.CodeInvalidRequest,
		},
		"limit and white space": {
			contentType: "application/json",
			body:        large[:len(large)-2] + `"} `,
			status:      413,
			code:        api.CodePayloadTooLarge,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := &api.Request{Headers: map[string]string{"content-type": c.contentType}, Body: c.body, IsBase64Encoded: c.base64}
			got, err := api.Decode[form](r)
			if c.status != 0 {
				wantProblem(t, err, c.status, c.code, "")
			} else if err != nil || got.Email[0] != 'x' {
				t.Errorf("got %.20q, %v", got.Email, err)
			}
		})
	}
}

// FuzzDecode checks that no body makes Decode panic, that errors are problems without values, and that it decodes valid
// bodies as encoding/json does.
func FuzzDecode(f *testing.F) {
	for _, body := range []string{`{}`, `{"email":"x","homes":[{"city":"y"}]}`, `{"email":"a","email":"b"}`,
		`{"any":[[{"k":null}]]}`, `{"metadata":{"":""}}`, `{"age":1e400}`, `[`, `{"a"`, "\xff", `{"version":1}{}`} {
		f.Add(body, false)
		f.Add(base64.StdEncoding.EncodeToString([]byte(body)), true)
	}
	f.Fuzz(func(t *testing.T, body string, isBase64 bool) {
		r := request(body)
		r.IsBase64Encoded = isBase64
		got, err := api.Decode[form](r)
		if err != nil {
			var problem *api.Problem
			if !errors.As(err, &problem) || problem.Status != 400 && problem.Status != 413 {
				t.Fatalf("error %v", err)
			}
			return
		}
		if isBase64 {
			text, err := base64.StdEncoding.DecodeString(body)
			if err != nil {
				t.Fatal("broken base64 was taken")
			}
			body = string(text)
		}
		dec := json.NewDecoder(strings.NewReader(body))
		dec.DisallowUnknownFields()
		var want form
		if err := dec.Decode(&want); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q was taken as %+v; encoding/json says %+v, %v", body, got, want, err)
		}
	})
}
