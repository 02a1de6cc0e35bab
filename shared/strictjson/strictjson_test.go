package strictjson

import (
	"encoding/json"
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"
)

type base struct {
	Version int `json:"version"`
}

type word string

type file struct {
	base
	Name    string            `json:"name"`
	Kind    word              `json:"kind"`
	Count   int               `json:"count,omitempty"`
	Ratio   float64           `json:"ratio"`
	On      *bool             `json:"on"`
	Tags    []string          `json:"tags"`
	Rules   []rule            `json:"rules"`
	Labels  map[string]string `json:"labels"`
	Counts  map[string]int    `json:"counts"`
	Digits  json.Number       `json:"digits"`
	Address netip.Addr        `json:"address"`
	Any     json.RawMessage   `json:"any"`
	Own     own               `json:"own"`
	Plain   string
	Hidden  string `json:"-"`
	private string //lint:ignore U1000 the reader has to refuse its name
}

type rule struct {
	Route string `json:"route"`
}

// own decodes its own JSON.
type own struct{ text string }

func (o *own) UnmarshalJSON(text []byte) error {
	if string(text) == "13" {
		return errors.New("13 brings bad luck")
	}
	o.text = string(text)
	return nil
}

func TestUnmarshal(t *testing.T) {
	t.Parallel()
	on := true
	cases := map[string]struct {
		text string
		want file
	}{
		"nothing": {text: `{}`},
		"all": {
			text: `{"version":2,"name":"a","kind":"k","count":3,"ratio":0.5,"on":true,"tags":["x"],"rules":[{"route":"/"}],
				"labels":{"A":"1","a":"2"},"counts":{"a":1},"digits":1e400,"address":"192.0.2.1","any":{"x":[1]},"own":{"y":1},
				"Plain":"p"}`,
			want: file{
				base: base{Version: 2}, Name: "a", Kind: "k", Count: 3, Ratio: 0.5, On: &on, Tags: []string{"x"},
				Rules:  []rule{{Route: "/"}},
				Labels: map[string]string{"A": "1", "a": "2"}, Counts: map[string]int{"a": 1}, Digits: "1e400",
				Address: netip.MustParseAddr("192.0.2.1"), Any: json.RawMessage(`{"x":[1]}`), Own: own{text: `{"y":1}`}, Plain: "p",
			},
		},
		"null is absent": {text: `{"name":null,"tags":null,"labels":null,"counts":null}`},
		"white space":    {text: " {\n} \n"},
		"many beside each other": {
			text: `{"any":[` + strings.Repeat("[],", MaxDepth) + `[]]}`,
			want: file{Any: json.RawMessage(`[` + strings.Repeat("[],", MaxDepth) + `[]]`)},
		},
		"nested as deep as may be": {
			text: `{"any":` + nested(MaxDepth-1) + `}`,
			want: file{Any: json.RawMessage(nested(MaxDepth - 1))},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got file
			if err := Unmarshal([]byte(c.text), &got); err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func nested(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }

const names = "Plain, address, any, count, counts, digits, kind, labels, name, on, own, ratio, rules, tags, version"

func TestUnmarshalRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text string
		code Code
		want string
	}{
		"unknown":    {text: `{"nmae":"x"}`, code: Unknown, want: `unknown field "nmae"; the names are ` + names},
		"other case": {text: `{"Name":"x"}`, code: Unknown, want: `unknown field "Name"; the names are ` + names},
		"left out":   {text: `{"Hidden":"x"}`, code: Unknown, want: `unknown field "Hidden"; the names are ` + names},
		"unexported": {
			text: `{"private":"x"}`,
			code: Unknown, want: `unknown field "private"; the names are ` + names,
		},
		"embedded by name": {text: `{"base":{}}`, code: Unknown, want: `unknown field "base"; the names are ` + names},
		"unknown in a list": {
			text: `{"rules":[{},{"x":1}]}`,
			code: Unknown, want: `rules[1]: unknown field "x"; the names are route`,
		},
		"twice":          {text: `{"name":"a","name":"b"}`, code: Twice, want: "name: appears twice"},
		"twice, escaped": {text: `{"name":"a","n\u0061me":"b"}`, code: Twice, want: "name: appears twice"},
		"twice in a list": {
			text: `{"rules":[{"route":"a","route":"a"}]}`,
			code: Twice, want: "rules[0].route: appears twice",
		},
		"twice in a map":     {text: `{"labels":{"k":"1","k":"2"}}`, code: Twice, want: "labels.k: appears twice"},
		"twice in any value": {text: `{"any":[[{"k":1,"k":2}]]}`, code: Twice, want: "any[0][0].k: appears twice"},
		"number for string":  {text: `{"name":5}`, code: WrongType, want: "name: must be a string, not a number"},
		"truth for string":   {text: `{"kind":true}`, code: WrongType, want: "kind: must be a string, not true or false"},
		"list of others":     {text: `{"tags":["a",[]]}`, code: WrongType, want: "tags[1]: must be a string, not a list"},
		"map of others": {
			text: `{"labels":{"a":{}}}`,
			code: WrongType, want: "labels.a: must be a string, not an object",
		},
		"string for number": {
			text: `{"count":"5"}`,
			code: WrongType, want: "count: must be a whole number in range, not a string",
		},
		"fraction": {
			text: `{"count":1.5}`,
			code: WrongType, want: "count: must be a whole number in range, not a number",
		},
		"out of range": {
			text: `{"ratio":1e999}`,
			code: WrongType, want: "ratio: must be a number in range, not a number",
		},
		"string for truth":  {text: `{"on":"true"}`, code: WrongType, want: "on: must be true or false, not a string"},
		"string for a list": {text: `{"tags":"x"}`, code: WrongType, want: "tags: must be a list, not a string"},
		"string for object": {text: `{"rules":["x"]}`, code: WrongType, want: "rules[0]: must be an object, not a string"},
		"list for a map":    {text: `{"labels":[]}`, code: WrongType, want: "labels: must be an object, not a list"},
		"list":              {text: `[]`, code: WrongType, want: "must be an object, not a list"},
		"null":              {text: `null`, code: WrongType, want: "must be an object, not null"},
		"too deep":          {text: `{"any":` + nested(MaxDepth) + `}`, code: TooDeep, want: "is nested more than 32 deep"},
		"nothing":           {text: ``, code: Syntax, want: "line 1: unexpected end of JSON input"},
		"half":              {text: "{\"name\":\n\"x", code: Syntax, want: "line 2: unexpected end of JSON input"},
		"no JSON": {
			text: "{\nname = 1",
			code: Syntax, want: "line 2: invalid character 'n' looking for beginning of",
		},
		"text after it":     {text: "{}\n x", code: Syntax, want: "line 2: invalid character 'x' after top-level value"},
		"two objects":       {text: `{}{}`, code: Syntax, want: "line 1: invalid character '{' after top-level value"},
		"comma at the end":  {text: `{"name":"x",}`, code: Syntax, want: "line 1: invalid character '}' looking for"},
		"bracket for brace": {text: `{"name":"x"]`, code: Syntax, want: "line 1: invalid character ']' after object"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := Unmarshal([]byte(c.text), new(file))
			var refused *Error
			if !errors.As(err, &refused) || refused.Code != c.code || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want %q", err, c.want)
			}
			if c.code != Syntax && !strings.HasPrefix(err.Error(), c.want) && c.code != TooDeep {
				t.Errorf("error = %v, want %q", err, c.want)
			}
		})
	}
}

func TestErrorOfATypesOwnReader(t *testing.T) {
	t.Parallel()
	err := Unmarshal([]byte(`{"own":13}`), new(file))
	var refused *Error
	if err == nil || err.Error() != "13 brings bad luck" || errors.As(err, &refused) {
		t.Errorf("error = %v", err)
	}
}

func TestErrorsHoldNoValue(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"count":99999999999999999999}`, `{"count":"999"}`, `{"ratio":9e999}`} {
		var refused *Error
		err := Unmarshal([]byte(text), new(file))
		if !errors.As(err, &refused) || strings.Contains(err.Error()+refused.Got, "9") {
			t.Errorf("error = %v, with %+v", err, refused)
		}
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text, want string
		wantErr    string
	}{
		"none":      {text: `{}`},
		"in order":  {text: `{"b": [1, 2] ,"a":{"a":1,"a":2}}`, want: `b=[1, 2];a={"a":1,"a":2};`},
		"twice":     {text: `{"a":1,"b":2,"\u0061":3}`, wantErr: "a: appears twice"},
		"list":      {text: `[]`, wantErr: "must be an object"},
		"string":    {text: `"x"`, wantErr: "must be an object"},
		"half":      {text: `{"a":`, wantErr: "must be an object"},
		"no JSON":   {text: `{a:1}`, wantErr: "must be an object"},
		"no braces": {text: ``, wantErr: "must be an object"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			members, err := Members([]byte(c.text))
			var got strings.Builder
			for _, m := range members {
				got.WriteString(m.Name + "=" + string(m.Value) + ";")
			}
			var problem string
			if err != nil {
				problem = err.Error()
			}
			if got.String() != c.want || problem != c.wantErr {
				t.Errorf("got %s, %q; want %s, %q", &got, problem, c.want, c.wantErr)
			}
		})
	}
}

// FuzzUnmarshal checks that no text makes Unmarshal panic, and that it decodes accepted texts as encoding/json does.
func FuzzUnmarshal(f *testing.F) {
	for _, text := range []string{
		`{}`, `{"name":"a","rules":[{"route":"x"}]}`, `{"labels":{"k":"1","k":"2"}}`, `{"any":[[{"k":null}]]}`,
		`{"count":1e400}`, `[`, `{"a"`, "\xff", `{"version":1}{}`, `null`, `{"on":null,"address":"::1"}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var got, want file
		err := Unmarshal(text, &got)
		if err != nil {
			_ = err.Error()
			return
		}
		dec := json.NewDecoder(strings.NewReader(string(text)))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&want); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q was taken as %+v; encoding/json says %+v, %v", text, got, want, err)
		}
	})
}
