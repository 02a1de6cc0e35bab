package admission

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/shared/internal/rulefile"
	"cognito-triggers/shared/settings"
)

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	const rest = `"text":"No","onUnavailable":"allow"}]}`
	for name, c := range map[string]struct{ file, want string }{
		"no JSON":        {file: `{`, want: "line 1: unexpected end of JSON input"},
		"no rules":       {file: `{}`, want: "rules: is missing: give a list; it may be empty"},
		"unknown member": {file: `{"rules":[{"rule":"locked","txt":"No"}]}`, want: `rules[0]: unknown field "txt"`},
		"member twice":   {file: `{"rules":[],"rules":[]}`, want: "rules: appears twice"},
		"unknown kind": {
			file: `{"rules":[{"rule":"blocked",` + rest,
			want: `rules[0].rule: "blocked" is unknown: use one of suspended, locked, groups, clients, validationData, hours`,
		},
		"no text": {
			file: `{"rules":[{"rule":"suspended","onUnavailable":"allow"}]}`,
			want: "rules[0].text: is missing: say what the user reads",
		},
		"long text": {
			file: `{"rules":[{"rule":"suspended","text":"` + strings.Repeat("é", 201) + `","onUnavailable":"allow"}]}`,
			want: "rules[0].text: has more than 200 characters",
		},
		"line break": {
			file: `{"rules":[{"rule":"suspended","text":"a\nb","onUnavailable":"allow"}]}`,
			want: "rules[0].text: has a line break",
		},
		"odd name": {
			file: `{"rules":[{"rule":"suspended","name":"a\u0000",` + rest,
			want: "rules[0].name: is not usable in metrics",
		},
		"nothing said": {
			file: `{"rules":[{"rule":"suspended","text":"No"}]}`,
			want: "rules[0].onUnavailable: must be refuse or allow",
		},
		"by groups": {
			file: `{"rules":[{"rule":"clients","when":{"groups":["a"]},"anyOf":["b"],"text":"No"}]}`,
			want: "rules[0].onUnavailable: must be refuse or allow",
		},
		"needless": {
			file: `{"rules":[{"rule":"clients","anyOf":["b"],` + rest,
			want: "rules[0].onUnavailable: is only for rules that read",
		},
		"neither": {
			file: `{"rules":[{"rule":"groups",` + rest,
			want: "rules[0]: has neither anyOf nor noneOf: name the groups",
		},
		"empty list": {
			file: `{"rules":[{"rule":"groups","anyOf":[],` + rest,
			want: "rules[0].anyOf: must not be empty",
		},
		"twice": {
			file: `{"rules":[{"rule":"groups","anyOf":["a","a"],` + rest,
			want: `rules[0].anyOf[1]: "a" is listed twice`,
		},
		"spaces": {
			file: `{"rules":[{"rule":"groups","anyOf":[" a"],` + rest,
			want: "rules[0].anyOf[0]: must be a word",
		},
		"another kind's": {
			file: `{"rules":[{"rule":"groups","anyOf":["a"],"key":"b",` + rest,
			want: "rules[0].key: is not for rules of the kind groups",
		},
		"failures alone": {
			file: `{"rules":[{"rule":"locked","failures":3,` + rest,
			want: "rules[0].within: must be a duration such as 15m or 1h",
		},
		"within alone": {
			file: `{"rules":[{"rule":"locked","within":"1h",` + rest,
			want: "rules[0].failures: must be at least 1",
		},
		"no key": {file: `{"rules":[{"rule":"validationData","text":"No"}]}`, want: "rules[0].key: is missing"},
		"no zone": {
			file: `{"rules":[{"rule":"hours","from":"08:00","to":"09:00","text":"No"}]}`,
			want: "rules[0].timeZone: is not a time zone",
		},
		"the machine's": {
			file: `{"rules":[{"rule":"hours","timeZone":"Local","from":"08:00","to":"09:00","text":"No"}]}`,
			want: "rules[0].timeZone: is not a time zone",
		},
		"unknown zone": {
			file: `{"rules":[{"rule":"hours","timeZone":"Europe/Atlantis","from":"08:00","to":"09:00","text":"No"}]}`,
			want: "rules[0].timeZone: is not a time zone",
		},
		"unknown day": {
			file: `{"rules":[{"rule":"hours","timeZone":"UTC","days":["Monday"],"from":"08:00","to":"09:00","text":"No"}]}`,
			want: `rules[0].days[0]: "Monday" is unknown: use one of Sun, Mon`,
		},
		"odd time": {
			file: `{"rules":[{"rule":"hours","timeZone":"UTC","from":"8:00","to":"09:00","text":"No"}]}`,
			want: "rules[0].from: must be a time of day",
		},
		"same time": {
			file: `{"rules":[{"rule":"hours","timeZone":"UTC","from":"08:00","to":"08:00","text":"No"}]}`,
			want: "rules[0].to: is the same time",
		},
		"too large a file": {file: strings.Repeat(" ", rulefile.MaxBytes+1), want: "the file has more than 65536 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Compile([]byte(c.file)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("problems\n\t%v\nwant\n\t%s", err, c.want)
			}
		})
	}
}

func TestReadRecordsEveryProblem(t *testing.T) {
	t.Parallel()
	env := settings.FromMap(map[string]string{"RULES": `{"rules":[{"rule":"suspended"},{"rule":"clients","text":"No"}]}`})
	set, own := Read(env, "RULES", "rules.json", []byte(`{"rules":[]}`))
	want := "RULES is wrong: rules[0].text: is missing: say what the user reads\n" +
		"RULES is wrong: rules[0].onUnavailable: must be refuse or allow: say what happens while the user's data cannot be " +
		"read\nRULES is wrong: rules[1]: has neither anyOf nor noneOf: name the clients"
	if err := env.Err(); err == nil || err.Error() != want || !own || len(set.rules) != 0 {
		t.Errorf("own %v, problems\n%v\nwant\n%s", own, err, want)
	}
	env = settings.FromMap(nil)
	builtIn := []byte(`{"rules":[{"rule":"clients","noneOf":["a"],"text":"No"}]}`)
	if set, own := Read(env, "RULES", "rules.json", builtIn); own || len(set.rules) != 1 || env.Err() != nil {
		t.Errorf("own %v, %d rules, problems %v", own, len(set.rules), env.Err())
	}
}

// The schema is for people's editors; Compile decides. So that the two do not part, each has the other's members.
func TestSchemaKnowsEveryMember(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("rules.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	type object struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	var schema struct {
		object
		Defs map[string]object `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	rule := schema.Defs["rule"]
	var when object
	var kind struct{ Enum []string }
	for name, into := range map[string]any{"when": &when, "rule": &kind} {
		if err := json.Unmarshal(rule.Properties[name], into); err != nil {
			t.Fatal(err)
		}
	}
	for what, c := range map[string]struct {
		have object
		want reflect.Type
	}{
		"file": {have: schema.object, want: reflect.TypeFor[rulefile.File[fileRule]]()},
		"rule": {have: rule, want: reflect.TypeFor[fileRule]()},
		"when": {have: when, want: reflect.TypeFor[fileWhen]()},
	} {
		var want []string
		for i := range c.want.NumField() {
			want = append(want, c.want.Field(i).Tag.Get("json"))
		}
		slices.Sort(want)
		if have := slices.Sorted(maps.Keys(c.have.Properties)); !slices.Equal(have, want) {
			t.Errorf("%s: the schema has %v, the compiler %v", what, have, want)
		}
	}
	if got := strings.Join(kind.Enum, ", "); got != joined(kinds) {
		t.Errorf("the schema has the kinds %s, the compiler %s", got, joined(kinds))
	}
}

// Whatever a rule file holds, reading ends, and rules that were accepted can be applied.
func FuzzCompile(f *testing.F) {
	f.Add(`{"rules":[{"rule":"suspended","text":"No","onUnavailable":"allow"}]}`)
	f.Add(`{"rules":[{"rule":"hours","timeZone":"UTC","days":["Mon"],"from":"22:00","to":"24:00","text":"No"}]}`)
	f.Add(`{"rules":[{"rule":"groups","when":{"groups":["a"]},"noneOf":["b"],"text":"No","onUnavailable":"refuse"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		set, err := Compile([]byte(text))
		if err != nil {
			return
		}
		if d := set.Evaluate(Input{}); d.Refused && d.Text == "" && !d.Undecidable {
			t.Errorf("a refusal without a text: %+v", d)
		}
	})
}
