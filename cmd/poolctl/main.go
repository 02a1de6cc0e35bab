// Command poolctl runs and inspects the triggers on this machine. It is thin: flags in, packages called.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

// command is one subcommand. Its run registers flags on the set, parses args and works.
type command struct {
	name, summary string
	run           func(ctx context.Context, flags *flag.FlagSet, args []string) error
}

func commands() []command {
	return []command{
		{"run", "start a local user pool that fires the compiled triggers, and play a user's life on it", runLocal},
		{"deploy-local", "apply terraform/ to the emulator and the local user pool, use it and destroy it", deployLocal},
		{"replay", "replay the golden events, or one event of your own, against the compiled triggers", runReplay},
		{"event", "print a sample event of a trigger source", printEvent},
		{"preview", "write every message of every locale as pages", writePreview},
		{"inbox", "list the e-mails and SMS that the running local user pool has delivered", showInbox},
		{"events", "list the trigger invocations of the running local user pool", showEvents},
		{"operations", "list what the local user pool serves, stores or refuses of the Cognito API", printOperations},
		{"bench", "compare the triggers' cold start and latency with a bare Go and a Python handler", runBench},
		{"bench-pool", "compare the local user pool's sign-ups and sign-ins per second with ministack's", runBenchPool},
		{"bench-api", "compare the local HTTP API's requests per second with a plain reverse proxy's and ministack's", runBenchAPI},
		{"soak", "sign thousands of users up and in at a local pool and look for wrong outcomes", runSoak},
		{"attach", "attach the triggers' functions to a user pool that was made by hand", attachTriggers},
		{"detach", "take functions off a user pool's triggers", detachTriggers},
		{"new-trigger", "write a complete trigger directory", newTrigger},
	}
}

// errReported ends the command with status 1 where everything has been said already.
var errReported = errors.New("failed")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := dispatch(ctx, os.Args[1:]); {
	case err == nil || errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errReported):
		os.Exit(1)
	default:
		fmt.Fprintln(os.Stderr, "poolctl:", err)
		os.Exit(1)
	}
}

func dispatch(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(os.Stdout)
		return nil
	}
	for _, c := range commands() {
		if c.name == args[0] {
			flags := flag.NewFlagSet("poolctl "+c.name, flag.ContinueOnError)
			return c.run(ctx, flags, args[1:])
		}
	}
	usage(os.Stderr)
	return fmt.Errorf("no command is named %q", args[0])
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "usage: poolctl COMMAND [flags]; poolctl COMMAND -h lists the flags")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-12s %s\n", c.name, c.summary)
	}
}

// repository finds the root of the checkout: the nearest folder upwards with go.mod and triggers/.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		_, mod := os.Stat(filepath.Join(dir, "go.mod"))
		_, triggers := os.Stat(filepath.Join(dir, "triggers"))
		if mod == nil && triggers == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("run this inside the repository: no folder above has go.mod and triggers/")
		}
		dir = parent
	}
}

// logFile opens build/logs/<name>.log, where functions and emulator write.
func logFile(root, name string) (*os.File, error) {
	return createLog(filepath.Join(root, "build", "logs", name+".log"))
}

// createLog begins a log anew. What an earlier run that still has it open writes goes to the end.
func createLog(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_APPEND|os.O_WRONLY, 0o644)
}
