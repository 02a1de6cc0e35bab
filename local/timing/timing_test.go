package timing

import (
	"testing"
	"time"
)

func TestAUC(t *testing.T) {
	samples := func(known, unknown []time.Duration) (all []Sample) {
		for _, took := range known {
			all = append(all, Sample{took, true})
		}
		for _, took := range unknown {
			all = append(all, Sample{took, false})
		}
		return all
	}
	for name, c := range map[string]struct {
		known, unknown []time.Duration
		want           float64
	}{
		"slower":    {known: []time.Duration{5, 6}, unknown: []time.Duration{1, 2}, want: 1},
		"faster":    {known: []time.Duration{1, 2}, unknown: []time.Duration{5, 6}, want: 0},
		"alternate": {known: []time.Duration{1, 4}, unknown: []time.Duration{2, 3}, want: 0.5},
	} {
		got := AUC(samples(c.known, c.unknown))
		if got != c.want || Tells(got) != (c.want != 0.5) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
