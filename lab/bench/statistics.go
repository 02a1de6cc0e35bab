package bench

import (
	"cmp"
	"math"
	"slices"
)

// median is the middle value, for an even number the lower one of the two; zero for none.
func median[T cmp.Ordered](values []T) T { return percentile(values, 50) }

// percentile is the smallest value that at least p of a hundred values do not exceed; zero for none.
func percentile[T cmp.Ordered](values []T, p float64) T {
	if len(values) == 0 {
		var none T
		return none
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// ratio is NaN where either side is not known.
func ratio[T ~int64](value, of T) float64 {
	if value <= 0 || of <= 0 {
		return math.NaN()
	}
	return float64(value) / float64(of)
}
