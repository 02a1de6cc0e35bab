package bench

import (
	"fmt"
	"math"
)

// verdict says whether a row is within its budget.
type verdict string

const (
	ok       verdict = "ok"
	over     verdict = "over"
	noBudget verdict = ""
)

// verdict ignores unknown figures: comparisons with NaN are false.
func (r Row) verdict(bare Figures) verdict {
	if r.Budget == (Budget{}) {
		return noBudget
	}
	exceeds := func(ratio, limit float64) bool { return limit > 0 && ratio > limit }
	faster, _ := r.faster()
	if exceeds(ratio(r.Go.Cached, bare.Cached), r.Budget.First) ||
		exceeds(ratio(r.Go.Evicted, bare.Evicted), r.Budget.First) ||
		exceeds(ratio(r.Go.P50, bare.P50), r.Budget.Warm) ||
		faster < r.Budget.Faster {
		return over
	}
	return ok
}

// faster is how many times faster than Python the first answer is; NaN if unknown.
func (r Row) faster() (cached, evicted float64) {
	if r.Python == nil {
		return math.NaN(), math.NaN()
	}
	return ratio(r.Python.Cached, r.Go.Cached), ratio(r.Python.Evicted, r.Go.Evicted)
}

// atMostCell formats a ratio with its upper limit.
func atMostCell(ratio, limit float64) string {
	switch {
	case math.IsNaN(ratio):
		return unknown
	case limit == 0:
		return fmt.Sprintf("%.2f", ratio)
	case ratio > limit:
		return fmt.Sprintf("%.2f > %.1f", ratio, limit)
	}
	return fmt.Sprintf("%.2f ≤ %.1f", ratio, limit)
}

// atLeastCell formats a ratio with its lower limit.
func atLeastCell(ratio, limit float64) string {
	switch {
	case math.IsNaN(ratio):
		return unknown
	case limit == 0:
		return fmt.Sprintf("%.1f", ratio)
	case ratio < limit:
		return fmt.Sprintf("%.1f < %g", ratio, limit)
	}
	return fmt.Sprintf("%.1f ≥ %g", ratio, limit)
}
