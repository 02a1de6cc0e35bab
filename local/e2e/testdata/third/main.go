// Command third is a trigger that is killed at its first two calls and answers at the third, for the test of what the
// record of an event shows. STATE_FILE counts the calls, since each call has a process of its own.
package main

import (
	"context"
	"log/slog"
	"os"
	"syscall"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() {
	trigger.Start(events.PreSignUp,
		func(env *settings.Env) (trigger.Handler[events.PreSignUpRequest, events.PreSignUpResponse], error) {
			path := env.Lookup("STATE_FILE")
			return func(ctx context.Context, _ *events.PreSignUpEvent) error {
				calls, _ := os.ReadFile(path) // none at the first call
				slog.InfoContext(ctx, "called", "before", len(calls))
				if err := os.WriteFile(path, append(calls, '.'), 0o600); err != nil {
					return err
				}
				if len(calls) < 2 {
					return syscall.Kill(os.Getpid(), syscall.SIGKILL)
				}
				return nil
			}, nil
		})
}
