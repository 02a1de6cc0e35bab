package userpool

import (
	"reflect"
	"strings"
	"testing"

	"cognito-triggers/local/userpool/internal/model"
)

// Answers have only members that the API's answers have, at any depth.
func TestOutputsAreTheAPIs(t *testing.T) {
	seen := 0
	for _, op := range Registry() {
		if !op.Served() {
			continue
		}
		var compare func(path string, ours reflect.Type, api *model.Shape)
		compare = func(path string, ours reflect.Type, api *model.Shape) {
			for ours.Kind() == reflect.Pointer || ours.Kind() == reflect.Slice {
				ours = ours.Elem()
			}
			for api != nil && api.Type == "list" {
				api = api.Of
			}
			if ours.Kind() != reflect.Struct || encodesItself(ours) {
				return
			}
			for _, field := range reflect.VisibleFields(ours) {
				name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
				if !field.IsExported() || field.Anonymous || name == "-" {
					continue
				}
				if name == "" {
					name = field.Name
				}
				member := api.Member(name)
				if member == nil {
					t.Errorf("the answer of %s has %s.%s, which the API has not", op.Name, path, name)
					continue
				}
				seen++
				compare(path+"."+name, field.Type, member)
			}
		}
		compare("", op.Output(), modelOf(t, op.Name).Output)
	}
	if seen < 200 {
		t.Errorf("only %d members were compared", seen)
	}
}

// encodesItself reports whether a type has a JSON form of its own.
func encodesItself(of reflect.Type) bool {
	_, encodes := reflect.PointerTo(of).MethodByName("MarshalJSON")
	return encodes
}
