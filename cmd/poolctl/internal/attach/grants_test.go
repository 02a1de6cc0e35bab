package attach

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/shared/manifest"
)

// What a role has to allow follows from the settings that the function has, not from the manifest alone.
func TestGrantsFollowSettings(t *testing.T) {
	cases := map[string]struct {
		settings       map[string]string
		needs, without []string
		trigger        int
		sealed         bool
	}{
		"nothing is linked": {
			needs: nil, without: []string{"cognito:link-provider while LINK_PROVIDERS is empty"},
		},
		"linked": {
			settings: map[string]string{"LINK_PROVIDERS": "Google"},
			needs: []string{
				"cognito:link-provider: cognito-idp:AdminGetUser, cognito-idp:AdminLinkProviderForUser, cognito-idp:ListUsers",
			},
		},
		"no group, no mail": {
			trigger: 1, settings: map[string]string{"PROFILE_TABLE": "profiles", "DEFAULT_GROUP": " "},
			needs: []string{"profiles:write: dynamodb:PutItem, dynamodb:UpdateItem"},
			without: []string{
				"cognito:add-to-group while DEFAULT_GROUP", "cognito:sign-out while SIGN_OUT_AFTER_RESET",
				"ses:send while WELCOME_EMAIL_FROM",
			},
		},
		"unreadable": {sealed: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := start(t)
			poolID, one := w.create(nil), triggers()[c.trigger]
			var err error
			if one.Manifest, err = manifest.Read("../../../../triggers/" + one.Name + "/function.json"); err != nil {
				t.Fatal(err)
			}
			w.lambda.settings = map[string]map[string]string{one.Function: c.settings}
			w.lambda.sealed = map[string]bool{one.Function: c.sealed}
			plan, err := w.PlanAttach(t.Context(), poolID, []Trigger{one}, false)
			if c.sealed {
				wantError(t, err, one.Name, "AccessDeniedException", "KMS key")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var text strings.Builder
			if err := plan.Write(&text); err != nil {
				t.Fatal(err)
			}
			for word, want := range map[string][]string{"needs ": c.needs, "without ": c.without} {
				if n := strings.Count(text.String(), "      "+word); n != len(want) {
					t.Errorf("%d lines with %q, want %d:\n%s", n, word, len(want), &text)
				}
				for _, line := range want {
					if !strings.Contains(text.String(), word+line) {
						t.Errorf("no %q in\n%s", word+line, &text)
					}
				}
			}
		})
	}
}

// The actions that attach names are those that Terraform allows.
func TestActionsAreTerraforms(t *testing.T) {
	var source strings.Builder
	for _, file := range []string{"function/role.tf", "triggers/pool.tf"} {
		text, err := os.ReadFile("../../../../terraform/modules/" + file)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	quoted := regexp.MustCompile(`"([^"]+)"`)
	for _, grant := range manifest.Grants() {
		found := regexp.MustCompile(`(?s)"` + grant + `"\s*= .*?Action\s*= \[(.*?)\]`).FindStringSubmatch(source.String())
		if found == nil {
			t.Errorf("Terraform has no statement for %s", grant)
			continue
		}
		var actions []string
		for _, action := range quoted.FindAllStringSubmatch(found[1], -1) {
			actions = append(actions, action[1])
		}
		if want := manifest.Actions(grant); !slices.Equal(actions, want) {
			t.Errorf("%s: Terraform allows %v, the manifest's package says %v", grant, actions, want)
		}
	}
}
