package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"cognito-triggers/cmd/internal/command"
	"cognito-triggers/local/replay"
	"cognito-triggers/shared/golden"
)

// report prints a line per replayed event, a progress bar on terminals, and the totals.
type report struct {
	out            *os.File
	terminal       bool
	total          int
	passed, failed int
}

func newReport(out *os.File, total int) *report {
	return &report{out: out, terminal: command.Terminal(out), total: total}
}

func (r *report) add(result replay.Result) {
	r.clearBar()
	verdict := "ok  "
	if result.Err != nil {
		verdict = "FAIL"
		r.failed++
	} else {
		r.passed++
	}
	cold := ""
	if result.Cold {
		cold = " cold"
	}
	fmt.Fprintf(r.out, "%s %-22s %-62s %-10s %8.1f ms%s\n", verdict, result.Case.Trigger, result.Case.Name,
		outcome(result), milliseconds(result.Duration), cold)
	if result.Err != nil {
		fmt.Fprintln(r.out, indent(result.Err.Error()))
	}
	r.bar()
}

// outcome sums up in a word what the function did.
func outcome(r replay.Result) string {
	var http struct{ StatusCode int }
	switch {
	case golden.IsRequest(r.Case.Event) && json.Unmarshal(r.Outcome.Answer, &http) == nil:
		return "HTTP " + strconv.Itoa(http.StatusCode)
	case r.Outcome.Error != "":
		return "refused"
	case string(r.Outcome.Answer) == string(r.Case.Event):
		return "unchanged"
	case r.Outcome.Answer != nil:
		return "answered"
	}
	return "no answer"
}

const barWidth = 40

func (r *report) bar() {
	if !r.terminal {
		return
	}
	done := r.passed + r.failed
	filled := barWidth * done / r.total
	fmt.Fprintf(r.out, "[%s%s] %d/%d", strings.Repeat("#", filled), strings.Repeat(".", barWidth-filled), done, r.total)
}

func (r *report) clearBar() {
	if r.terminal {
		fmt.Fprint(r.out, "\r\x1b[K")
	}
}

func (r *report) close() error {
	r.clearBar()
	fmt.Fprintf(r.out, "%d passed, %d failed\n", r.passed, r.failed)
	if r.failed > 0 {
		return command.ErrReported
	}
	return nil
}

func indent(text string) string { return "     " + strings.ReplaceAll(text, "\n", "\n     ") }

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
