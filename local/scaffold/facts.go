package scaffold

import (
	"strings"

	"cognito-triggers/shared/events"
)

// guide is where AWS describes the triggers.
const guide = "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-"

func factsOf(name string, hook events.Hook) facts {
	f := facts{
		Name: name, Hook: hook, HookName: goName(hook), Sources: hook.Sources(),
		CanRefuse: hook != events.CustomEmailSender && hook != events.CustomSMSSender,
		Page:      guide + page(hook) + ".html",
	}
	family := "Generic"
	switch hook {
	case events.PreSignUp, events.PostConfirmation, events.CustomMessage, events.PreTokenGeneration:
		family = f.HookName
	}
	f.EventType, f.Request, f.Response = family+"Event", family+"Request", family+"Response"
	if versions := hook.Versions(); len(versions) > 0 {
		f.EventVersion = versions[0]
		if hook == events.PreTokenGeneration {
			f.EventVersion = "V2_0"
		}
	}
	return f
}

// goName is the hook's constant in package events: verify_auth_challenge_response gives VerifyAuthChallengeResponse.
func goName(hook events.Hook) string {
	var name strings.Builder
	for part := range strings.SplitSeq(string(hook), "_") {
		if part == "sms" {
			part = "SMS"
		}
		name.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return name.String()
}

// page is the end of the address of AWS's page about a hook.
func page(hook events.Hook) string {
	switch hook {
	case events.PreSignUp:
		return "pre-sign-up"
	case events.UserMigration:
		return "migrate-user"
	case events.CustomEmailSender:
		return "custom-email-sender"
	case events.CustomSMSSender:
		return "custom-sms-sender"
	}
	return strings.ReplaceAll(string(hook), "_", "-")
}
