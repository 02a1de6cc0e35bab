package manifest

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"cognito-triggers/shared/events"
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
			Items struct{ Enum []string }
		}
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	var hooks []string
	for _, hook := range events.Hooks() {
		hooks = append(hooks, string(hook))
	}
	if got := schema.Properties["hook"].Enum; !slices.Equal(got, hooks) {
		t.Errorf("schema's hooks = %v, want %v", got, hooks)
	}
	if got := schema.Properties["grants"].Items.Enum; !slices.Equal(got, Grants()) {
		t.Errorf("schema's grants = %v, want %v", got, Grants())
	}
}
