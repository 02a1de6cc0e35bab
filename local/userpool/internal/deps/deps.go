// Package deps checks what a room is made of.
package deps

import (
	"fmt"
	"reflect"
	"strings"
)

// Check returns an error that names the fields of a room's dependencies that are not set, or nil. A room whose
// constructor calls it cannot be made without one and fail at its first request.
func Check(room string, of any) error {
	value := reflect.ValueOf(of)
	var missing []string
	for i := range value.NumField() {
		if value.Field(i).IsZero() {
			missing = append(missing, value.Type().Field(i).Name)
		}
	}
	if missing == nil {
		return nil
	}
	return fmt.Errorf("%s cannot be made without %s", room, strings.Join(missing, ", "))
}
