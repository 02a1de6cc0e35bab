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
				Properties map[string]struct {
					Enum    []string
					Pattern string
				}
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
	if got := schema.Properties["grants"].Items.Properties["grant"].Enum; !slices.Equal(got, Grants()) {
		t.Errorf("schema's grants = %v, want %v", got, Grants())
	}
	for name, into := range map[string]any{
		"routes": new(route.Route), "grants": new(Grant), "statements": new(Statement), "tables": new(Table),
	} {
		var refused *strictjson.Error
		if err := strictjson.Unmarshal([]byte(`{"unknown":0}`), into); !errors.As(err, &refused) {
			t.Fatal(err)
		}
		got := slices.Sorted(maps.Keys(schema.Properties[name].Items.Properties))
		if want := refused.Known; !slices.Equal(got, want) {
			t.Errorf("schema's members of %s = %v, want %v", name, got, want)
		}
	}
	properties := schema.Properties["routes"].Items.Properties
	pattern := regexp.MustCompile(properties["route"].Pattern)
	for _, key := range []string{"GET /", "PUT /post/{id}", "POST /auth/sign-up", "PATCH /a.b/~c/{x_1}", "HEAD /",
		"GET me", "GET /me/", "GET //", "GET /{a+}", "GET /x-{id}", "GET /a b", "GET /{}", " GET /"} {
		if valid := len(route.Route{Route: key}.Check()) == 0; pattern.MatchString(key) != valid {
			t.Errorf("route %q: the schema takes it: %v, the reader: %v", key, !valid, valid)
		}
	}
}
