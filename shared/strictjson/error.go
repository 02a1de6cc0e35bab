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

// Code says what is wrong.
type Code int

// What Unmarshal refuses.
const (
	Syntax    Code = iota // the text is not one JSON value
	Unknown               // the type has no such member
	Twice                 // the object has two members of the name
	WrongType             // the value is of another type than the one it is read into
	TooDeep               // the value nests deeper than MaxDepth
)

// Step leads from a value to one inside of it.
type Step struct {
	Name    string // of an object's member
	Index   int    // of a list's element
	Element bool   // whether it is one
}

// Error is one reason to refuse a text. It holds names of members, and no values.
type Error struct {
	Code  Code
	Path  []Step       // to the value; a wrong type's lacks the elements of lists where encoding/json does not know them
	Known []string     // of Unknown: the names that the object may have, sorted
	Want  reflect.Type // of WrongType
	Got   string       // of WrongType: the JSON type of what is there, for example "string"; may be empty
	cause error        // of Syntax
	line  int
}

// Error names the place, what is wrong there and what to do.
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

// Unwrap returns encoding/json's own error, if there is one.
func (e *Error) Unwrap() error { return e.cause }

// Place writes a path as "routes[0].route".
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

// pathOf reads the place that encoding/json names.
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

// syntaxError says what keeps a text from being JSON, and in which line.
func syntaxError(data []byte) error {
	err := json.Unmarshal(data, new(json.RawMessage))
	offset := len(data)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		offset = min(int(syntax.Offset), offset)
	}
	return &Error{Code: Syntax, cause: err, line: 1 + bytes.Count(data[:offset], []byte("\n"))}
}

// jsonType names the type of the value that begins with the token, as encoding/json does.
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
