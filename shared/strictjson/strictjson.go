// Package strictjson reads JSON that people and other programs write for us: files and request bodies. encoding/json
// takes more than it should there, and two readers of one text may understand it differently. Refused are members that
// the type does not have, also a name in other case; a name that an object has twice; text after the value; a value of
// another type; and nesting deeper than MaxDepth.
package strictjson

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
)

// MaxDepth is how deep objects and lists may nest.
const MaxDepth = 32

// Unmarshal decodes one JSON value as encoding/json does. What it refuses is an *Error. A null counts as absent, except
// for the value as a whole. A type that decodes itself says nothing about its members: of those, Unmarshal refuses only
// the ones that stand there twice.
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
	switch wrong := err.(type) { // what a type's own UnmarshalJSON wraps is left to say itself
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

// Members lists an object's members in their order. What is no object, and a name that occurs twice, is an *Error.
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

// errToken says that the text is not JSON; syntaxError says where.
var errToken = errors.New("not JSON")

// walker goes through a text beside the type that it is decoded into.
type walker struct {
	dec   *json.Decoder
	path  []Step
	depth int
}

func (w *walker) fail(code Code) *Error {
	return &Error{Code: code, Path: append([]Step(nil), w.path...)}
}

// walk looks at the whole text.
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

// value looks at the value that begins with the token. The type is nil where any value may stand.
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
	if _, err := w.dec.Token(); err != nil { // the closing one
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

// fits reports whether a value that begins with the token can be of the type. It looks at those alone of which
// encoding/json's own error would not name the place; null counts as absent.
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

// plain follows pointers. A type that reads its own JSON says nothing about it, and gives nil.
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

// fieldsOf are a struct's fields by the names that they have in JSON.
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
