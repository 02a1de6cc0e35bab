// Package scrubtest makes errors as the clients of AWS services return them, whose texts repeat a value of the user in
// spellings that no scrubber knows. Tests pass them through a function's dependencies and look for the value in the
// log.
package scrubtest

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Value is a name as a user may have it. Every part of it is worth hiding.
const Value = `Zoé "Canary" <O'Hara> & Söhne Quackenbush`

// Code and RequestID are those of every error that Errors returns with an answer; logs show them.
const (
	Code      = "ValidationException"
	RequestID = "6d3e0f0a-1b2c-4d5e-8f90-a1b2c3d4e5f6"
)

// spellings are the value as an error's text may repeat it.
func spellings() map[string]string {
	decomposed := strings.NewReplacer("é", "e\u0301", "ö", "o\u0308").Replace(Value)
	return map[string]string{
		"base64":        base64.StdEncoding.EncodeToString([]byte(Value)),
		"hex":           hex.EncodeToString([]byte(Value)),
		"HTML":          html.EscapeString(Value),
		"NFD":           decomposed,
		"quoted twice":  strconv.Quote(strconv.Quote(Value)),
		"escaped twice": url.QueryEscape(url.QueryEscape(Value)),
		"cut":           Value[len(Value)-12:],
	}
}

// Error returns an error of a service with the text.
func Error(text string) error {
	answer := &smithyhttp.Response{Response: &http.Response{StatusCode: http.StatusBadRequest}}
	return &smithy.OperationError{ServiceID: "Some Service", OperationName: "PutThing", Err: &awshttp.ResponseError{
		RequestID: RequestID,
		ResponseError: &smithyhttp.ResponseError{
			Response: answer,
			Err:      &smithy.GenericAPIError{Code: Code, Message: text, Fault: smithy.FaultClient},
		},
	}}
}

// Errors returns errors of services by what they repeat of Value and how.
func Errors() map[string]error {
	all := map[string]error{}
	for name, spelling := range spellings() {
		text := "1 validation error detected: Value " + spelling + " at 'name' failed to satisfy constraint"
		all[name] = Error(text)
		all[name+", in the answer's text"] = &smithy.OperationError{
			ServiceID: "Some Service", OperationName: "PutThing",
			Err: &smithy.DeserializationError{Err: errors.New(text), Snapshot: []byte(text)},
		}
		all[name+", in the address"] = &smithy.OperationError{
			ServiceID: "Some Service", OperationName: "PutThing",
			Err: fmt.Errorf("request send failed: %w", &url.Error{
				Op: "Put", URL: "https://service.example/" + spelling, Err: errors.New("lookup " + spelling)}),
		}
		all[name+", as a code"] = &smithy.GenericAPIError{Code: spelling + " is wrong", Message: text}
	}
	return all
}

// Check reports every part of Value, in every spelling, that the text holds.
func Check(t *testing.T, text string) {
	t.Helper()
	folded := strings.ToLower(text)
	for name, spelling := range spellings() {
		if strings.Contains(folded, strings.ToLower(spelling)) {
			t.Errorf("the value, %s, is in %s", name, text)
		}
	}
	for _, part := range []string{"canary", "quackenbush", "hara", "hne", "validation error"} {
		if strings.Contains(folded, part) {
			t.Errorf("%q is in %s", part, text)
		}
	}
}
