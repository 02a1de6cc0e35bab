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
	return []byte(
		`{"adminOnlyAttributes":["custom:tenant"],"mappedAttributes":["custom:idp_groups","custom:idp_roles"],"rules":[` +
			strings.Join(rules, ",") + `]}`)
}

func TestCompileRefuses(t *testing.T) {
	for _, c := range []struct {
		what    string
		version cognito.TokenVersion
		file    string
		want    string // the whole error
	}{
		{what: "no JSON", file: `{"rules":`, want: `the file is not JSON: unexpected end of JSON input`},
		{what: "no object", file: `[]`, want: `must be an object`},
		{what: "no rules", file: `{}`, want: `rules: is missing: give a list; it may be empty`},
		{
			what: "unknown member of the file",
			file: `{"rules":[],"rule":1}`,
			want: `rule: unknown member; use one of $schema, comment, adminOnlyAttributes, mappedAttributes, rules`,
		},
		{what: "member twice", file: `{"rules":[],"rules":[]}`, want: `the member "rules" occurs twice`},
		{
			what: "attribute without its prefix",
			file: `{"rules":[],"adminOnlyAttributes":["tenant"]}`,
			want: `adminOnlyAttributes[0]: "tenant" is not a standard attribute; write a custom attribute with its prefix: ` +
				`custom:tenant`,
		},
		{
			what: "attribute in both lists",
			file: `{"rules":[],"adminOnlyAttributes":["custom:a"],"mappedAttributes":["custom:a"]}`,
			want: `adminOnlyAttributes: "custom:a" is also mapped from an identity provider, and Cognito lets ` +
				`app clients write mapped attributes`,
		},
		{what: "not UTF-8", file: "{\"rules\":[\"\xff\"]}", want: `the file is not UTF-8`},
		{what: "rule that is no object", file: `{"rules":[7]}`, want: `rules[0]: must be an object`},
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
		{
			what: "no action",
			rule: `{"comment":"x"}`,
			want: `rules[1]: does nothing: give one of claim, suppress, scopes, groups, iamRoles or preferredRole`,
		},
		{
			what: "two actions",
			rule: `{"claim":"a","token":"id","value":1,"groups":{"set":[]}}`,
			want: `rules[1].groups: a rule does one thing, and this one already has claim`,
		},
		{
			what: "misspelt member",
			rule: `{"claim":"a","token":"id","vlaue":1,"value":1}`,
			want: `rules[1].vlaue: unknown member; use one of comment, when, claim, suppress, scopes, groups, iamRoles, ` +
				`preferredRole, token, from, value, map, pick, type, encode, default, trust, authority, onUnavailable`,
		},
		{
			what: "member twice",
			rule: `{"claim":"a","claim":"a","token":"id","value":1}`,
			want: `rules[1]: the member "claim" occurs twice`,
		},
		{
			what: "member twice in a constant",
			rule: `{"claim":"a","token":"id","value":{"b":1,"b":2}}`,
			want: `rules[1].value: the member "b" occurs twice`,
		},
		{what: "token missing", rule: `{"claim":"a","value":1}`, want: `rules[1].token: is missing: use id, access or both`},
		{
			what: "token unknown",
			rule: `{"claim":"a","value":1,"token":"refresh"}`,
			want: `rules[1].token: "refresh" is unknown: use one of id, access, both`,
		},
		{
			what: "reserved in the ID token",
			rule: `{"claim":"sub","value":"x","token":"id"}`,
			want: `rules[1].claim: "sub" is reserved in both tokens`,
		},
		{
			what: "reserved in the access token",
			rule: `{"claim":"client_id","value":"x","token":"both"}`,
			want: `rules[1].claim: "client_id" is reserved in the access token`,
		},
		{
			what: "groups as claim",
			rule: `{"claim":"cognito:groups","value":["x"],"token":"id"}`,
			want: `rules[1].claim: "cognito:groups" is set through groups`,
		},
		{
			what: "developer attribute",
			rule: `{"claim":"dev:x","value":"x","token":"id"}`,
			want: `rules[1].claim: "dev:x" is reserved in the ID token, like every name that begins with dev:; it can only ` +
				`be suppressed`,
		},
		{what: "no source", rule: `{"claim":"a","token":"id"}`, want: `rules[1]: has no source: give from or value`},
		{
			what: "two sources",
			rule: `{"claim":"a","token":"id","from":"groups","value":1}`,
			want: `rules[1].value: a claim has one source, and this one already has from`,
		},
		{
			what: "unknown source",
			rule: `{"claim":"a","token":"id","from":"user.email"}`,
			want: `rules[1].from: "user.email" is not a source: use profile.<field>, profile.attributes.<name>, ` +
				`attribute.<name>, groups, clientId or clientMetadata.<key>`,
		},
		{
			what: "unknown profile field",
			rule: `{"claim":"a","token":"id","from":"profile.email"}`,
			want: `rules[1].from: "email" is not a profile field: use sub, userPoolId, username, createdBy, createdAt, ` +
				`updatedAt, schemaVersion or attributes.<name>`,
		},
		{
			what: "attribute without its prefix",
			rule: `{"claim":"a","token":"id","from":"attribute.tenant"}`,
			want: `rules[1].from: "tenant" is not a standard attribute; write a custom attribute with its prefix: custom:tenant`,
		},
		{
			what: "null constant",
			rule: `{"claim":"a","token":"id","value":null}`,
			want: `rules[1].value: null is not a claim value: leave the claim out or suppress it`,
		},
		{
			what: "list in a list",
			rule: `{"claim":"a","token":"id","value":[[1]]}`,
			want: `rules[1].value: a list holds strings, numbers and booleans only`,
		},
		{
			what: "object as address",
			rule: `{"claim":"address","token":"id","value":{"country":"KR"}}`,
			want: `rules[1].value: the ID token's address cannot hold an object`,
		},
		{
			what:    "number in V1_0",
			version: cognito.V1,
			rule:    `{"claim":"a","token":"id","value":1}`,
			want:    `rules[1].value: a version 1 event carries strings only, not a number`,
		},
		{
			what:    "type in V1_0",
			version: cognito.V1,
			rule:    `{"claim":"a","token":"id","from":"profile.sub","type":"list"}`,
			want:    `rules[1].type: a version 1 event carries strings only, not a list`,
		},
		{
			what:    "default in V1_0",
			version: cognito.V1,
			rule:    `{"claim":"a","token":"id","from":"profile.sub","default":false}`,
			want:    `rules[1].default: a version 1 event carries strings only, not a boolean`,
		},
		{
			what:    "list of groups in V1_0",
			version: cognito.V1,
			rule:    `{"claim":"a","token":"id","from":"groups"}`,
			want:    `rules[1].from: a version 1 event carries strings only, not a list`,
		},
		{
			what:    "mapped number in V1_0",
			version: cognito.V1,
			rule:    `{"claim":"a","token":"id","from":"groups","pick":"first","map":[{"group":"g","value":1}]}`,
			want:    `rules[1].map[0].value: a version 1 event carries strings only, not a number`,
		},
		{
			what:    "access token in V1_0",
			version: cognito.V1,
			rule:    `{"claim":"a","token":"access","value":"x"}`,
			want:    `rules[1].token: a V1_0 event cannot change the access token: use id, or give the pool V2_0`,
		},
		{
			what:    "scopes in V1_0",
			version: cognito.V1,
			rule:    `{"scopes":{"add":["a/b"]}}`,
			want:    `rules[1].scopes: a V1_0 event cannot change scopes`,
		},
		{
			what:    "scope condition in V1_0",
			version: cognito.V1,
			rule:    `{"when":{"scopes":["a/b"]},"claim":"a","token":"id","value":"x"}`,
			want:    `rules[1].when.scopes: never holds: a V1_0 event carries no scopes`,
		},
		{
			what: "machine condition in V2_0",
			rule: `{"when":{"grant":"client_credentials"},"claim":"a","token":"access","value":"x"}`,
			want: `rules[1].when.grant: never holds: machine clients fire this trigger with event version V3_0 only`,
		},
		{
			what:    "machine with a user's source",
			version: cognito.V3,
			rule:    `{"when":{"grant":"client_credentials"},"claim":"a","token":"access","from":"profile.sub"}`,
			want: `rules[1]: needs a user, and when.grant is client_credentials: a machine client has no attributes, ` +
				`groups or profile`,
		},
		{
			what: "empty condition list",
			rule: `{"when":{"clients":[]},"claim":"a","token":"id","value":1}`,
			want: `rules[1].when.clients: must not be empty: leave the member out`,
		},
		{
			what: "client twice",
			rule: `{"when":{"clients":["c","c"]},"claim":"a","token":"id","value":1}`,
			want: `rules[1].when.clients[1]: "c" is listed twice`,
		},
		{
			what: "impossible client",
			rule: `{"when":{"clients":["my app"]},"claim":"a","token":"id","value":1}`,
			want: `rules[1].when.clients[0]: "my app" is not an app client id: use only letters, digits, _ and +`,
		},
		{
			what: "map without groups",
			rule: `{"claim":"a","token":"id","value":1,"map":[]}`,
			want: `rules[1].map: is only allowed with from groups`,
		},
		{
			what: "map entry without value",
			rule: `{"claim":"a","token":"id","from":"groups","map":[{"group":"g"}]}`,
			want: `rules[1].map[0].value: is missing`,
		},
		{
			what: "map entry twice",
			rule: `{"claim":"a","token":"id","from":"groups","map":[{"group":"g","value":1},{"group":"g","value":2}]}`,
			want: `rules[1].map[1].group: must be a valid group name that is not in the map yet`,
		},
		{
			what: "object in a list of all",
			rule: `{"claim":"a","token":"id","from":"groups","map":[{"group":"g","value":{}}]}`,
			want: `rules[1].map[0].value: must be a string, number or boolean, since all values go into one list; pick first ` +
				`takes any value`,
		},
		{
			what: "pick without map",
			rule: `{"claim":"a","token":"id","from":"groups","pick":"first"}`,
			want: `rules[1].pick: is only allowed with map: a user's groups have no order`,
		},
		{
			what: "type of groups",
			rule: `{"claim":"a","token":"id","from":"groups","type":"string"}`,
			want: `rules[1].type: is not allowed with from groups: a group name is a string, and values in map have types of ` +
				`their own`,
		},
		{
			what: "default of a constant",
			rule: `{"claim":"a","token":"id","value":1,"default":2}`,
			want: `rules[1].default: is only allowed with from: a constant has a type and a value of its own`,
		},
		{
			what: "onUnavailable without profile",
			rule: `{"claim":"a","token":"id","value":1,"onUnavailable":"fail"}`,
			want: `rules[1].onUnavailable: is only allowed with from profile: every other source is in the event`,
		},
		{
			what: "audience from a constant",
			rule: `{"claim":"aud","token":"access","value":"4k2v"}`,
			want: `rules[1].claim: aud takes only the id of the app client that gets the token: use "from": "clientId" and ` +
				`nothing else`,
		},
		{
			what: "audience in the ID token",
			rule: `{"claim":"aud","token":"both","from":"clientId"}`,
			want: `rules[1].claim: "aud" is reserved in the ID token`,
		},
		{
			what: "claim member in a suppression",
			rule: `{"suppress":["a"],"token":"id","default":1}`,
			want: `rules[1].default: is only allowed with claim, not with suppress`,
		},
		{
			what: "token for scopes",
			rule: `{"scopes":{"add":["a"]},"token":"access"}`,
			want: `rules[1].token: is only allowed with claim and suppress; scopes takes no token`,
		},
		{
			what: "reserved suppression",
			rule: `{"suppress":["email","sub"],"token":"id"}`,
			want: `rules[1].suppress[1]: "sub" is reserved in this token and cannot be suppressed`,
		},
		{
			what: "scope with a space",
			rule: `{"scopes":{"add":["a b"]}}`,
			want: `rules[1].scopes.add[0]: "a b": a scope has printable ASCII characters other than space, quote and backslash`,
		},
		{
			what: "scope added and suppressed",
			rule: `{"scopes":{"add":["a"],"suppress":["a"]}}`,
			want: `rules[1].scopes.suppress: "a" is in add as well`,
		},
		{
			what: "scopes without change",
			rule: `{"scopes":{}}`,
			want: `rules[1].scopes: changes nothing: give add, suppress or both`,
		},
		{
			what: "groups without change",
			rule: `{"groups":{}}`,
			want: `rules[1].groups: changes nothing: give set, add or remove`,
		},
		{
			what: "groups set and added",
			rule: `{"groups":{"set":["a"],"add":["b"]}}`,
			want: `rules[1].groups.set: is the whole list: leave add and remove out`,
		},
		{
			what: "role that is no ARN",
			rule: `{"iamRoles":{"add":["admin"]}}`,
			want: `rules[1].iamRoles.add[0]: must be the ARN of an IAM role, such as arn:aws:iam::123456789012:role/name`,
		},
		{
			what: "preferred role that is no ARN",
			rule: `{"preferredRole":"arn:aws:s3:::bucket"}`,
			want: `rules[1].preferredRole: must be the ARN of an IAM role, such as arn:aws:iam::123456789012:role/name`,
		},
		{
			what: "covered by an earlier constant",
			rule: `{"claim":"x","token":"id","from":"profile.sub"}`,
			want: `rules[1].claim: is never reached: rules[0] always sets "x" first`,
		},
		{
			what: "nested too deep",
			rule: `{"claim":"a","token":"id","value":{"a":` + strings.Repeat("[", 17) + strings.Repeat("]", 17) + `}}`,
			want: `rules[1].value: values are nested more than 16 deep`,
		},
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
		`rules[0].claim: has no effect: rules[1] always suppresses "x"`)
}

func TestCompileReportsEveryProblem(t *testing.T) {
	_, err := Compile([]byte(`{"rules":[{"claim":"sub","token":"id","value":1},{"scopes":{"add":["a b"]}},{}]}`),
		Options{})
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
	_, err := Compile(rules, Options{
		AdminOnlyAttributes: []string{"custom:team"},
		MappedAttributes:    []string{"custom:team"},
	})
	wantError(t, err, `"custom:team" is also mapped from an identity provider`)
}

// The schema is for people's editors; Compile decides. So that the two do not part, every member that the compiler
// knows must be in the schema and the other way round.
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
		"file": {have: schema.Properties, probe: `{"rules":[],"?":1}`},
		"rule": {have: schema.Defs["rule"].Properties, probe: `{"rules":[{"claim":"a","token":"id","value":1,"?":1}]}`},
		"when": {
			have:  schema.Defs["when"].Properties,
			probe: `{"rules":[{"claim":"a","token":"id","value":1,"when":{"?":1}}]}`,
		},
		"edit": {have: schema.Defs["edit"].Properties, probe: `{"rules":[{"groups":{"set":[],"?":1}}]}`},
	} {
		_, err := Compile([]byte(c.probe), Options{})
		if err == nil {
			t.Fatalf("%s: the unknown member was taken", what)
		}
		_, list, _ := strings.Cut(err.Error(), "use one of ")
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
