package manifest

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"regexp"
	"slices"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/route"
	"cognito-triggers/shared/strictjson"
)

// TestSchemaListsWhatTheReaderAccepts keeps the schema that editors use and the reader from drifting apart.
func TestSchemaListsWhatTheReaderAccepts(t *testing.T) {
	data, err := os.ReadFile("function.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties map[string]struct {
			Enum  []string
			Items struct {
				Enum       []string
				Properties map[string]struct{ Pattern string }
			}
		}
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	var hooks []string
	for _, hook := range cognito.Hooks() {
		hooks = append(hooks, string(hook))
	}
	if got := schema.Properties["hook"].Enum; !slices.Equal(got, hooks) {
		t.Errorf("schema's hooks = %v, want %v", got, hooks)
	}
	if got := schema.Properties["grants"].Items.Enum; !slices.Equal(got, Grants()) {
		t.Errorf("schema's grants = %v, want %v", got, Grants())
	}
	properties := schema.Properties["routes"].Items.Properties
	var refused *strictjson.Error
	if err := strictjson.Unmarshal([]byte(`{"unknown":0}`), new(route.Route)); !errors.As(err, &refused) {
		t.Fatal(err)
	}
	if got, want := slices.Sorted(maps.Keys(properties)), refused.Known; !slices.Equal(got, want) {
		t.Errorf("schema's members of a route = %v, want %v", got, want)
	}
	pattern := regexp.MustCompile(properties["route"].Pattern)
	for _, key := range []string{"GET /", "PUT /post/{id}", "POST /auth/sign-up", "PATCH /a.b/~c/{x_1}", "HEAD /",
		"GET me", "GET /me/", "GET //", "GET /{a+}", "GET /x-{id}", "GET /a b", "GET /{}", " GET /"} {
		if valid := len(route.Route{Route: key}.Check()) == 0; pattern.MatchString(key) != valid {
			t.Errorf("route %q: the schema takes it: %v, the reader: %v", key, !valid, valid)
		}
	}
}
