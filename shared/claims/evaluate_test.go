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
		Version:        cognito.V2,
		ClientID:       "4k2v",
		Groups:         events.GroupConfiguration{GroupsToOverride: []string{"staff", "editors"}, IAMRolesToOverride: []string{"arn:aws:iam::123456789012:role/staff"}},
		Scopes:         []string{"openid", "aws.cognito.signin.user.admin"},
		Attributes:     map[string]string{"sub": "6f0c", "email": "ines@example.org", "custom:tenant": "acme", "custom:empty": "", "name": "cognito:default_val", "locale": "ko <&>"},
		ClientMetadata: map[string]string{"campaign": "spring"},
		Profile: &profile.Profile{
			Key:      profile.Key{UserPoolID: "eu-west-1_Q", Sub: "6f0c"},
			Username: "ines.moreau", CreatedBy: "PostConfirmation_ConfirmSignUp", SchemaVersion: 1,
			CreatedAt: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC),
			Attributes: map[string]string{
				"plan": "gold", "seats": " 12 ", "beta": "True", "roles": "editor, author", "tags": `["a", 7]`, "limits": `{"n": 9007199254740993}`,
				"email": "ines@example.org", "broken": "[1,", "twice": `{"a":1,"a":2}`, "huge": "1e999",
			},
		},
	}
}

// machine is a client credentials grant.
func machine() *Input {
	return &Input{Version: cognito.V3, Machine: true, ClientID: "m2m", Scopes: []string{"billing/read"}, ClientMetadata: map[string]string{"batch": "7"}}
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
	otherRoles = without(func(in *Input) { in.Groups.PreferredRole = events.String("arn:aws:iam::123456789012:role/staff") })
)

func TestEvaluate(t *testing.T) {
	const id, access = `{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToAddOrOverride":`, `{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"claimsToAddOrOverride":`
	const plan = `{"claim":"plan","token":"access","from":"profile.attributes.plan","default":"free"}`
	for _, c := range []struct {
		what  string
		in    func() *Input
		rules string
		want  string // the response
	}{
		{"no rules", ines, ``, `{}`},
		{"profile attribute", ines, plan, access + `{"plan":"gold"}}}}`},
		{"default without a profile", noProfile, plan, access + `{"plan":"free"}}}}`},
		{"no default without a profile", noProfile, `{"claim":"plan","token":"id","from":"profile.attributes.plan"}`, `{}`},
		{"neither value nor default with the store down", storeDown, plan, `{}`},
		{"a later rule does not step in with the store down", storeDown, plan + `,{"claim":"plan","token":"access","value":"unlimited"}`, `{}`},
		{"profile fields", ines, `{"claim":"u","token":"id","from":"profile.username"},{"claim":"s","token":"id","from":"profile.sub"},{"claim":"p","token":"id","from":"profile.userPoolId"},{"claim":"b","token":"id","from":"profile.createdBy"},{"claim":"v","token":"id","from":"profile.schemaVersion","type":"number"},{"claim":"c","token":"id","from":"profile.createdAt"}`,
			id + `{"u":"ines.moreau","s":"6f0c","p":"eu-west-1_Q","b":"PostConfirmation_ConfirmSignUp","v":1,"c":"2026-03-01T09:30:00Z"}}}}`},
		{"time as seconds", ines, `{"claim":"since","token":"id","from":"profile.createdAt","type":"number"}`, id + `{"since":1772357400}}}}`},
		{"time that is not set", ines, `{"claim":"since","token":"id","from":"profile.updatedAt","default":"never"}`, id + `{"since":"never"}}}}`},
		{"types", ines, `{"claim":"n","token":"id","from":"profile.attributes.seats","type":"number"},{"claim":"b","token":"id","from":"profile.attributes.beta","type":"boolean"},{"claim":"w","token":"id","from":"profile.attributes.roles","type":"list"},{"claim":"l","token":"id","from":"profile.attributes.tags","type":"list"},{"claim":"o","token":"id","from":"profile.attributes.limits","type":"object"}`,
			id + `{"n":12,"b":true,"w":["editor","author"],"l":["a",7],"o":{"n":9007199254740993}}}}}`},
		{"text of another type", ines, `{"claim":"n","token":"id","from":"profile.attributes.plan","type":"number","default":0},{"claim":"l","token":"id","from":"profile.attributes.broken","type":"list"},{"claim":"o","token":"id","from":"profile.attributes.twice","type":"object"},{"claim":"h","token":"id","from":"profile.attributes.huge","type":"number"}`,
			id + `{"n":0}}}}`},
		{"attribute that administrators write", ines, `{"claim":"tenant","token":"both","from":"attribute.custom:tenant"}`,
			`{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToAddOrOverride":{"tenant":"acme"}},"accessTokenGeneration":{"claimsToAddOrOverride":{"tenant":"acme"}}}}`},
		{"attribute of the user, marked", ines, `{"claim":"lang","token":"id","from":"attribute.locale","trust":"user"}`, id + `{"lang":"ko <&>"}}}}`},
		{"empty attribute", ines, `{"claim":"e","token":"id","from":"attribute.custom:empty","trust":"user"}`, `{}`},
		{"attribute that the provider left out", ines, `{"claim":"n","token":"id","from":"attribute.name","trust":"user","default":"friend"}`, id + `{"n":"friend"}}}}`},
		{"metadata, marked", ines, `{"claim":"campaign","token":"id","from":"clientMetadata.campaign","trust":"user"}`, id + `{"campaign":"spring"}}}}`},
		{"constant with large numbers", ines, `{"claim":"tenant","token":"access","value":{"id": 12345678901234567890, "f": 1.10}}`, access + `{"tenant":{"id":12345678901234567890,"f":1.10}}}}}`},
		{"client id as audience", ines, `{"claim":"aud","token":"access","from":"clientId"}`, access + `{"aud":"4k2v"}}}}`},
		{"groups as list", ines, `{"claim":"teams","token":"access","from":"groups"}`, access + `{"teams":["staff","editors"]}}}}`},
		{"groups as the rules above left them", ines, `{"groups":{"remove":["editors"],"add":["night-shift"]}},{"claim":"teams","token":"access","from":"groups"}`,
			`{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"claimsToAddOrOverride":{"teams":["staff","night-shift"]}},"groupOverrideDetails":{"groupsToOverride":["staff","night-shift"],"iamRolesToOverride":["arn:aws:iam::123456789012:role/staff"]}}}`},
		{"a group that was taken maps to nothing", ines, `{"groups":{"remove":["editors"]}},{"claim":"level","token":"access","from":"groups","pick":"first","map":[{"group":"editors","value":5},{"group":"staff","value":1}]}`,
			`{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"claimsToAddOrOverride":{"level":1}},"groupOverrideDetails":{"groupsToOverride":["staff"],"iamRolesToOverride":["arn:aws:iam::123456789012:role/staff"]}}}`},
		{"no groups", noGroups, `{"claim":"teams","token":"access","from":"groups"}`, `{}`},
		{"no groups, default", noGroups, `{"claim":"teams","token":"access","from":"groups","default":[]}`, access + `{"teams":[]}}}}`},
		{"all mapped groups", ines, `{"claim":"can","token":"access","from":"groups","map":[{"group":"editors","value":"write"},{"group":"admins","value":"all"},{"group":"staff","value":"read"},{"group":"staff2","value":"read"}]}`, access + `{"can":["write","read"]}}}}`},
		{"first mapped group", ines, `{"claim":"level","token":"access","from":"groups","pick":"first","map":[{"group":"admins","value":9},{"group":"editors","value":5},{"group":"staff","value":1}]}`, access + `{"level":5}}}}`},
		{"first rule with a value wins", ines, `{"claim":"x","token":"access","from":"profile.attributes.none"},{"when":{"groups":["admins"]},"claim":"x","token":"access","value":1},{"claim":"x","token":"both","value":2},{"claim":"y","token":"id","value":3}`,
			`{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToAddOrOverride":{"x":2,"y":3}},"accessTokenGeneration":{"claimsToAddOrOverride":{"x":2}}}}`},
		{"other client", ines, `{"when":{"clients":["other"]},"claim":"x","token":"id","value":1}`, `{}`},
		{"own client and scope", ines, `{"when":{"clients":["other","4k2v"],"scopes":["openid"]},"claim":"x","token":"id","value":1}`, id + `{"x":1}}}}`},
		{"other scope", ines, `{"when":{"scopes":["billing/read"]},"claim":"x","token":"id","value":1}`, `{}`},
		{"suppression", ines, `{"suppress":["phone_number","email"],"token":"id"},{"suppress":["email"],"token":"both"}`,
			`{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToSuppress":["phone_number","email"]},"accessTokenGeneration":{"claimsToSuppress":["email"]}}}`},
		{"suppression beats a claim", ines, `{"claim":"x","token":"id","value":1},{"when":{"groups":["staff"]},"suppress":["x"],"token":"id"}`, `{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToSuppress":["x"]}}}`},
		{"scopes", ines, `{"scopes":{"add":["billing/read","openid"],"suppress":["aws.cognito.signin.user.admin"]}},{"scopes":{"add":["billing/write","billing/read"]}}`,
			`{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"scopesToAdd":["billing/read","billing/write"],"scopesToSuppress":["aws.cognito.signin.user.admin"]}}}`},
		{"scope that is there already", ines, `{"scopes":{"add":["openid"]}}`, `{}`},
		{"suppressing beats adding a scope", ines, `{"scopes":{"add":["a"]}},{"scopes":{"suppress":["a"]}}`, `{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"scopesToSuppress":["a"]}}}`},
		{"group added", ines, `{"groups":{"add":["everyone","staff"]}}`,
			`{"claimsAndScopeOverrideDetails":{"groupOverrideDetails":{"groupsToOverride":["staff","editors","everyone"],"iamRolesToOverride":["arn:aws:iam::123456789012:role/staff"]}}}`},
		{"group removed, roles and preferred role kept", otherRoles, `{"groups":{"remove":["staff"]}}`,
			`{"claimsAndScopeOverrideDetails":{"groupOverrideDetails":{"groupsToOverride":["editors"],"iamRolesToOverride":["arn:aws:iam::123456789012:role/staff"],"preferredRole":"arn:aws:iam::123456789012:role/staff"}}}`},
		{"every group taken", ines, `{"groups":{"set":[]}}`,
			`{"claimsAndScopeOverrideDetails":{"groupOverrideDetails":{"groupsToOverride":[],"iamRolesToOverride":["arn:aws:iam::123456789012:role/staff"]}}}`},
		{"group rule without effect", ines, `{"groups":{"add":["staff"],"remove":["nobody"]}}`, `{}`},
		{"no groups to take", noGroups, `{"groups":{"set":[]}}`, `{}`},
		{"conditions see the groups that came in", ines, `{"groups":{"remove":["staff"]}},{"when":{"groups":["staff"]},"groups":{"add":["former-staff"]}}`,
			`{"claimsAndScopeOverrideDetails":{"groupOverrideDetails":{"groupsToOverride":["editors","former-staff"],"iamRolesToOverride":["arn:aws:iam::123456789012:role/staff"]}}}`},
		{"role and preferred role", noGroups, `{"iamRoles":{"add":["arn:aws:iam::123456789012:role/a"]}},{"preferredRole":"arn:aws:iam::123456789012:role/a"}`,
			`{"claimsAndScopeOverrideDetails":{"groupOverrideDetails":{"groupsToOverride":[],"iamRolesToOverride":["arn:aws:iam::123456789012:role/a"],"preferredRole":"arn:aws:iam::123456789012:role/a"}}}`},
		{"preferred role taken", otherRoles, `{"preferredRole":null}`,
			`{"claimsAndScopeOverrideDetails":{"groupOverrideDetails":{"groupsToOverride":["staff","editors"],"iamRolesToOverride":["arn:aws:iam::123456789012:role/staff"]}}}`},
		{"version 1 writes strings to the ID token", version1, `{"claim":"plan","token":"both","from":"profile.attributes.plan"},{"claim":"n","token":"id","value":1},{"claim":"o","token":"id","value":{"a":1},"encode":"json"},{"claim":"a","token":"access","value":"x"},{"scopes":{"add":["a/b"]}},{"suppress":["email"],"token":"both"},{"groups":{"remove":["editors"]}}`,
			`{"claimsOverrideDetails":{"claimsToAddOrOverride":{"plan":"gold","o":"{\"a\":1}"},"claimsToSuppress":["email"],"groupOverrideDetails":{"groupsToOverride":["staff"],"iamRolesToOverride":["arn:aws:iam::123456789012:role/staff"]}}}`},
		{"a value that version 1 cannot carry does not open the way for a later rule", version1, `{"when":{"groups":["staff"]},"claim":"n","token":"id","value":1},{"claim":"n","token":"id","value":"unlimited"}`, `{}`},
		{"machine client", machine, plan + `,{"claim":"t","token":"both","value":"acme"},{"claim":"i","token":"id","value":1},{"claim":"b","token":"access","from":"clientMetadata.batch","type":"number","trust":"user"},{"claim":"g","token":"access","from":"groups","default":[]},{"groups":{"set":["robots"]}},{"preferredRole":null},{"scopes":{"add":["billing/write"]}},{"when":{"grant":"user"},"claim":"h","token":"access","value":1},{"when":{"grant":"client_credentials"},"claim":"m","token":"access","value":true}`,
			`{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"claimsToAddOrOverride":{"t":"acme","b":7,"m":true},"scopesToAdd":["billing/write"]}}}`},
		{"user rule for users", ines, `{"when":{"grant":"user"},"claim":"h","token":"access","value":1},{"when":{"grant":"client_credentials"},"claim":"m","token":"access","value":true}`, access + `{"h":1}}}}`},
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
		{"the rule says so", `{"claim":"plan","token":"id","from":"profile.attributes.plan","onUnavailable":"fail"}`, "rules[0]: the profile cannot be read"},
		{"a role by its name", `{"claim":"roles","token":"id","from":"profile.attributes.roles"}`, "rules[0]: the profile cannot be read"},
		{"an authority by its mark", `{"claim":"tier","token":"id","from":"profile.attributes.tier","authority":true}`, "rules[0]: the profile cannot be read"},
		{"a role that may be left out", `{"claim":"roles","token":"id","from":"profile.attributes.roles","onUnavailable":"omit"}`, ""},
		{"another app client's rule", `{"when":{"clients":["other"]},"claim":"roles","token":"id","from":"profile.attributes.roles"}`, ""},
		{"a claim that was set before", `{"when":{"groups":["staff"]},"claim":"roles","token":"id","value":"x"},{"claim":"roles","token":"id","from":"profile.attributes.roles"}`, ""},
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

// Cognito copies the user's attributes into the ID token. Where a rule has the claim, what the user wrote must not step in.
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
		{"profile without the value", attributes(true, ines()), fromStore, suppressed},
		{"no profile", attributes(true, noProfile()), fromStore, suppressed},
		{"store down", attributes(true, storeDown()), fromStore, suppressed},
		{"store down, default", attributes(true, storeDown()), strings.Replace(fromStore, "}", `,"default":"reader"}`, 1), suppressed},
		{"no group", attributes(true, noGroups()), `{"claim":"custom:role","token":"both","from":"groups"}`, suppressed},
		{"a value that the version cannot carry", attributes(true, version1()), `{"claim":"custom:role","token":"id","from":"groups"}`, `{"claimsOverrideDetails":{"claimsToSuppress":["custom:role"]}}`},
		{"another rule sets it", attributes(true, ines()), fromStore + `,{"claim":"custom:role","token":"id","value":"reader"}`, `{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToAddOrOverride":{"custom:role":"reader"}}}}`},
		{"suppressed by a rule as well", attributes(true, ines()), fromStore + `,{"when":{"grant":"user"},"suppress":["custom:role"],"token":"id"}`, suppressed},
		{"no attribute of that name", attributes(false, ines()), fromStore, `{}`},
		{"a rule for the access token", attributes(true, ines()), strings.Replace(fromStore, `"id"`, `"access"`, 1), `{}`},
		{"an authority whose rule does not apply", attributes(true, ines()), forStaff + `"claim":"custom:role","token":"id","value":"editor"}`, suppressed},
		{"an authority by its mark whose rule does not apply", attributes(true, ines()), forStaff + `"claim":"custom:team","token":"id","value":"blue","authority":true}`, strings.Replace(suppressed, "role", "team", 1)},
		{"an authority that administrators write", attributes(true, ines()), forStaff + `"claim":"custom:tenant","token":"id","value":"blue","authority":true}`, `{}`},
		{"another claim whose rule does not apply", attributes(true, ines()), forStaff + `"claim":"locale","token":"id","value":"en"}`, `{}`},
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
	set := compile(t, `{"claim":"n","token":"id","value":1},{"scopes":{"add":["a/b"]}},{"claim":"p","token":"id","from":"profile.attributes.plan","type":"boolean"},`+
		`{"claim":"a","token":"access","value":"x"},{"suppress":["email"],"token":"access"},{"claim":"b","token":"both","value":"x"},{"suppress":["email"],"token":"both"}`)
	override, err := set.Evaluate(version1())
	if err != nil {
		t.Fatal(err)
	}
	want := []Omission{
		{"rules[0]", "a version 1 event carries strings only, not a number"},
		{"rules[1]", "a version 1 event cannot change scopes"},
		{"rules[2]", "the source's text is no boolean"},
		{"rules[3]", "a version 1 event cannot change the access token"},
		{"rules[4]", "a version 1 event cannot change the access token"},
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
