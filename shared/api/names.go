package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// maxDepth is how deep a body may nest.
const maxDepth = 32

// maxName is how much of a name that the caller made up is repeated to them.
const maxName = 64

// checkNames walks a body beside the type that it is decoded into, and refuses names that the type does not have,
// repeated ones and a body that is no object.
func checkNames(body []byte, t reflect.Type) error {
	w := &walker{dec: json.NewDecoder(bytes.NewReader(body))}
	w.dec.UseNumber() // a number may be out of float64's range
	token, err := w.dec.Token()
	if err != nil {
		return errSyntax
	}
	if t.Kind() == reflect.Struct && token != json.Delim('{') {
		return invalid("The body must be an object.")
	}
	return w.value(token, t, "")
}

type walker struct {
	dec   *json.Decoder
	depth int
}

// value walks the value that begins with the token. The type is nil where any name may stand.
func (w *walker) value(token json.Token, t reflect.Type, at string) error {
	delim, nested := token.(json.Delim)
	if inner := plain(t); inner != nil && inner.Kind() == reflect.String && at != "" && !isText(token) {
		return invalidField(at, "must be "+kindName(inner)) // of a map's values encoding/json names none
	}
	if !nested {
		return nil
	}
	if w.depth++; w.depth > maxDepth {
		return invalid("The body nests too deep.")
	}
	t = plain(t)
	var err error
	if delim == '{' {
		err = w.object(t, at)
	} else {
		err = w.list(t, at)
	}
	if err != nil {
		return err
	}
	if _, err := w.dec.Token(); err != nil { // the closing one
		return errSyntax
	}
	w.depth--
	return nil
}

// isText tells whether the token may stand for a text: null counts as absent.
func isText(token json.Token) bool {
	_, text := token.(string)
	return text || token == nil
}

func (w *walker) object(t reflect.Type, at string) error {
	var fields map[string]reflect.Type
	if t != nil && t.Kind() == reflect.Struct {
		fields = fieldsOf(t)
	}
	seen := map[string]bool{}
	for w.dec.More() {
		token, err := w.dec.Token()
		name, isName := token.(string)
		if err != nil || !isName {
			return errSyntax
		}
		place := strings.TrimPrefix(at+"."+shortened(name), ".")
		inner, known := fields[name]
		switch {
		case fields != nil && !known:
			return invalidField(place, "is unknown; the fields are "+strings.Join(sorted(fields), ", "))
		case seen[name]:
			return invalidField(place, "stands there twice")
		case t != nil && t.Kind() == reflect.Map:
			inner = t.Elem()
		}
		seen[name] = true
		if err := w.next(inner, place); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) list(t reflect.Type, at string) error {
	var inner reflect.Type
	if t != nil && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array) {
		inner = t.Elem()
	}
	for w.dec.More() {
		if err := w.next(inner, at); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) next(t reflect.Type, at string) error {
	token, err := w.dec.Token()
	if err != nil {
		return errSyntax
	}
	return w.value(token, t, at)
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

// plain follows pointers. A type that reads its own JSON says nothing about names, and gives nil.
func plain(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || reflect.PointerTo(t).Implements(unmarshaler) {
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

func sorted(fields map[string]reflect.Type) []string {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func shortened(name string) string {
	if characters := []rune(name); len(characters) > maxName {
		return string(characters[:maxName]) + "…"
	}
	return name
}
