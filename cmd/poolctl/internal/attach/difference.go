package attach

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// differences lists every member that differs between two documents, with both values.
func differences(before, after document, except ...string) ([]string, error) {
	var all []string
	for _, name := range members(before, after) {
		if slices.Contains(except, name) {
			continue
		}
		old, err := value(before[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		now, err := value(after[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, compare(name, old, now)...)
	}
	return all, nil
}

func compare(path string, before, after any) []string {
	old, oldIsObject := before.(map[string]any)
	now, nowIsObject := after.(map[string]any)
	if oldIsObject && nowIsObject {
		var all []string
		for _, name := range members(old, now) {
			all = append(all, compare(path+"."+name, old[name], now[name])...)
		}
		return all
	}
	if reflect.DeepEqual(before, after) {
		return nil
	}
	return []string{path + ": " + show(before) + " -> " + show(after)}
}

func members[V any](a, b map[string]V) []string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]V{}
	}
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}

// value decodes a member without rounding numbers; a missing member is nil.
func value(raw json.RawMessage) (any, error) {
	if raw == nil {
		return nil, nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	return v, err
}

func show(v any) string {
	if v == nil {
		return "not set"
	}
	var text strings.Builder
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSpace(text.String())
}
