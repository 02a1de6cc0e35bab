package bench

import (
	"strings"
	"testing"
	"time"
)

const (
	ms = time.Millisecond
	us = time.Microsecond
)

var bare = Figures{Cached: 2 * ms, Evicted: 10 * ms, P50: 100 * us}

func TestVerdict(t *testing.T) {
	budget := Budget{First: 1.4, Warm: 1.3, Faster: 10}
	within := Figures{Cached: 2800 * us, Evicted: 14 * ms, P50: 130 * us}
	cases := map[string]struct {
		budget Budget
		change func(*Figures)
		python *Figures
		want   verdict
	}{
		"on every limit":         {budget: budget, python: &Figures{Cached: 28 * ms}, want: ok},
		"over, cached":           {budget: budget, change: func(f *Figures) { f.Cached += us }, want: over},
		"over, evicted":          {budget: budget, change: func(f *Figures) { f.Evicted += us }, want: over},
		"over, warm":             {budget: budget, change: func(f *Figures) { f.P50 += us }, want: over},
		"over, Python":           {budget: budget, python: &Figures{Cached: 27 * ms}, want: over},
		"evicted not measured":   {budget: budget, change: func(f *Figures) { f.Evicted = 0 }, want: ok},
		"no limit for the start": {budget: Budget{Warm: 1.3}, change: func(f *Figures) { f.Cached = time.Second }, want: ok},
		"no budget":              {budget: Budget{}, change: func(f *Figures) { f.Cached = time.Second }, want: noBudget},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			row := Row{Budget: c.budget, Go: within, Python: c.python}
			if c.change != nil {
				c.change(&row.Go)
			}
			if got := row.verdict(bare); got != c.want {
				t.Errorf("verdict = %q, want %q", got, c.want)
			}
			if got := (Report{Bare: Row{Go: bare}, Rows: []Row{row}}).Over(); got != (c.want == over) {
				t.Errorf("Over() = %v", got)
			}
		})
	}
}

func TestTable(t *testing.T) {
	report := Report{
		Bare: Row{Name: "bare function", Go: bare},
		Rows: []Row{
			{Name: "greets", Budget: Budget{First: 1.4, Warm: 1.3, Faster: 10}, Python: &Figures{Cached: 20 * ms},
				Go: Figures{
					Cached:  3 * ms,
					Evicted: 13 * ms,
					P50:     90 * us,
					P99:     300 * us,
					CPU:     77 * us,
					PeakRSS: 12 << 20,
					Zip:     3 << 20,
				}},
			{Name: "new", Go: Figures{Cached: 3 * ms}},
		},
	}
	const want = `
               first answer              evicted                warm                warm            peak          × Python  × Python
                  cached ms      × bare       ms      × bare  p50 µs      × bare  p99 µs  CPU µs  RSS MB  zip KB    cached   evicted  verdict
bare function          2.00        1.00    10.00        1.00     100        1.00       -       -       -       -         -         -
greets                 3.00  1.50 > 1.4    13.00  1.30 ≤ 1.4      90  0.90 ≤ 1.3     300      77    12.0    3072  6.7 < 10         -     over
  in Python           20.00       10.00        -           -       -           -       -       -       -       -
new                    3.00        1.50        -           -       -           -       -       -       -       -         -         -
`
	if got := "\n" + align(report.table()); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestPrintTellsTheEventsAndWhatIsMissing(t *testing.T) {
	report := Report{
		Bare: Row{Name: "bare function", Go: bare},
		Rows: []Row{{Name: "greets", Event: "Greet_Hello", Go: bare}},
	}
	report.note("Python is left out: %s", "no wheel\n")
	var out strings.Builder
	report.Print(&out)
	for _, part := range []string{"greets  ", "Greet_Hello\n", "\nPython is left out: no wheel\n"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("%q is missing in\n%s", part, out.String())
		}
	}
}

func TestFillNotesAFileSystemThatEvictsNothing(t *testing.T) {
	for name, c := range map[string]struct {
		evicted time.Duration
		notes   int
	}{
		"as fast":      {evicted: 2100 * us, notes: 1},
		"slower":       {evicted: 8 * ms, notes: 0},
		"not measured": {evicted: 0, notes: 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := &bench{programs: []program{{name: "echo", zip: 5}, {name: "greets"}}, samples: map[string]*samples{
				"echo":   {cached: []time.Duration{2 * ms}},
				"greets": {cached: []time.Duration{3 * ms}},
			}}
			if c.evicted > 0 {
				b.samples["echo"].evicted = []time.Duration{c.evicted}
			}
			report := Report{Bare: Row{program: "echo"}, Rows: []Row{{program: "greets", python: "echo"}}}
			report.fill(b)
			if len(report.Notes) != c.notes {
				t.Errorf("notes = %q", report.Notes)
			}
			if row := report.Rows[0]; row.Go.Cached != 3*ms || row.Python == nil || row.Python.Zip != 5 {
				t.Errorf("row = %+v", row)
			}
		})
	}
}
