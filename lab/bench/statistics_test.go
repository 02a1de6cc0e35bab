package bench

import (
	"math"
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	cases := map[string]struct {
		values []int
		p      float64
		want   int
	}{
		"none":            {p: 50, want: 0},
		"one":             {values: []int{4}, p: 99, want: 4},
		"odd median":      {values: []int{9, 1, 5}, p: 50, want: 5},
		"even median":     {values: []int{9, 1, 5, 7}, p: 50, want: 5},
		"p99 of hundred":  {values: upTo(100), p: 99, want: 99},
		"p99 of thousand": {values: upTo(1000), p: 99, want: 990},
		"p0":              {values: []int{3, 2}, p: 0, want: 2},
		"p100":            {values: []int{3, 2}, p: 100, want: 3},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			before := append([]int(nil), c.values...)
			if got := percentile(c.values, c.p); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
			for i := range before {
				if before[i] != c.values[i] {
					t.Fatal("the values were reordered")
				}
			}
		})
	}
}

// upTo returns n, n-1, ..., 1.
func upTo(n int) []int {
	values := make([]int, n)
	for i := range values {
		values[i] = n - i
	}
	return values
}

func TestRatio(t *testing.T) {
	if got := ratio(3*time.Second, 2*time.Second); got != 1.5 {
		t.Errorf("got %v", got)
	}
	for name, pair := range map[string][2]time.Duration{"value unknown": {0, 1}, "base unknown": {1, 0}} {
		if got := ratio(pair[0], pair[1]); !math.IsNaN(got) {
			t.Errorf("%s: got %v, want NaN", name, got)
		}
	}
}

func TestFiguresTakeTheStartOutOfTheCPUTime(t *testing.T) {
	s := samples{
		coldCPU: []time.Duration{4 * time.Millisecond, 5 * time.Millisecond, 90 * time.Millisecond},
		warmCPU: []time.Duration{25 * time.Millisecond},
	}
	if got := s.figures(101, 0).CPU; got != 200*time.Microsecond {
		t.Errorf("CPU for an event = %v, want 20 ms over 100 events", got)
	}
	if got := (&samples{coldCPU: s.warmCPU, warmCPU: s.coldCPU}).figures(101, 0).CPU; got != 0 {
		t.Errorf("CPU for an event = %v when the start took longer than everything", got)
	}
}
