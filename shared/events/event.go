package events

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Envelope holds the members that every trigger event has besides its request and response.
type Envelope struct {
	// Version is "1", or for pre token generation "1", "2" or "3". A JSON number decodes as its digits.
	Version       string `json:"version"`
	TriggerSource string `json:"triggerSource"` // what Cognito was doing, for example "PreSignUp_SignUp"
	Region        string `json:"region"`        // AWS Region of the user pool
	UserPoolID    string `json:"userPoolId"`    // for example "eu-west-1_Qk7Lm2XyZ"
	// UserName is the user's name, or what was typed if the user does not exist. It may be empty for machine clients.
	UserName      string        `json:"userName"`
	CallerContext CallerContext `json:"callerContext"`
}

// CallerContext identifies the SDK and the app client that called Cognito.
type CallerContext struct {
	AWSSDKVersion string `json:"awsSdkVersion"`
	ClientID      string `json:"clientId"` // "" or "CLIENT_ID_NOT_APPLICABLE" if there is no app client
}

// Event is one invocation of a trigger. Decode fills Request and leaves Response empty; Encode writes the fields of
// Response that the handler has set.
type Event[Req, Resp any] struct {
	Envelope
	Request  Req
	Response Resp

	doc document
}

// Decode decodes an event from JSON. The event keeps raw, which must not be changed afterwards. Decode returns an error
// if raw is not a JSON object, or if a member has a type that cannot be converted; the error names the member and never
// includes a value.
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

// unmarshal decodes a value that is known to be valid JSON. Calling UnmarshalJSON directly saves a second validation.
func unmarshal(value []byte, into any) error {
	if own, ok := into.(json.Unmarshaler); ok {
		return own.UnmarshalJSON(value)
	}
	return json.Unmarshal(value, into)
}

// DecodeEnvelope decodes only the envelope of an event. Its errors are those of Decode.
func DecodeEnvelope(raw []byte) (Envelope, error) {
	doc, err := parse(raw)
	if err != nil {
		return Envelope{}, err
	}
	return doc.envelope()
}

// Raw returns the bytes that the event was decoded from. They must not be changed.
func (e *Event[Req, Resp]) Raw() []byte { return e.doc.raw }

// Encode returns the answer to the event: the bytes that it was decoded from, with the fields that are set in
// e.Response replacing those members of the response. If no field is set, the answer is the event byte for byte.
func (e *Event[Req, Resp]) Encode() ([]byte, error) {
	set, err := json.Marshal(e.Response)
	if err != nil {
		return nil, fmt.Errorf("encode response: %w", err)
	}
	return e.doc.overlay(set)
}

// memberError keeps the path of a decoding error and drops its text, which may include a value of the event.
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
