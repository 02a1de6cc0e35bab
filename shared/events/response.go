package events

import (
	"encoding/json"
	"errors"
)

// Response returns the response member of an event or an answer as it stands there, nil where it has none.
func Response(raw []byte) (json.RawMessage, error) {
	doc, err := parse(raw)
	if err != nil {
		return nil, err
	}
	return doc.value("response"), nil
}

// ReplaceResponse returns the event's bytes with the response member replaced, or added at the end. It is how tests and
// tools tell whether an answer kept everything else.
func ReplaceResponse(event []byte, response json.RawMessage) ([]byte, error) {
	doc, err := parse(event)
	if err != nil {
		return nil, err
	}
	if len(response) == 0 {
		return nil, errors.New("events: no response to put into the event")
	}
	return doc.with("response", response), nil
}
