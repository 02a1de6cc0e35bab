package claims

import (
	"testing"

	"cognito-triggers/shared/cognito"
)

func TestSourcesThatOthersCanWrite(t *testing.T) {
	const (
		needsMark = `add "trust": "user"`
		authority = "is an authority claim"
	)
	for _, c := range []struct{ what, rule, want string }{
		{what: "custom attribute", rule: `{"claim":"team","token":"id","from":"attribute.custom:team"}`, want: needsMark},
		{
			what: "custom attribute, marked",
			rule: `{"claim":"team","token":"id","from":"attribute.custom:team","trust":"user"}`,
			want: "",
		},
		{
			what: "custom attribute that administrators write",
			rule: `{"claim":"tenant","token":"id","from":"attribute.custom:tenant"}`,
			want: "",
		},
		{what: "standard attribute", rule: `{"claim":"mail","token":"access","from":"attribute.email"}`, want: needsMark},
		{
			what: "the profile's copy of a standard attribute",
			rule: `{"claim":"mail","token":"access","from":"profile.attributes.email"}`,
			want: needsMark,
		},
		{
			what: "the profile's copy of a custom attribute",
			rule: `{"claim":"team","token":"id","from":"profile.attributes.custom:team"}`,
			want: needsMark,
		},
		{
			what: "the profile's copy, marked",
			rule: `{"claim":"mail","token":"access","from":"profile.attributes.email","trust":"user"}`,
			want: "",
		},
		{
			what: "the profile's copy of what administrators write",
			rule: `{"claim":"role","token":"access","from":"profile.attributes.custom:tenant"}`,
			want: "",
		},
		{
			what: "the back office's attribute of the profile",
			rule: `{"claim":"role","token":"access","from":"profile.attributes.role"}`,
			want: "",
		},
		{
			what: "a switch of the user's",
			rule: `{"claim":"mfa","token":"access","from":"attribute.cognito:mfa_enabled"}`,
			want: needsMark,
		},
		{
			what: "authority from a switch of the user's",
			rule: `{"claim":"admin_mfa","token":"id","from":"attribute.cognito:mfa_enabled","trust":"user"}`,
			want: authority,
		},
		{
			what: "what Cognito writes",
			rule: `{"claim":"role","token":"access","from":"attribute.cognito:user_status"}`,
			want: "",
		},
		{
			what: "an alias, which the user writes",
			rule: `{"claim":"mail","token":"access","from":"attribute.cognito:email_alias"}`,
			want: needsMark,
		},
		{what: "identities", rule: `{"claim":"idps","token":"id","from":"attribute.identities"}`, want: needsMark},
		{what: "metadata", rule: `{"claim":"campaign","token":"id","from":"clientMetadata.campaign"}`, want: needsMark},
		{
			what: "metadata, marked",
			rule: `{"claim":"campaign","token":"id","from":"clientMetadata.campaign","trust":"user"}`,
			want: "",
		},
		{
			what: "mapped attribute",
			rule: `{"claim":"dept","token":"id","from":"attribute.custom:idp_groups"}`,
			want: needsMark,
		},
		{
			what: "mapped attribute, marked",
			rule: `{"claim":"dept","token":"id","from":"attribute.custom:idp_groups","trust":"user"}`,
			want: "",
		},

		{
			what: "role from a custom attribute",
			rule: `{"claim":"role","token":"id","from":"attribute.custom:role"}`,
			want: authority,
		},
		{
			what: "role from a custom attribute, marked",
			rule: `{"claim":"role","token":"id","from":"attribute.custom:role","trust":"user"}`,
			want: authority,
		},
		{
			what: "role from the profile's copy of a custom attribute",
			rule: `{"claim":"role","token":"id","from":"profile.attributes.custom:role","trust":"user"}`,
			want: authority,
		},
		{
			what: "role from what administrators write",
			rule: `{"claim":"role","token":"id","from":"attribute.custom:tenant"}`,
			want: "",
		},
		{
			what: "role from a mapped attribute",
			rule: `{"claim":"roles","token":"id","from":"attribute.custom:idp_roles","type":"list","trust":"user"}`,
			want: "is mapped from an identity provider",
		},
		{
			what: "role from the profile's copy of a mapped attribute",
			rule: `{"claim":"roles","token":"id","from":"profile.attributes.custom:idp_roles","trust":"user"}`,
			want: "is mapped from an identity provider",
		},
		{
			what: "groups from metadata",
			rule: `{"claim":"app_groups","token":"access","from":"clientMetadata.groups","type":"list","trust":"user"}`,
			want: "the caller's own input",
		},
		{
			what: "scopes from metadata",
			rule: `{"claim":"scopes","token":"access","from":"clientMetadata.scopes","trust":"user"}`,
			want: authority,
		},
		{
			what: "permissions in a namespace from metadata",
			rule: `{"claim":"https://acme.example/Permissions","token":"access","from":"clientMetadata.p","trust":"user"}`,
			want: authority,
		},
		{
			what: "a verified flag from the user",
			rule: `{"claim":"email_verified","token":"id","from":"attribute.custom:v","trust":"user"}`,
			want: authority,
		},
		{
			what: "an authority by its mark",
			rule: `{"claim":"tier","token":"id","from":"attribute.custom:tier","trust":"user","authority":true}`,
			want: authority,
		},
		{
			what: "authority from a chosen name",
			rule: `{"claim":"isAdmin","token":"id","from":"profile.username"}`,
			want: "is chosen by the user",
		},
		{what: "a chosen name", rule: `{"claim":"login","token":"id","from":"profile.username"}`, want: ""},
		{
			what: "roles from groups",
			rule: `{"claim":"roles","token":"access","from":"groups","map":[{"group":"staff","value":"editor"}]}`,
			want: "",
		},
		{
			what: "an unknown mark",
			rule: `{"claim":"team","token":"id","from":"attribute.custom:team","trust":"users"}`,
			want: `"users" is unknown: use one of user`,
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			_, err := Compile(file(c.rule), Options{Version: cognito.V2})
			wantError(t, err, c.want)
		})
	}
}

// Every caller of Cognito can send metadata, so it must not be the source of an identity or authority claim.
func TestClaimsThatMetadataNeverSets(t *testing.T) {
	for want, names := range map[string][]string{
		"is an authority claim": {"perms", "is_owner", "rights", "acl", "capabilities", "root", "sudo", "policy", "ROLE",
			"https://acme.example/perms"},
		"is an identity claim": {"email", "phone_number", "preferred_username", "Name", "locale", "custom:department",
			"username", "user_id",
			"x-acme-user-id", "userId", "client_id", "tenant", "https://acme.example/tenant", "tenant_id"},
		"": {"campaign", "theme", "cart"},
	} {
		for _, name := range names {
			t.Run(name, func(t *testing.T) {
				rule := `{"claim":"` + name + `","token":"id","from":"clientMetadata.x","trust":"user"}`
				_, err := Compile(file(rule), Options{Version: cognito.V3})
				wantError(t, err, want)
			})
		}
	}
}

// What users write never says who they are or which customer they belong to, except under its own name.
func TestClaimsThatUsersNeverSet(t *testing.T) {
	for name, c := range map[string]struct{ rule, want string }{
		"e-mail from another attribute": {
			rule: `{"claim":"email","token":"id","from":"attribute.nickname","trust":"user"}`, want: "is an identity claim",
		},
		"e-mail from the profile's copy of another": {
			rule: `{"claim":"email","token":"access","from":"profile.attributes.nickname","trust":"user"}`,
			want: "is an identity claim",
		},
		"phone number from a custom attribute": {
			rule: `{"claim":"phone_number","token":"access","from":"attribute.custom:phone","trust":"user"}`,
			want: "is an identity claim",
		},
		"tenant": {
			rule: `{"claim":"tenant","token":"access","from":"attribute.custom:customer","trust":"user"}`,
			want: "is an identity claim",
		},
		"user id from a mapped attribute": {
			rule: `{"claim":"user_id","token":"access","from":"attribute.custom:idp_id","trust":"user"}`,
			want: "is an identity claim",
		},
		"e-mail in the access token": {rule: `{"claim":"email","token":"access","from":"attribute.email","trust":"user"}`},
		"e-mail of the profile": {
			rule: `{"claim":"email","token":"access","from":"profile.attributes.email","trust":"user"}`,
		},
		"tenant that administrators write": {
			rule: `{"claim":"tenant","token":"access","from":"attribute.custom:tenant"}`,
		},
		"nickname": {rule: `{"claim":"nickname","token":"access","from":"attribute.given_name","trust":"user"}`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Compile(file(c.rule), Options{Version: cognito.V3, MappedAttributes: []string{"custom:idp_id"}})
			wantError(t, err, c.want)
		})
	}
}

// Group, role and scope rules take constants only, so that no source can reach them.
func TestAuthorityRulesTakeNoSource(t *testing.T) {
	for _, rule := range []string{
		`{"groups":{"add":["staff"]},"from":"clientMetadata.groups","trust":"user"}`,
		`{"groups":{"from":"clientMetadata.groups"}}`,
		`{"iamRoles":{"set":["arn:aws:iam::123456789012:role/a"]},"from":"attribute.custom:role","trust":"user"}`,
		`{"preferredRole":{"from":"attribute.custom:role"}}`,
		`{"scopes":{"add":["a/b"]},"from":"clientMetadata.scopes","trust":"user"}`,
		`{"scopes":{"add":{"from":"clientMetadata.scopes"}}}`,
	} {
		if _, err := Compile(file(rule), Options{}); err == nil {
			t.Errorf("taken: %s", rule)
		}
	}
}
