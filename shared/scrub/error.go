package scrub

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
)

// ErrorText renders an error for a log line. It replaces what a service said by the operation, the error's code and the
// request id, because the text of a service may repeat a value of the user in any spelling: base64, HTML, cut. Of other
// errors it returns the text, which Text then scrubs. It does not panic, even if err is a nil pointer: nothing would
// recover a panic in the log.
func ErrorText(err error) (text string) {
	defer func() {
		if recover() != nil {
			text = TypeName(err)
		}
	}()
	services := servicesIn(err)
	if len(services) == 0 {
		return err.Error()
	}
	text = err.Error()
	var said []string
	verbatim := true
	for _, service := range services {
		told := serviceText(service)
		said = append(said, told)
		if own := service.Error(); own != "" && strings.Contains(text, own) {
			text = strings.ReplaceAll(text, own, told)
		} else {
			verbatim = false
		}
	}
	if !verbatim { // then the text may hold the service's in another form
		return TypeName(err) + ": " + strings.Join(said, "; ")
	}
	return text
}

// The methods of the AWS SDK's errors. Interfaces of our own keep the SDK out of functions that call no service.
type (
	operationError interface { // smithy.OperationError, around everything that a call returns
		error
		Service() string
		Operation() string
	}
	codedError interface {
		error
		ErrorCode() string
	}
	answerError interface {
		error
		HTTPStatusCode() int
	}
	namedError interface {
		error
		ServiceRequestID() string
	}
	lateError interface {
		error
		Timeout() bool
	}
)

// servicesIn lists the outermost errors of services in an error's tree.
func servicesIn(err error) []error {
	switch err.(type) {
	case nil:
		return nil
	case operationError, codedError, answerError, namedError:
		return []error{err}
	}
	switch wrapper := err.(type) {
	case interface{ Unwrap() error }:
		return servicesIn(wrapper.Unwrap())
	case interface{ Unwrap() []error }:
		var all []error
		for _, inner := range wrapper.Unwrap() {
			all = append(all, servicesIn(inner)...)
		}
		return all
	}
	return nil
}

// serviceText describes a service's error, for example "DynamoDB PutItem: ValidationException (status 400, request
// 4c1f…)". Without a code it names what failed on the way.
func serviceText(err error) string {
	var text strings.Builder
	if operation, ok := errors.AsType[operationError](err); ok {
		text.WriteString(word(strings.ReplaceAll(operation.Service(), " ", "")) + " " + word(operation.Operation()) + ": ")
	}
	if coded, ok := errors.AsType[codedError](err); ok {
		text.WriteString(word(coded.ErrorCode()))
	} else {
		text.WriteString(failure(err))
	}
	var more []string
	if answer, ok := errors.AsType[answerError](err); ok && answer.HTTPStatusCode() != 0 {
		more = append(more, fmt.Sprintf("status %d", answer.HTTPStatusCode()))
	}
	if named, ok := errors.AsType[namedError](err); ok && named.ServiceRequestID() != "" {
		more = append(more, "request "+word(named.ServiceRequestID()))
	}
	if len(more) > 0 {
		text.WriteString(" (" + strings.Join(more, ", ") + ")")
	}
	return text.String()
}

// failure says why a call got no answer. The texts of the operating system hold no data.
func failure(err error) string {
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		return number.Error()
	}
	for _, known := range []error{context.DeadlineExceeded, context.Canceled} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	if late, ok := errors.AsType[lateError](err); ok && late.Timeout() {
		return "time-out"
	}
	return "no answer that could be read, " + TypeName(innermost(err))
}

func innermost(err error) error {
	for inner := err; inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

// maxWord is more than the length of every error code and request id of AWS.
const maxWord = 80

// word returns a code, a name or an id. Anything that does not look like one could be a text.
func word(s string) string {
	strange := func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune("-_.", r)
	}
	if s == "" || len(s) > maxWord || strings.ContainsFunc(s, strange) {
		return "unnamed"
	}
	return s
}
