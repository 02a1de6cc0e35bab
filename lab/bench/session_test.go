package bench

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestServe(t *testing.T) {
	cases := map[string]struct {
		act      string
		answer   string
		failed   string // the function's error
		awsCalls int64
		want     string // in the error
	}{
		"answers":             {act: "echo", answer: `{"n":1}`},
		"asks AWS":            {act: "ask", answer: `{"n":1}`, awsCalls: 3},
		"answers with errors": {act: "fail", failed: "context deadline exceeded"},
		"dies":                {act: "die", want: "ended before it answered"},
		"reports a bad start": {act: "refuse", want: "no table"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s, err := serve(t.Context(), spawned(t, c.act), 3, nil)
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Fatalf("error = %v, want %q", err, c.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if string(s.outcome.Answer) != c.answer || s.outcome.Error != c.failed {
				t.Errorf("outcome = %q, %q", s.outcome.Answer, s.outcome.Error)
			}
			if got := s.awsCalls.Load(); got != c.awsCalls {
				t.Errorf("%d calls to AWS were counted, want %d", got, c.awsCalls)
			}
			if len(s.took) != 3 || s.took[2] <= 0 || s.firstAnswer() <= s.took[0] || s.cpu <= 0 || s.peakRSS <= 0 {
				t.Errorf("took %v, first answer after %v, CPU %v, %d bytes", s.took, s.firstAnswer(), s.cpu, s.peakRSS)
			}
		})
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := serve(ctx, spawned(t, "echo"), 1<<20, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v", err)
	}
}

func TestRounds(t *testing.T) {
	b := &bench{Options: Options{ColdRounds: 2, WarmRounds: 1, Events: 5}, samples: map[string]*samples{}}
	var last, total int
	b.Progress = func(done, of int) { last, total = done, of }
	for _, act := range []string{"echo", "ask"} {
		b.keep(spawned(t, act))
	}
	if err := b.measure(t.Context()); err != nil {
		t.Fatal(err)
	}
	if last != total || total != 2*b.perProgram() {
		t.Errorf("%d of %d processes ran, want %d", last, total, 2*b.perProgram())
	}
	for name, s := range b.samples {
		f := s.figures(warmUp+b.Events, 7)
		if f.Cached <= 0 || f.P50 <= 0 || f.P99 < f.P50 || f.PeakRSS <= 0 || f.Zip != 7 || canEvict != (f.Evicted > 0) {
			t.Errorf("%s: figures %+v", name, f)
		}
	}
}

func TestEvict(t *testing.T) {
	if err := spawned(t, "echo").evict(); canEvict != (err == nil) {
		t.Errorf("error = %v", err)
	}
	if err := (program{files: []string{"gone"}}).evict(); err == nil {
		t.Error("a missing file was evicted")
	}
}
