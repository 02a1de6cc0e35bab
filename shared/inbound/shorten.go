package inbound

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxValue is Cognito's limit for a value, in characters.
const maxValue = 2048

// shorten makes every value fit. It returns false if sub does not.
func (w *work) shorten(result *Result) bool {
	for _, name := range slices.Sorted(maps.Keys(w.attributes)) {
		value := w.attributes[name]
		if utf8.RuneCountInString(value) <= maxValue {
			continue
		}
		if name == subject {
			return false
		}
		result.Cut = append(result.Cut, name)
		if w.attributes[name] = cut(name, value); w.attributes[name] == "" {
			delete(w.attributes, name)
		}
	}
	return true
}

// cut shortens a value without making another address, or another group, of it; "" if that is not possible.
func cut(name, value string) string {
	switch name {
	case "email", "phone_number", "preferred_username":
		return ""
	}
	start := string([]rune(value)[:maxValue])
	if strings.HasPrefix(value, "[") {
		return cutList(value)
	}
	if !authoritative(name) {
		return start
	}
	if strings.HasPrefix(value[len(start):], ",") {
		return start
	}
	return start[:max(strings.LastIndex(start, ","), 0)]
}

// cutList leaves out entries at the end of a JSON list.
func cutList(value string) string {
	var entries []json.RawMessage
	if json.Unmarshal([]byte(value), &entries) != nil {
		return ""
	}
	length := len("[]") - 1 // there is one comma less than entries
	for n, entry := range entries {
		if length += utf8.RuneCount(entry) + 1; length > maxValue {
			entries = entries[:n]
			break
		}
	}
	if len(entries) == 0 {
		return ""
	}
	parts := make([]string, len(entries))
	for i, entry := range entries {
		parts[i] = string(entry)
	}
	return "[" + strings.Join(parts, ",") + "]"
}
