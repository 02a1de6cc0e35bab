package main

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"cognito-triggers/shared/claims"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/settings"
)

func TestSettingsThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		what  string
		pairs map[string]string
		want  string
	}{
		{
			what:  "rules that are no JSON",
			pairs: map[string]string{"CLAIM_RULES": "{"},
			want:  "CLAIM_RULES is wrong: the file is not JSON: unexpected end of JSON input",
		},
		{
			what:  "a wrong rule",
			pairs: map[string]string{"CLAIM_RULES": `{"rules":[{"claim":"sub","token":"id","value":"x"}]}`},
			want:  `CLAIM_RULES is wrong: rules[0].claim: "sub" is reserved in both tokens`,
		},
		{
			what:  "a number for a V1_0 pool",
			pairs: map[string]string{"EVENT_VERSION": "V1_0", "CLAIM_RULES": `{"rules":[{"claim":"n","token":"id","value":1}]}`},
			want:  `CLAIM_RULES is wrong: rules[0].value: a version 1 event carries strings only, not a number`,
		},
		{
			what: "a mapped attribute as role source",
			pairs: map[string]string{
				"MAPPED_ATTRIBUTES": "custom:idp_role",
				"CLAIM_RULES":       `{"rules":[{"claim":"role","token":"id","from":"attribute.custom:idp_role","trust":"user"}]}`,
			},
			want: `CLAIM_RULES is wrong: rules[0].from: is mapped from an identity provider, so app clients can write it, ` +
				`and "role" is an authority claim: take it from groups, a constant or a source that only administrators write`,
		},
		{
			what:  "an attribute without its prefix",
			pairs: map[string]string{"ADMIN_ONLY_ATTRIBUTES": "tenant"},
			want: `rules.json is wrong: adminOnlyAttributes: "tenant" is not a standard attribute; write a custom attribute ` +
				`with its prefix: custom:tenant`,
		},
		{
			what: "rules from a profile without a table",
			pairs: map[string]string{
				"PROFILE_TABLE": "",
				"CLAIM_RULES":   `{"rules":[{"claim":"plan","token":"id","from":"profile.attributes.plan"}]}`,
			},
			want: "PROFILE_TABLE is not set: CLAIM_RULES takes claims from the profile, so name the DynamoDB table of the " +
				"profiles",
		},
		{
			what:  "an unknown event version",
			pairs: map[string]string{"EVENT_VERSION": "2"},
			want:  "EVENT_VERSION is unknown: use one of V1_0, V2_0, V3_0",
		},
		{
			what:  "no budget",
			pairs: map[string]string{"CLAIMS_BUDGET_BYTES": "0"},
			want:  "CLAIMS_BUDGET_BYTES is out of range: use a whole number from 256 to 65536",
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			env := environment(t, withTable(c.pairs))
			readConfig(env)
			if err := env.Err(); err == nil || err.Error() != c.want {
				t.Errorf("problems\n\t%v\nwant\n\t%s", err, c.want)
			}
		})
	}
}

func TestSettingsOfTheStore(t *testing.T) {
	env := settings.FromMap(map[string]string{tableSetting: "profiles"})
	if newProfiles(env, readConfig(env)) == nil {
		t.Error("no store with a table")
	}
	if err := env.Err(); err == nil || !strings.Contains(err.Error(), "AWS_REGION") {
		t.Errorf("problems %v, want one that names AWS_REGION", err)
	}
	env = settings.FromMap(nil)
	if newProfiles(env, readConfig(env)) != nil {
		t.Error("a store without a table")
	}
	if err := env.Err(); err != nil {
		t.Errorf("the function does not start without settings: %v", err)
	}
}

func TestManifestHoldsTheDefaults(t *testing.T) {
	function, err := manifest.Read("function.json")
	if err != nil {
		t.Fatal(err)
	}
	if function.EventVersion != function.Environment["EVENT_VERSION"] {
		t.Errorf("event_version is %s, EVENT_VERSION %s", function.EventVersion, function.Environment["EVENT_VERSION"])
	}
	fromManifest, unset := readConfig(settings.FromMap(function.Environment)), readConfig(settings.FromMap(nil))
	if !reflect.DeepEqual(fromManifest, unset) {
		t.Errorf("the manifest's settings give %+v, no settings %+v", fromManifest, unset)
	}
}

func TestBuiltInRulesFitEveryVersion(t *testing.T) {
	for _, version := range []cognito.TokenVersion{cognito.V1, cognito.V2, cognito.V3} {
		if _, err := claims.Compile(ownRules, claims.Options{Version: version}); err != nil {
			t.Errorf("version %d: %v", version, err)
		}
	}
}

var jsonBlock = regexp.MustCompile("(?s)```json\n(.*?)```")

// Every rule file that README.md shows must load.
func TestReadmeExamplesLoad(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	loaded := 0
	for _, block := range jsonBlock.FindAllSubmatch(readme, -1) {
		if !strings.Contains(string(block[1]), `"rules"`) {
			continue
		}
		loaded++
		if _, err := claims.Compile(block[1], claims.Options{Version: cognito.V3}); err != nil {
			t.Errorf("%v in\n%s", err, block[1])
		}
	}
	if loaded == 0 {
		t.Error("README.md shows no rule file")
	}
}

func TestReadmeListsEverySetting(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	function, err := manifest.Read("function.json")
	if err != nil {
		t.Fatal(err)
	}
	for name := range function.Environment {
		if !strings.Contains(string(readme), "| `"+name+"` |") {
			t.Errorf("README.md has no row for %s", name)
		}
	}
}
