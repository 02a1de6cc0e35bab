package events

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Envelope is what every trigger event carries around its request and response.
type Envelope struct {
	// Version is "1"; that of pre token generation also "2" and "3". A JSON number is read as its digits.
	Version       string `json:"version"`
	TriggerSource string `json:"triggerSource"` // what Cognito was doing, for example "PreSignUp_SignUp"
	Region        string `json:"region"`        // AWS Region of the user pool
	UserPoolID    string `json:"userPoolId"`    // for example "eu-west-1_Qk7Lm2XyZ"
	// UserName is the user's name, or what was typed where no user exists; it may be empty for machine clients.
	UserName      string        `json:"userName"`
	CallerContext CallerContext `json:"callerContext"` // who called Cognito
}

// CallerContext says which SDK and app client made the call.
type CallerContext struct {
	AWSSDKVersion string `json:"awsSdkVersion"`
	ClientID      string `json:"clientId"` // "" for null, "CLIENT_ID_NOT_APPLICABLE" where no app client is involved
}

// Event is one invocation of a trigger. Request is decoded from the event; Response starts empty, and what a handler
// sets in it is laid over the response that came in.
type Event[Req, Resp any] struct {
	Envelope
	Request  Req
	Response Resp

	doc document
}

// Decode reads an event. Members that it does not know, of whatever type, are kept in the bytes and do not disturb it.
// The error names the member that has an impossible type; it never holds a value.
func Decode[Req, Resp any](raw []byte) (*Event[Req, Resp], error) {
	doc, err := parse(raw)
	if err != nil {
		return nil, err
	}
	e := &Event[Req, Resp]{doc: doc}
	if e.Envelope, err = doc.envelope(); err != nil {
		return nil, err
	}
	if request := doc.value("request"); len(request) > 0 {
		if err := unmarshal(request, &e.Request); err != nil {
			return nil, memberError("request", err)
		}
	}
	return e, nil
}

// unmarshal decodes a value that is known to be valid JSON; a type that decodes itself is spared a second look at it.
func unmarshal(value []byte, into any) error {
	if own, ok := into.(json.Unmarshaler); ok {
		return own.UnmarshalJSON(value)
	}
	return json.Unmarshal(value, into)
}

// DecodeEnvelope reads only what every event has.
func DecodeEnvelope(raw []byte) (Envelope, error) {
	doc, err := parse(raw)
	if err != nil {
		return Envelope{}, err
	}
	return doc.envelope()
}

// Raw returns the bytes that the event was decoded from. Callers must not change them.
func (e *Event[Req, Resp]) Raw() []byte { return e.doc.raw }

// Encode gives the answer: the event's own bytes with `response` replaced by the response that came in, overlaid with
// what the handler set. Nothing set gives the event back byte for byte.
func (e *Event[Req, Resp]) Encode() ([]byte, error) {
	set, err := json.Marshal(e.Response)
	if err != nil {
		return nil, fmt.Errorf("encode response: %w", err)
	}
	return e.doc.overlay(set)
}

// memberError keeps the place of a decoding error and drops its text, which may hold a value of the event.
func memberError(member string, err error) error {
	var typeError *json.UnmarshalTypeError
	if errors.As(err, &typeError) {
		if typeError.Field != "" {
			member += "." + typeError.Field
		}
		return fmt.Errorf("event: %s has the JSON type %s", member, typeError.Value)
	}
	return fmt.Errorf("event: %s is malformed", member)
}
