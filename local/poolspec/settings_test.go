package poolspec

import (
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/manifest"
)

// A misspelt setting is refused with its place and the name that was meant, like Terraform does.
func TestMisspeltSettingsAreRefused(t *testing.T) {
	t.Parallel()
	functions := []manifest.Function{
		{Name: "pre-sign-up", Hook: cognito.PreSignUp, Environment: map[string]string{
			"ALLOWED_EMAIL_DOMAINS": "", "INVITE_ONLY": "false",
		}},
		{Name: "audit", Hook: cognito.PostAuthentication, Environment: map[string]string{}},
		{Name: "posts", Environment: map[string]string{"POSTS_TABLE": ""}},
	}
	cases := map[string]struct {
		settings string
		want     []string // in the error; none: accepted
	}{
		"known": {settings: `"triggers":{"pre-sign-up":{"environment":{"INVITE_ONLY":"true","LOG_LEVEL":"debug"}}}`},
		"misspelt": {
			settings: `"triggers":{"pre-sign-up":{"environment":{"ALOWED_EMAIL_DOMAINS":"example.org"}}}`,
			want: []string{
				"pool.json: triggers.pre-sign-up.environment has ALOWED_EMAIL_DOMAINS, which is not a setting of the function",
				"did you mean ALLOWED_EMAIL_DOMAINS?", "function.json has ALLOWED_EMAIL_DOMAINS, INVITE_ONLY; every function",
			},
		},
		"like nothing": {
			settings: `"triggers":{"audit":{"environment":{"TOPIC_ARN":"x"}}}`,
			want:     []string{"triggers.audit.environment has TOPIC_ARN, which is not a setting of the function. Its"},
		},
		"of a function that is off": {
			settings: `"triggers":{"pre-sign-up":{"enabled":false,"environment":{"ALOWED_EMAIL_DOMAINS":"x"}}}`,
		},
		"all functions": {
			settings: `"function_environment":{"LOG_LEVL":"debug"}`,
			want:     []string{"function_environment has LOG_LEVL", "did you mean LOG_LEVEL?"},
		},
		"all functions, endpoint": {settings: `"function_environment":{"AWS_ENDPOINT_URL_DYNAMODB":"http://127.0.0.1:8000"}`},
		"API": {
			settings: `"api":{"functions":{"posts":{"environment":{"POST_TABLE":"x"}}}}`,
			want:     []string{"api.functions.posts.environment has POST_TABLE", "did you mean POSTS_TABLE?"},
		},
		"API function": {
			settings: `"api":{"functions":{"post":{"memory_mb":128}}}`,
			want:     []string{"api.functions.post: no such function; did you mean posts?"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec, err := Parse([]byte("{" + c.settings + "}"))
			if err != nil {
				t.Fatal(err)
			}
			spec.File = "pool.json"
			err = spec.CheckSettings(functions)
			if err != nil && len(c.want) == 0 {
				t.Errorf("refused: %v", err)
			}
			for _, want := range c.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, want %q", err, want)
				}
			}
		})
	}
}

// Several triggers may serve one hook, such as one of one's own and a ready one, as long as only one is on.
func TestOneTriggerOfAHookIsOn(t *testing.T) {
	t.Parallel()
	functions := []manifest.Function{
		{Name: "post-authentication", Dir: "triggers/post-authentication", Hook: cognito.PostAuthentication},
		{Name: "audit-sign-in", Dir: "triggers/audit-sign-in", Hook: cognito.PostAuthentication},
	}
	for name, c := range map[string]struct{ settings, want string }{
		"one is off": {settings: `{"triggers":{"post-authentication":{"enabled":false}}}`},
		"both are on": {
			settings: `{}`, want: "audit-sign-in/function.json both serve the hook post_authentication, and a pool has one " +
				"function per hook: switch one off",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec, err := Parse([]byte(c.settings))
			if err != nil {
				t.Fatal(err)
			}
			err = spec.CheckSettings(functions)
			if (err != nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}
