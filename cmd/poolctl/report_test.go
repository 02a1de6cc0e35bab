package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cognito-triggers/cmd/internal/command"
	"cognito-triggers/local/replay"
	"cognito-triggers/shared/golden"
)

func result(name string, outcome golden.Outcome, err error) replay.Result {
	return replay.Result{
		Case:     golden.Case{Trigger: "audit", Name: name, Event: []byte("{}")},
		Outcome:  outcome,
		Duration: 1500 * time.Microsecond,
		Err:      err,
	}
}

// reported returns the output of a report.
func reported(t *testing.T, terminal bool, results ...replay.Result) (text string, err error) {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := newReport(file, len(results))
	if r.terminal {
		t.Fatal("a file was taken for a terminal")
	}
	r.terminal = terminal
	for _, one := range results {
		r.add(one)
	}
	err = r.close()
	out, readErr := os.ReadFile(file.Name())
	if readErr != nil {
		t.Fatal(readErr)
	}
	return string(out), err
}

func TestReport(t *testing.T) {
	out, err := reported(t, false,
		result("A", golden.Outcome{Answer: []byte("{}")}, nil),
		result("B", golden.Outcome{Answer: []byte(`{"a":1}`)}, nil),
		result("C", golden.Outcome{Error: "No."}, errors.New("line one\nline two")),
		result("D", golden.Outcome{}, errors.New("died")))
	if !errors.Is(err, command.ErrReported) {
		t.Errorf("error %v after failures", err)
	}
	for _, part := range []string{"unchanged       1.5 ms", "answered ", "refused ", "no answer ",
		"\n     line one\n     line two\n", "2 passed, 2 failed\n"} {
		if !strings.Contains(out, part) {
			t.Errorf("%q is not in\n%s", part, out)
		}
	}
	if _, err := reported(t, false, result("A", golden.Outcome{}, nil)); err != nil {
		t.Errorf("error %v though everything passed", err)
	}
}

func TestReportDrawsABarOnTerminals(t *testing.T) {
	pass := result("A", golden.Outcome{}, nil)
	out, _ := reported(t, true, pass, pass)
	for _, part := range []string{
		"[" + strings.Repeat("#", barWidth/2) + strings.Repeat(".", barWidth/2) + "] 1/2",
		"[" + strings.Repeat("#", barWidth) + "] 2/2",
		"\r\x1b[K2 passed, 0 failed\n",
	} {
		if !strings.Contains(out, part) {
			t.Errorf("%q is not in %q", part, out)
		}
	}
}

func TestByTrigger(t *testing.T) {
	var got []string
	for _, group := range byTrigger([]golden.Case{{
		Trigger: "a",
		Name:    "1",
	}, {Trigger: "a", Name: "2"}, {Trigger: "b", Name: "3"}}) {
		names := group[0].Trigger
		for _, c := range group {
			names += c.Name
		}
		got = append(got, names)
	}
	if strings.Join(got, " ") != "a12 b3" {
		t.Errorf("groups %v", got)
	}
	if len(byTrigger(nil)) != 0 {
		t.Error("no cases give a group")
	}
}
