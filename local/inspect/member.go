package inspect

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Member returns a member of a JSON answer, which path names with dots, such as AuthenticationResult.IdToken: a string
// as it is, anything else as JSON.
func Member(answer []byte, path string) (string, error) {
	value := json.RawMessage(answer)
	for name := range strings.SplitSeq(path, ".") {
		var object map[string]json.RawMessage
		err := json.Unmarshal(value, &object) // no object has no members
		member, there := object[name]
		if err != nil || !there {
			return "", fmt.Errorf("the answer has no %s; in the place of %s are: %s", path, name,
				strings.Join(slices.Sorted(maps.Keys(object)), ", "))
		}
		value = member
	}
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text, nil
	}
	return string(value), nil
}
