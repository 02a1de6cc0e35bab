// Command poolctl runs and inspects the triggers on this machine. It is thin: flags in, packages called.
package main

import "cognito-triggers/cmd/internal/command"

func main() {
	command.Main("poolctl", []command.Command{
		{Name: "run", Summary: "start a local user pool that fires the compiled triggers, and play a user's life on it", Run: runLocal},
		{Name: "deploy-local", Summary: "apply terraform/ to the emulator and the local user pool, use it and destroy it", Run: deployLocal},
		{Name: "replay", Summary: "replay the golden events, or one event of your own, against the compiled triggers", Run: runReplay},
		{Name: "event", Summary: "print a sample event of a trigger source", Run: printEvent},
		{Name: "preview", Summary: "write every message of every locale as pages", Run: writePreview},
		{Name: "inbox", Summary: "list the e-mails and SMS that the running local user pool has delivered", Run: showInbox},
		{Name: "events", Summary: "list the trigger invocations of the running local user pool", Run: showEvents},
		{Name: "operations", Summary: "list what the local user pool serves, stores or refuses of the Cognito API", Run: printOperations},
		{Name: "attach", Summary: "attach the triggers' functions to a user pool that was made by hand", Run: attachTriggers},
		{Name: "detach", Summary: "take functions off a user pool's triggers", Run: detachTriggers},
		{Name: "new-trigger", Summary: "write a complete trigger directory", Run: newTrigger},
	})
}
