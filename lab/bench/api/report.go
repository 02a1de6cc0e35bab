package api

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
)

// limit is the requests per second that the local HTTP API must reach, as a ratio to the plain reverse proxy's.
const limit = 0.7

// Report is the result of a run.
type Report struct {
	Options     Options
	Plain, Ours *contestant
	Peer        *contestant // nil if it could not be started
	PeerMissing error       // why
}

// Failed reports whether the local HTTP API is below its limit for any kind of request.
func (r Report) Failed() bool {
	return slices.ContainsFunc(kinds(), func(k kind) bool { return verdict(r.times(r.Ours, k)) != "ok" })
}

func verdict(times float64) string {
	if times >= limit {
		return "ok"
	}
	return "FAIL" // also for NaN
}

// times is the median, over the rounds, of the ratio of a contestant's rate to the plain reverse proxy's.
func (r Report) times(c *contestant, k kind) float64 {
	var ratios []float64
	mine, plain := c.rates[k.name], r.Plain.rates[k.name]
	for i := range min(len(mine), len(plain)) {
		ratios = append(ratios, mine[i]/plain[i])
	}
	if len(ratios) == 0 {
		return math.NaN()
	}
	return median(ratios)
}

// Print writes the figures, their explanation and the verdicts.
func (r Report) Print(w io.Writer) {
	o := r.Options
	fmt.Fprintf(w,
		"%s/%s, %d cores. POST /post with an access token; medians of %d rounds of %d requests each, %d at a time.\n\n",
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), o.Rounds, o.Requests, o.Concurrency)
	const format = "%-26s %-26s %12s %18s %9s\n"
	fmt.Fprintf(w, format, "", "", "requests/s", "slowest, fastest", "× plain")
	for _, k := range kinds() {
		for _, c := range r.contestants() {
			rates := c.rates[k.name]
			spread := fmt.Sprintf("%.0f, %.0f", slices.Min(rates), slices.Max(rates))
			fmt.Fprintf(w, format, k.name, c.name, fmt.Sprintf("%.0f", median(rates)), spread,
				fmt.Sprintf("%.2f", r.times(c, k)))
		}
	}
	fmt.Fprint(w, legend)
	switch {
	case r.PeerMissing != nil:
		fmt.Fprintf(w, "ministack's API Gateway is left out: %v\n", r.PeerMissing)
	case r.Peer.failed > 0:
		fmt.Fprintf(w, "%d of ministack's answers were wrong and do not count; the last error: %v\n", r.Peer.failed,
			r.Peer.last)
	}
	fmt.Fprintln(w)
	for _, k := range kinds() {
		times := r.times(r.Ours, k)
		fmt.Fprintf(w, "%-4s  %s: %.2f times the plain reverse proxy's requests per second, at least %.1f wanted\n",
			verdict(times), k.name, times, limit)
	}
}

func (r Report) contestants() []*contestant {
	list := []*contestant{r.Plain, r.Ours}
	if r.Peer != nil {
		list = append(list, r.Peer)
	}
	return list
}

const legend = `
The plain reverse proxy is httputil.ReverseProxy before a server that hands the same function's runner one event, whose body
alone differs: no route, no token, no limits. Both, and the client, are one process; ministack's API Gateway and Lambda are
in the process that is everybody's DynamoDB. A post that is refused needs no DynamoDB: it shows what stands before the function.
`

// median returns the middle value, the lower of two for an even number, and zero for none.
func median[T cmp.Ordered](values []T) T {
	if len(values) == 0 {
		var none T
		return none
	}
	return slices.Sorted(slices.Values(values))[(len(values)-1)/2]
}
