package soak

import (
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
	"time"
)

// Print writes the report for people to read.
func (r Report) Print(w io.Writer) {
	fmt.Fprintf(w, "%d users signed up and in, %d at a time, in %.1f s: %.0f users a second\n\n", r.Users, r.Concurrency,
		r.Took.Seconds(), float64(r.Users)/r.Took.Seconds())
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "operation\tdone\tp50\tp99\tmost\t")
	for _, name := range []string{"SignUp", "ConfirmSignUp", "InitiateAuth"} {
		took := slices.Sorted(slices.Values(r.Latencies[name]))
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\t\n", name, len(took), milliseconds(took, 50), milliseconds(took, 99),
			milliseconds(took, 100))
	}
	_ = table.Flush() // the next write to w fails, too
	r.printMemory(w)
	fmt.Fprintf(w, "\nstored profiles   %d, want %d\nwrong outcomes    %d\n", r.Profiles, r.Users, r.WrongCount)
	for _, text := range r.Wrong {
		fmt.Fprintf(w, "  %s\n", text)
	}
	if more := r.WrongCount - len(r.Wrong); more > 0 {
		fmt.Fprintf(w, "  and %d more\n", more)
	}
}

// printMemory prints how the pool's process grew, and how much of that is kept for people to inspect.
func (r Report) printMemory(w io.Writer) {
	if len(r.Memory) < 2 || r.Memory[0].RSS == 0 {
		fmt.Fprintln(w, "\nThe pool's memory is not known on this system.")
		return
	}
	fmt.Fprintf(w, "\nResident memory of the pool's process\n")
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "users\tMB\tkB a user since the line above\t")
	for i, m := range r.Memory {
		grown := ""
		if i > 0 && m.Users > r.Memory[i-1].Users {
			grown = fmt.Sprintf("%.1f", float64(m.RSS-r.Memory[i-1].RSS)/1e3/float64(m.Users-r.Memory[i-1].Users))
		}
		fmt.Fprintf(table, "%d\t%.1f\t%s\t\n", m.Users, float64(m.RSS)/1e6, grown)
	}
	_ = table.Flush() // as above
	first, last := r.Memory[0], r.Memory[len(r.Memory)-1]
	fmt.Fprintf(w,
		"Growth: %.1f MB, %.1f kB a user. Of what the pool keeps, as JSON, %d events are %.1f MB and %d messages %.1f MB.\n",
		float64(last.RSS-first.RSS)/1e6, r.PerUser()/1e3, r.Kept.Events, float64(r.Kept.EventBytes)/1e6, r.Kept.Messages,
		float64(r.Kept.MessageBytes)/1e6)
	fmt.Fprint(w,
		"The pool keeps the latest 10,000 to 20,000 of each and forgets older ones; users and their sessions stay. "+
			"Go collects\nwhen the heap has doubled, so up to half of it is garbage: "+
			"with GOGC=10 in the environment there is hardly any.\n")
}

// PerUser returns the growth of the pool's process in bytes per user.
func (r Report) PerUser() float64 {
	if len(r.Memory) == 0 {
		return 0
	}
	return float64(r.Memory[len(r.Memory)-1].RSS-r.Memory[0].RSS) / float64(r.Users)
}

// milliseconds formats the p-th percentile of sorted values.
func milliseconds(sorted []time.Duration, p float64) string {
	if len(sorted) == 0 {
		return "-"
	}
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return fmt.Sprintf("%.1f ms", float64(sorted[rank-1].Microseconds())/1000)
}
