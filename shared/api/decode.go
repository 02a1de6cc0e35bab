package api

import (
	"errors"
	"mime"
	"net/http"
	"reflect"
	"strings"
	"unicode/utf8"

	"cognito-triggers/shared/strictjson"
)

// MaxBody is the maximum size of a request body in bytes.
const MaxBody = 64 << 10

// Decode decodes the request's JSON body into a T. Unlike encoding/json, it refuses unknown and repeated fields, names
// that differ in case, and text that is not UTF-8. A null counts as absent. The error is a *Problem that names the
// field and never includes a value.
func Decode[T any](r *Request) (T, error) {
	var value T
	err := decode(r, &value)
	if err != nil {
		var none T // not a value that is half decoded
		return none, err
	}
	return value, nil
}

func decode(r *Request, into any) error {
	media, parameters, err := mime.ParseMediaType(r.Header("content-type"))
	charset := parameters["charset"]
	if err != nil || media != "application/json" || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return Fail(http.StatusUnsupportedMediaType, CodeUnsupportedMediaType,
			"Send JSON in UTF-8, with Content-Type: application/json.")
	}
	if len(r.Body) > MaxBody*2 { // base64 adds a third
		return tooLarge()
	}
	body, err := r.body()
	switch {
	case err != nil:
		return invalid("The body could not be read.")
	case len(body) > MaxBody:
		return tooLarge()
	case len(strings.TrimSpace(string(body))) == 0:
		return invalid("The body is empty: send a JSON object.")
	case !utf8.Valid(body):
		return invalid("The body is not UTF-8.")
	}
	return problemOf(strictjson.Unmarshal(body, into))
}

func invalid(detail string) error { return Fail(http.StatusBadRequest, CodeInvalidRequest, detail) }

func invalidField(field, detail string) error {
	return FailField(http.StatusBadRequest, CodeInvalidRequest, field, detail)
}

func tooLarge() error {
	return Fail(http.StatusRequestEntityTooLarge, CodePayloadTooLarge, "The body is too large: send at most 64 KiB.")
}

// maxName limits how many characters of an unknown name are repeated to the caller.
const maxName = 64

// problemOf turns an error of strictjson into a Problem, without a value of the body.
func problemOf(err error) error {
	if err == nil {
		return nil
	}
	var refused *strictjson.Error
	if !errors.As(err, &refused) {
		return invalid("The body is not valid JSON.") // a type's own reader refused it
	}
	field := fieldOf(refused.Path)
	switch refused.Code {
	case strictjson.Unknown:
		return invalidField(field, "is unknown; the fields are "+strings.Join(refused.Known, ", "))
	case strictjson.Twice:
		return invalidField(field, "appears twice")
	case strictjson.TooDeep:
		return invalid("The body nests too deep.")
	case strictjson.WrongType:
		if field == "" {
			return invalid("The body must be " + kindName(refused.Want) + ".")
		}
		return invalidField(field, "must be "+kindName(refused.Want))
	}
	return invalid("The body is not valid JSON.")
}

// fieldOf returns the name of the field at a path. Indexes are left out: forms show one message for all elements of a
// list.
func fieldOf(path []strictjson.Step) string {
	var names []string
	for _, step := range path {
		if !step.Element {
			names = append(names, shortened(step.Name))
		}
	}
	return strings.Join(names, ".")
}

func shortened(name string) string {
	if characters := []rune(name); len(characters) > maxName {
		return string(characters[:maxName]) + "…"
	}
	return name
}

func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number in range"
	case reflect.Float32, reflect.Float64:
		return "a number in range"
	case reflect.Slice, reflect.Array:
		return "a list"
	}
	return "an object"
}
