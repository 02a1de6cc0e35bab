package cognito

import "testing"

func TestHookAccepts(t *testing.T) {
	for _, hook := range Hooks() {
		for _, source := range hook.Sources() {
			if got := HookOf(source); got != hook {
				t.Errorf("HookOf(%s) = %s, want %s", source, got, hook)
			}
		}
	}
	cases := map[string]Hook{
		"CustomSmsSender_SignUp":             CustomSMSSender,
		"VerifyAuthChallenge_Authentication": VerifyAuthChallengeResponse,
		"TokenGeneration_AddedByAWSLater":    PreTokenGeneration,
		"PreSignUp":                          "",
		"":                                   "",
		"presignup_SignUp":                   "",
	}
	for source, want := range cases {
		if got := HookOf(source); got != want {
			t.Errorf("HookOf(%q) = %q, want %q", source, got, want)
		}
	}
}
