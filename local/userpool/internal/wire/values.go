package wire

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"cognito-triggers/local/userpool/internal/fault"
)

// Seconds is a time that the API writes as seconds since 1970.
type Seconds time.Time

// MarshalJSON writes seconds with a fraction.
func (t Seconds) MarshalJSON() ([]byte, error) {
	return json.Marshal(float64(time.Time(t).UnixMilli()) / 1000)
}

// Attribute is an attribute of a user in AWS's lists.
type Attribute struct{ Name, Value string }

// AttributeMap converts a list to a map. If a name occurs twice, the last one wins.
func AttributeMap(list []Attribute) map[string]string {
	all := make(map[string]string, len(list))
	for _, a := range list {
		all[a.Name] = a.Value
	}
	return all
}

// AttributeList converts a map to a list sorted by name.
func AttributeList(all map[string]string) []Attribute {
	list := make([]Attribute, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, Attribute{name, all[name]})
	}
	return list
}

const maxPage = 60

// Paginate returns one page of a sorted list. The token is the key of the last entry of the page before; next is empty
// on the last page.
func Paginate[T any](list []T, limit *int, token string, key func(T) string) (page []T, next string, err error) {
	size := maxPage
	if limit != nil {
		if *limit < 0 || *limit > maxPage {
			return nil, "", fault.Constrain("limit", "Member must have value between 0 and 60")
		}
		if *limit > 0 {
			size = *limit
		}
	}
	return Page(list, size, token, key)
}

// Page is Paginate for operations whose pages have a fixed size.
func Page[T any](list []T, size int, token string, key func(T) string) (page []T, next string, err error) {
	if token != "" {
		last, err := base64.RawURLEncoding.DecodeString(token)
		i := slices.IndexFunc(list, func(entry T) bool { return key(entry) == string(last) })
		if err != nil || i < 0 {
			return nil, "", fault.New(fault.Invalid, "Invalid pagination token.")
		}
		list = list[i+1:]
	}
	if len(list) <= size {
		return list, "", nil
	}
	return list[:size], base64.RawURLEncoding.EncodeToString([]byte(key(list[size-1]))), nil
}
