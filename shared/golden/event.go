package golden

import (
	"fmt"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/cognito/arrival"
)

// CheckEvent returns an error if Cognito would not send the case's event to a function at the hook; an empty hook
// stands for the one that the event's trigger source belongs to. A case that needs such an event gives its reason in
// Config.Unchecked. Events of API Gateway are not checked.
func (c Case) CheckEvent(hook cognito.Hook) error {
	if IsRequest(c.Event) {
		return nil
	}
	problems := arrival.Check(hook, c.Event)
	file := c.Trigger + "/" + c.Name
	switch {
	case len(problems) > 0 && c.Config.Unchecked == "":
		return fmt.Errorf("%s.json is not an event that Cognito sends:\n%s\nIf the case is about such an event, say why in "+
			"%s%s: {\"unchecked\": \"reason\"}", file, arrival.Join(problems), file, configSuffix)
	case len(problems) == 0 && c.Config.Unchecked != "":
		return fmt.Errorf("%s%s: unchecked is not needed: Cognito sends such events; remove it", file, configSuffix)
	}
	return nil
}
