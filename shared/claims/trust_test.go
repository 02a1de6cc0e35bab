package claims

import (
	"testing"

	"cognito-triggers/shared/cognito"
)

func TestSourcesThatOthersCanWrite(t *testing.T) {
	const (
		needsMark = `add "trust": "user"`
		authority = "reads as authority"
	)
	for _, c := range []struct{ what, rule, want string }{
		{"custom attribute", `{"claim":"team","token":"id","from":"attribute.custom:team"}`, needsMark},
		{"custom attribute, marked", `{"claim":"team","token":"id","from":"attribute.custom:team","trust":"user"}`, ""},
		{"custom attribute that administrators write", `{"claim":"tenant","token":"id","from":"attribute.custom:tenant"}`, ""},
		{"standard attribute", `{"claim":"mail","token":"access","from":"attribute.email"}`, needsMark},
		{"the profile's copy of a standard attribute", `{"claim":"mail","token":"access","from":"profile.attributes.email"}`, needsMark},
		{"the profile's copy of a custom attribute", `{"claim":"team","token":"id","from":"profile.attributes.custom:team"}`, needsMark},
		{"the profile's copy, marked", `{"claim":"mail","token":"access","from":"profile.attributes.email","trust":"user"}`, ""},
		{"the profile's copy of what administrators write", `{"claim":"role","token":"access","from":"profile.attributes.custom:tenant"}`, ""},
		{"the back office's attribute of the profile", `{"claim":"role","token":"access","from":"profile.attributes.role"}`, ""},
		{"a switch of the user's", `{"claim":"mfa","token":"access","from":"attribute.cognito:mfa_enabled"}`, needsMark},
		{"authority from a switch of the user's", `{"claim":"admin_mfa","token":"id","from":"attribute.cognito:mfa_enabled","trust":"user"}`, authority},
		{"what Cognito writes", `{"claim":"role","token":"access","from":"attribute.cognito:user_status"}`, ""},
		{"an alias, which the user writes", `{"claim":"mail","token":"access","from":"attribute.cognito:email_alias"}`, needsMark},
		{"identities", `{"claim":"idps","token":"id","from":"attribute.identities"}`, needsMark},
		{"metadata", `{"claim":"campaign","token":"id","from":"clientMetadata.campaign"}`, needsMark},
		{"metadata, marked", `{"claim":"campaign","token":"id","from":"clientMetadata.campaign","trust":"user"}`, ""},
		{"mapped attribute", `{"claim":"dept","token":"id","from":"attribute.custom:idp_groups"}`, needsMark},
		{"mapped attribute, marked", `{"claim":"dept","token":"id","from":"attribute.custom:idp_groups","trust":"user"}`, ""},

		{"role from a custom attribute", `{"claim":"role","token":"id","from":"attribute.custom:role"}`, authority},
		{"role from a custom attribute, marked", `{"claim":"role","token":"id","from":"attribute.custom:role","trust":"user"}`, authority},
		{"role from the profile's copy of a custom attribute", `{"claim":"role","token":"id","from":"profile.attributes.custom:role","trust":"user"}`, authority},
		{"role from what administrators write", `{"claim":"role","token":"id","from":"attribute.custom:tenant"}`, ""},
		{"role from a mapped attribute", `{"claim":"roles","token":"id","from":"attribute.custom:idp_roles","type":"list","trust":"user"}`, "is mapped from an identity provider"},
		{"role from the profile's copy of a mapped attribute", `{"claim":"roles","token":"id","from":"profile.attributes.custom:idp_roles","trust":"user"}`, "is mapped from an identity provider"},
		{"groups from metadata", `{"claim":"app_groups","token":"access","from":"clientMetadata.groups","type":"list","trust":"user"}`, "the caller's own input"},
		{"scopes from metadata", `{"claim":"scopes","token":"access","from":"clientMetadata.scopes","trust":"user"}`, authority},
		{"permissions in a namespace from metadata", `{"claim":"https://acme.example/Permissions","token":"access","from":"clientMetadata.p","trust":"user"}`, authority},
		{"a verified flag from the user", `{"claim":"email_verified","token":"id","from":"attribute.custom:v","trust":"user"}`, authority},
		{"an authority by its mark", `{"claim":"tier","token":"id","from":"attribute.custom:tier","trust":"user","authority":true}`, authority},
		{"authority from a chosen name", `{"claim":"isAdmin","token":"id","from":"profile.username"}`, "is chosen by the user"},
		{"a chosen name", `{"claim":"login","token":"id","from":"profile.username"}`, ""},
		{"roles from groups", `{"claim":"roles","token":"access","from":"groups","map":[{"group":"staff","value":"editor"}]}`, ""},
		{"an unknown mark", `{"claim":"team","token":"id","from":"attribute.custom:team","trust":"users"}`, `"users" is unknown: use one of user`},
	} {
		t.Run(c.what, func(t *testing.T) {
			_, err := Compile(file(c.rule), Options{Version: cognito.V2})
			wantError(t, err, c.want)
		})
	}
}

// Whoever calls Cognito writes the metadata, so that no claim made of it may say who somebody is or grant something.
func TestClaimsThatMetadataNeverSets(t *testing.T) {
	for want, names := range map[string][]string{
		"reads as authority": {"perms", "is_owner", "rights", "acl", "capabilities", "root", "sudo", "policy", "ROLE", "https://acme.example/perms"},
		"says who somebody is": {"email", "phone_number", "preferred_username", "Name", "locale", "custom:department", "username", "user_id",
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
