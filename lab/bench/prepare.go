package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/manifest"
)

// prepare finds the programs and checks that each answers its event correctly.
func (b *bench) prepare(ctx context.Context) (Report, error) {
	report := Report{Options: b.Options}
	functions, err := manifest.Find(b.Root)
	if err != nil {
		return report, err
	}
	py, err := newPython(ctx, b.Root, b.scratch, b.Log)
	if err != nil {
		report.note("Python is left out: %v", err)
	}
	for _, function := range functions {
		if function.Hook == "" {
			err = b.addRequest(ctx, &report, function)
		} else {
			err = b.addTrigger(ctx, &report, function, py)
		}
		if err != nil {
			return report, err
		}
	}
	if len(report.Rows) == 0 {
		return report, errors.New("there are no triggers to measure")
	}
	if err := b.addBare(ctx, &report, py); err != nil {
		return report, err
	}
	if !canEvict {
		report.note("Evicted is left out: only Linux lets a program drop a file from the page cache.")
	}
	return report, nil
}

// addTrigger adds a trigger and its Python counterpart. A trigger without a plan may fail on its first golden case, for
// example because it needs a profile; then the report gets a note.
func (b *bench) addTrigger(ctx context.Context, report *Report, function manifest.Function, py *python) error {
	c, budget, err := planned(os.DirFS(filepath.Join(b.Root, "testevents")), function.Name)
	if err != nil {
		return err
	}
	p, err := triggerProgram(b.Root, b.scratch, function, c)
	if err != nil {
		return err
	}
	s, err := b.try(ctx, p)
	switch {
	case err == nil:
	case budget != (Budget{}):
		return err
	case s == nil:
		report.note("%v", err)
		return nil
	default:
		report.note("%v", err)
	}
	if calls := s.awsCalls.Load(); calls > 0 {
		report.note("%s: its event makes %d AWS calls, which fail here; with AWS it takes longer.", function.Name, calls)
	}
	b.keep(p)
	row := Row{Name: function.Name, Event: c.Name, Budget: budget, program: p.name}
	if row.python, err = b.addPython(ctx, py, function.Name, c, p.settings); err != nil {
		return err
	}
	report.Rows = append(report.Rows, row)
	return nil
}

// addRequest adds a function of the HTTP API, which has no Python counterpart.
func (b *bench) addRequest(ctx context.Context, report *Report, function manifest.Function) error {
	chosen, known := requestPlans()[function.Name]
	if !known {
		report.note("%s is left out: lab/bench/request.go has no request for it.", function.Name)
		return nil
	}
	p, err := requestProgram(b.Root, b.scratch, function, chosen)
	if err != nil {
		return err
	}
	s, err := b.try(ctx, p)
	if err != nil {
		return err
	}
	if calls := s.awsCalls.Load(); calls > 0 {
		return fmt.Errorf("%s: its request makes %d AWS calls; choose one that makes none", function.Name, calls)
	}
	b.keep(p)
	report.Rows = append(report.Rows, Row{Name: function.Name, Event: chosen.name, Budget: chosen.budget, program: p.name})
	return nil
}

// addPython adds a handler in Python and returns the program's name, "" if there is none.
func (b *bench) addPython(ctx context.Context, py *python, handler string, c golden.Case,
	settings map[string]string) (string, error) {
	p, found := py.program(handler, c, settings)
	if !found {
		return "", nil
	}
	_, err := b.try(ctx, p)
	if err != nil {
		return "", err
	}
	if canEvict {
		if p.files, err = py.loaded(ctx, p); err != nil {
			return "", err
		}
	}
	b.keep(p)
	return p.name, nil
}

// addBare adds the minimal functions.
func (b *bench) addBare(ctx context.Context, report *Report, py *python) error {
	event := b.programs[0].event
	p, err := echoProgram(b.Root, b.scratch, event)
	if err != nil {
		return err
	}
	if _, err := b.try(ctx, p); err != nil {
		return err
	}
	b.keep(p)
	report.Bare = Row{Name: "bare function", program: p.name}
	unchanged := golden.Case{Event: event, Want: golden.Want{Answer: "unchanged"}}
	report.Bare.python, err = b.addPython(ctx, py, "echo", unchanged, nil)
	return err
}

// try runs a program on its event and checks the answer. The session is nil if the program did not run.
func (b *bench) try(ctx context.Context, p program) (*session, error) {
	s, err := serve(ctx, p, 1, b.Log)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	if err := p.check(s.outcome); err != nil {
		return s, fmt.Errorf("%s: %w", p.name, err)
	}
	return s, nil
}

func (b *bench) keep(p program) {
	b.programs = append(b.programs, p)
	b.samples[p.name] = &samples{}
}
