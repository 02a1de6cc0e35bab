package loop

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// The limits. An edit may take this many times as long as a bare go build, and a constant more for seeing it, starting
// the process and asking it.
const (
	factor     = 1.3
	extra      = 300 * time.Millisecond
	startsIn   = 2 * time.Second
	resolution = 10 * time.Millisecond
)

// Report is the result of a run.
type Report struct {
	edits, builds []time.Duration // by round
	starts        []time.Duration
}

// median returns the middle value, the upper one of two; zero for none.
func median(values []time.Duration) time.Duration {
	if len(values) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(values))[len(values)/2]
}

// allowed returns, by round, how long the edit may take.
func (r Report) allowed() []time.Duration {
	all := make([]time.Duration, len(r.builds))
	for i, build := range r.builds {
		all[i] = time.Duration(factor*float64(build)) + extra
	}
	return all
}

// editFails compares each edit with the build beside it, since a machine's speed changes from round to round, and
// reports whether the median is beyond the limit.
func (r Report) editFails() bool {
	var beyond []time.Duration
	for i, limit := range r.allowed() {
		beyond = append(beyond, r.edits[i]-limit)
	}
	return len(beyond) == 0 || median(beyond) > 0
}

func (r Report) startFails() bool { return len(r.starts) == 0 || median(r.starts) > startsIn }

// Failed reports whether a limit is exceeded.
func (r Report) Failed() bool { return r.editFails() || r.startFails() }

// Print writes the medians, the limits and all values.
func (r Report) Print(w io.Writer) {
	fmt.Fprintf(w, "%-58s %8s %8s\n", "", "median", "limit")
	line := func(what string, values []time.Duration, limit time.Duration, verdict string) {
		bound := ""
		if limit > 0 {
			bound = limit.Round(resolution).String()
		}
		fmt.Fprintf(w, "%-58s %8s %8s  %-4s  of %v\n", what, median(values).Round(resolution), bound, verdict,
			rounded(values))
	}
	line("a bare go build of "+function+" after an edit", r.builds, 0, "")
	line("from saving the edit to the first event of the new code", r.edits, median(r.allowed()), verdict(r.editFails()))
	line("poolctl run with nothing to compile", r.starts, startsIn, verdict(r.startFails()))
	fmt.Fprintf(w, "The limit of an edit is %.1f times the bare build beside it plus %v; the median edit must keep it.\n",
		factor, extra)
}

func verdict(failed bool) string {
	if failed {
		return "FAIL"
	}
	return "ok"
}

func rounded(values []time.Duration) []time.Duration {
	all := make([]time.Duration, len(values))
	for i, v := range values {
		all[i] = v.Round(resolution)
	}
	return all
}
