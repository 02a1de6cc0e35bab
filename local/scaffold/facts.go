package scaffold

import (
	"strings"

	"cognito-triggers/shared/cognito"
)

func factsOf(name string, hook cognito.Hook) facts {
	contract := hook.Contract()
	f := facts{
		Name: name, Hook: hook, HookName: goName(hook), Sources: hook.Sources(),
		CanRefuse: !contract.Asynchronous, Page: contract.Page,
	}
	f.EventType, f.Request, f.Response = f.HookName+"Event", f.HookName+"Request", f.HookName+"Response"
	if versions := hook.Versions(); len(versions) > 0 {
		f.EventVersion = versions[0]
		if hook == cognito.PreTokenGeneration {
			f.EventVersion = "V2_0"
		}
	}
	return f
}

// goName is the hook's constant in package events: verify_auth_challenge_response gives VerifyAuthChallengeResponse.
func goName(hook cognito.Hook) string {
	var name strings.Builder
	for part := range strings.SplitSeq(string(hook), "_") {
		if part == "sms" {
			part = "SMS"
		}
		name.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return name.String()
}
