package apitest

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// Document is the path of the API's OpenAPI description, relative to a function's folder.
const Document = "../openapi.json"

// schema is the part of a JSON Schema that follows from Go types.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       any               `json:"type"` // a string, or a list of strings
	AnyOf      []schema          `json:"anyOf"`
	Enum       []any             `json:"enum"`
	Const      any               `json:"const"`
	Properties map[string]schema `json:"properties"`
	Required   []string          `json:"required"`
	Additional json.RawMessage   `json:"additionalProperties"`
}

type schemas map[string]schema

func readSchemas(t testing.TB) schemas {
	t.Helper()
	text, err := os.ReadFile(Document)
	if err != nil {
		t.Fatal(err)
	}
	var document struct{ Components struct{ Schemas schemas } }
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatalf("%s: %v", Document, err)
	}
	return document.Components.Schemas
}

// WantBody checks that the schema with the given name has the same members, with the same types, as the struct that a
// request body is decoded into.
func WantBody(t testing.TB, name string, body any) {
	t.Helper()
	readSchemas(t).compare(t, name, reflect.TypeOf(body))
}

// WantAnswer is like WantBody for the struct of a response. It also checks that the schema requires exactly the members
// that are never omitted.
func WantAnswer(t testing.TB, name string, answer any) {
	t.Helper()
	all, typ := readSchemas(t), reflect.TypeOf(answer)
	all.compare(t, name, typ)
	var always []string
	for field, f := range fieldsOf(typ) {
		if _, options, _ := strings.Cut(f.Tag.Get("json"), ","); !strings.Contains(options, "omit") {
			always = append(always, field)
		}
	}
	slices.Sort(always)
	if required := slices.Sorted(slices.Values(all[name].Required)); !slices.Equal(always, required) {
		t.Errorf("%s requires %v, and %s always has %v", name, required, typ, always)
	}
}

func (all schemas) compare(t testing.TB, name string, typ reflect.Type) {
	t.Helper()
	s, there := all[name]
	if !there {
		t.Fatalf("%s has no schema %s", Document, name)
	}
	if string(s.Additional) != "false" {
		t.Errorf("%s takes additional properties", name)
	}
	fields := fieldsOf(typ)
	if got, want := slices.Sorted(maps.Keys(s.Properties)), slices.Sorted(maps.Keys(fields)); !slices.Equal(got, want) {
		t.Errorf("%s has the members %v, and %s has %v", name, got, typ, want)
	}
	for member, f := range fields {
		if got, want := all.kinds(s.Properties[member]), kindOf(f.Type); !slices.Contains(got, want) {
			t.Errorf("%s.%s is of type %v, and in %s it is %s", name, member, got, typ, want)
		}
	}
}

// kinds returns the JSON types that a schema allows.
func (all schemas) kinds(s schema) (kinds []string) {
	if s.Ref != "" {
		return all.kinds(all[s.Ref[strings.LastIndex(s.Ref, "/")+1:]])
	}
	for _, other := range s.AnyOf {
		kinds = append(kinds, all.kinds(other)...)
	}
	switch types := s.Type.(type) {
	case string:
		kinds = append(kinds, types)
	case []any:
		for _, one := range types {
			kinds = append(kinds, one.(string))
		}
	}
	for _, value := range append(s.Enum, s.Const) {
		if value != nil {
			kinds = append(kinds, kindOf(reflect.TypeOf(value)))
		}
	}
	return kinds
}

func fieldsOf(t reflect.Type) map[string]reflect.StructField {
	fields := map[string]reflect.StructField{}
	for _, field := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
			fields[name] = field
		}
	}
	return fields
}

var (
	instant  = reflect.TypeFor[time.Time]()
	textLike = reflect.TypeFor[interface{ MarshalText() ([]byte, error) }]()
)

// kindOf returns the JSON type that a Go type encodes to.
func kindOf(t reflect.Type) string {
	if t == instant || t.Implements(textLike) {
		return "string"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return kindOf(t.Elem())
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Slice, reflect.Array:
		return "array"
	case reflect.Struct, reflect.Map:
		return "object"
	case reflect.Float32, reflect.Float64:
		return "number"
	}
	return "integer"
}
