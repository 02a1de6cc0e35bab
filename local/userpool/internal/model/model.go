// Package model holds the operations of Cognito's API with all their members, as the newest botocore describes them.
// Only tests use it: they compare the registry, the settings and the outputs of the local pool with it.
//
// operations.json is an extract of botocore's model that TestExtract compares with the package itself, so all other
// tests run without Python. botocore is ahead of the Go SDK, which releases the same model later.
package model

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

//go:embed operations.json
var extract []byte

// Operation is an operation of the API. Input and Output are structures, or nil for an operation without.
type Operation struct {
	Input  *Shape `json:"input,omitempty"`
	Output *Shape `json:"output,omitempty"`
}

// Shape is the type of a member.
type Shape struct {
	Type    string            `json:"type"`              // structure, list, map, string, integer, boolean, timestamp, ...
	Enum    []string          `json:"enum,omitempty"`    // values of a string
	Members map[string]*Shape `json:"members,omitempty"` // of a structure
	Of      *Shape            `json:"of,omitempty"`      // the entries of a list, the values of a map
	Key     *Shape            `json:"key,omitempty"`     // the keys of a map
	Min     *int64            `json:"min,omitempty"`     // of a number, or of the length of a text, list or map
	Max     *int64            `json:"max,omitempty"`
	Pattern string            `json:"pattern,omitempty"` // of a whole string, as Java's regular expressions
}

// Operations returns all operations by name.
func Operations() (map[string]Operation, error) {
	var all map[string]Operation
	err := json.Unmarshal(extract, &all)
	return all, err
}

// Member returns the shape of a member of a structure, or of the structures in a list; dots separate the names of
// nested members. It returns nil if there is none.
func (s *Shape) Member(path string) *Shape {
	name, rest, nested := strings.Cut(path, ".")
	for s != nil && s.Type == "list" {
		s = s.Of
	}
	switch {
	case s == nil || s.Members[name] == nil:
		return nil
	case nested:
		return s.Members[name].Member(rest)
	}
	return s.Members[name]
}

// GoType returns a Go type that encoding/json decodes a value of the shape into.
func (s *Shape) GoType() reflect.Type {
	switch s.Type {
	case "structure":
		fields := make([]reflect.StructField, 0, len(s.Members))
		for _, name := range slices.Sorted(maps.Keys(s.Members)) {
			fields = append(fields, reflect.StructField{
				Name: strings.ToUpper(name[:1]) + name[1:], Type: s.Members[name].GoType(),
				Tag: reflect.StructTag(fmt.Sprintf(`json:%q`, name)),
			})
		}
		return reflect.StructOf(fields)
	case "list":
		return reflect.SliceOf(s.Of.GoType())
	case "map":
		return reflect.MapOf(reflect.TypeFor[string](), s.Of.GoType())
	case "boolean":
		return reflect.TypeFor[bool]()
	case "integer":
		return reflect.TypeFor[int32]()
	case "long":
		return reflect.TypeFor[int64]()
	case "timestamp", "double", "float":
		return reflect.TypeFor[float64]()
	case "blob":
		return reflect.TypeFor[[]byte]()
	}
	return reflect.TypeFor[string]()
}

// Sample returns a value of the shape that is not empty: in a string with values the last one, in structures every
// member.
func (s *Shape) Sample() any {
	switch s.Type {
	case "structure":
		all := map[string]any{}
		for name, member := range s.Members {
			all[name] = member.Sample()
		}
		return all
	case "list":
		return []any{s.Of.Sample()}
	case "map":
		return map[string]any{"a": s.Of.Sample()}
	case "boolean":
		return true
	case "integer", "long", "timestamp", "double", "float":
		return 3
	}
	if len(s.Enum) > 0 {
		return s.Enum[len(s.Enum)-1]
	}
	return "text"
}

// source is the part of botocore's service-2.json that Parse reads.
type source struct {
	Operations map[string]struct{ Input, Output ref }
	Shapes     map[string]struct {
		Type               string
		Enum               []string
		Members            map[string]ref
		Member, Key, Value ref
		Min, Max           *int64
		Pattern            string
	}
}

type ref struct{ Shape string }

// Parse reads botocore's service-2.json.
func Parse(raw []byte) (map[string]Operation, error) {
	var s source
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, err
	}
	all := map[string]Operation{}
	for name, op := range s.Operations {
		input, err := s.shape(op.Input.Shape, nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		output, err := s.shape(op.Output.Shape, nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all[name] = Operation{Input: input, Output: output}
	}
	return all, nil
}

// shape resolves a shape; around holds the names of those that contain it.
func (s source) shape(name string, around []string) (*Shape, error) {
	if name == "" {
		return nil, nil
	}
	of, known := s.Shapes[name]
	if !known || slices.Contains(around, name) {
		return nil, fmt.Errorf("the shape %s is missing or contains itself", name)
	}
	around = append(slices.Clone(around), name)
	out := &Shape{Type: of.Type, Enum: of.Enum, Min: of.Min, Max: of.Max, Pattern: of.Pattern}
	for member, target := range of.Members {
		resolved, err := s.shape(target.Shape, around)
		if err != nil {
			return nil, err
		}
		if out.Members == nil {
			out.Members = map[string]*Shape{}
		}
		out.Members[member] = resolved
	}
	var err error
	switch of.Type {
	case "list":
		out.Of, err = s.shape(of.Member.Shape, around)
	case "map":
		if out.Key, err = s.shape(of.Key.Shape, around); err == nil {
			out.Of, err = s.shape(of.Value.Shape, around)
		}
	}
	return out, err
}

// Encode returns the operations as operations.json has them: sorted, one on a line.
func Encode(all map[string]Operation) ([]byte, error) {
	var out strings.Builder
	out.WriteString("{")
	for i, name := range slices.Sorted(maps.Keys(all)) {
		line, err := json.Marshal(all[name])
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out.WriteString(",")
		}
		fmt.Fprintf(&out, "\n%q: %s", name, line)
	}
	out.WriteString("\n}\n")
	return []byte(out.String()), nil
}
