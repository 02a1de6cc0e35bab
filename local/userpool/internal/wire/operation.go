// Package wire is the user pool's JSON API as bytes: it decodes requests and holds them against the API's constraints
// and the table of settings, and it writes answers and errors as AWS does. What operations do is the other rooms'.
package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"unicode/utf8"

	"cognito-triggers/local/userpool/internal/fault"
)

// Support says how far an operation or a setting goes.
type Support string

// The degrees of support.
const (
	Enforced Support = "enforced" // does what AWS documents
	Stored   Support = "stored"   // kept and returned as AWS would, but not acted on
	Refused  Support = "refused"  // answered with an error that names it
)

// Operation is one operation of the API and how far it goes here.
type Operation struct {
	Name    string
	Support Support
	Note    string

	run      func(ctx context.Context, r Request, body []byte) (any, error)
	input    reflect.Type // what run decodes the request into
	settings settingsIndex
}

// Request is what an operation learns of the HTTP request besides its input.
type Request struct {
	BaseURL string // where the client reaches the server, without a slash at the end
}

// Act is an operation that looks at nothing but its input.
type Act[In, Out any] func(ctx context.Context, in *In) (*Out, error)

// ActAt is an operation that writes links or tokens, which name the server.
type ActAt[In, Out any] func(ctx context.Context, r Request, in *In) (*Out, error)

// Enforce makes an operation that does what AWS documents.
func Enforce[In, Out any](name string, run Act[In, Out]) Operation { return EnforceAt(name, at(run)) }

// EnforceAt is Enforce for operations that need the request.
func EnforceAt[In, Out any](name string, run ActAt[In, Out]) Operation {
	return Operation{Name: name, Support: Enforced, run: serve(run), input: reflect.TypeFor[In]()}
}

// Store makes an operation whose effects are kept and returned, not acted on; the note says why.
func Store[In, Out any](name, note string, run Act[In, Out]) Operation {
	return Operation{Name: name, Support: Stored, Note: note, run: serve(at(run)), input: reflect.TypeFor[In]()}
}

// Refuse makes an operation that is answered with an error; the note says why.
func Refuse(name, note string) Operation { return Operation{Name: name, Support: Refused, Note: note} }

func at[In, Out any](run Act[In, Out]) ActAt[In, Out] {
	return func(ctx context.Context, _ Request, in *In) (*Out, error) { return run(ctx, in) }
}

// Served reports whether the operation does anything but refuse.
func (op *Operation) Served() bool { return op.run != nil }

// Input is the type that requests are decoded into; nil where the operation is refused.
func (op *Operation) Input() reflect.Type { return op.input }

// Run decodes a request, checks it and serves it. The warnings name what the request holds that is not acted on; they
// are for a request that succeeds.
func (op *Operation) Run(ctx context.Context, r Request, body []byte) (out any, warnings []string, err error) {
	body, warnings, err = op.check(body)
	if err != nil {
		return nil, nil, err
	}
	out, err = op.run(ctx, r, body)
	return out, warnings, err
}

// serve makes an operation of a function: its input is decoded and held against the tags of its fields.
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

// decode reads a request. An empty one is a request without members.
func decode(body []byte, into any) error {
	trimmed := bytes.TrimSpace(body)
	if len(trimmed) == 0 {
		return nil
	}
	if trimmed[0] != '{' || json.Unmarshal(body, into) != nil {
		return fault.New(fault.Malformed, "the request is no JSON object of this operation")
	}
	return nil
}

// check holds a request against the table of settings. What comes back is the request without the members that nobody
// knows: AWS drops those, too.
func (op *Operation) check(body []byte) (clean []byte, warnings []string, err error) {
	if !utf8.Valid(body) {
		return nil, nil, fault.New(fault.Malformed, "the request is not UTF-8")
	}
	if op.settings.takesAll(body) {
		return body, nil, nil
	}
	r := review{op: op}
	clean = r.object("", body)
	return clean, r.warnings, r.refused
}
