package attach

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/shared/manifest"
)

// guardOff are the grants of pre-sign-up that it does without while no old system is named.
var guardOff = []string{
	"secrets:read while MIGRATION_SECRET_ARN", "dynamodb:read while MIGRATION_TABLE_ARN",
	"cognito:migrate-from while MIGRATION_POOL_ARN", "kms:decrypt while MIGRATION_KMS_KEY_ARN",
}

// What a role has to allow follows from the settings that the function has, not from the manifest alone.
func TestGrantsFollowSettings(t *testing.T) {
	cases := map[string]struct {
		settings       map[string]string
		needs, without []string
		trigger        int
		sealed         bool
	}{
		"nothing is linked": {
			without: append(slices.Clone(guardOff), "cognito:link-provider while LINK_PROVIDERS is empty"),
		},
		"an old system": {
			settings: map[string]string{
				"MIGRATION_TABLE_ARN": "arn:aws:dynamodb:eu-west-1:111122223333:table/users", "LINK_PROVIDERS": "Google",
			},
			needs: []string{
				"cognito:link-provider: cognito-idp:AdminGetUser, cognito-idp:AdminLinkProviderForUser, cognito-idp:ListUsers",
				"dynamodb:read: dynamodb:GetItem, dynamodb:Query on arn:aws:dynamodb:eu-west-1:111122223333:table/users",
			},
			without: []string{guardOff[0], guardOff[2], guardOff[3]},
		},
		"linked": {
			settings: map[string]string{"LINK_PROVIDERS": "Google"},
			needs: []string{
				"cognito:link-provider: cognito-idp:AdminGetUser, cognito-idp:AdminLinkProviderForUser, cognito-idp:ListUsers",
			},
			without: guardOff,
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

// A trigger's own tables and statements, and the ARNs in its settings, are named, too.
func TestOwnPermissionsAreNamed(t *testing.T) {
	const secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:sms-AbCdEf"
	one := triggers()[0]
	one.Manifest.Environment = map[string]string{"CODES_TABLE": "", "LOG_TABLE": "", "BUCKET": "", "SECRET_ARN": ""}
	one.Manifest.Grants = []manifest.Grant{{Name: "secrets:read", Resource: "SECRET_ARN"}}
	one.Manifest.Statements = []manifest.Statement{
		{Actions: []string{"ssm:GetParameter"}, Resources: []string{"arn:{partition}:ssm:{region}:{account}:parameter/a"}},
		{Actions: []string{"s3:GetObject"}, Resources: []string{"arn:aws:s3:::a/b"}, When: "BUCKET"},
	}
	one.Manifest.Tables = []manifest.Table{
		{Name: "codes", Setting: "CODES_TABLE", Actions: []string{"dynamodb:GetItem"}},
		{Name: "log", Setting: "LOG_TABLE", Access: "read"},
	}
	w := start(t)
	w.lambda.settings = map[string]map[string]string{one.Function: {"CODES_TABLE": "shop-codes", "SECRET_ARN": secret}}
	plan, err := w.PlanAttach(t.Context(), w.create(nil), []Trigger{one}, false)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := plan.Write(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"needs secrets:read: secretsmanager:GetSecretValue on " + secret + "\n",
		"needs a statement of its own: ssm:GetParameter on arn:{partition}:ssm:{region}:{account}:parameter/a\n",
		"without a statement of its own while BUCKET is empty or false: s3:GetObject\n",
		"needs the table shop-codes: dynamodb:GetItem\n",
		"needs the table that LOG_TABLE has to name: dynamodb:BatchGetItem, dynamodb:GetItem, dynamodb:Query\n",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, &text)
		}
	}
}

// The actions that attach names are those that Terraform allows.
func TestActionsAreTerraforms(t *testing.T) {
	source, err := os.ReadFile("../../../../terraform/modules/function/role.tf")
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile(`"([^"]+)"`)
	for _, grant := range manifest.Grants() {
		found := regexp.MustCompile(`(?s)"` + grant + `"\s*= .*?Action\s*= \[(.*?)\]`).FindStringSubmatch(string(source))
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
