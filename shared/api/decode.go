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
	charset := parameters["charset"]
	if err != nil || media != "application/json" || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return Fail(http.StatusUnsupportedMediaType, CodeUnsupportedMediaType,
			"Send JSON in UTF-8, with Content-Type: application/json.")
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
	return problemOf(strictjson.Unmarshal(body, into))
}

func invalid(detail string) error { return Fail(http.StatusBadRequest, CodeInvalidRequest, detail) }

func invalidField(field, detail string) error {
	return FailField(http.StatusBadRequest, CodeInvalidRequest, field, detail)
}

func tooLarge() error {
	return Fail(http.StatusRequestEntityTooLarge, CodePayloadTooLarge, "The body is too large: send at most 64 KiB.")
}

// maxName is how much of a name that the caller made up is repeated to them.
const maxName = 64

// problemOf says what keeps a body from being read, without a value of it.
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
		return invalidField(field, "stands there twice")
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

// fieldOf names the field that a path leads to. A form has one message for all elements of a list.
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
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number that is not out of range"
	case reflect.Float32, reflect.Float64:
		return "a number that is not out of range"
	case reflect.Slice, reflect.Array:
		return "a list"
	}
	return "an object"
}
