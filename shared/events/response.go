package events

import (
	"encoding/json"
	"errors"
)

// Response returns the raw response member of an event or an answer, or nil if it has none. It returns an error if raw
// is not a JSON object.
func Response(raw []byte) (json.RawMessage, error) {
	doc, err := parse(raw)
	if err != nil {
		return nil, err
	}
	return doc.value("response"), nil
}

// ReplaceResponse returns the event's bytes with the response member replaced, or appended if there is none. Tests use
// it to check that an answer changed nothing else.
func ReplaceResponse(event []byte, response json.RawMessage) ([]byte, error) {
	doc, err := parse(event)
	if err != nil {
		return nil, err
	}
	if len(response) == 0 {
		return nil, errors.New("events: the new response is empty")
	}
	return doc.with("response", response), nil
}
