package stack

import (
	"fmt"
	"maps"
	"strings"

	"cognito-triggers/local/emulator"
	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/userpool"
	"cognito-triggers/shared/functionlog"
	"cognito-triggers/shared/manifest"
)

// keyPrefix and a function's name are the function's access key ID, by which the emulator's requests show who sent
// them. Twelve digits would be another account there.
const keyPrefix = "function-"

// observed returns fn so that the pool shows what it prints and sends: its lines, the settings that differ from its
// manifest's, and an access key ID of its own unless its settings choose one.
func (s *Stack) observed(fn lambdaruntime.Function, f manifest.Function,
	overrides map[string]string) lambdaruntime.Function {
	fn.Settings = map[string]string{}
	for name, value := range overrides {
		if own, has := f.Environment[name]; !has || own != value {
			fn.Settings[name] = value
		}
	}
	if fn.Environment["AWS_ACCESS_KEY_ID"] == s.environment["AWS_ACCESS_KEY_ID"] {
		fn.Environment = maps.Clone(fn.Environment)
		fn.Environment["AWS_ACCESS_KEY_ID"] = keyPrefix + fn.Name
	}
	pool := s.Pool.Lines()
	if !s.readable {
		fn.Logs, fn.Lines = s.logs, pool.Add
		return fn
	}
	fn.Lines = func(line functionlog.Line) {
		pool.Add(line)
		fmt.Fprintln(s.logs, line) // a full disk must not stop the function
	}
	return fn
}

// deliver puts what a function sent into the inbox, a message per recipient.
func (s *Stack) deliver(sent emulator.Sent) {
	name, isFunction := strings.CutPrefix(sent.AccessKey, keyPrefix)
	if !isFunction {
		return // a client of the emulator besides the functions
	}
	for _, to := range sent.To {
		s.Pool.Inbox().AddSent(userpool.Sent{
			At: sent.At, Function: name, SMS: sent.SMS, To: to, Subject: sent.Subject, Body: sent.Text, HTML: sent.HTML,
		})
	}
}

// noteUnseen says which mail cannot be in the inbox.
func (s *Stack) noteUnseen(warn func(string)) {
	if names := s.Emulator.Unobserved(); len(names) > 0 && warn != nil {
		warn(strings.Join(names, " and ") + " names an emulator of your own: mail and SMS that functions send there are " +
			"not in the inbox")
	}
}
