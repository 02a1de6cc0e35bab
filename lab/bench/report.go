package bench

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"
)

// Report is the result of a run.
type Report struct {
	Options Options
	Bare    Row
	Rows    []Row
	Notes   []string // what was not measured, and why
}

// Row is a trigger, or the bare function.
type Row struct {
	Name   string
	Event  string // the golden case
	Budget Budget // zero for none
	Go     Figures
	Python *Figures // nil without a Python handler

	program, python string // names of the programs
}

// Figures are medians over a run's rounds; 0 means unknown.
type Figures struct {
	Cached, Evicted time.Duration // from the spawn to the first answer
	P50, P99        time.Duration // of warm events, from handing one out to its answer
	CPU             time.Duration // for a warm event, user and system
	PeakRSS         int64         // bytes
	Zip             int64         // bytes
}

// samples are what the rounds measured of one program.
type samples struct {
	cached, evicted, coldCPU []time.Duration
	p50, p99, warmCPU        []time.Duration
	peakRSS                  []int64
}

// figures returns the medians of the samples. A warm process's CPU time includes its start, which the cold processes
// measure.
func (s *samples) figures(warmEvents int, zip int64) Figures {
	f := Figures{
		Cached: median(s.cached), Evicted: median(s.evicted), P50: median(s.p50), P99: median(s.p99),
		PeakRSS: median(s.peakRSS), Zip: zip,
	}
	if cpu := median(s.warmCPU) - median(s.coldCPU); cpu > 0 && warmEvents > 1 {
		f.CPU = cpu / time.Duration(warmEvents-1)
	}
	return f
}

func (r *Report) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// fill fills the rows from the samples.
func (r *Report) fill(b *bench) {
	figures := map[string]Figures{}
	for _, p := range b.programs {
		figures[p.name] = b.samples[p.name].figures(warmUp+b.Events, p.zip)
	}
	for _, row := range append([]*Row{&r.Bare}, pointers(r.Rows)...) {
		row.Go = figures[row.program]
		if row.python != "" {
			equal := figures[row.python]
			row.Python = &equal
		}
	}
	if stuck := ratio(r.Bare.Go.Evicted, r.Bare.Go.Cached); stuck < 1.2 {
		r.note(
			"Evicted: the file system seems to keep the programs in memory, since they start as fast after eviction.")
	}
}

func pointers[T any](values []T) []*T {
	list := make([]*T, len(values))
	for i := range values {
		list[i] = &values[i]
	}
	return list
}

// Over reports whether any trigger exceeds its budget.
func (r Report) Over() bool {
	for _, row := range r.Rows {
		if row.verdict(r.Bare.Go) == over {
			return true
		}
	}
	return false
}

// Print writes the table, its legend and the notes.
func (r Report) Print(w io.Writer) {
	fmt.Fprintf(w, "%s/%s, %d cores. Medians; rounds of cold starts: %d, of warm processes: %d with %d events each.\n\n",
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), r.Options.ColdRounds, r.Options.WarmRounds, r.Options.Events)
	fmt.Fprint(w, align(r.table()))
	fmt.Fprint(w, "\n", legend)
	for _, row := range r.Rows {
		fmt.Fprintf(w, "  %-22s %s\n", row.Name, row.Event)
	}
	for _, note := range r.Notes {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(note))
	}
}

const legend = `first answer  from spawning the process to its first answer: with all of its files in the page cache, and evicted from it
              (of Python: the interpreter, its modules and libraries)
× bare        times the bare function of aws-lambda-go; ≤ within, > over its budget
× Python      how many times faster than an equal handler in Python, which imports what the trigger links; ≥ reaches its
              budget, < does not
CPU           of one warm event, user and system

The events. None needs a call to AWS, where no note below says otherwise:
`
