package wire

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"cognito-triggers/local/userpool/internal/fault"
)

type input struct {
	Name  string  `v:"required,max=5,word"`
	Note  *string `v:"max=3"`
	Count int
	nested
}

type nested struct {
	List []string `v:"required"`
}

// echo returns an operation that returns its input.
func echo() *Operation {
	return Index([]Operation{Enforce("Echo",
		func(_ context.Context, in *input) (*input, error) { return in, nil })})["Echo"]
}

func TestRun(t *testing.T) {
	t.Parallel()
	const (
		constraint = "failed to satisfy constraint: "
		notObject  = "the request is not a JSON object, or a member has the wrong type"
	)
	for name, c := range map[string]struct {
		body     string
		problem  string // part of the error's text
		warnings int
	}{
		"complete": {body: `{"Name":"a","List":["b"],"Note":"c"}`},
		"blanks":   {body: " {\n\t\"Name\" : \"a\" , \"List\" : [ \"b\" ] }\r\n"},
		"nothing": {body: ``, problem: "Value at 'name' " + constraint +
			"Member must not be null; Value at 'list'"},
		"no member":                 {body: `{}`, problem: "2 validation errors detected: "},
		"one is missing":            {body: `{"Name":"a"}`, problem: "1 validation error detected: Value at 'list'"},
		"too long":                  {body: `{"Name":"abcdef","List":["b"]}`, problem: "less than or equal to 5"},
		"five characters":           {body: `{"Name":"äöüßé","List":["b"]}`},
		"a blank in a word":         {body: `{"Name":"a b","List":["b"]}`, problem: "regular expression"},
		"too long behind a pointer": {body: `{"Name":"a","List":["b"],"Note":"long"}`, problem: "less than or equal to 3"},
		"unknown member":            {body: `{"Name":"a","List":["b"],"Other":1}`, warnings: 1},
		"lower-case name":           {body: `{"Name":"a","list":["b"]}`, problem: "Value at 'list'", warnings: 1},
		"escaped name":              {body: `{"Nam\u0065":"a","List":["b"]}`},
		"name as a value":           {body: `{"Name":"Other","List":["Name"]}`},
		"another type":              {body: `{"Name":1,"List":["b"]}`, problem: notObject},
		"a list":                    {body: `[]`, problem: notObject},
		"null":                      {body: `null`, problem: notObject},
		"truncated":                 {body: `{"Name":"a","List":["b"]`, problem: notObject},
		"two objects":               {body: `{"Name":"a","List":["b"]}{}`, problem: notObject},
		"open string":               {body: `{"Name`, problem: notObject},
		"invalid UTF-8":             {body: "{\"Name\":\"\xff\"}", problem: "not valid UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, warnings, err := echo().Run(t.Context(), Request{}, []byte(c.body))
			text := ""
			if err != nil {
				text = ExceptionOf("Echo", err).Text
			}
			if (err != nil) != (c.problem != "") || !strings.Contains(text, c.problem) || (out == nil) != (err != nil) {
				t.Errorf("out %+v, error %q, want %q", out, text, c.problem)
			}
			if len(warnings) != c.warnings {
				t.Errorf("warnings %q, want %d", warnings, c.warnings)
			}
		})
	}
}

// With an error, the operation's output is dropped.
func TestNoOutputWithError(t *testing.T) {
	t.Parallel()
	failed := errors.New("failed")
	op := Index([]Operation{Enforce("Fail", func(context.Context, *nested) (*Empty, error) {
		return &Empty{},
			failed
	})})["Fail"]
	if out, _, err := op.Run(t.Context(), Request{}, []byte(`{"List":["a"]}`)); out != nil || !errors.Is(err, failed) {
		t.Errorf("out %v, error %v", out, err)
	}
}

// The fast check gives the same result as the full review.
func FuzzTakesAll(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"Name":"a"}`, `{"Name":{"Other":1},"List":[{"x":"y"}]}`, `{"other":1}`, `{"Name":"\"Other\":"}`,
		`[{"Name":1}]`, `{"Name":`, `"`, `{"a\"":1}`,
	} {
		f.Add([]byte(seed))
	}
	op := echo()
	f.Fuzz(func(t *testing.T, body []byte) {
		if !op.settings.takesAll(body) || decode(body, new(input)) != nil {
			return
		}
		r := review{op: op}
		if clean := r.object("", body); string(clean) != string(body) || len(r.warnings) > 0 || r.refused != nil {
			t.Errorf("%s is %s, with %q, %v", body, clean, r.warnings, r.refused)
		}
	})
}

// The tags of the constraints are parsed.
func TestConstraintsOf(t *testing.T) {
	t.Parallel()
	want := constraints{
		{index: []int{0}, path: "name", required: true, word: true, max: 5},
		{index: []int{1}, path: "note", max: 3},
		{index: []int{3, 0}, path: "list", required: true},
	}
	if got := constraintsOf(reflect.TypeFor[input]()); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestPaginate(t *testing.T) {
	t.Parallel()
	list := []string{"a", "b", "c"}
	same := func(text string) string { return text }
	two, negative, many := 2, -1, 61
	first, next, err := Paginate(list, &two, "", same)
	if err != nil || len(first) != 2 || next == "" {
		t.Fatalf("first page %v, next %q, error %v", first, next, err)
	}
	rest, next, err := Paginate(list, &two, next, same)
	if err != nil || len(rest) != 1 || rest[0] != "c" || next != "" {
		t.Errorf("second page %v, next %q, error %v", rest, next, err)
	}
	for _, limit := range []*int{&negative, &many} {
		if _, _, err := Paginate(list, limit, "", same); !fault.Is(err, fault.Constraint) {
			t.Errorf("limit %d: %v", *limit, err)
		}
	}
	for _, token := range []string{"!", "ZA"} { // not base64; the key of no entry
		if _, _, err := Paginate(list, nil, token, same); !fault.Is(err, fault.Invalid) {
			t.Errorf("token %q: %v", token, err)
		}
	}
}

func TestLongNamesAreShortened(t *testing.T) {
	t.Parallel()
	if got := shortened(strings.Repeat("é", 200) + "\n"); len(got) > 200 || strings.Contains(got, "\n") {
		t.Errorf("got %s", got)
	}
}
