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
		"all fields": {`{"version":2,"email":"a@example.org","age":3,"ratio":0.5,"agreed":true,"tags":["x"],"homes":[{"city":"Bern"}],"name":"Ada","metadata":{"A":"1","a":"2"},"any":{"x":{"x":1}}}`,
			form{Base: Base{2}, Email: "a@example.org", Age: 3, Ratio: 0.5, Agreed: true, Tags: []string{"x"}, Homes: []address{{"Bern"}}, Name: &name, Metadata: map[string]string{"A": "1", "a": "2"}, Any: json.RawMessage(`{"x":{"x":1}}`)}},
		"nothing":         {`{}`, form{hidden: ""}},
		"null is absent":  {`{"email":null,"name":null}`, form{}},
		"white space":     {" {\n} \n", form{}},
		"big number kept": {`{"any":123456789012345678901234567890}`, form{Any: json.RawMessage("123456789012345678901234567890")}},
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
		"unknown field":     {`{"emial":"x"}`, "emial: is unknown; the fields are age, agreed, any, email, homes, metadata, name, ratio, tags, version"},
		"other case":        {`{"Email":"x"}`, "Email: is unknown"},
		"ignored field":     {`{"Ignored":"x"}`, "Ignored: is unknown"},
		"minus":             {`{"-":"x"}`, "-: is unknown"},
		"unexported field":  {`{"hidden":"x"}`, "hidden: is unknown"},
		"embedded by name":  {`{"Base":{}}`, "Base: is unknown"},
		"nested unknown":    {`{"homes":[{"city":"x"},{"town":"x"}]}`, "homes.town: is unknown; the fields are city"},
		"repeated":          {`{"email":"a","email":"b"}`, "email: stands there twice"},
		"repeated escaped":  {`{"email":"a","\u0065mail":"b"}`, "email: stands there twice"},
		"repeated deep":     {`{"metadata":{"k":"1","k":"2"}}`, "metadata.k: stands there twice"},
		"repeated in any":   {`{"any":[{"k":1,"k":2}]}`, "any.k: stands there twice"},
		"text for number":   {`{"age":"3"}`, "age: must be a whole number"},
		"number for text":   {`{"email":123456}`, "email: must be a text"},
		"number too large":  {`{"age":99999999999999999999}`, "age: must be a whole number"},
		"out of range":      {`{"ratio":1e999}`, "ratio: must be a number"},
		"text for truth":    {`{"agreed":"true"}`, "agreed: must be true or false"},
		"text for list":     {`{"tags":"x"}`, "tags: must be a list"},
		"list of others":    {`{"tags":[1]}`, "tags: must be a text"},
		"member of a map":   {`{"metadata":{"a":"1","b":2}}`, "metadata.b: must be a text"},
		"object in a map":   {`{"metadata":{"b":{"c":"1"}}}`, "metadata.b: must be a text"},
		"list for object":   {`{"metadata":[]}`, "metadata: must be an object"},
		"nested wrong type": {`{"homes":[{"city":1}]}`, "homes.city: must be a text"},
		"no object":         {`[]`, "The body must be an object."},
		"null":              {`null`, "The body must be an object."},
		"text":              {`"x"`, "The body must be an object."},
		"empty":             {``, "The body is empty"},
		"white space alone": {" \n", "The body is empty"},
		"trailing text":     {`{} x`, "not valid JSON"},
		"second object":     {`{}{}`, "not valid JSON"},
		"broken":            {`{"email":"x`, "not valid JSON"},
		"broken name":       {`{email:"x"}`, "not valid JSON"},
		"form":              {`email=x`, "not valid JSON"},
		"no UTF-8":          {"{\"email\":\"\xff\"}", "not UTF-8"},
		"deep":              {`{"any":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, "nests too deep"},
		"long name":         {`{"` + strings.Repeat("x", 5000) + `":1}`, strings.Repeat("x", 64) + "…: is unknown"},
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
	if !errors.As(err, &problem) || problem.Status != status || problem.Code != code || !strings.Contains(problem.Detail, detail) || len(problem.Detail) > 300 {
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
		"JSON":                  {"application/json", good, false, 0, ""},
		"charset":               {`Application/JSON; Charset="UTF-8"`, good, false, 0, ""},
		"base64":                {"application/json", base64.StdEncoding.EncodeToString([]byte(good)), true, 0, ""},
		"exactly the limit":     {"application/json", large, false, 0, ""},
		"the limit in base64":   {"application/json", base64.StdEncoding.EncodeToString([]byte(large)), true, 0, ""},
		"no type":               {"", good, false, 415, api.CodeUnsupportedMediaType},
		"text":                  {"text/plain", good, false, 415, api.CodeUnsupportedMediaType},
		"form":                  {"application/x-www-form-urlencoded", "email=x", false, 415, api.CodeUnsupportedMediaType},
		"other JSON":            {"application/json-patch+json", good, false, 415, api.CodeUnsupportedMediaType},
		"two types":             {"application/json, text/plain", good, false, 415, api.CodeUnsupportedMediaType},
		"other charset":         {"application/json; charset=latin1", good, false, 415, api.CodeUnsupportedMediaType},
		"one byte too large":    {"application/json", large + " ", false, 413, api.CodePayloadTooLarge},
		"much too large":        {"application/json", strings.Repeat(" ", 1<<20), false, 413, api.CodePayloadTooLarge},
		"too large in base64":   {"application/json", base64.StdEncoding.EncodeToString([]byte(large + " ")), true, 413, api.CodePayloadTooLarge},
		"broken base64":         {"application/json", "!", true, 400, api.CodeInvalidRequest},
		"type before size":      {"text/plain", large + " ", false, 415, api.CodeUnsupportedMediaType},
		"base64 of something":   {"application/json", "AAAA", true, 400, api.CodeInvalidRequest},
		"not marked as base64":  {"application/json", base64.StdEncoding.EncodeToString([]byte(good)), false, 400, api.CodeInvalidRequest},
		"limit and white space": {"application/json", large[:len(large)-2] + `"} `, false, 413, api.CodePayloadTooLarge},
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

// FuzzDecode checks that no body makes Decode panic, that errors are problems without values, and that what it takes is
// what encoding/json reads strictly.
func FuzzDecode(f *testing.F) {
	for _, body := range []string{`{}`, `{"email":"x","homes":[{"city":"y"}]}`, `{"email":"a","email":"b"}`, `{"any":[[{"k":null}]]}`, `{"metadata":{"":""}}`, `{"age":1e400}`, `[`, `{"a"`, "\xff", `{"version":1}{}`} {
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
