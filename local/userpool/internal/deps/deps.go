// Package deps checks the dependencies of the other packages.
package deps

import (
	"fmt"
	"reflect"
	"strings"
)

// Check returns an error that names the unset fields of a struct of dependencies, or nil. Constructors call it so that
// a missing dependency fails at startup and not at the first request.
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
	return fmt.Errorf("%s cannot work without %s", room, strings.Join(missing, ", "))
}
