package scaffold

import (
	"fmt"
	"strings"

	"cognito-triggers/shared/cognito"
)

// facts are what the templates need.
type facts struct {
	Name         string
	Hook         cognito.Hook
	HookName     string // its Go name in package events, for example PostAuthentication
	EventType    string // for example PostAuthenticationEvent
	Handler      string // the type of a handler, for example trigger.Handler[events.PostAuthenticationRequest, ...]
	Sources      []string
	EventVersion string
	CanRefuse    bool // an error of the trigger stops what the user does
	Page         string
	Setting      setting
	Checked      bool // the hook's template has a "config check"
}

func factsOf(name string, hook cognito.Hook) facts {
	contract := hook.Contract()
	goName := goName(hook)
	f := facts{
		Name:      name,
		Hook:      hook,
		HookName:  goName,
		EventType: goName + "Event",
		Handler:   fmt.Sprintf("trigger.Handler[events.%[1]sRequest, events.%[1]sResponse]", goName),
		Sources:   hook.Sources(),
		CanRefuse: !contract.Asynchronous,
		Page:      contract.Page,
		Setting:   exampleOf(hook).setting,
	}
	if versions := hook.Versions(); len(versions) > 0 {
		f.EventVersion = versions[0]
		if hook == cognito.PreTokenGeneration {
			f.EventVersion = "V2_0"
		}
	}
	return f
}

// maxColumns is the longest line of a Go file; a tab counts as one column.
const maxColumns = 120

// Func is the first line of a function, broken after its parameter where it would be too long.
func (f facts) Func(name, parameter, result string) string {
	line := fmt.Sprintf("func %s(%s) %s {", name, parameter, result)
	if len(line) > maxColumns {
		line = fmt.Sprintf("func %s(\n\t%s,\n) %s {", name, parameter, result)
	}
	return line
}

// goName is the hook's name in package events: verify_auth_challenge_response gives VerifyAuthChallengeResponse.
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
