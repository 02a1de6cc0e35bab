package api

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"reflect"
	"strings"
	"unicode/utf8"
)

// MaxBody is the most that a body may hold, in bytes.
const MaxBody = 64 << 10

// Decode reads the request's JSON body into a struct. It refuses with a Problem, which names the field, what
// encoding/json would take: unknown fields, names in other case, repeated names, text that is no UTF-8. A null counts
// as absent.
func Decode[T any](r *Request) (T, error) {
	var value T
	err := decode(r, &value)
	if err != nil {
		var none T // not what was read until then
		return none, err
	}
	return value, nil
}

func decode(r *Request, into any) error {
	media, parameters, err := mime.ParseMediaType(r.Header("content-type"))
	if charset := parameters["charset"]; err != nil || media != "application/json" || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return Fail(http.StatusUnsupportedMediaType, CodeUnsupportedMediaType, "Send JSON in UTF-8, with Content-Type: application/json.")
	}
	if len(r.Body) > MaxBody*2 { // base64 takes a third more
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
	if err := checkNames(body, reflect.TypeOf(into).Elem()); err != nil {
		return err
	}
	return problemOf(json.Unmarshal(body, into))
}

func invalid(detail string) error { return Fail(http.StatusBadRequest, CodeInvalidRequest, detail) }

func invalidField(field, detail string) error {
	return FailField(http.StatusBadRequest, CodeInvalidRequest, field, detail)
}

func tooLarge() error {
	return Fail(http.StatusRequestEntityTooLarge, CodePayloadTooLarge, "The body is too large: send at most 64 KiB.")
}

var errSyntax = invalid("The body is not valid JSON.")

// problemOf says what a decoder's error means without a value of the body.
func problemOf(err error) error {
	var wrongType *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrongType) && wrongType.Field != "":
		return invalidField(wrongType.Field, "must be "+kindName(wrongType.Type))
	case errors.As(err, &wrongType):
		return invalid("The body must be " + kindName(wrongType.Type) + ".")
	}
	return errSyntax
}

func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number that is not out of range"
	case reflect.Float32, reflect.Float64:
		return "a number that is not out of range"
	case reflect.Slice, reflect.Array:
		return "a list"
	}
	return "an object"
}
