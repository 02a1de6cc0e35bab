package claims

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
)

// file wraps rules as a rule file whose custom:tenant only administrators write.
func file(rules ...string) []byte {
	return []byte(`{"adminOnlyAttributes":["custom:tenant"],"mappedAttributes":["custom:idp_groups","custom:idp_roles"],"rules":[` +
		strings.Join(rules, ",") + `]}`)
}

func TestCompileRefuses(t *testing.T) {
	for _, c := range []struct {
		what    string
		version cognito.TokenVersion
		file    string
		want    string // the whole error
	}{
		{"no JSON", 0, `{"rules":`, `the file is not JSON: unexpected end of JSON input`},
		{"no object", 0, `[]`, `must be an object`},
		{"no rules", 0, `{}`, `rules: is missing: give a list, which may be empty`},
		{"unknown member of the file", 0, `{"rules":[],"rule":1}`, `rule: unknown member; known here are $schema, comment, adminOnlyAttributes, mappedAttributes, rules`},
		{"member twice", 0, `{"rules":[],"rules":[]}`, `the member "rules" is there twice`},
		{"attribute without its prefix", 0, `{"rules":[],"adminOnlyAttributes":["tenant"]}`, `adminOnlyAttributes[0]: "tenant" is no standard attribute: a custom one is written with its prefix, as custom:tenant`},
		{"attribute in both lists", 0, `{"rules":[],"adminOnlyAttributes":["custom:a"],"mappedAttributes":["custom:a"]}`, `adminOnlyAttributes: "custom:a" is mapped from an identity provider too: Cognito lets an app client write mapped attributes`},
		{"not UTF-8", 0, "{\"rules\":[\"\xff\"]}", `the file is not UTF-8`},
		{"rule that is no object", 0, `{"rules":[7]}`, `rules[0]: must be an object`},
	} {
		t.Run(c.what, func(t *testing.T) { wantProblems(t, c.file, c.version, c.want) })
	}
}

func TestCompileRefusesRule(t *testing.T) {
	constant := `{"claim":"x","token":"both","value":1}`
	for _, c := range []struct {
		what    string
		version cognito.TokenVersion
		rule    string
		want    string // the whole error; the rule is rules[1]
	}{
		{"no action", 0, `{"comment":"x"}`, `rules[1]: does nothing: give one of claim, suppress, scopes, groups, iamRoles or preferredRole`},
		{"two actions", 0, `{"claim":"a","token":"id","value":1,"groups":{"set":[]}}`, `rules[1].groups: a rule does one thing: this one has claim already`},
		{"misspelt member", 0, `{"claim":"a","token":"id","vlaue":1,"value":1}`, `rules[1].vlaue: unknown member; known here are comment, when, claim, suppress, scopes, groups, iamRoles, preferredRole, token, from, value, map, pick, type, encode, default, trust, authority, onUnavailable`},
		{"member twice", 0, `{"claim":"a","claim":"a","token":"id","value":1}`, `rules[1]: the member "claim" is there twice`},
		{"member twice in a constant", 0, `{"claim":"a","token":"id","value":{"b":1,"b":2}}`, `rules[1].value: the member "b" is there twice`},
		{"token missing", 0, `{"claim":"a","value":1}`, `rules[1].token: is missing: say id, access or both`},
		{"token unknown", 0, `{"claim":"a","value":1,"token":"refresh"}`, `rules[1].token: "refresh" is unknown: use one of id, access, both`},
		{"reserved in the ID token", 0, `{"claim":"sub","value":"x","token":"id"}`, `rules[1].claim: "sub" is reserved in both tokens`},
		{"reserved in the access token", 0, `{"claim":"client_id","value":"x","token":"both"}`, `rules[1].claim: "client_id" is reserved in the access token`},
		{"groups as claim", 0, `{"claim":"cognito:groups","value":["x"],"token":"id"}`, `rules[1].claim: "cognito:groups" is set through groups`},
		{"developer attribute", 0, `{"claim":"dev:x","value":"x","token":"id"}`, `rules[1].claim: "dev:x" is reserved in the ID token, as every name with dev: is; it can only be suppressed`},
		{"no source", 0, `{"claim":"a","token":"id"}`, `rules[1]: has no source: give from or value`},
		{"two sources", 0, `{"claim":"a","token":"id","from":"groups","value":1}`, `rules[1].value: a claim has one source: this one has from already`},
		{"unknown source", 0, `{"claim":"a","token":"id","from":"user.email"}`, `rules[1].from: "user.email" is no source: use profile.<field>, profile.attributes.<name>, attribute.<name>, groups, clientId or clientMetadata.<key>`},
		{"unknown profile field", 0, `{"claim":"a","token":"id","from":"profile.email"}`, `rules[1].from: "email" is no field of a profile: use sub, userPoolId, username, createdBy, createdAt, updatedAt, schemaVersion or attributes.<name>`},
		{"attribute without its prefix", 0, `{"claim":"a","token":"id","from":"attribute.tenant"}`, `rules[1].from: "tenant" is no standard attribute: a custom one is written with its prefix, as custom:tenant`},
		{"null constant", 0, `{"claim":"a","token":"id","value":null}`, `rules[1].value: null is no claim value: leave the claim out or suppress it`},
		{"list in a list", 0, `{"claim":"a","token":"id","value":[[1]]}`, `rules[1].value: a list holds strings, numbers and booleans only`},
		{"object as address", 0, `{"claim":"address","token":"id","value":{"country":"KR"}}`, `rules[1].value: the ID token's address cannot hold an object`},
		{"number in V1_0", cognito.V1, `{"claim":"a","token":"id","value":1}`, `rules[1].value: a version 1 event carries strings only, not a number`},
		{"type in V1_0", cognito.V1, `{"claim":"a","token":"id","from":"profile.sub","type":"list"}`, `rules[1].type: a version 1 event carries strings only, not a list`},
		{"default in V1_0", cognito.V1, `{"claim":"a","token":"id","from":"profile.sub","default":false}`, `rules[1].default: a version 1 event carries strings only, not a boolean`},
		{"list of groups in V1_0", cognito.V1, `{"claim":"a","token":"id","from":"groups"}`, `rules[1].from: a version 1 event carries strings only, not a list`},
		{"mapped number in V1_0", cognito.V1, `{"claim":"a","token":"id","from":"groups","pick":"first","map":[{"group":"g","value":1}]}`, `rules[1].map[0].value: a version 1 event carries strings only, not a number`},
		{"access token in V1_0", cognito.V1, `{"claim":"a","token":"access","value":"x"}`, `rules[1].token: a V1_0 event cannot change the access token: use id, or give the pool V2_0`},
		{"scopes in V1_0", cognito.V1, `{"scopes":{"add":["a/b"]}}`, `rules[1].scopes: a V1_0 event cannot change scopes`},
		{"scope condition in V1_0", cognito.V1, `{"when":{"scopes":["a/b"]},"claim":"a","token":"id","value":"x"}`, `rules[1].when.scopes: never holds: a V1_0 event does not say the scopes`},
		{"machine condition in V2_0", 0, `{"when":{"grant":"client_credentials"},"claim":"a","token":"access","value":"x"}`, `rules[1].when.grant: never holds: machine clients fire this trigger with event version V3_0 only`},
		{"machine with a user's source", cognito.V3, `{"when":{"grant":"client_credentials"},"claim":"a","token":"access","from":"profile.sub"}`, `rules[1]: needs a user, and when.grant is client_credentials: a machine client has no attributes, groups and profile`},
		{"empty condition list", 0, `{"when":{"clients":[]},"claim":"a","token":"id","value":1}`, `rules[1].when.clients: must not be empty: leave the member out`},
		{"client twice", 0, `{"when":{"clients":["c","c"]},"claim":"a","token":"id","value":1}`, `rules[1].when.clients[1]: "c" is there twice`},
		{"impossible client", 0, `{"when":{"clients":["my app"]},"claim":"a","token":"id","value":1}`, `rules[1].when.clients[0]: "my app" is no app client's id: those have letters, digits, _ and + only`},
		{"map without groups", 0, `{"claim":"a","token":"id","value":1,"map":[]}`, `rules[1].map: goes with from groups`},
		{"map entry without value", 0, `{"claim":"a","token":"id","from":"groups","map":[{"group":"g"}]}`, `rules[1].map[0].value: is missing`},
		{"map entry twice", 0, `{"claim":"a","token":"id","from":"groups","map":[{"group":"g","value":1},{"group":"g","value":2}]}`, `rules[1].map[1].group: must be the name of a group that the map does not have yet`},
		{"object in a list of all", 0, `{"claim":"a","token":"id","from":"groups","map":[{"group":"g","value":{}}]}`, `rules[1].map[0].value: must be a string, number or boolean, since all values go into one list; pick first takes any value`},
		{"pick without map", 0, `{"claim":"a","token":"id","from":"groups","pick":"first"}`, `rules[1].pick: goes with map: the order of a user's groups means nothing`},
		{"type of groups", 0, `{"claim":"a","token":"id","from":"groups","type":"string"}`, `rules[1].type: goes with texts: a group's name is a string, and map gives each value its own type`},
		{"default of a constant", 0, `{"claim":"a","token":"id","value":1,"default":2}`, `rules[1].default: goes with from: a constant says its own type and is always there`},
		{"onUnavailable without profile", 0, `{"claim":"a","token":"id","value":1,"onUnavailable":"fail"}`, `rules[1].onUnavailable: goes with from profile: every other source is in the event`},
		{"audience from a constant", 0, `{"claim":"aud","token":"access","value":"4k2v"}`, `rules[1].claim: aud takes only the id of the app client that gets the token: use "from": "clientId" and nothing else`},
		{"audience in the ID token", 0, `{"claim":"aud","token":"both","from":"clientId"}`, `rules[1].claim: "aud" is reserved in the ID token`},
		{"claim member in a suppression", 0, `{"suppress":["a"],"token":"id","default":1}`, `rules[1].default: goes with claim, not with suppress`},
		{"token for scopes", 0, `{"scopes":{"add":["a"]},"token":"access"}`, `rules[1].token: goes with claim and suppress: scopes says by itself what it changes`},
		{"reserved suppression", 0, `{"suppress":["email","sub"],"token":"id"}`, `rules[1].suppress[1]: "sub" is reserved in this token and cannot be suppressed`},
		{"scope with a space", 0, `{"scopes":{"add":["a b"]}}`, `rules[1].scopes.add[0]: "a b": a scope has printable ASCII characters without space, quote and backslash`},
		{"scope added and suppressed", 0, `{"scopes":{"add":["a"],"suppress":["a"]}}`, `rules[1].scopes.suppress: "a" is in add as well`},
		{"scopes without change", 0, `{"scopes":{}}`, `rules[1].scopes: changes nothing: give add, suppress or both`},
		{"groups without change", 0, `{"groups":{}}`, `rules[1].groups: changes nothing: give set, or add and remove`},
		{"groups set and added", 0, `{"groups":{"set":["a"],"add":["b"]}}`, `rules[1].groups.set: says the whole list: leave add and remove out`},
		{"role that is no ARN", 0, `{"iamRoles":{"add":["admin"]}}`, `rules[1].iamRoles.add[0]: must be the ARN of an IAM role, as arn:aws:iam::123456789012:role/name`},
		{"preferred role that is no ARN", 0, `{"preferredRole":"arn:aws:s3:::bucket"}`, `rules[1].preferredRole: must be the ARN of an IAM role, as arn:aws:iam::123456789012:role/name`},
		{"covered by an earlier constant", 0, `{"claim":"x","token":"id","from":"profile.sub"}`, `rules[1].claim: is never reached: rules[0] always sets "x" before`},
		{"nested too deep", 0, `{"claim":"a","token":"id","value":{"a":` + strings.Repeat("[", 17) + strings.Repeat("]", 17) + `}}`, `rules[1].value: values are nested more than 16 deep`},
	} {
		t.Run(c.what, func(t *testing.T) {
			first := constant
			if c.version == cognito.V1 {
				first = strings.Replace(constant, "1}", `"1"}`, 1)
			}
			wantProblems(t, string(file(first, c.rule)), c.version, c.want)
		})
	}
}

func TestCompileFindsSuppressedClaim(t *testing.T) {
	wantProblems(t, string(file(`{"claim":"x","token":"id","value":1}`, `{"suppress":["x"],"token":"both"}`)), 0,
		`rules[0].claim: is set in vain: rules[1] always suppresses "x"`)
}

func TestCompileReportsEveryProblem(t *testing.T) {
	_, err := Compile([]byte(`{"rules":[{"claim":"sub","token":"id","value":1},{"scopes":{"add":["a b"]}},{}]}`), Options{})
	var file *FileError
	if !errors.As(err, &file) {
		t.Fatalf("error %v, want a *FileError", err)
	}
	var places []string
	for _, p := range file.Problems {
		places = append(places, p.Place)
	}
	if want := []string{"rules[0].claim", "rules[1].scopes.add[0]", "rules[2]"}; !slices.Equal(places, want) {
		t.Errorf("places %v, want %v", places, want)
	}
}

func TestCompileTakesAttributesAsOptions(t *testing.T) {
	rules := []byte(`{"rules":[{"claim":"team","token":"id","from":"attribute.custom:team"}]}`)
	if _, err := Compile(rules, Options{}); err == nil {
		t.Error("an attribute that app clients can write was taken without a mark")
	}
	if _, err := Compile(rules, Options{AdminOnlyAttributes: []string{"custom:team"}}); err != nil {
		t.Error(err)
	}
	_, err := Compile(rules, Options{AdminOnlyAttributes: []string{"custom:team"}, MappedAttributes: []string{"custom:team"}})
	wantError(t, err, `"custom:team" is mapped from an identity provider too`)
}

// The schema is for people's editors; Compile decides. So that the two do not part, every member that the compiler knows
// must be in the schema and the other way round.
func TestSchemaKnowsEveryMember(t *testing.T) {
	text, err := os.ReadFile("rules.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	type properties map[string]json.RawMessage
	var schema struct {
		Properties properties `json:"properties"`
		Defs       map[string]struct {
			Properties properties `json:"properties"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		have  properties
		probe string // a file with one unknown member, whose error lists the known ones
	}{
		"file": {schema.Properties, `{"rules":[],"?":1}`},
		"rule": {schema.Defs["rule"].Properties, `{"rules":[{"claim":"a","token":"id","value":1,"?":1}]}`},
		"when": {schema.Defs["when"].Properties, `{"rules":[{"claim":"a","token":"id","value":1,"when":{"?":1}}]}`},
		"edit": {schema.Defs["edit"].Properties, `{"rules":[{"groups":{"set":[],"?":1}}]}`},
	} {
		_, err := Compile([]byte(c.probe), Options{})
		if err == nil {
			t.Fatalf("%s: the unknown member was taken", what)
		}
		_, list, _ := strings.Cut(err.Error(), "known here are ")
		known := strings.Split(list, ", ")
		var have []string
		for name := range c.have {
			have = append(have, name)
		}
		slices.Sort(known)
		slices.Sort(have)
		if !slices.Equal(known, have) {
			t.Errorf("%s: the compiler knows %v, the schema %v", what, known, have)
		}
	}
}

func wantProblems(t *testing.T, file string, version cognito.TokenVersion, want string) {
	t.Helper()
	set, err := Compile([]byte(file), Options{Version: version})
	if err == nil {
		t.Fatalf("compiled %d rules, want the error %q", set.Len(), want)
	}
	if err.Error() != want {
		t.Errorf("error\n\t%v\nwant\n\t%s", err, want)
	}
}
