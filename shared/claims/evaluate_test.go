package claims

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/profile"
)

// ines is a user of version 2 with a profile, two groups and a role.
func ines() *Input {
	return &Input{
		Version:  cognito.V2,
		ClientID: "4k2v",
		Groups: events.GroupConfiguration{
			GroupsToOverride:   []string{"staff", "editors"},
			IAMRolesToOverride: []string{"arn:aws:iam::123456789012:role/staff"},
		},
		Scopes: []string{"openid", "aws.cognito.signin.user.admin"},
		Attributes: map[string]string{
			"sub":           "6f0c",
			"email":         "ines@example.org",
			"custom:tenant": "acme",
			"custom:empty":  "",
			"name":          "cognito:default_val",
			"locale":        "ko <&>",
		},
		ClientMetadata: map[string]string{"campaign": "spring"},
		Profile: &profile.Profile{
			Key:      profile.Key{UserPoolID: "eu-west-1_Q", Sub: "6f0c"},
			Username: "ines.moreau", CreatedBy: "PostConfirmation_ConfirmSignUp", SchemaVersion: 1,
			CreatedAt: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC),
			Attributes: map[string]string{
				"plan": "gold", "seats": " 12 ", "beta": "True", "roles": "editor, author", "tags": `["a", 7]`,
				"limits": `{"n": 9007199254740993}`,
				"email":  "ines@example.org", "broken": "[1,", "twice": `{"a":1,"a":2}`, "huge": "1e999",
			},
		},
	}
}

// machine is a client credentials grant.
func machine() *Input {
	return &Input{
		Version:        cognito.V3,
		Machine:        true,
		ClientID:       "m2m",
		Scopes:         []string{"billing/read"},
		ClientMetadata: map[string]string{"batch": "7"},
	}
}

func version1() *Input {
	in := ines()
	in.Version, in.Scopes = cognito.V1, nil
	return in
}

func without(profileState func(*Input)) func() *Input {
	return func() *Input { in := ines(); profileState(in); return in }
}

var (
	noProfile  = without(func(in *Input) { in.Profile = nil })
	storeDown  = without(func(in *Input) { in.Profile, in.ProfileUnavailable = nil, true })
	noGroups   = without(func(in *Input) { in.Groups = events.GroupConfiguration{} })
	otherRoles = without(func(in *Input) {
		in.Groups.PreferredRole = events.String("arn:aws:iam::123456789012:role/staff")
	})
)

func TestEvaluate(t *testing.T) {
	const (
		id     = `{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToAddOrOverride":`
		access = `{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"claimsToAddOrOverride":`
	)
	const plan = `{"claim":"plan","token":"access","from":"profile.attributes.plan","default":"free"}`
	for _, c := range []struct {
		what  string
		in    func() *Input
		rules string
		want  string // the response
	}{
		{what: "no rules", in: ines, want: `{}`},
		{what: "profile attribute", in: ines, rules: plan, want: access + `{"plan":"gold"}}}}`},
		{what: "default without a profile", in: noProfile, rules: plan, want: access + `{"plan":"free"}}}}`},
		{
			what:  "no default without a profile",
			in:    noProfile,
			rules: `{"claim":"plan","token":"id","from":"profile.attributes.plan"}`,
			want:  `{}`,
		},
		{what: "neither value nor default with the store down", in: storeDown, rules: plan, want: `{}`},
		{
			what:  "a later rule does not step in with the store down",
			in:    storeDown,
			rules: plan + `,{"claim":"plan","token":"access","value":"unlimited"}`,
			want:  `{}`,
		},
		{
			what: "profile fields",
			in:   ines,
			rules: `{"claim":"u","token":"id","from":"profile.username"},{"claim":"s","token":"id","from":"profile.sub"},` +
				`{"claim":"p","token":"id","from":"profile.userPoolId"},{"claim":"b","token":"id","from":"profile.createdBy"},` +
				`{"claim":"v","token":"id","from":"profile.schemaVersion","type":"number"},{"claim":"c","token":"id",` +
				`"from":"profile.createdAt"}`,
			want: id +
				`{"u":"ines.moreau","s":"6f0c","p":"eu-west-1_Q","b":"PostConfirmation_ConfirmSignUp","v":1,` +
				`"c":"2026-03-01T09:30:00Z"}}}}`,
		},
		{
			what:  "time as seconds",
			in:    ines,
			rules: `{"claim":"since","token":"id","from":"profile.createdAt","type":"number"}`,
			want:  id + `{"since":1772357400}}}}`,
		},
		{
			what:  "time that is not set",
			in:    ines,
			rules: `{"claim":"since","token":"id","from":"profile.updatedAt","default":"never"}`,
			want:  id + `{"since":"never"}}}}`,
		},
		{
			what: "types",
			in:   ines,
			rules: `{"claim":"n","token":"id","from":"profile.attributes.seats","type":"number"},{"claim":"b","token":"id",` +
				`"from":"profile.attributes.beta","type":"boolean"},{"claim":"w","token":"id","from":"profile.attributes.roles",` +
				`"type":"list"},{"claim":"l","token":"id","from":"profile.attributes.tags","type":"list"},{"claim":"o",` +
				`"token":"id","from":"profile.attributes.limits","type":"object"}`,
			want: id + `{"n":12,"b":true,"w":["editor","author"],"l":["a",7],"o":{"n":9007199254740993}}}}}`,
		},
		{
			what: "text of another type",
			in:   ines,
			rules: `{"claim":"n","token":"id","from":"profile.attributes.plan","type":"number","default":0},{"claim":"l",` +
				`"token":"id","from":"profile.attributes.broken","type":"list"},{"claim":"o","token":"id",` +
				`"from":"profile.attributes.twice","type":"object"},{"claim":"h","token":"id","from":"profile.attributes.huge",` +
				`"type":"number"}`,
			want: id + `{"n":0}}}}`,
		},
		{
			what:  "attribute that administrators write",
			in:    ines,
			rules: `{"claim":"tenant","token":"both","from":"attribute.custom:tenant"}`,
			want: `{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToAddOrOverride":{"tenant":"acme"}},` +
				`"accessTokenGeneration":{"claimsToAddOrOverride":{"tenant":"acme"}}}}`,
		},
		{
			what:  "attribute of the user, marked",
			in:    ines,
			rules: `{"claim":"lang","token":"id","from":"attribute.locale","trust":"user"}`,
			want:  id + `{"lang":"ko <&>"}}}}`,
		},
		{
			what:  "empty attribute",
			in:    ines,
			rules: `{"claim":"e","token":"id","from":"attribute.custom:empty","trust":"user"}`,
			want:  `{}`,
		},
		{
			what:  "attribute that the provider left out",
			in:    ines,
			rules: `{"claim":"n","token":"id","from":"attribute.name","trust":"user","default":"friend"}`,
			want:  id + `{"n":"friend"}}}}`,
		},
		{
			what:  "metadata, marked",
			in:    ines,
			rules: `{"claim":"campaign","token":"id","from":"clientMetadata.campaign","trust":"user"}`,
			want:  id + `{"campaign":"spring"}}}}`,
		},
		{
			what:  "constant with large numbers",
			in:    ines,
			rules: `{"claim":"tenant","token":"access","value":{"id": 12345678901234567890, "f": 1.10}}`,
			want:  access + `{"tenant":{"id":12345678901234567890,"f":1.10}}}}}`,
		},
		{
			what:  "client id as audience",
			in:    ines,
			rules: `{"claim":"aud","token":"access","from":"clientId"}`,
			want:  access + `{"aud":"4k2v"}}}}`,
		},
		{
			what:  "groups as list",
			in:    ines,
			rules: `{"claim":"teams","token":"access","from":"groups"}`,
			want:  access + `{"teams":["staff","editors"]}}}}`,
		},
		{
			what:  "groups as the rules above left them",
			in:    ines,
			rules: `{"groups":{"remove":["editors"],"add":["night-shift"]}},{"claim":"teams","token":"access","from":"groups"}`,
			want: `{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"claimsToAddOrOverride":{"teams":["staff",` +
				`"night-shift"]}},"groupOverrideDetails":{"groupsToOverride":["staff","night-shift"],` +
				`"iamRolesToOverride":["arn:aws:iam::123456789012:role/staff"]}}}`,
		},
		{
			what: "a group that was taken maps to nothing",
			in:   ines,
			rules: `{"groups":{"remove":["editors"]}},{"claim":"level","token":"access","from":"groups","pick":"first",` +
				`"map":[{"group":"editors","value":5},{"group":"staff","value":1}]}`,
			want: `{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"claimsToAddOrOverride":{"level":1}},` +
				`"groupOverrideDetails":{"groupsToOverride":["staff"],` +
				`"iamRolesToOverride":["arn:aws:iam::123456789012:role/staff"]}}}`,
		},
		{what: "no groups", in: noGroups, rules: `{"claim":"teams","token":"access","from":"groups"}`, want: `{}`},
		{
			what:  "no groups, default",
			in:    noGroups,
			rules: `{"claim":"teams","token":"access","from":"groups","default":[]}`,
			want:  access + `{"teams":[]}}}}`,
		},
		{
			what: "all mapped groups",
			in:   ines,
			rules: `{"claim":"can","token":"access","from":"groups","map":[{"group":"editors","value":"write"},` +
				`{"group":"admins","value":"all"},{"group":"staff","value":"read"},{"group":"staff2","value":"read"}]}`,
			want: access + `{"can":["write","read"]}}}}`,
		},
		{
			what: "first mapped group",
			in:   ines,
			rules: `{"claim":"level","token":"access","from":"groups","pick":"first","map":[{"group":"admins","value":9},` +
				`{"group":"editors","value":5},{"group":"staff","value":1}]}`,
			want: access + `{"level":5}}}}`,
		},
		{
			what: "first rule with a value wins",
			in:   ines,
			rules: `{"claim":"x","token":"access","from":"profile.attributes.none"},{"when":{"groups":["admins"]},` +
				`"claim":"x","token":"access","value":1},{"claim":"x","token":"both","value":2},{"claim":"y","token":"id",` +
				`"value":3}`,
			want: `{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToAddOrOverride":{"x":2,"y":3}},` +
				`"accessTokenGeneration":{"claimsToAddOrOverride":{"x":2}}}}`,
		},
		{
			what:  "other client",
			in:    ines,
			rules: `{"when":{"clients":["other"]},"claim":"x","token":"id","value":1}`,
			want:  `{}`,
		},
		{
			what:  "own client and scope",
			in:    ines,
			rules: `{"when":{"clients":["other","4k2v"],"scopes":["openid"]},"claim":"x","token":"id","value":1}`,
			want:  id + `{"x":1}}}}`,
		},
		{
			what:  "other scope",
			in:    ines,
			rules: `{"when":{"scopes":["billing/read"]},"claim":"x","token":"id","value":1}`,
			want:  `{}`,
		},
		{
			what:  "suppression",
			in:    ines,
			rules: `{"suppress":["phone_number","email"],"token":"id"},{"suppress":["email"],"token":"both"}`,
			want: `{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToSuppress":["phone_number","email"]},` +
				`"accessTokenGeneration":{"claimsToSuppress":["email"]}}}`,
		},
		{
			what:  "suppression beats a claim",
			in:    ines,
			rules: `{"claim":"x","token":"id","value":1},{"when":{"groups":["staff"]},"suppress":["x"],"token":"id"}`,
			want:  `{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToSuppress":["x"]}}}`,
		},
		{
			what: "scopes",
			in:   ines,
			rules: `{"scopes":{"add":["billing/read","openid"],"suppress":["aws.cognito.signin.user.admin"]}},` +
				`{"scopes":{"add":["billing/write","billing/read"]}}`,
			want: `{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"scopesToAdd":["billing/read","billing/write"],` +
				`"scopesToSuppress":["aws.cognito.signin.user.admin"]}}}`,
		},
		{what: "scope that is there already", in: ines, rules: `{"scopes":{"add":["openid"]}}`, want: `{}`},
		{
			what:  "suppressing beats adding a scope",
			in:    ines,
			rules: `{"scopes":{"add":["a"]}},{"scopes":{"suppress":["a"]}}`,
			want:  `{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"scopesToSuppress":["a"]}}}`,
		},
		{what: "group added", in: ines, rules: `{"groups":{"add":["everyone","staff"]}}`,
			want: `{"claimsAndScopeOverrideDetails":{"groupOverrideDetails":{"groupsToOverride":["staff","editors",` +
				`"everyone"],"iamRolesToOverride":["arn:aws:iam::123456789012:role/staff"]}}}`},
		{what: "group removed, roles and preferred role kept", in: otherRoles, rules: `{"groups":{"remove":["staff"]}}`,
			want: `{"claimsAndScopeOverrideDetails":{"groupOverrideDetails":{"groupsToOverride":["editors"],` +
				`"iamRolesToOverride":["arn:aws:iam::123456789012:role/staff"],` +
				`"preferredRole":"arn:aws:iam::123456789012:role/staff"}}}`},
		{what: "every group taken", in: ines, rules: `{"groups":{"set":[]}}`,
			want: `{"claimsAndScopeOverrideDetails":{"groupOverrideDetails":{"groupsToOverride":[],` +
				`"iamRolesToOverride":["arn:aws:iam::123456789012:role/staff"]}}}`},
		{what: "group rule without effect", in: ines, rules: `{"groups":{"add":["staff"],"remove":["nobody"]}}`, want: `{}`},
		{what: "no groups to take", in: noGroups, rules: `{"groups":{"set":[]}}`, want: `{}`},
		{
			what:  "conditions see the groups that came in",
			in:    ines,
			rules: `{"groups":{"remove":["staff"]}},{"when":{"groups":["staff"]},"groups":{"add":["former-staff"]}}`,
			want: `{"claimsAndScopeOverrideDetails":{"groupOverrideDetails":{"groupsToOverride":["editors","former-staff"],` +
				`"iamRolesToOverride":["arn:aws:iam::123456789012:role/staff"]}}}`,
		},
		{
			what: "role and preferred role",
			in:   noGroups,
			rules: `{"iamRoles":{"add":["arn:aws:iam::123456789012:role/a"]}},` +
				`{"preferredRole":"arn:aws:iam::123456789012:role/a"}`,
			want: `{"claimsAndScopeOverrideDetails":{"groupOverrideDetails":{"groupsToOverride":[],` +
				`"iamRolesToOverride":["arn:aws:iam::123456789012:role/a"],"preferredRole":"arn:aws:iam::123456789012:role/a"}}}`,
		},
		{what: "preferred role taken", in: otherRoles, rules: `{"preferredRole":null}`,
			want: `{"claimsAndScopeOverrideDetails":{"groupOverrideDetails":{"groupsToOverride":["staff","editors"],` +
				`"iamRolesToOverride":["arn:aws:iam::123456789012:role/staff"]}}}`},
		{
			what: "version 1 writes strings to the ID token",
			in:   version1,
			rules: `{"claim":"plan","token":"both","from":"profile.attributes.plan"},{"claim":"n","token":"id","value":1},` +
				`{"claim":"o","token":"id","value":{"a":1},"encode":"json"},{"claim":"a","token":"access","value":"x"},` +
				`{"scopes":{"add":["a/b"]}},{"suppress":["email"],"token":"both"},{"groups":{"remove":["editors"]}}`,
			want: `{"claimsOverrideDetails":{"claimsToAddOrOverride":{"plan":"gold","o":"{\"a\":1}"},` +
				`"claimsToSuppress":["email"],"groupOverrideDetails":{"groupsToOverride":["staff"],` +
				`"iamRolesToOverride":["arn:aws:iam::123456789012:role/staff"]}}}`,
		},
		{
			what: "a value that version 1 cannot carry does not open the way for a later rule",
			in:   version1,
			rules: `{"when":{"groups":["staff"]},"claim":"n","token":"id","value":1},{"claim":"n","token":"id",` +
				`"value":"unlimited"}`,
			want: `{}`,
		},
		{
			what: "machine client",
			in:   machine,
			rules: plan +
				`,{"claim":"t","token":"both","value":"acme"},{"claim":"i","token":"id","value":1},{"claim":"b",` +
				`"token":"access","from":"clientMetadata.batch","type":"number","trust":"user"},{"claim":"g","token":"access",` +
				`"from":"groups","default":[]},{"groups":{"set":["robots"]}},{"preferredRole":null},` +
				`{"scopes":{"add":["billing/write"]}},{"when":{"grant":"user"},"claim":"h","token":"access","value":1},` +
				`{"when":{"grant":"client_credentials"},"claim":"m","token":"access","value":true}`,
			want: `{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"claimsToAddOrOverride":{"t":"acme","b":7,` +
				`"m":true},"scopesToAdd":["billing/write"]}}}`,
		},
		{
			what: "user rule for users",
			in:   ines,
			rules: `{"when":{"grant":"user"},"claim":"h","token":"access","value":1},{"when":{"grant":"client_credentials"},` +
				`"claim":"m","token":"access","value":true}`,
			want: access + `{"h":1}}}}`,
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			set := compile(t, c.rules)
			in := c.in()
			override, err := set.Evaluate(in)
			if err != nil {
				t.Fatal(err)
			}
			wantResponse(t, override, in, c.want)
			if again, _ := set.Evaluate(c.in()); encode(t, again, in) != encode(t, override, in) {
				t.Error("a second evaluation gave something else")
			}
			if before, after := string(encodeAny(t, c.in())), string(encodeAny(t, in)); before != after {
				t.Errorf("the evaluation changed its input to %s", after)
			}
		})
	}
}

func TestEvaluateFailsWithTheStoreDown(t *testing.T) {
	for _, c := range []struct{ what, rule, want string }{
		{
			what: "the rule says so",
			rule: `{"claim":"plan","token":"id","from":"profile.attributes.plan","onUnavailable":"fail"}`,
			want: "rules[0]: the profile cannot be read",
		},
		{
			what: "a role by its name",
			rule: `{"claim":"roles","token":"id","from":"profile.attributes.roles"}`,
			want: "rules[0]: the profile cannot be read",
		},
		{
			what: "an authority by its mark",
			rule: `{"claim":"tier","token":"id","from":"profile.attributes.tier","authority":true}`,
			want: "rules[0]: the profile cannot be read",
		},
		{
			what: "a role that may be left out",
			rule: `{"claim":"roles","token":"id","from":"profile.attributes.roles","onUnavailable":"omit"}`,
			want: "",
		},
		{
			what: "another app client's rule",
			rule: `{"when":{"clients":["other"]},"claim":"roles","token":"id","from":"profile.attributes.roles"}`,
			want: "",
		},
		{
			what: "a claim that was set before",
			rule: `{"when":{"groups":["staff"]},"claim":"roles","token":"id","value":"x"},{"claim":"roles","token":"id",` +
				`"from":"profile.attributes.roles"}`,
			want: "",
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			_, err := compile(t, c.rule).Evaluate(storeDown())
			wantError(t, err, c.want)
			var unavailable *UnavailableError
			if err != nil && !errors.As(err, &unavailable) {
				t.Errorf("error %T, want *UnavailableError", err)
			}
		})
	}
}

// Cognito copies the user's attributes into the ID token. Where a rule has the claim, what the user wrote must not step
// in.
func TestUsersAttributeDoesNotStepInForTheRule(t *testing.T) {
	const (
		suppressed = `{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToSuppress":["custom:role"]}}}`
		fromStore  = `{"claim":"custom:role","token":"id","from":"profile.attributes.role","onUnavailable":"omit"}`
		forStaff   = `{"when":{"groups":["nobody"]},`
	)
	attributes := func(own bool, in *Input) *Input {
		in.Attributes = map[string]string{"sub": "6f0c", "locale": "ko", "custom:tenant": "acme"}
		if own {
			in.Attributes["custom:role"], in.Attributes["custom:team"] = "admin", "red"
		}
		return in
	}
	for _, c := range []struct {
		what  string
		in    *Input
		rules string
		want  string
	}{
		{what: "profile without the value", in: attributes(true, ines()), rules: fromStore, want: suppressed},
		{what: "no profile", in: attributes(true, noProfile()), rules: fromStore, want: suppressed},
		{what: "store down", in: attributes(true, storeDown()), rules: fromStore, want: suppressed},
		{
			what:  "store down, default",
			in:    attributes(true, storeDown()),
			rules: strings.Replace(fromStore, "}", `,"default":"reader"}`, 1),
			want:  suppressed,
		},
		{
			what:  "no group",
			in:    attributes(true, noGroups()),
			rules: `{"claim":"custom:role","token":"both","from":"groups"}`,
			want:  suppressed,
		},
		{
			what:  "a value that the version cannot carry",
			in:    attributes(true, version1()),
			rules: `{"claim":"custom:role","token":"id","from":"groups"}`,
			want:  `{"claimsOverrideDetails":{"claimsToSuppress":["custom:role"]}}`,
		},
		{
			what:  "another rule sets it",
			in:    attributes(true, ines()),
			rules: fromStore + `,{"claim":"custom:role","token":"id","value":"reader"}`,
			want:  `{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToAddOrOverride":{"custom:role":"reader"}}}}`,
		},
		{
			what:  "suppressed by a rule as well",
			in:    attributes(true, ines()),
			rules: fromStore + `,{"when":{"grant":"user"},"suppress":["custom:role"],"token":"id"}`,
			want:  suppressed,
		},
		{what: "no attribute of that name", in: attributes(false, ines()), rules: fromStore, want: `{}`},
		{
			what:  "a rule for the access token",
			in:    attributes(true, ines()),
			rules: strings.Replace(fromStore, `"id"`, `"access"`, 1),
			want:  suppressed,
		},
		{
			what:  "a rule for the access token that does not apply",
			in:    attributes(true, ines()),
			rules: forStaff + `"claim":"custom:role","token":"access","value":"editor"}`,
			want:  suppressed,
		},
		{
			what:  "a rule for the access token and one for the ID token",
			in:    attributes(true, ines()),
			rules: strings.Replace(fromStore, `"id"`, `"access"`, 1) + `,{"claim":"custom:role","token":"id","value":"reader"}`,
			want:  `{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToAddOrOverride":{"custom:role":"reader"}}}}`,
		},
		{
			what:  "an authority whose rule does not apply",
			in:    attributes(true, ines()),
			rules: forStaff + `"claim":"custom:role","token":"id","value":"editor"}`,
			want:  suppressed,
		},
		{
			what:  "an authority by its mark whose rule does not apply",
			in:    attributes(true, ines()),
			rules: forStaff + `"claim":"custom:team","token":"id","value":"blue","authority":true}`,
			want:  strings.Replace(suppressed, "role", "team", 1),
		},
		{
			what:  "an authority that administrators write",
			in:    attributes(true, ines()),
			rules: forStaff + `"claim":"custom:tenant","token":"id","value":"blue","authority":true}`,
			want:  `{}`,
		},
		{
			what:  "another claim whose rule does not apply",
			in:    attributes(true, ines()),
			rules: forStaff + `"claim":"locale","token":"id","value":"en"}`,
			want:  `{}`,
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			override, err := compile(t, c.rules).Evaluate(c.in)
			if err != nil {
				t.Fatal(err)
			}
			wantResponse(t, override, c.in, c.want)
		})
	}
}

func TestOmissionsSayWhichRule(t *testing.T) {
	set := compile(t,
		`{"claim":"n","token":"id","value":1},{"scopes":{"add":["a/b"]}},{"claim":"p","token":"id",`+
			`"from":"profile.attributes.plan","type":"boolean"},`+
			`{"claim":"a","token":"access","value":"x"},{"suppress":["email"],"token":"access"},{"claim":"b","token":"both",`+
			`"value":"x"},{"suppress":["email"],"token":"both"}`)
	override, err := set.Evaluate(version1())
	if err != nil {
		t.Fatal(err)
	}
	want := []Omission{
		{Place: "rules[0]", Reason: "a version 1 event carries strings only, not a number"},
		{Place: "rules[1]", Reason: "a version 1 event cannot change scopes"},
		{Place: "rules[2]", Reason: "the source's text is not of type boolean"},
		{Place: "rules[3]", Reason: "a version 1 event cannot change the access token"},
		{Place: "rules[4]", Reason: "a version 1 event cannot change the access token"},
	}
	if len(override.Omitted) != len(want) {
		t.Fatalf("omitted %v, want %v", override.Omitted, want)
	}
	for i := range want {
		if override.Omitted[i] != want[i] {
			t.Errorf("omitted %v, want %v", override.Omitted[i], want[i])
		}
	}
}

func compile(t *testing.T, rules string) *Set {
	t.Helper()
	set, err := Compile(file(rules), Options{Version: cognito.V3})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func wantResponse(t *testing.T, override *Override, in *Input, want string) {
	t.Helper()
	if got := encode(t, override, in); canonical(t, got) != canonical(t, want) {
		t.Errorf("response\n\t%s\nwant\n\t%s", got, want)
	}
}

// canonical sorts members and keeps the digits of numbers.
func canonical(t *testing.T, text string) string {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return string(encodeAny(t, value))
}

func encode(t *testing.T, override *Override, in *Input) string {
	t.Helper()
	return string(encodeAny(t, override.Response(in.Version)))
}

func encodeAny(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), `\ufffd`) {
		t.Errorf("replacement character in %s", text)
	}
	return text
}
