package claims

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"cognito-triggers/shared/cognito"
)

// convert reads a text as a value of the type, or returns false if it is not one. Numbers keep their digits.
func convert(text, kind string) (json.RawMessage, bool) {
	trimmed := strings.TrimSpace(text)
	switch kind {
	case cognito.TypeNumber:
		return toNumber(trimmed)
	case cognito.TypeBoolean:
		return toBoolean(trimmed)
	case cognito.TypeList:
		return toList(trimmed)
	case cognito.TypeObject:
		return toObject(trimmed)
	}
	return quote(text), true
}

// toNumber accepts JSON numbers that fit a double; many readers of tokens fail on others.
func toNumber(text string) (json.RawMessage, bool) {
	value := []byte(text)
	if cognito.TypeOf(value) != cognito.TypeNumber || !json.Valid(value) {
		return nil, false
	}
	if _, err := strconv.ParseFloat(text, 64); err != nil {
		return nil, false
	}
	return value, true
}

func toBoolean(text string) (json.RawMessage, bool) {
	is, ok := cognito.ParseBoolean(text)
	if !ok {
		return nil, false
	}
	return json.RawMessage(strconv.FormatBool(is)), true
}

// toList takes the text of a JSON list, or words separated by commas.
func toList(text string) (json.RawMessage, bool) {
	if strings.HasPrefix(text, "[") {
		value, ok := toJSON(text)
		return value, ok && cognito.CheckList(value) == nil
	}
	var words []string
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			words = append(words, word)
		}
	}
	return quoteList(words), len(words) > 0
}

func toObject(text string) (json.RawMessage, bool) {
	value, ok := toJSON(text)
	return value, ok && cognito.TypeOf(value) == cognito.TypeObject
}

// toJSON compacts the text of a JSON value. It refuses a name that occurs twice in an object: readers disagree on which
// one counts.
func toJSON(text string) (json.RawMessage, bool) {
	if !json.Valid([]byte(text)) || checkNesting([]byte(text)) != nil {
		return nil, false
	}
	var out bytes.Buffer
	if err := json.Compact(&out, []byte(text)); err != nil {
		return nil, false
	}
	return out.Bytes(), true
}

func quoteList(texts []string) json.RawMessage {
	values := make([]json.RawMessage, len(texts))
	for i, text := range texts {
		values[i] = quote(text)
	}
	return joinList(values)
}

func joinList(values []json.RawMessage) json.RawMessage {
	list := json.RawMessage{'['}
	for i, value := range values {
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, value...)
	}
	return append(list, ']')
}
