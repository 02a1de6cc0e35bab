package scaffold

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"cognito-triggers/local/hint"
	"cognito-triggers/local/toolkit"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/repository"
)

// facts holds the data for the templates.
type facts struct {
	Name         string
	Toolkit      string // the module that the code imports, for example example.org/cognito-triggers
	Events       string // the folder of the golden events, from the trigger's folder: ../../testevents
	Replay       string // the command that replays one event
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

func factsOf(repo repository.Repository, name string, hook cognito.Hook) facts {
	contract := hook.Contract()
	goName := goName(hook)
	f := facts{
		Name:    name,
		Toolkit: toolkit.Module(),
		Events:  between(filepath.Join(repo.Triggers, name), repo.Events),
		Replay: hint.InFiles(repo.Module, "replay", "--trigger", name, "--event",
			path.Join(repo.Relative(repo.Events), name, hook.Sources()[0]+".json")),
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

// between returns the way from one folder of a repository to another, with slashes.
func between(from, to string) string {
	way, err := filepath.Rel(from, to)
	if err != nil { // both are absolute
		return filepath.ToSlash(to)
	}
	return filepath.ToSlash(way)
}
