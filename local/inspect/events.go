package inspect

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/functionlog"
)

func event(raw json.RawMessage) (string, error) {
	var r fire.Record
	if err := json.Unmarshal(raw, &r); err != nil {
		return "", err
	}
	return Text(r), nil
}

// Text formats an event: an error's kind in its column and its message below. An event that took several attempts says
// so in that column; these attempts, and those of an event that failed, are below with their log lines.
func Text(r fire.Record) string {
	name, err := fire.FunctionName(r.Function)
	if err != nil {
		name = r.Function
	}
	outcome, text, _ := strings.Cut(r.Outcome, ": ")
	if len(r.Attempts) > 1 {
		outcome += fmt.Sprintf(" after %d attempts", len(r.Attempts))
	}
	var out strings.Builder
	fmt.Fprintln(&out, row(eventColumns, strconv.Itoa(r.Number), clock(r.At), r.Source, name, outcome,
		fmt.Sprintf("%.1f", r.Milliseconds)))
	if r.Asynchronous && r.Outcome != "ok" {
		text += " (the user's operation did not wait for it)"
	}
	for _, more := range append([]string{text}, r.Problems...) {
		if more != "" {
			fmt.Fprintln(&out, below+functionlog.Printable(withoutLog(more)))
		}
	}
	if len(r.Attempts) > 1 || r.Outcome != "ok" {
		for i, attempt := range r.Attempts {
			writeAttempt(&out, i+1, attempt)
		}
	}
	return out.String()
}

// below is the indentation of what belongs to the row above.
const below = "      "

// withoutLog cuts the log's last lines off the text of a dead process's error: the attempt shows them.
func withoutLog(problem string) string {
	text, _, _ := strings.Cut(problem, "; it printed:\n")
	return text
}

func writeAttempt(out *strings.Builder, number int, a fire.Attempt) {
	start := "warm"
	if a.Cold {
		start = "cold"
	}
	what := string(a.Outcome)
	if a.Detail != "" {
		what += " (" + a.Detail + ")"
	}
	line := fmt.Sprintf("%sattempt %d: %s, %.1f ms, %s", below, number, what, a.Milliseconds, start)
	if a.RequestID != "" {
		line += ", request " + short(a.RequestID)
	}
	fmt.Fprintln(out, functionlog.Printable(line))
	if a.LeftOut > 0 {
		fmt.Fprintf(out, "%s  (%d earlier lines are not kept)\n", below, a.LeftOut)
	}
	for _, l := range a.Log {
		text := clock(l.At) + "  " + l.Body()
		fmt.Fprintln(out, below+"  "+strings.ReplaceAll(text, "\n", "\n"+below+"  "))
	}
}

// short returns the part of a request ID that is shown.
func short(id string) string {
	if id == "" {
		return "-"
	}
	return id[:min(len(id), functionlog.ShortID)]
}

func logLine(raw json.RawMessage) (string, error) {
	var l fire.Line
	if err := json.Unmarshal(raw, &l); err != nil {
		return "", err
	}
	number := "-"
	if l.Event > 0 {
		number = strconv.Itoa(l.Event)
	}
	first, more, several := strings.Cut(l.Body(), "\n")
	text := row(lineColumns, l.At.Local().Format("15:04:05.000"), l.Function, number, short(l.RequestID)) + "  "
	text += strings.Repeat(" ", max(0, lineIndent-cells(text))) + first + "\n"
	if several {
		text += more + "\n"
	}
	return text, nil
}

// lineIndent is where the last column of Logs begins.
const lineIndent = 12 + 2 + 22 + 2 + 5 + 2 + 8 + 2
