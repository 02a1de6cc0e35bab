package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Code is the reason of an Error.
type Code int

// The reasons for which Unmarshal refuses a text.
const (
	Syntax    Code = iota // the text is not a single JSON value
	Unknown               // the type has no such member
	Twice                 // the object has two members with this name
	WrongType             // the value does not fit the Go type
	TooDeep               // the value is nested deeper than MaxDepth
)

// Step leads from a value to a member or element of it.
type Step struct {
	Name    string // name of an object's member
	Index   int    // index of a list's element
	Element bool   // whether the step is to an element
}

// Error is the reason why a text is refused. It includes names of members but no values.
type Error struct {
	Code  Code
	Path  []Step       // to the value; for WrongType, steps to elements may be missing
	Known []string     // for Unknown: the names that the object can have, sorted
	Want  reflect.Type // for WrongType: the Go type
	Got   string       // for WrongType: the JSON type found, for example "string", or ""
	cause error        // for Syntax
	line  int
}

// Error returns the place and what is wrong there, for example "routes[0].route: must be a string, not a number".
func (e *Error) Error() string {
	switch e.Code {
	case Syntax:
		return fmt.Sprintf("line %d: %v", e.line, e.cause)
	case Unknown:
		last := len(e.Path) - 1
		known := strings.Join(e.Known, ", ")
		return at(e.Path[:last], fmt.Sprintf("unknown field %q; the names are %s", e.Path[last].Name, known))
	case Twice:
		return at(e.Path, "appears twice")
	case TooDeep:
		return at(e.Path, fmt.Sprintf("is nested more than %d deep", MaxDepth))
	}
	return at(e.Path, "must be "+wanted(e.Want)+found(e.Got))
}

// Unwrap returns the error of encoding/json, or nil.
func (e *Error) Unwrap() error { return e.cause }

// Place formats a path as in "routes[0].route".
func Place(path []Step) string {
	var place strings.Builder
	for _, step := range path {
		switch {
		case step.Element:
			place.WriteString("[" + strconv.Itoa(step.Index) + "]")
		case place.Len() > 0:
			place.WriteString("." + step.Name)
		default:
			place.WriteString(step.Name)
		}
	}
	return place.String()
}

func at(path []Step, problem string) string {
	if len(path) == 0 {
		return problem
	}
	return Place(path) + ": " + problem
}

// pathOf parses the field path of an encoding/json error.
func pathOf(field string) []Step {
	if field == "" {
		return nil
	}
	var path []Step
	for name := range strings.SplitSeq(field, ".") {
		path = append(path, Step{Name: name})
	}
	return path
}

// syntaxError returns the syntax error of a text, with its line.
func syntaxError(data []byte) error {
	err := json.Unmarshal(data, new(json.RawMessage))
	offset := len(data)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		offset = min(int(syntax.Offset), offset)
	}
	return &Error{Code: Syntax, cause: err, line: 1 + bytes.Count(data[:offset], []byte("\n"))}
}

// jsonType returns encoding/json's name for the type of the value that begins with the token.
func jsonType(token json.Token) string {
	switch t := token.(type) {
	case nil:
		return "null"
	case bool:
		return "bool"
	case json.Number:
		return "number"
	case json.Delim:
		if t == '[' {
			return "array"
		}
		return "object"
	}
	return "string"
}

func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Float32, reflect.Float64:
		return "a number in range"
	}
	return "a whole number in range"
}

func found(jsonType string) string {
	switch jsonType {
	case "string", "number":
		return ", not a " + jsonType
	case "array":
		return ", not a list"
	case "object":
		return ", not an object"
	case "null":
		return ", not null"
	case "bool":
		return ", not true or false"
	}
	return ""
}

func sorted(fields map[string]reflect.Type) []string { return slices.Sorted(maps.Keys(fields)) }
