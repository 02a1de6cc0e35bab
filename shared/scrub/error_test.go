package scrub_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/smithy-go"

	"cognito-triggers/shared/scrub"
	"cognito-triggers/shared/scrub/scrubtest"
)

type opaque struct{ error }

func (o opaque) Error() string { return "about " + strings.ToUpper(o.error.Error()) }
func (o opaque) Unwrap() error { return o.error }

// A service's text is never logged, however the error is wrapped: its code and request id are.
func TestTextsOfServicesAreNotRendered(t *testing.T) {
	for name, err := range scrubtest.Errors() {
		for wrapping, wrapped := range map[string]error{
			"as it is":      err,
			"wrapped":       fmt.Errorf("create profile: %w", err),
			"wrapped twice": fmt.Errorf("store: %w", fmt.Errorf("create profile: %w", err)),
			"two of them":   fmt.Errorf("link: %w: %w", errors.New("conflict"), err),
			"joined":        errors.Join(err, err),
			"reworded":      opaque{err},
		} {
			t.Run(name+", "+wrapping, func(t *testing.T) { scrubtest.Check(t, scrub.ErrorText(wrapped)) })
		}
	}
}

func TestErrorText(t *testing.T) {
	call := func(err error) error {
		failed := &smithy.OperationError{ServiceID: "DynamoDB", OperationName: "GetItem", Err: err}
		return fmt.Errorf("get profile: %w", failed)
	}
	cases := map[string]struct {
		err  error
		want string
	}{
		"answer": {
			err: fmt.Errorf("send email: %w", scrubtest.Error("x")),
			want: "send email: SomeService PutThing: ValidationException (status 400, request " +
				"6d3e0f0a-1b2c-4d5e-8f90-a1b2c3d4e5f6)",
		},
		"code alone": {err: &smithy.GenericAPIError{Code: "Throttled", Message: "x"}, want: "Throttled"},
		"refused": {
			err:  call(&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}),
			want: "get profile: DynamoDB GetItem: connection refused",
		},
		"late": {
			err:  call(fmt.Errorf("exceeded: %w", context.DeadlineExceeded)),
			want: "get profile: DynamoDB GetItem: context deadline exceeded",
		},
		"canceled": {
			err:  call(&smithy.CanceledError{Err: context.Canceled}),
			want: "get profile: DynamoDB GetItem: context canceled",
		},
		"no host": {
			err:  call(&net.DNSError{Name: "x", IsTimeout: true}),
			want: "get profile: DynamoDB GetItem: time-out",
		},
		"unreadable": {
			err:  call(&smithy.DeserializationError{Err: errors.New("x")}),
			want: "get profile: DynamoDB GetItem: no answer that could be read, [*errors.errorString]",
		},
		"our own": {err: fmt.Errorf("get profile: %w", errors.New("item attribute sub is not a string")),
			want: "get profile: item attribute sub is not a string"},
		"both": {
			err:  errors.Join(errors.New("first"), &smithy.GenericAPIError{Code: "Second", Message: "x"}),
			want: "first\nSecond",
		},
		"a code that is a text": {err: &smithy.GenericAPIError{Code: "not a code", Message: "x"}, want: "unnamed"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := scrub.ErrorText(c.err); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}
