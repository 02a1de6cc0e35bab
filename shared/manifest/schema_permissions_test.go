package manifest

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// The forms and values of the schema are those of the reader.
func TestSchemaHasTheFormsOfStatementsAndTables(t *testing.T) {
	data, err := os.ReadFile("function.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	type node struct {
		Pattern    string
		Enum       []string
		Items      *node
		Properties map[string]*node
		Names      *node `json:"propertyNames"`
		Additional any   `json:"additionalProperties"`
	}
	var schema struct {
		Properties map[string]*node
		Defs       map[string]*node `json:"$defs"`
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	statement := schema.Properties["statements"].Items.Properties
	table := schema.Properties["tables"].Items.Properties
	for name, c := range map[string]struct{ got, want string }{
		"sid":       {got: statement["sid"].Pattern, want: sidPattern},
		"action":    {got: statement["actions"].Items.Pattern, want: actionPattern},
		"resource":  {got: statement["resources"].Items.Pattern, want: resourcePattern},
		"table":     {got: table["name"].Pattern, want: tablePattern},
		"index":     {got: table["indexes"].Items.Properties["name"].Pattern, want: indexPattern},
		"attribute": {got: table["ttl_attribute"].Pattern, want: attributePattern},
		"key":       {got: schema.Defs["key"].Properties["name"].Pattern, want: attributePattern},
	} {
		if c.got != c.want {
			t.Errorf("%s: the schema's form is %s, want %s", name, c.got, c.want)
		}
	}
	for name, c := range map[string]struct{ got, want []string }{
		"stream":  {got: table["stream"].Enum, want: StreamViews()},
		"access":  {got: table["access"].Enum, want: Accesses()},
		"actions": {got: table["actions"].Items.Enum, want: TableActions()},
		"types":   {got: schema.Defs["key"].Properties["type"].Enum, want: KeyTypes()},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: the schema has %v, want %v", name, c.got, c.want)
		}
	}
}
