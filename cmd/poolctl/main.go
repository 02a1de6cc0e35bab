// Command poolctl runs and inspects the triggers on this machine. It only parses flags; the work is done by packages.
package main

import "cognito-triggers/cmd/internal/command"

func main() {
	command.Main("poolctl", []command.Command{
		{
			Name: "run", Run: runLocal,
			Summary: "start a local user pool that fires the compiled triggers, and play a user's life on it",
		},
		{
			Name: "reset", Run: resetLocal,
			Summary: "forget what runs keep: signing keys, and with --state users, sessions and messages",
		},
		{
			Name: "deploy-local", Run: deployLocal,
			Summary: "apply terraform/ to the emulator and the local user pool, test it and destroy it",
		},
		{
			Name: "replay", Run: runReplay,
			Summary: "replay the golden events, or one event of your own, against the compiled triggers",
		},
		{
			Name: "event", Run: printEvent,
			Summary: "print a sample event of a trigger source",
		},
		{
			Name: "preview", Run: writePreview,
			Summary: "write every message of every locale as pages",
		},
		{
			Name: "inbox", Run: showInbox,
			Summary: "list the e-mails and SMS that the running local user pool has delivered",
		},
		{
			Name: "events", Run: showEvents,
			Summary: "list the trigger invocations of the running local user pool, or save one as a golden case",
		},
		{
			Name: "logs", Run: showLogs,
			Summary: "list what the functions of the running local user pool printed",
		},
		{
			Name: "call", Run: callPool,
			Summary: "send one operation of the Cognito API, such as SignUp, to the running local user pool",
		},
		{
			Name: "domains", Run: showDomains,
			Summary: "list where the domains of the running local user pool are, and how clients trust their certificates",
		},
		{
			Name: "fire", Run: fireTrigger,
			Summary: "fire a trigger that no operation of the local user pool fires: a custom sender, inbound federation",
		},
		{
			Name: "operations", Run: printOperations,
			Summary: "list which parts of the Cognito API the local user pool enforces, stores or refuses",
		},
		{
			Name: "attach", Run: attachTriggers,
			Summary: "attach the triggers' functions to a user pool that was made by hand",
		},
		{
			Name: "detach", Run: detachTriggers,
			Summary: "detach functions from a user pool's triggers",
		},
		{
			Name: "profiles", Run: profiles,
			Summary: "profiles orphans: list, and with --delete delete, profiles whose user no longer exists",
		},
		{
			Name: "migrate", Run: migrate,
			Summary: "migrate check: say what users of an old system would become when they sign in to the pool",
		},
		{
			Name: "senders", Run: senders,
			Summary: "senders redrive: list, and with --send send, messages that custom senders failed to send",
		},
		{
			Name: "new-trigger", Run: newTrigger,
			Summary: "write a complete trigger directory",
		},
		{
			Name: "init", Run: initRepository,
			Summary: "write a small repository of your own: a trigger with tests, pool settings, Terraform",
		},
		{
			Name: "build", Run: buildFunctions,
			Summary: "compile the functions for AWS Lambda, reproducibly, and pack them",
		},
	})
}
