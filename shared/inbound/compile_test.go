package inbound

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/internal/rulefile"
)

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ rule, want string }{
		"nothing": {
			rule: `{"text":"No"}`,
			want: "rules[0]: must do one thing, and does 0: give one of rename, lowerCase",
		},
		"two things":         {rule: `{"drop":"a","keep":"groups"}`, want: "rules[0]: must do one thing, and does 2"},
		"unknown":            {rule: `{"upperCase":"a"}`, want: `rules[0]: unknown field "upperCase"`},
		"no target":          {rule: `{"rename":"a"}`, want: "rules[0].to: must be the name of an attribute"},
		"spaces":             {rule: `{"drop":" a"}`, want: "rules[0].drop: must be the name of an attribute"},
		"another's member":   {rule: `{"drop":"a","to":"b"}`, want: "rules[0].to: is not for drop"},
		"needless authority": {rule: `{"drop":"a","authority":true}`, want: "rules[0].authority: is not for drop"},
		"role renamed to": {
			rule: `{"rename":"a","to":"custom:role"}`,
			want: `rules[0].authority: must be true: "custom:role" sounds like authority`,
		},
		"groups renamed": {
			rule: `{"rename":"groups","to":"custom:team"}`,
			want: `rules[0].authority: must be true: "groups" sounds like authority`,
		},
		"role set": {
			rule: `{"constant":"custom:role","value":"admin"}`,
			want: `rules[0].authority: must be true: "custom:role"`,
		},
		"verified": {
			rule: `{"constant":"email_verified","value":"true"}`,
			want: `rules[0].authority: must be true: "email_verified"`,
		},
		"no value":        {rule: `{"constant":"a"}`, want: "rules[0].value: must be a text of 1 to 2048 characters"},
		"needless keep":   {rule: `{"keep":"email"}`, want: `rules[0].keep: "email" passes without a rule`},
		"subject dropped": {rule: `{"drop":"sub"}`, want: "rules[0].drop: sub identifies the user"},
		"subject made":    {rule: `{"rename":"id","to":"sub"}`, want: "rules[0].rename: sub identifies the user"},
		"no text":         {rule: `{"require":"email"}`, want: "rules[0].text: is missing"},
		"line break":      {rule: `{"require":"email","text":"a\nb"}`, want: "rules[0].text: has a line break"},
		"long text": {
			rule: `{"require":"email","text":"` + strings.Repeat("a", 201) + `"}`,
			want: "rules[0].text: has more than 200",
		},
		"no domains": {rule: `{"domains":"email","text":"No"}`, want: "rules[0].allowed: is missing"},
		"odd domain": {rule: `{"domains":"email","allowed":["a@b"],"text":"No"}`, want: "rules[0].allowed: "},
		"empty list": {
			rule: `{"when":{"providers":[]},"drop":"a"}`,
			want: "rules[0].when.providers: must not be empty",
		},
		"listed twice": {
			rule: `{"when":{"types":["SAML","SAML"]},"drop":"a"}`,
			want: "rules[0].when.types[1]: must be a word",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Compile([]byte(`{"rules":[` + c.rule + `]}`))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("problems\n\t%v\nwant\n\t%s", err, c.want)
			}
		})
	}
	for file, want := range map[string]string{
		`{`: "line 1", `{}`: "rules: is missing",
		strings.Repeat(" ", rulefile.MaxBytes+1): "the file has more than 65536 bytes",
	} {
		if _, err := Compile([]byte(file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("problems %v, want %s", err, want)
		}
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
	var when object
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(schema.Defs["rule"].Properties["when"], &when); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		have object
		want reflect.Type
	}{
		"file": {have: schema.object, want: reflect.TypeFor[rulefile.File[fileRule]]()},
		"rule": {have: schema.Defs["rule"], want: reflect.TypeFor[fileRule]()},
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
}

// Whatever rules and provider say, nothing that sounds like authority passes without a rule that names it, and every
// value fits.
func FuzzApply(f *testing.F) {
	f.Add(`{"rules":[{"rename":"mail","to":"email"}]}`, "mail", "a@b.example")
	f.Add(`{"rules":[{"lowerCase":"role"}]}`, "Role", "ADMIN")
	f.Add(`{"rules":[{"keep":"groups"}]}`, "groups", strings.Repeat("a,", 3000))
	f.Add(`{"rules":[]}`, "groups", "["+strings.Repeat(`"a",`, 1000)+`"b"]`)
	f.Fuzz(func(t *testing.T, rules, name, value string) {
		set, err := Compile([]byte(rules))
		if err != nil {
			return
		}
		named := strings.Contains(rules, "keep") || strings.Contains(rules, "authority")
		r := set.Apply(events.InboundFederationRequest{
			Attributes: events.ProviderAttributes{IDToken: events.Attributes{name: value}},
		})
		for name, value := range r.Attributes {
			if authoritative(name) && !named || len([]rune(value)) > maxValue {
				t.Errorf("%q passed with %d bytes", name, len(value))
			}
		}
	})
}
