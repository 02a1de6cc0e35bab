package manifest

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
)

// Table is a DynamoDB table that a function declares. The local stack creates it before the function starts, Terraform
// when it is applied; both hand its name over in Setting. Functions that declare the same table share it.
type Table struct {
	Name         string  `json:"name"`     // without the deployment's prefix
	Setting      string  `json:"setting"`  // a setting in the manifest's environment
	HashKey      Key     `json:"hash_key"` // the partition key
	RangeKey     *Key    `json:"range_key,omitempty"`
	TTLAttribute string  `json:"ttl_attribute,omitempty"` // holds when an item expires, in seconds since 1970
	Stream       string  `json:"stream,omitempty"`        // what its stream shows, one of StreamViews; "" for no stream
	Indexes      []Index `json:"indexes,omitempty"`       // global secondary indexes

	// Either Access or Actions says what the function's role may do.
	Access  string   `json:"access,omitempty"`  // read, write or read_write
	Actions []string `json:"actions,omitempty"` // of TableActions
}

// Key is a key attribute of a table or an index.
type Key struct {
	Name string `json:"name"`
	Type string `json:"type,omitempty"` // string, which is the default, number or binary
}

// Index is a global secondary index.
type Index struct {
	Name       string   `json:"name"`
	HashKey    Key      `json:"hash_key"`
	RangeKey   *Key     `json:"range_key,omitempty"`
	Attributes []string `json:"attributes,omitempty"` // besides keys; absent for all, [] for the keys alone
}

// StreamViews are what a table's stream can show.
// See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StreamSpecification.html
func StreamViews() []string {
	return []string{"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"}
}

// KeyTypes are the types of key attributes.
func KeyTypes() []string { return []string{"string", "number", "binary"} }

// Accesses are the values of a table's access.
func Accesses() []string { return []string{"read", "write", "read_write"} }

var (
	reads  = []string{"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"}
	writes = []string{"dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem",
		"dynamodb:UpdateItem"}
	others = []string{"dynamodb:DescribeTable", "dynamodb:PartiQLDelete", "dynamodb:PartiQLInsert",
		"dynamodb:PartiQLSelect", "dynamodb:PartiQLUpdate", "dynamodb:Scan"}
)

// TableActions are the actions that a table's actions may list.
func TableActions() []string {
	return slices.Sorted(slices.Values(slices.Concat(reads, writes, others)))
}

// AllowedActions returns the IAM actions that the function's role has on the table, sorted.
func (t Table) AllowedActions() []string {
	var all []string
	if t.Access == "read" || t.Access == "read_write" {
		all = append(all, reads...)
	}
	if t.Access == "write" || t.Access == "read_write" {
		all = append(all, writes...)
	}
	return slices.Sorted(slices.Values(append(all, t.Actions...)))
}

const (
	tablePattern     = `^[a-z0-9][a-z0-9_-]{0,62}$`
	indexPattern     = `^[A-Za-z0-9_.-]{3,255}$`
	attributePattern = `^[^ ]{1,255}$`
)

var (
	tableForm     = regexp.MustCompile(tablePattern)
	indexForm     = regexp.MustCompile(indexPattern)
	attributeForm = regexp.MustCompile(attributePattern)
)

// reserved are the names of the tables of this toolkit's own stores.
var reserved = []string{"posts", "profiles"}

// check returns what is wrong with a table of a function with these settings.
func (t Table) check(settings map[string]string) []error {
	var problems []error
	fail := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	switch {
	case !tableForm.MatchString(t.Name):
		fail("name: %q: use at most 63 lower-case letters, digits, - and _", t.Name)
	case slices.Contains(reserved, t.Name):
		fail("name: %q is the table of this toolkit's own store; choose another name", t.Name)
	}
	if _, known := settings[t.Setting]; !known {
		fail("setting: %q is not in environment; name the setting that gets the table's name", t.Setting)
	}
	types := map[string]string{}
	problems = append(problems, checkKeys(t.HashKey, t.RangeKey, types)...)
	if t.TTLAttribute != "" && !attributeForm.MatchString(t.TTLAttribute) {
		fail("ttl_attribute: %q is not the name of an attribute", t.TTLAttribute)
	}
	if t.Stream != "" && !slices.Contains(StreamViews(), t.Stream) {
		fail("stream: %q: use one of %s", t.Stream, join(StreamViews()))
	}
	for i, index := range t.Indexes {
		if !indexForm.MatchString(index.Name) {
			fail("indexes[%d].name: %q: use 3 to 255 letters, digits, _, - and .", i, index.Name)
		}
		if same := func(other Index) bool { return other.Name == index.Name }; slices.ContainsFunc(t.Indexes[:i], same) {
			fail("indexes[%d].name: %q appears twice", i, index.Name)
		}
		for _, problem := range checkKeys(index.HashKey, index.RangeKey, types) {
			fail("indexes[%d].%w", i, problem)
		}
		for j, attribute := range index.Attributes {
			if !attributeForm.MatchString(attribute) {
				fail("indexes[%d].attributes[%d]: %q is not the name of an attribute", i, j, attribute)
			}
		}
	}
	return append(problems, t.checkAccess()...)
}

func (t Table) checkAccess() []error {
	var problems []error
	fail := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if (t.Access == "") == (len(t.Actions) == 0) {
		fail("access: write access (%s) or actions, and not both", join(Accesses()))
	} else if t.Access != "" && !slices.Contains(Accesses(), t.Access) {
		fail("access: %q: use one of %s", t.Access, join(Accesses()))
	}
	for i, action := range t.Actions {
		if !slices.Contains(TableActions(), action) {
			fail("actions[%d]: %q: use one of %s", i, action, join(TableActions()))
		}
	}
	return problems
}

// checkKeys checks the keys of a table or an index. DynamoDB knows one type per attribute; types holds those so far.
func checkKeys(hash Key, ranged *Key, types map[string]string) []error {
	var problems []error
	fail := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	check := func(member string, key Key) {
		if !attributeForm.MatchString(key.Name) {
			fail(`%s.name: %q is not the name of an attribute; write { "name": "pk" }`, member, key.Name)
		}
		if !slices.Contains(KeyTypes(), key.kind()) {
			fail("%s.type: %q: use one of %s", member, key.Type, join(KeyTypes()))
		}
		if other, taken := types[key.Name]; taken && other != key.kind() {
			fail("%s.type: %s is a %s here and a %s elsewhere in the table", member, key.Name, key.kind(), other)
		}
		types[key.Name] = key.kind()
	}
	check("hash_key", hash)
	if ranged != nil {
		check("range_key", *ranged)
		if ranged.Name == hash.Name {
			fail("range_key.name: %q is the hash key, too", ranged.Name)
		}
	}
	return problems
}

func (k Key) kind() string {
	if k.Type == "" {
		return "string"
	}
	return k.Type
}

// definition returns what two functions that share the table must agree on, in one spelling.
func (t Table) definition() string {
	t.Setting, t.Access, t.Actions = "", "", nil
	plain := func(k *Key) {
		if k != nil {
			k.Type = k.kind()
		}
	}
	t.Indexes = slices.Clone(t.Indexes)
	if t.RangeKey != nil {
		t.RangeKey = new(*t.RangeKey)
	}
	plain(&t.HashKey)
	plain(t.RangeKey)
	shape := map[string]any{}
	for i := range t.Indexes {
		index := &t.Indexes[i]
		if index.RangeKey != nil {
			index.RangeKey = new(*index.RangeKey)
		}
		plain(&index.HashKey)
		plain(index.RangeKey)
		// omitempty would hide that [] is not "all".
		shape[index.Name] = []any{index.HashKey, index.RangeKey, index.Attributes == nil, index.Attributes}
	}
	t.Indexes = nil
	text, err := json.Marshal(map[string]any{"table": t, "indexes": shape})
	if err != nil {
		return err.Error() // cannot be: it consists of strings
	}
	return string(text)
}

// Tables returns the tables that functions declare, by name. It returns an error that names both manifests if two
// declare one name differently.
func Tables(functions []Function) (map[string]Table, error) {
	all, declared := map[string]Table{}, map[string]string{}
	for _, function := range functions {
		path := filepath.Join(function.Dir, FileName)
		for i, table := range function.Tables {
			first, taken := all[table.Name]
			if taken && first.definition() != table.definition() {
				return nil, fmt.Errorf("%s: tables[%d]: %s declares the table %q with other keys, indexes, TTL or stream; "+
					"declare it in the same way to share it, or rename it", path, i, declared[table.Name], table.Name)
			}
			if !taken {
				all[table.Name], declared[table.Name] = table, path
			}
		}
	}
	return maps.Clone(all), nil
}
