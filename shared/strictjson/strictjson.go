// Package strictjson decodes JSON from outside, such as configuration files and request bodies. encoding/json is too
// lenient for it: a typo in a name goes unnoticed, and another decoder may read the same text differently. This package
// refuses unknown members, including names that differ in case; repeated names; text after the value; values of the
// wrong type; and nesting deeper than MaxDepth.
package strictjson

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
)

// MaxDepth is the maximum nesting of objects and lists.
const MaxDepth = 32

// Unmarshal decodes one JSON value into the value that into points to. If it refuses the text, the error is an *Error.
// A null member counts as absent; the whole value must not be null if it is decoded into a struct. For a type that
// implements json.Unmarshaler, Unmarshal only checks that names are not repeated.
func Unmarshal(data []byte, into any) error {
	w := &walker{dec: json.NewDecoder(bytes.NewReader(data))}
	w.dec.UseNumber() // a number may be out of float64's range
	if err := w.walk(reflect.TypeOf(into)); err != nil {
		if errors.Is(err, errToken) {
			return syntaxError(data)
		}
		return err
	}
	err := json.Unmarshal(data, into)
	switch wrong := err.(type) { // errors that a type's own UnmarshalJSON wraps are returned unchanged
	case *json.SyntaxError:
		return syntaxError(data)
	case *json.UnmarshalTypeError:
		got, _, _ := strings.Cut(wrong.Value, " ") // what follows is the value
		return &Error{Code: WrongType, Path: pathOf(wrong.Field), Want: wrong.Type, Got: got}
	}
	return err
}

// Member is one member of an object.
type Member struct {
	Name  string
	Value json.RawMessage
}

// Members returns the members of a JSON object in their order. If the text is not an object, or a name is repeated, the
// error is an *Error.
func Members(object []byte) ([]Member, error) {
	noObject := &Error{Code: WrongType, Want: reflect.TypeFor[map[string]any]()}
	dec := json.NewDecoder(bytes.NewReader(object))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return nil, noObject
	}
	var members []Member
	seen := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		name, isName := token.(string)
		if err != nil || !isName {
			return nil, noObject
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, noObject
		}
		if seen[name] {
			return nil, &Error{Code: Twice, Path: []Step{{Name: name}}}
		}
		seen[name] = true
		members = append(members, Member{name, value})
	}
	return members, nil
}

// errToken reports that the text is not JSON; syntaxError finds the place.
var errToken = errors.New("not JSON")

// walker checks a text against the type that it is decoded into.
type walker struct {
	dec   *json.Decoder
	path  []Step
	depth int
}

func (w *walker) fail(code Code) *Error {
	return &Error{Code: code, Path: append([]Step(nil), w.path...)}
}

// walk checks the whole text.
func (w *walker) walk(t reflect.Type) error {
	token, err := w.dec.Token()
	if err != nil {
		return errToken
	}
	if inner := plain(t); token == nil && inner != nil && inner.Kind() == reflect.Struct {
		wrong := w.fail(WrongType)
		wrong.Want, wrong.Got = inner, "null"
		return wrong
	}
	return w.value(token, t)
}

// value checks the value that begins with the token. A nil type allows any value.
func (w *walker) value(token json.Token, t reflect.Type) error {
	t = plain(t)
	if t != nil && !fits(token, t) {
		wrong := w.fail(WrongType)
		wrong.Want, wrong.Got = t, jsonType(token)
		return wrong
	}
	delim, nested := token.(json.Delim)
	if !nested {
		return nil
	}
	if w.depth++; w.depth > MaxDepth {
		return w.fail(TooDeep)
	}
	var err error
	if delim == '{' {
		err = w.object(t)
	} else {
		err = w.list(t)
	}
	if err != nil {
		return err
	}
	if _, err := w.dec.Token(); err != nil { // closing delimiter
		return errToken
	}
	w.depth--
	return nil
}

func (w *walker) object(t reflect.Type) error {
	var fields map[string]reflect.Type
	if t != nil && t.Kind() == reflect.Struct {
		fields = fieldsOf(t)
	}
	seen := map[string]bool{}
	for w.dec.More() {
		token, err := w.dec.Token()
		name, isName := token.(string)
		if err != nil || !isName {
			return errToken
		}
		w.path = append(w.path, Step{Name: name})
		inner, known := fields[name]
		switch {
		case fields != nil && !known:
			unknown := w.fail(Unknown)
			unknown.Known = sorted(fields)
			return unknown
		case seen[name]:
			return w.fail(Twice)
		case t != nil && t.Kind() == reflect.Map:
			inner = t.Elem()
		}
		seen[name] = true
		if err := w.next(inner); err != nil {
			return err
		}
		w.path = w.path[:len(w.path)-1]
	}
	return nil
}

func (w *walker) list(t reflect.Type) error {
	var inner reflect.Type
	if t != nil && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array) {
		inner = t.Elem()
	}
	for i := 0; w.dec.More(); i++ {
		w.path = append(w.path, Step{Index: i, Element: true})
		if err := w.next(inner); err != nil {
			return err
		}
		w.path = w.path[:len(w.path)-1]
	}
	return nil
}

func (w *walker) next(t reflect.Type) error {
	token, err := w.dec.Token()
	if err != nil {
		return errToken
	}
	return w.value(token, t)
}

// fits reports whether a value that begins with the token can have the type. It only checks the types for which
// encoding/json's error would not include the place. A null counts as absent.
func fits(token json.Token, t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String:
		_, text := token.(string)
		return text || token == nil
	case reflect.Struct, reflect.Map:
		return token == json.Delim('{') || token == nil
	}
	return true
}

// plain returns the type that t points to, or nil if the type decodes its own JSON.
func plain(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t == reflect.TypeFor[json.Number]() {
		return nil
	}
	pointer := reflect.PointerTo(t)
	if pointer.Implements(reflect.TypeFor[json.Unmarshaler]()) ||
		pointer.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return nil
	}
	return t
}

// fieldsOf returns the types of a struct's fields by their JSON names.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for _, field := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		embedded := field.Anonymous && name == ""
		if !field.IsExported() || name == "-" || embedded {
			continue
		}
		if name == "" {
			name = field.Name
		}
		fields[name] = field.Type
	}
	return fields
}
