package openid

import (
	"encoding/json"

	"cognito-triggers/local/userpool/internal/federation/upstream"
	"cognito-triggers/shared/events"
)

// attributesOf returns the members of a JSON object as the texts that Cognito makes of them.
func attributesOf(raw []byte) (events.Attributes, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, err
	}
	all := events.Attributes{}
	for name, value := range members {
		if text := textOf(value); text != nil {
			all[name] = *text
		}
	}
	return all, nil
}

// textOf returns a claim as text; nil for null. Cognito writes a list as [a,b], with each value form-encoded.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html
func textOf(raw json.RawMessage) *string {
	var value any
	if json.Unmarshal(raw, &value) != nil || value == nil {
		return nil
	}
	text := string(raw) // numbers as they are written, booleans, objects
	switch v := value.(type) {
	case string:
		text = v
	case []any:
		var list []json.RawMessage
		_ = json.Unmarshal(raw, &list) // it is a list
		texts := []string{}
		for _, element := range list {
			if one := textOf(element); one != nil {
				texts = append(texts, *one)
			}
		}
		text = upstream.List(texts)
	}
	return &text
}
