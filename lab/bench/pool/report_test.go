package pool

import (
	"strings"
	"testing"
	"time"
)

func TestVerdicts(t *testing.T) {
	peer := []float64{100, 200, 100}
	for name, c := range map[string]struct {
		local, triggered []float64
		want             []string // verdict lines
		failed           bool
	}{
		"both within": {local: []float64{200, 400, 300}, triggered: []float64{100, 200, 90}, want: []string{
			"ok    local pool, no triggers: 2.00 times", "ok    local pool, compiled triggers: 1.00 times"}},
		"slow without triggers": {local: []float64{199, 398, 300}, triggered: []float64{100, 200, 100}, want: []string{
			"FAIL  local pool, no triggers: 1.99 times", "ok    local pool, compiled triggers: 1.00 times"}, failed: true},
		"slow with triggers": {local: []float64{200, 400, 300}, triggered: []float64{99, 198, 500}, want: []string{
			"ok    local pool, no triggers: 2.00 times", "FAIL  local pool, compiled triggers: 0.99 times"}, failed: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := Report{
				Options:   Options{Rounds: 3, Flows: 10, Concurrency: 2, Starts: 1},
				Local:     &contestant{server: &server{}, rates: c.local},
				Triggered: &contestant{server: &server{}, rates: c.triggered, fires: true},
				Ministack: &contestant{server: &server{version: "1.2.3"}, rates: peer, failed: 2},
			}
			r.Ministack.failure.Store("it broke")
			r.Ours.starts, r.Peer.starts = []time.Duration{time.Second}, []time.Duration{2 * time.Second}
			var text strings.Builder
			r.Print(&text)
			for _, want := range append(c.want, "2 of ministack's 30 flows failed", "it broke", "are not measured") {
				if !strings.Contains(text.String(), want) {
					t.Errorf("%q is not in the report:\n%s", want, &text)
				}
			}
			if r.Failed() != c.failed {
				t.Errorf("Failed() = %t", r.Failed())
			}
		})
	}
}

func TestNothingMeasuredFails(t *testing.T) {
	none := &contestant{server: &server{}}
	if r := (Report{Local: none, Triggered: none, Ministack: none}); !r.Failed() {
		t.Error("a report without rounds passes")
	}
}

func TestReportTellsWhatSignaturesCost(t *testing.T) {
	at := func(microseconds ...int) (all []time.Duration) {
		for _, n := range microseconds {
			all = append(all, time.Duration(n)*time.Microsecond)
		}
		return all
	}
	rates := []float64{1, 1, 1}
	r := Report{
		Options: Options{Rounds: 1, Flows: 1, Concurrency: 1, Starts: 1},
		Local:   &contestant{server: &server{}, rates: rates, cpu: at(4700, 9000, 2900), functions: at(0, 0, 0)},
		Triggered: &contestant{
			server:    &server{},
			rates:     rates,
			cpu:       at(5200, 9500, 3400),
			functions: at(900, 900, 900),
			fires:     true,
		},
		Ministack: &contestant{
			server:    &server{version: "1.2.3"},
			rates:     rates,
			cpu:       at(9000, 9000, 9000),
			functions: at(0, 0, 0),
		},
		signatures: at(2000, 4100, 1100),
	}
	const want = `
Signatures: 2 per flow of 2.00 ms of CPU each in crypto/rsa, measured in the same rounds: 4.00 ms.
CPU per flow without them: local pool, no triggers        0.70 ms (goal: at most 0.80)
CPU per flow without them: local pool, compiled triggers  1.20 ms
`
	var text strings.Builder
	if r.Print(&text); !strings.Contains(text.String(), want) {
		t.Errorf("got %s\nwant %s", &text, want)
	}
	r.signatures = nil
	text.Reset()
	if r.Print(&text); strings.Contains(text.String(), "Signatures:") {
		t.Errorf("the report has figures that were not measured: %s", &text)
	}
}

func TestMedian(t *testing.T) {
	for name, c := range map[string]struct {
		values []int
		want   int
	}{
		"none": {
			values: nil,
			want:   0,
		}, "one": {
			values: []int{7},
			want:   7,
		}, "odd": {values: []int{9, 1, 5}, want: 5}, "even takes the lower": {values: []int{9, 1, 5, 3}, want: 3},
	} {
		t.Run(name, func(t *testing.T) {
			if got := median(c.values); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}
