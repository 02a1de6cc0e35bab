package manifest

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rich has a statement, a grant for a resource of one's own and a table.
const rich = `{"hook":"pre_sign_up","timeout_seconds":5,"memory_mb":128,
	"environment":{"BUCKET":"","SECRET_ARN":"","CODES_TABLE":""},
	"grants":[{"grant":"secrets:read","resource":"SECRET_ARN","when":"SECRET_ARN"},{"grant":"sns:publish"}],
	"statements":[
		{"sid":"Template","actions":["s3:GetObject"],"resources":["arn:{partition}:s3:::{prefix}-{account}-{region}/a"],
			"condition":{"StringEquals":{"aws:ResourceAccount":["{account}"]},"Bool":{"aws:SecureTransport":"true"}},
			"when":"BUCKET"},
		{"actions":["ses:Send*"],"resources":["*"],"reviewed":"templates are named at the call"},
		{"actions":["cognito-idp:ListUsers"],"resources":["{pool_arn}"]}],
	"tables":[{"name":"codes","setting":"CODES_TABLE","hash_key":{"name":"pk"},"range_key":{"name":"at","type":"number"},
		"ttl_attribute":"expires_at","stream":"NEW_IMAGE","access":"read_write",
		"indexes":[{"name":"by-email","hash_key":{"name":"email"},"range_key":{"name":"at","type":"number"},
			"attributes":["sub"]}]}]}`

// What no grant covers can be declared: the list of grants is not the end.
func TestStatementsAndTablesOfOnesOwn(t *testing.T) {
	function, err := Parse([]byte(rich))
	if err != nil {
		t.Fatal(err)
	}
	held, off := function.StatementsWith(nil)
	if len(held) != 2 || len(off) != 1 || off[0].Sid != "Template" {
		t.Errorf("without a bucket: %v hold, and %v do not", held, off)
	}
	if held, _ := function.StatementsWith(map[string]string{"BUCKET": "b"}); len(held) != 3 {
		t.Errorf("with a bucket: %v", held)
	}
	if got := function.ResourcesOf("secrets:read", map[string]string{"SECRET_ARN": "b, a,a"}); !slices.Equal(got,
		[]string{"a", "b"}) {
		t.Errorf("secrets %v", got)
	}
	if got := function.ResourcesOf("secrets:read", nil); len(got) > 0 {
		t.Errorf("secrets %v of a grant that is off", got)
	}
}

func TestAllowedActions(t *testing.T) {
	for name, c := range map[string]struct {
		table Table
		want  []string
	}{
		"read": {table: Table{Access: "read"}, want: []string{"BatchGetItem", "GetItem", "Query"}},
		"write": {
			table: Table{Access: "write"},
			want:  []string{"BatchWriteItem", "ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem"},
		},
		"both": {table: Table{Access: "read_write"}, want: []string{"BatchGetItem", "BatchWriteItem", "ConditionCheckItem",
			"DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"}},
		"in detail": {
			table: Table{Actions: []string{"dynamodb:Scan", "dynamodb:GetItem"}},
			want:  []string{"GetItem", "Scan"},
		},
	} {
		if got := strings.ReplaceAll(strings.Join(c.table.AllowedActions(), " "), "dynamodb:", ""); got !=
			strings.Join(c.want, " ") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// One table may be declared twice, if both mean the same: no function waits for a file of another to change.
func TestTablesAreShared(t *testing.T) {
	for name, c := range map[string]struct {
		old, new string // in the other manifest
		want     string
	}{
		"the same":        {},
		"another access":  {old: `"access":"read_write"`, new: `"actions":["dynamodb:Scan"]`},
		"another setting": {old: `CODES_TABLE`, new: `THEIR_TABLE`},
		"a type by name":  {old: `"hash_key":{"name":"pk"}`, new: `"hash_key":{"name":"pk","type":"string"}`},
		"another table":   {old: `"name":"codes"`, new: `"name":"tokens"`},
		"another key":     {old: `"pk"`, new: `"id"`, want: "tables[0]"},
		"no range": {old: `"range_key":{"name":"at","type":"number"},
		"ttl`, new: `"ttl`, want: "tables[0]"},
		"another TTL":      {old: `"ttl_attribute":"expires_at"`, new: `"ttl_attribute":"until"`, want: "tables[0]"},
		"another stream":   {old: "NEW_IMAGE", new: "OLD_IMAGE", want: "tables[0]"},
		"an index of keys": {old: `"attributes":["sub"]`, new: `"attributes":[]`, want: "tables[0]"},
		"an index of all": {old: `,
			"attributes":["sub"]`, new: ``, want: "tables[0]"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(rich, c.old) {
				t.Fatalf("no %q", c.old)
			}
			root := t.TempDir()
			other := strings.ReplaceAll(strings.Replace(rich, "pre_sign_up", "post_confirmation", 1), c.old, c.new)
			if c.old == "" {
				other = strings.Replace(rich, "pre_sign_up", "post_confirmation", 1)
			}
			for name, text := range map[string]string{"one": rich, "two": other} {
				dir := filepath.Join(root, "triggers", name)
				if err := os.MkdirAll(dir, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, FileName), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			functions, err := Find(root)
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				tables, err := Tables(functions)
				if names := slices.Sorted(maps.Keys(tables)); err != nil || name != "another table" && len(names) != 1 {
					t.Errorf("tables %v, error %v", names, err)
				}
				return
			}
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range []string{
				c.want, filepath.Join("one", FileName), filepath.Join("two", FileName), `"codes"`, "share it",
			} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, want %q in it", err, want)
				}
			}
		})
	}
}
