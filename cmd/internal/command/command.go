// Package command holds what the repository's commands share: subcommands and flags, exit statuses, log files.
package command

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

// Command is a subcommand. Run registers its flags, parses args and does the work; Ctrl-C cancels ctx.
type Command struct {
	Name, Summary string
	Run           func(ctx context.Context, flags *flag.FlagSet, args []string) error
}

// ErrReported makes Main exit with status 1 without printing anything: Run has already reported the problem.
var ErrReported = errors.New("failed")

// Main runs the subcommand named by the program's arguments and exits with status 1 if it fails.
func Main(program string, commands []Command) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := dispatch(ctx, program, commands, os.Args[1:]); {
	case err == nil || errors.Is(err, flag.ErrHelp):
	case errors.Is(err, ErrReported):
		os.Exit(1)
	default:
		fmt.Fprintf(os.Stderr, "%s: %v\n", program, err)
		os.Exit(1)
	}
}

func dispatch(ctx context.Context, program string, commands []Command, args []string) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(os.Stdout, program, commands)
		return nil
	}
	for _, c := range commands {
		if c.Name == args[0] {
			flags := flag.NewFlagSet(program+" "+c.Name, flag.ContinueOnError)
			return c.Run(ctx, flags, args[1:])
		}
	}
	usage(os.Stderr, program, commands)
	return fmt.Errorf("unknown command %q", args[0])
}

func usage(w io.Writer, program string, commands []Command) {
	fmt.Fprintf(w, "usage: %s COMMAND [flags]; %[1]s COMMAND -h lists the flags\n", program)
	for _, c := range commands {
		fmt.Fprintf(w, "  %-12s %s\n", c.Name, c.Summary)
	}
}

// LogFile creates logs/<name>.log in a repository's build folder, for the output of functions and emulator.
func LogFile(build, name string) (*os.File, error) {
	return CreateLog(filepath.Join(build, "logs", name+".log"))
}

// CreateLog truncates or creates a log. It is opened for appending, so that an earlier run that still writes to it
// cannot overwrite new lines.
func CreateLog(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_APPEND|os.O_WRONLY, 0o644)
}

// Terminal reports whether the file is a terminal, not a regular file or a pipe.
func Terminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
