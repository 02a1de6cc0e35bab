package scaffold

import (
	"fmt"
	"strings"

	"cognito-triggers/shared/cognito"
)

// facts holds the data for the templates.
type facts struct {
	Name         string
	Hook         cognito.Hook
	HookName     string // its Go name in package events, for example PostAuthentication
	EventType    string // for example PostAuthenticationEvent
	Handler      string // the type of a handler, for example trigger.Handler[events.PostAuthenticationRequest, ...]
	Sources      []string
	EventVersion string
	CanRefuse    bool // whether an error of the trigger stops the user's action
	Page         string
	Setting      setting
	Checked      bool // whether the hook's template has a "config check"
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

// maxColumns is the maximum length of a line of Go; a tab counts as one column.
const maxColumns = 120

// Func returns the first line of a function, or three lines if it would be too long.
func (f facts) Func(name, parameter, result string) string {
	line := fmt.Sprintf("func %s(%s) %s {", name, parameter, result)
	if len(line) > maxColumns {
		line = fmt.Sprintf("func %s(\n\t%s,\n) %s {", name, parameter, result)
	}
	return line
}

// goName returns the hook's name in package events, for example PreSignUp for pre_sign_up.
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
