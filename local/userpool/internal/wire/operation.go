// Package wire handles the bytes of the user pool's JSON API: it decodes requests, checks them against the API's
// constraints and the table of settings, and encodes outputs and errors as AWS does. The other packages implement the
// operations.
package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"unicode/utf8"

	"cognito-triggers/local/userpool/internal/fault"
)

// Support says how much of an operation or a setting the local pool implements.
type Support string

// The levels of support.
const (
	Enforced Support = "enforced" // does what AWS documents
	Stored   Support = "stored"   // stored and returned as on AWS, but has no effect
	Refused  Support = "refused"  // rejected with an error that names it
)

// Operation is one operation of the API and its level of support.
type Operation struct {
	Name    string
	Support Support
	Note    string

	run      func(ctx context.Context, r Request, body []byte) (any, error)
	input    reflect.Type // what requests are decoded into
	output   reflect.Type // what answers are encoded from
	settings settingsIndex
}

// Request is what an operation needs from the HTTP request besides its input.
type Request struct {
	BaseURL string // the server's URL as the client reaches it, without a trailing slash
	IP      string // the client's address; empty for calls without a connection
	Agent   string // the User-Agent header
}

// Act implements an operation that needs only its input.
type Act[In, Out any] func(ctx context.Context, in *In) (*Out, error)

// ActAt implements an operation that creates links or tokens, which contain the server's URL.
type ActAt[In, Out any] func(ctx context.Context, r Request, in *In) (*Out, error)

// Enforce returns an operation that does what AWS documents.
func Enforce[In, Out any](name string, run Act[In, Out]) Operation { return EnforceAt(name, at(run)) }

// EnforceAt is Enforce for operations that need the Request.
func EnforceAt[In, Out any](name string, run ActAt[In, Out]) Operation {
	return Operation{Name: name, Support: Enforced, run: serve(run), input: reflect.TypeFor[In](),
		output: reflect.TypeFor[Out]()}
}

// Store returns an operation whose data is stored and returned but has no effect. The note says why.
func Store[In, Out any](name, note string, run Act[In, Out]) Operation {
	return Operation{Name: name, Support: Stored, Note: note, run: serve(at(run)), input: reflect.TypeFor[In](),
		output: reflect.TypeFor[Out]()}
}

// Refuse returns an operation that is rejected with an error. The note says why.
func Refuse(name, note string) Operation { return Operation{Name: name, Support: Refused, Note: note} }

func at[In, Out any](run Act[In, Out]) ActAt[In, Out] {
	return func(ctx context.Context, _ Request, in *In) (*Out, error) { return run(ctx, in) }
}

// Served reports whether the operation is implemented.
func (op *Operation) Served() bool { return op.run != nil }

// Input returns the type that requests are decoded into, or nil for a refused operation.
func (op *Operation) Input() reflect.Type { return op.input }

// Output returns the type that answers are encoded from, or nil for a refused operation.
func (op *Operation) Output() reflect.Type { return op.output }

// Run decodes a request, checks it and serves it. The warnings name members of the request that have no effect; they
// are only for requests that succeed.
func (op *Operation) Run(ctx context.Context, r Request, body []byte) (out any, warnings []string, err error) {
	body, warnings, err = op.check(body)
	if err != nil {
		return nil, nil, err
	}
	out, err = op.run(ctx, r, body)
	return out, warnings, err
}

// serve adapts a function: it decodes the input and checks it against the tags of its fields.
func serve[In, Out any](run ActAt[In, Out]) func(context.Context, Request, []byte) (any, error) {
	limits := constraintsOf(reflect.TypeFor[In]())
	return func(ctx context.Context, r Request, body []byte) (any, error) {
		in := new(In)
		if err := decode(body, in); err != nil {
			return nil, err
		}
		if err := limits.check(reflect.ValueOf(in).Elem()); err != nil {
			return nil, err
		}
		out, err := run(ctx, r, in)
		if err != nil {
			return nil, err
		}
		return out, nil
	}
}

// decode decodes a request. An empty body is a request without members.
func decode(body []byte, into any) error {
	trimmed := bytes.TrimSpace(body)
	if len(trimmed) == 0 {
		return nil
	}
	if trimmed[0] != '{' || json.Unmarshal(body, into) != nil {
		return fault.New(fault.Malformed, "the request is not a JSON object, or a member has the wrong type")
	}
	return nil
}

// check checks a request against the table of settings. It returns the request without unknown members, which AWS
// drops, too.
func (op *Operation) check(body []byte) (clean []byte, warnings []string, err error) {
	if !utf8.Valid(body) {
		return nil, nil, fault.New(fault.Malformed, "the request is not valid UTF-8")
	}
	if op.settings.takesAll(body) {
		return body, nil, nil
	}
	r := review{op: op}
	clean = r.object("", body)
	return clean, r.warnings, r.refused
}
