package pool

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"time"
)

// The limits, as ratios to the flows per second of ministack's pool, which has no triggers.
const (
	withoutTriggers = 2 // our pool without triggers
	withTriggers    = 1 // our pool with the compiled triggers firing
)

// goal is the CPU per flow, without signatures, that our pool without triggers should not exceed. Exceeding it does not
// fail a run, since times differ between machines.
const goal = 800 * time.Microsecond

// Report is the result of a run.
type Report struct {
	Options                     Options
	Local, Triggered, Ministack *contestant
	Ours, Peer                  Server
	Rest                        time.Duration   // the emulator's start; 0 if it was already running
	signatures                  []time.Duration // CPU of one, by round; empty if unknown
	signIns                     []*signIn       // of users who are there, each by itself
	hosted                      []*hosted       // at the pools' domains
}

// Server is a server's start-up time and resource usage.
type Server struct {
	starts       []time.Duration
	Idle, Loaded Usage // after creating its pools, and after all rounds
}

// Failed reports whether one of our pools is below its limit.
func (r Report) Failed() bool {
	return verdict(r.times(r.Local), withoutTriggers) != "ok" || verdict(r.times(r.Triggered), withTriggers) != "ok"
}

func verdict(times, limit float64) string {
	if times >= limit {
		return "ok"
	}
	return "FAIL" // also for NaN
}

// times is the median, over the rounds, of the ratio of a pool's flows per second to ministack's.
func (r Report) times(c *contestant) float64 {
	var ratios []float64
	for i := range min(len(c.rates), len(r.Ministack.rates)) {
		ratios = append(ratios, c.rates[i]/r.Ministack.rates[i])
	}
	if len(ratios) == 0 {
		return math.NaN()
	}
	return median(ratios)
}

// Print writes the figures, their explanation and the verdicts.
func (r Report) Print(w io.Writer) {
	o := r.Options
	fmt.Fprintf(w, "%s/%s, %d cores. Medians of %d rounds of %d flows each, %d at a time, and of %d starts.\n\n",
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), o.Rounds, o.Flows, o.Concurrency, o.Starts)
	r.printFlows(w)
	r.printSignatures(w)
	fmt.Fprintln(w)
	r.printSignIns(w)
	r.printHosted(w)
	r.printServers(w)
	fmt.Fprint(w, legend)
	if r.Rest > 0 {
		fmt.Fprintf(w, "Its start, which `make run` waits for too, took %.2f s.\n", r.Rest.Seconds())
	}
	if !r.Peer.Idle.Known {
		fmt.Fprint(w, "CPU and memory are not measured: only Linux reports them for a running process.\n")
	}
	if n := r.Ministack.failed; n > 0 {
		fmt.Fprintf(w, "%d of ministack's %d flows failed and do not count; the last error: %v\n", n, o.Rounds*o.Flows,
			r.Ministack.failure.Load())
	}
	fmt.Fprintln(w)
	for _, line := range []struct {
		*contestant
		limit float64
	}{{r.Local, withoutTriggers}, {r.Triggered, withTriggers}} {
		times := r.times(line.contestant)
		fmt.Fprintf(w, "%-4s  %s: %.2f times ministack's flows per second, at least %.1f wanted\n",
			verdict(times, line.limit), line.String(), times, line.limit)
	}
}

func (r Report) printFlows(w io.Writer) {
	const format = "%-30s %8s %17s %12s %12s %15s\n"
	fmt.Fprintf(w, format, "", "flows/s", "slowest, fastest", "× ministack", "CPU ms/flow", "with functions")
	for _, c := range []*contestant{r.Ministack, r.Local, r.Triggered} {
		alone, together := unknown, unknown
		if len(c.cpu) > 0 {
			alone = milliseconds(median(c.cpu))
			together = milliseconds(median(c.cpu) + median(c.functions))
		}
		spread := fmt.Sprintf("%.0f, %.0f", slices.Min(c.rates), slices.Max(c.rates))
		fmt.Fprintf(w, format, c.String(), fmt.Sprintf("%.0f", median(c.rates)), spread, fmt.Sprintf("%.2f", r.times(c)),
			alone, together)
	}
}

// printSignatures prints how much of our pool's CPU goes into signatures, and the rest.
func (r Report) printSignatures(w io.Writer) {
	if len(r.signatures) == 0 {
		return
	}
	one := median(r.signatures)
	fmt.Fprintf(w, "\nSignatures: %d per flow at %s ms of CPU each in crypto/rsa, measured in the same rounds: %s ms.\n",
		signaturesPerFlow, milliseconds(one), milliseconds(signaturesPerFlow*one))
	const format = "CPU per flow without them: %-30s %s ms%s\n"
	wanted := fmt.Sprintf(" (goal: at most %s)", milliseconds(goal))
	fmt.Fprintf(w, format, r.Local, milliseconds(r.withoutSignatures(r.Local)), wanted)
	fmt.Fprintf(w, format, r.Triggered, milliseconds(r.withoutSignatures(r.Triggered)), "")
}

// withoutSignatures is the median, over the rounds, of a flow's CPU minus its signatures, each round with its own cost
// of a signature.
func (r Report) withoutSignatures(c *contestant) time.Duration {
	var rest []time.Duration
	for i := range min(len(c.cpu), len(r.signatures)) {
		rest = append(rest, c.cpu[i]-signaturesPerFlow*r.signatures[i])
	}
	return median(rest)
}

func (r Report) printServers(w io.Writer) {
	const format = "%-30s %8s %17s %12s %12s %15s\n"
	fmt.Fprintf(w, format, "", "start s", "RSS MB at start", "after", "users then", "with functions")
	users := r.Options.Rounds*r.Options.Flows + 1 // one more for the check
	for _, line := range []struct {
		name  string
		users int
		Server
	}{{r.Ministack.String(), users, r.Peer}, {"local pool, both of them", 2 * users, r.Ours}} {
		fmt.Fprintf(w, format, line.name, fmt.Sprintf("%.2f", median(line.starts).Seconds()), megabytes(line.Idle.RSS),
			megabytes(line.Loaded.RSS), fmt.Sprint(line.users), megabytes(line.Loaded.RSS+line.Loaded.FunctionsRSS))
	}
}

const legend = `
One flow: SignUp, AdminConfirmSignUp, InitiateAuth with USER_PASSWORD_AUTH, GetUser. Both servers sign with RS256; ours
stores salted hashes of passwords. Every round adds users to the pools, so a pool that slows down as it grows has a low
slowest round.
A sign-in is a user's who is there: SRP with two requests and the client's share of the protocol, EMAIL_OTP with a mail,
two requests, and two more that read the code from the inbox, passkey with two requests and a signature of the client.
They are measured after the flows. At the domain, a browser that is signed in gets a code by the authorize endpoint, and
the app exchanges it; ministack keeps no sessions, so that its browsers send the form with the password each time.
The start is the time from the spawn until a pool with an app client exists. The emulator, which the triggers call for
DynamoDB and SES, is a third process, started before: no figure includes its start, CPU or memory, but flows with
triggers wait for it.
`

// unknown is the cell for a figure that was not measured.
const unknown = "-"

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.2f", float64(d)/float64(time.Millisecond))
}

func megabytes(bytes int64) string {
	if bytes == 0 {
		return unknown
	}
	return fmt.Sprintf("%.0f", float64(bytes)/(1<<20))
}

// median returns the middle value, the lower of two for an even number, and zero for none.
func median[T cmp.Ordered](values []T) T {
	if len(values) == 0 {
		var none T
		return none
	}
	return slices.Sorted(slices.Values(values))[(len(values)-1)/2]
}
