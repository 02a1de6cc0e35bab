package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"cognito-triggers/cmd/internal/command"
	"cognito-triggers/local/build"
	"cognito-triggers/local/replay"
	"cognito-triggers/local/stack"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/repository"
)

func runReplay(ctx context.Context, flags *flag.FlagSet, args []string) error {
	trigger := flags.String("trigger", "", "replay only this trigger; with --event, the trigger to send the event to")
	event := flags.String("event", "", "file with an event of your own; - reads standard input")
	showLogs := flags.Bool("logs", false, "show what the functions print")
	compile := flags.Bool("build", true, "compile the functions first")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *event != "" && *trigger == "" {
		return errors.New("replay: --event needs --trigger NAME, the trigger to send the event to")
	}
	repo, err := repository.Find()
	if err != nil {
		return err
	}
	if *compile {
		if err := compileHere(ctx, repo, *trigger); err != nil {
			return err
		}
	}
	logs, err := command.LogFile(repo.Build, "replay")
	if err != nil {
		return err
	}
	defer logs.Close()
	var out io.Writer = logs
	if *showLogs || *event != "" {
		out = io.MultiWriter(logs, os.Stderr)
	}
	s, err := stack.Start(ctx, stack.Options{Root: repo.Root, Logs: out, Readable: true, Disabled: true})
	if err != nil {
		return err
	}
	if *event != "" {
		err = replayOwn(ctx, s, *trigger, *event)
	} else {
		err = replayGolden(ctx, s, *trigger)
	}
	return errors.Join(err, s.Close())
}

// compileHere compiles a function for this machine, or all of them if name is empty.
func compileHere(ctx context.Context, repo repository.Repository, name string) error {
	o := build.Options{
		Root: repo.Root, Rooms: []string{repo.Triggers, repo.API}, Target: build.Host(),
		Out: filepath.Join(repo.Build, build.Host().Folder()),
	}
	if name != "" {
		o.Only = []string{name}
	}
	_, err := build.Run(ctx, o)
	return err
}

// replayOwn sends one event to a trigger and prints the response.
func replayOwn(ctx context.Context, s *stack.Stack, trigger, file string) error {
	text, err := readEvent(file)
	if err != nil {
		return err
	}
	own := golden.Case{Trigger: trigger, Event: text}
	if err := s.Prepare(ctx, own); err != nil {
		return err
	}
	runner, err := s.Runner(trigger, nil)
	if err != nil {
		return err
	}
	result, err := runner.Invoke(ctx, text)
	outcome, err := replay.OutcomeOf(result, err)
	if err != nil {
		return err
	}
	took := result.Duration + result.Init
	if outcome.Error != "" {
		fmt.Printf("error after %.1f ms: %s\n", milliseconds(took), outcome.Error)
		return command.ErrReported
	}
	fmt.Fprintf(os.Stderr, "answered after %.1f ms\n", milliseconds(took))
	fmt.Println(string(outcome.Answer))
	return replay.CheckAnswer(s, own, outcome.Answer)
}

func readEvent(file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(file)
}

// replayGolden replays the golden events in the repository's files, so that new cases need no build of poolctl.
func replayGolden(ctx context.Context, s *stack.Stack, only string) error {
	cases, err := goldenCases(os.DirFS(s.Repository.Events), s, only)
	if err != nil {
		return err
	}
	report := newReport(os.Stdout, len(cases))
	for _, group := range byTrigger(cases) {
		if err := replay.Run(ctx, s, group, report.add); err != nil {
			return err
		}
	}
	return report.close()
}

func goldenCases(set fs.FS, s *stack.Stack, only string) ([]golden.Case, error) {
	if only != "" {
		if _, err := s.Function(only); err != nil {
			return nil, err
		}
	}
	triggers, err := golden.Triggers(set)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // a repository without events has no folder for them
		return nil, err
	}
	events := s.Repository.Relative(s.Repository.Events)
	var all []golden.Case
	for _, name := range triggers {
		if only != "" && name != only {
			continue
		}
		if _, err := s.Function(name); err != nil {
			return nil, fmt.Errorf("%s/%s: %w", events, name, err)
		}
		cases, err := golden.Load(set, name)
		if err != nil {
			return nil, err
		}
		all = append(all, cases...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no golden events: there is no %s/%s/*.json with a .want.json beside it", events,
			cmp.Or(only, "*"))
	}
	return all, nil
}

// byTrigger groups cases by trigger, in order, so that one trigger's processes end before the next one's start.
func byTrigger(cases []golden.Case) [][]golden.Case {
	var groups [][]golden.Case
	for i, c := range cases {
		if i == 0 || cases[i-1].Trigger != c.Trigger {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], c)
	}
	return groups
}
